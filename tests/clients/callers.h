/* tests/clients/callers.h - the clients of bin/load: each connects, asks, checks the replies, and
 * closes its connection.
 *
 * One thread and one loop run them all. The replies are checked by replies.h and their times
 * kept by latency.h. */
#ifndef CALLERS_H
#define CALLERS_H

#include <stdbool.h>

struct addrinfo;
struct loop;

enum { DEPTH_LIMIT = 1000 };

/* What each of them does. */
struct plan {
    const char *request; /* one line, without its end */
    long clients;        /* connected at the same time */
    long requests;       /* of each client; 0: see duration */
    long duration;       /* seconds in which each asks again and again; 0: see requests */
    long depth;          /* requests of a client on their way at the same time, 1 to DEPTH_LIMIT */
    long patience;       /* seconds without a byte after which a client gives up */
    bool churn;          /* a new connection for each request */
    bool idle;           /* connects, and asks only after callers_let_ask */
};

/* How it went so far. */
struct outcome {
    long replies, wrong, missing;
    double seconds; /* from the start, or from callers_let_ask, until now */
};

/* Makes the clients and begins to connect them, to the first of these addresses that can be
 * reached. The plan and the addresses must outlive them. Dies if there is no memory. */
void callers_start(struct loop *loop, const struct plan *plan, const struct addrinfo *addresses);

/* Runs the loop until all clients have closed their connections or, of an idle plan, until all are
 * connected. */
void callers_run(void);

/* Lets the clients of an idle plan ask. Call callers_run again, which reads the replies. */
void callers_let_ask(void);

/* Returns how much of the plan is done, from 0 to 1. */
double callers_share_done(void);

struct outcome callers_outcome(void);

#endif
