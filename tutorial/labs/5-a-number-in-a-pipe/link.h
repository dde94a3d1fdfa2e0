/* tutorial/labs/5-a-number-in-a-pipe/link.h - a two-way pipe between the parent and one child, as
 * Pipe() of Python's multiprocessing is. */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>

struct link {
    int parents_end; /* a descriptor, and so is the other: both can be read and written */
    int childs_end;
};

/* In the parent, before fork: opens both ends. Returns false with errno on failure. */
bool link_open(struct link *link);

/* In the parent, after fork: keeps of this link the parent's end only. */
void link_keep_parents_end(struct link *link);

/* In the child, after fork: keeps of its own link the child's end only. When the parent forked, it
 * had `count` links to others; the child keeps none of their ends. */
void link_keep_childs_end(struct link *own, const struct link *others, int count);

/* In the child: asks the parent for the next number, and blocks until it answers. Returns the
 * number, or 0 if the parent has ended. */
long link_ask(const struct link *own);

/* In the parent, when its end is readable. Takes a question, adds 1 to the number, and answers with
 * it. Returns false, and leaves the number as it is, at end of file: the child has ended. */
bool link_answer(const struct link *link, long *number);

#endif
