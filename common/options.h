/* common/options.h - the options that all three servers share. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

#include "flags.h"

struct options {
    const char *address;
    long port;             /* 0: any free one */
    const char *port_file; /* NULL: none */
    long backlog;          /* clients that the kernel keeps for us */
    long max_clients;      /* served at a time; 0: what the descriptor limit allows */
    long timeout;          /* seconds; 0: never */
    long pool;             /* -n: threads, processes or loops; 0: one per client */
    const char *trace;     /* a file for the timeline; NULL: none */
    bool lab;              /* requests that break things on purpose */
    bool verbose;
};

extern struct options options;

/* Begins every server: reads the command line, where `own` are the rows of this program alone
 * (ended by one without a name), makes room for as many descriptors as the system allows, and
 * catches the signals. Ends the program where that cannot be. */
void options_read(int argc, char **argv, const char *summary, const struct flag *own);

/* Listens as the options say, and announces it. Returns the listener. Dies when it cannot. */
int options_listen(void);

/* Refuses a pool that is larger than --max-clients, as a mistake on the command line. */
void options_check_pool(const char *name);

#endif
