/* tests/clients/attacks.h - what a client should not do to a server, and some servers do not
 * survive. Each attack is one connection's part; bin/rude makes as many connections as it wants. */
#ifndef ATTACKS_H
#define ATTACKS_H

#include <stdbool.h>

struct attack {
    const char *name;

    /* Takes the connection, which does not block, to where it hurts most, and leaves it there.
     * Returns how many bytes it sent, or -1 if a reply was wrong or missing. */
    long (*begin)(int server);

    /* Goes on from there, with the bytes sent; false if a reply is wrong or missing. The caller
     * then closes the connection. NULL: it is closed right after begin. */
    bool (*end)(int server, long sent);

    const char *help; /* what it does, and which mistake of a server it finds */
    long clients;     /* connections at the same time; 0: one */
    bool tiny_window; /* of its connections */
};

extern const struct attack attacks[]; /* ended by one without a name */

/* The size of an endless line, and the seed of the garbage. */
extern long attacks_bytes, attacks_seed;

#endif
