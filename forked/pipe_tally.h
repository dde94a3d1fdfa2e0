/* forked/pipe_tally.h - one number for all processes: the parent keeps it, and the children ask
 * through a pipe. No memory is shared. */
#ifndef PIPE_TALLY_H
#define PIPE_TALLY_H

/* Opens the pipes. Call this in the parent, before the first fork. Dies on failure. */
void pipe_tally_prepare(void);

/* In a child, right after fork: closes the parent's ends of the pipes, if there are pipes. */
void pipe_tally_in_child(void);

/* In a child: returns the next number. Blocks until there is one; ends the process if the parent
 * has ended. A child that is killed at any instant neither blocks the others nor makes them count
 * wrong: at most the number that it had read already is missing. */
long pipe_tally_next(void);

/* In the parent: returns the descriptor that is readable when children have asked, and the one
 * that is to become writable before more can be answered; -1 for what is not to be waited for.
 * When one of them is ready, pipe_tally_answer answers what it can. None of these blocks. */
int pipe_tally_questions(void);
int pipe_tally_room(void);
void pipe_tally_answer(void);

#endif
