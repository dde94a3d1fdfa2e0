/* forked/tally.h - one number for all processes, counted in one of three ways: --tally. */
#ifndef TALLY_H
#define TALLY_H

/* Their names, ended by NULL. */
extern const char *const tally_names[];

/* In the parent, before the first child: prepares the way with this place among the names.
 * Returns what a child calls for the next number, from 1 on. Dies when it cannot be had. */
long (*tally_prepare(int way))(void);

#endif
