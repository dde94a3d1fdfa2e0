/* forked/children.h - the parent's table of its children: forked, reaped, told to stop.
 *
 * Only the parent calls these, and it has one thread; but the new child calls children_in_child. */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <stdbool.h>
#include <sys/types.h>

/* Makes a table for this many children, and the statistics with a slot for each; from now on
 * learns of each child that ends. Dies if there is no memory or no pipe. */
void children_prepare(long most);

/* Returns a free slot of the table, for the child to be forked next. There must be one. */
long children_find_slot(void);

/* After fork, in the parent: enters the child in the table. */
void children_add(long slot, pid_t process);

/* After fork, in the child: gives up what is its parent's alone, takes its slot in the statistics,
 * and sees to it that it ends when its parent does. */
void children_in_child(long slot);

/* Becomes readable when a child has ended. */
int children_descriptor(void);

/* Reaps every child that has ended; until then it is a zombie. Says on stderr if it was killed. */
void children_reap(void);

/* How many children there are now; and whether there are as many as there may be. */
long children_count(void);
bool children_full(void);

/* In a pool, how many milliseconds from now the next child is to be started: 0: now; -1: never, the
 * table is full. If a child died young it takes a second: a fault at start must not become a storm
 * of forks. */
int children_start_delay(void);

/* Sends this signal to all children. */
void children_send_signal(int number);

#endif
