/* forked/pipe_tally.h - one number for all processes: the parent keeps it, and the children ask
 * through a pipe. No memory is shared. */
#ifndef PIPE_TALLY_H
#define PIPE_TALLY_H

/* Call this in the parent, before the first fork. Dies if it cannot open pipes and a temporary
 * file. */
void pipe_tally_prepare(void);

/* In the parent: returns the descriptor that is readable while a child waits for an answer, or -1
 * if nothing was prepared. Call pipe_tally_answer only when it is readable, else it blocks. */
int pipe_tally_descriptor(void);
void pipe_tally_answer(void);

/* In a child, right after fork: closes the parent's ends of the pipes, if there are pipes. */
void pipe_tally_join(void);

/* In a child: returns the next number. Blocks until the parent answers; ends the process if the
 * parent has ended. A child that is killed at any instant neither blocks the others nor makes them
 * count wrong: at most the number meant for it stays unused. */
long pipe_tally_next(void);

#endif
