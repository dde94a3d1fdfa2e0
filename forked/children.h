/* forked/children.h - the parent's table of its children: forked, reaped, told to stop.
 *
 * Only the parent calls these, and it has one thread; children_forked is called by both. */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <stdbool.h>
#include <sys/types.h>

/* Makes a table for this many children, and from now on learns of each that ends. Dies if there
 * is no memory or no pipe. */
void children_prepare(long most);

/* Call this right before fork: it counts the child, which may look at the statistics before its
 * parent does anything else, and blocks the signals to stop. There must be a free slot. */
void children_expect(void);

/* Call this right after fork, in both processes, with what fork returned. The parent enters the
 * child in its table, or forgets it if there is none (-1, errno is kept). The child gives up what
 * is its parent's alone, and ends when its parent does. Then signals are unblocked. */
void children_forked(pid_t process);

/* Becomes readable when a child has ended. */
int children_descriptor(void);

/* Reaps every child that has ended; until then it is a zombie. Says on stderr if it was killed. */
void children_reap(void);

/* How many children there are now. */
long children_count(void);

/* Milliseconds to wait before a child that died young is replaced, 0 for none. This keeps a fault
 * at start from becoming a storm of forks. */
int children_pause(void);

/* Sends this signal to all children. */
void children_signal(int number);

#endif
