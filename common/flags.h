/* common/flags.h - a command line described by a table: getopt_long, the help text and the
 * error messages all come from the same rows, so they cannot disagree. */
#ifndef FLAGS_H
#define FLAGS_H

#include <stdbool.h>

/* One option. Exactly one of the five targets is set, and says what the option takes. */
struct flag {
    int letter;           /* its short form, 0 for none */
    const char *name;     /* its long form */
    const char *argument; /* what the help calls its argument, NULL when it takes none */
    const char *help;     /* one line; "%s" stands for the default, where there is one */
    bool *on;             /* takes nothing, and turns this on */
    const char **text;    /* takes any text that is not empty */
    long *number;         /* takes a whole number from min to max */
    int *choice;          /* takes one of the words; holds the place of the word taken */
    long min, max;
    const char *const *words; /* ended by NULL */
};

/* What --help says around the options. */
struct usage {
    const char *synopsis; /* after the program's name: "[OPTION]..." */
    const char *summary;  /* what the program does, one or a few lines */
    const char *footer;   /* last lines, or NULL */
};

enum { FLAGS_LIMIT = 40 };

/* Reads argv by the tables, each ended by a row without a name; the second one may be NULL.
 * Handles --help and --version itself (exit 0). On a mistake it prints one line that names it
 * and one that points to --help, and exits with status 2. Returns the index of the first
 * argument that is not an option. */
int flags_parse(int argc, char **argv, const struct usage *usage, const struct flag *flags,
                const struct flag *more);

/* The same two lines and the same exit for a mistake that a program finds by itself. */
__attribute__((format(printf, 1, 2), noreturn)) void flags_mistake(const char *format, ...);

#endif
