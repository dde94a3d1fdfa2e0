/* I predict: ... */
/* It took me: .. minutes */
/* tutorial/labs/5-a-number-in-a-pipe/link.c - a two-way pipe between the parent and one child.
 * So far there is none, and each child counts by itself. */
#include "link.h"

#include <sys/socket.h>
#include <unistd.h>

bool link_open(struct link *link)
{
    link->parents_end = -1;
    link->childs_end = -1;
    return true;
}

void link_keep_parents_end(struct link *link)
{
    (void)link;
}

void link_keep_childs_end(struct link *own, const struct link *others, int count)
{
    (void)own;
    (void)others;
    (void)count;
}

long link_ask(const struct link *own)
{
    static long number;

    (void)own;
    return ++number;
}

bool link_answer(const struct link *link, long *number)
{
    (void)link;
    (void)number;
    return false;
}
