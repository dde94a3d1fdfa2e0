/* tests/clients/dialogue.h - requests and their replies over a socket that does not block, for
 * attacks: nothing here waits for longer than was allowed. */
#ifndef DIALOGUE_H
#define DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>

struct addrinfo;

/* All that follows, until the next call, may take this long. */
void dialogue_allow(long milliseconds);
bool dialogue_time_is_over(void);

/* Connects. Returns -1 with errno on failure. */
int dialogue_connect(const struct addrinfo *at, bool tiny_window);

/* A request that is made many times, and the reply that is due each time. */
struct dialogue {
    const char *request, *reply; /* with their line ends */
    size_t times;
    bool half_close; /* after the last request */
};

/* Sends the requests, of which the first `sent` bytes are sent already, and reads the replies, but
 * only when it has nothing to send or cannot. Returns true if every reply came and was right. */
bool converse(int server, struct dialogue dialogue, size_t sent);

/* Returns true if the next thing that comes is the end of file. */
bool hears_end(int server);

/* Sends all of it, and drops what comes meanwhile. Returns false if the server closes. */
bool pour(int server, const char *bytes, size_t size);

/* Half-closes, and drops what comes until the server closes too: no reset. */
void drain(int server);

/* Returns how many bytes could be sent at once. An error counts as none: it shows when we read. */
size_t send_some(int server, const char *bytes, size_t size);

#endif
