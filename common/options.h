/* common/options.h - the options that all three servers share. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

#include "flags.h"

struct options {
    const char *address;
    long port;             /* 0: a free one */
    const char *port_file; /* NULL: none */
    long backlog;          /* unaccepted clients that the kernel may queue */
    long max_clients;      /* served at the same time; 0: what the descriptor limit allows */
    long timeout;          /* seconds in which a client must send something, or all of the request
                              that it began, or take some of its replies; 0: no limit */
    long pool;             /* -n: threads, processes or loops; 0: one per client */
    const char *trace;     /* the timeline's file; NULL: none */
    bool lab;              /* allow requests that break things on purpose */
    bool verbose;
};

extern struct options options;

/* Prepares a server; call it first in main. Reads the command line, where `own` holds the rows of
 * this program alone, ended by one without a name; raises the descriptor limit as far as the
 * system allows; catches SIGTERM and SIGINT. Exits with status 2 on a mistake on the command line,
 * and with 0 after --help and --version; dies if there is no pipe for the signals. */
void options_read(int argc, char **argv, const char *summary, const struct flag *own);

/* Listens as the options say, begins the timeline, if any, and announces the address. On loopback,
 * HTTP is answered only as http_answer_only says. Returns the listener. Dies on failure. */
int options_listen(void);

/* Exits with status 2 if the pool, which --name sets, is larger than --max-clients. */
void options_check_pool(const char *name);

#endif
