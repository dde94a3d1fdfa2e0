/* common/response.h - replies, written as responses of HTTP/1.1. No I/O, no allocation. */
#ifndef RESPONSE_H
#define RESPONSE_H

#include "http.h"

enum { RESPONSE_LIMIT = LINE_LIMIT + 400 }; /* bytes: a reply, a head, and who served it */

/* Writes at most RESPONSE_LIMIT bytes, and returns how many. The number is that of reply_write. */
size_t response_write(const struct http *http, const struct request *request, long number,
                      char *out);

#endif
