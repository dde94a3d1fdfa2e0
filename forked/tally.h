/* forked/tally.h - one number for all processes.
 *
 * After fork every process has a copy of each variable, so a plain counter would count for
 * itself alone. Here the parent keeps the number, and the children ask it through a pipe. */
#ifndef TALLY_H
#define TALLY_H

/* In the parent, before the first child. Dies when there are no pipes or no temporary file. */
void tally_prepare(void);

/* In the parent: becomes readable when a child asks, and then is to be answered at once. */
int tally_descriptor(void);
void tally_answer(void);

/* In a child, first thing: closes the ends of the pipes that are the parent's. */
void tally_join(void);

/* In a child: the next number. Blocks until the parent answers; ends the process when there is
 * no parent any more. A child killed at any instant neither stops the others nor makes them
 * count wrong: at most its own number goes unused. */
long tally_next(void);

#endif
