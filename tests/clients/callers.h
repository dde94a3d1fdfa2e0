/* tests/clients/callers.h - the clients of bin/load: each connects, asks, checks the
 * replies, hangs up.
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
    long clients;        /* so many at once */
    long requests;       /* each asks so many times; 0: see duration */
    long duration;       /* or for so many seconds; 0: see requests */
    long depth;          /* requests on their way at once, 1 to DEPTH_LIMIT */
    long patience;       /* gives up when nothing comes for so many seconds */
    bool churn;          /* a new connection for each request */
    bool idle;           /* connects, and asks only after callers_let_ask */
};

/* How it went so far. */
struct outcome {
    long replies, wrong, missing;
    double seconds; /* from the start, or from callers_let_ask, until now */
};

/* Makes the clients and begins to connect them, to the first of these addresses that can be
 * reached. The plan and the addresses must live on. Dies when there is no memory. */
void callers_start(struct loop *loop, const struct plan *plan, const struct addrinfo *addresses);

/* Runs the loop until all have done what they may: those of an idle plan stop once everybody is
 * connected, all others when they have hung up. */
void callers_run(void);

/* Now those of an idle plan ask; run them again to hear the replies. */
void callers_let_ask(void);

/* From 0 to 1. */
double callers_share_done(void);

struct outcome callers_outcome(void);

#endif
