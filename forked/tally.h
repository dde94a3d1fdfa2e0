/* forked/tally.h - one number for all processes, counted in one of three ways: --tally. */
#ifndef TALLY_H
#define TALLY_H

/* The names of the ways, ended by NULL. */
extern const char *const tally_names[];

/* Prepares the way with this index among the names. Call it in the parent, before the first fork.
 * Returns the function that a child calls for the next number, from 1 on. Dies on failure. */
long (*tally_prepare(int way))(void);

#endif
