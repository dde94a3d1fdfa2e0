/* common/response.c - replies, written as responses of HTTP/1.1. No I/O, no allocation.
 * A head is put together by copies: printf would take as long as all the rest of a request. */
#include "response.h"

#include "page.h"
#include "reply.h"

#include <string.h>
#include <time.h>

enum { HEAD_ROOM = 256, WHO_LIMIT = 128 };

/* Ends at a colon or a NUL. */
static const char *status_of(const struct request *request, long number)
{
    if (!reply_is_error(request, number))
        return "200 OK";
    if (request->mistake == BAD_HTTP)
        return request->text;
    if (request->verb == INVALID && request->mistake == UNKNOWN_VERB)
        return "404 Not Found";
    return "400 Bad Request";
}

/* The time as RFC 9110 wants it. Each thread writes it once a second. */
static const char *date(void)
{
    static _Thread_local char text[32];
    static _Thread_local time_t written;
    time_t now = time(NULL);
    struct tm parts;

    if (now != written) {
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &parts));
        written = now;
    }
    return text;
}

static char *put_number(char *out, size_t number)
{
    if (number > 9)
        out = put_number(out, number / 10);
    *out = (char)('0' + number % 10);
    return out + 1;
}

static char *put_head(char *out, const struct http *http, const char *status, bool html,
                      size_t length)
{
    size_t end = strcspn(status, ":");

    out = stpcpy(out, "HTTP/1.1 ");
    out = (char *)memcpy(out, status, end) + end;
    out = stpcpy(out, "\r\nDate: ");
    out = stpcpy(out, date());
    out = stpcpy(out, html ? "\r\nContent-Type: text/html" : "\r\nContent-Type: text/plain");
    out = stpcpy(out, "; charset=utf-8\r\nContent-Length: ");
    out = put_number(out, length);
    out = stpcpy(out, "\r\nCache-Control: no-store\r\n");
    if (http->allows)
        out = stpcpy(out, "Allow: GET, HEAD, OPTIONS\r\n");
    if (http->closes || http->keeps)
        out = stpcpy(out, http->closes ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
    return stpcpy(out, "\r\n");
}

/* The body is written first, behind room for the head, which tells its length. */
size_t response_write(const struct http *http, const struct request *request, long number,
                      char *out)
{
    const struct request who = {.verb = WHO, .client = request->client};
    char *body = out + HEAD_ROOM;
    size_t length = reply_write_line(request, number, body, LINE_LIMIT);

    if (http->says_who)
        length += reply_write_line(&who, 0, body + length, WHO_LIMIT);
    char *end = put_head(out, http, status_of(request, number), request->text == page, length);
    if (http->no_body)
        return (size_t)(end - out);
    memmove(end, body, length);
    return (size_t)(end - out) + length;
}
