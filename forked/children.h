/* forked/children.h - the parent's book of its children: started, collected, told to stop.
 *
 * Only the parent calls these, and it has one thread. */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <stdbool.h>

/* Makes room for so many children at a time, and from now on hears of each that ends. */
void children_prepare(long most);

/* Forks a child that runs work(argument) and ends. False and errno when that cannot be. */
bool children_start(void (*work)(int), int argument);

/* Becomes readable when a child has ended. */
int children_descriptor(void);

/* Collects every child that has ended, at once: until then it is a zombie. */
void children_reap(void);

/* How many there are now. */
long children_count(void);

/* Milliseconds until a child that takes the place of one that died young should be started;
 * 0: now. This keeps a fault at start from becoming a storm of forks. */
int children_pause(void);

void children_signal(int number);

#endif
