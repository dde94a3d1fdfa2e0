/* common/reply.h - a request and its result become the text of a reply. No I/O, no allocation. */
#ifndef REPLY_H
#define REPLY_H

#include "request.h"

/* Writes the reply to this request without a line end, cut to size - 1 bytes and ended by a NUL.
 * Returns its length. The number is the result: the milliseconds slept, the primes, the count; of
 * HOLD 0, or -errno if the gate cannot be entered. */
size_t reply_write(const struct request *request, long number, char *out, size_t size);

/* The same with a line end in place of the NUL, which counts. */
static inline size_t reply_write_line(const struct request *request, long number, char *out,
                                      size_t size)
{
    size_t length = reply_write(request, number, out, size);

    out[length] = '\n';
    return length + 1;
}

/* True if that reply is an error line. */
static inline bool reply_is_error(const struct request *request, long number)
{
    return request->verb == INVALID || (request->verb == HOLD && number != 0);
}

#endif
