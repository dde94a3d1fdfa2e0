/* forked/pipe_tally.h - one number for all processes: the parent keeps it, and the children ask
 * through a pipe. No memory is shared. */
#ifndef PIPE_TALLY_H
#define PIPE_TALLY_H

/* In the parent, before the first child. Dies when there are no pipes or no temporary file. */
void pipe_tally_prepare(void);

/* In the parent: becomes readable when a child asks, and then is to be answered at once. -1 when
 * nothing was prepared. */
int pipe_tally_descriptor(void);
void pipe_tally_answer(void);

/* In a child, first thing: closes the ends of the pipes that are the parent's, if there are any. */
void pipe_tally_join(void);

/* In a child: the next number. Blocks until the parent answers; ends the process when there is
 * no parent any more. A child killed at any instant neither stops the others nor makes them
 * count wrong: at most its own number goes unused. */
long pipe_tally_next(void);

#endif
