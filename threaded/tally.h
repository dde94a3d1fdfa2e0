/* threaded/tally.h - one number for all threads, counted in one of three ways: --tally. */
#ifndef TALLY_H
#define TALLY_H

/* Their names, ended by NULL, and what each does: it returns the next number, from 1 on. */
extern const char *const tally_names[];
extern long (*const tallies[])(void);

#endif
