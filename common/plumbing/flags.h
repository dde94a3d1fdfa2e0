/* common/plumbing/flags.h - a command line described by a table: getopt_long, the help text and the
 * error messages all come from the same rows, so they cannot disagree. */
#ifndef FLAGS_H
#define FLAGS_H

#include <stdbool.h>

/* One option. Exactly one of on, text, number and choice is set: the variable for its value. */
struct flag {
    int letter;           /* its short form; 0: none */
    const char *name;     /* its long form */
    const char *argument; /* the argument's name in the help; NULL: it takes none */
    const char *help;     /* one line; "%s" in it is replaced by the default */
    bool *on;             /* takes no argument, and sets this to true */
    const char **text;    /* takes a text that is not empty */
    long *number;         /* takes a whole number from min to max */
    int *choice;          /* takes one of the words, and holds its index */
    long min, max;
    const char *const *words; /* ended by NULL */
};

/* What --help prints before and after the options. */
struct usage {
    const char *synopsis; /* after the program's name: "[OPTION]..." */
    const char *summary;  /* what the program does, one or a few lines */
    const char *footer;   /* last lines, or NULL */
};

/* Reads argv by two tables, each ended by a row without a name; the second one may be NULL. Returns
 * the index of the first argument that is not an option. Prints --help and --version itself and
 * exits with status 0; on a mistake says so in two lines, and exits with status 2. */
int flags_parse(int argc, char **argv, const struct usage *usage, const struct flag *flags,
                const struct flag *more);

/* Prints the same two lines and exits with status 2, for a mistake that the caller has found. */
__attribute__((format(printf, 1, 2), noreturn)) void flags_mistake(const char *format, ...);

#endif
