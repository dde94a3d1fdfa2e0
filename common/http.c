/* common/http.c - the same requests and replies, written as HTTP/1.1. No I/O, no allocation.
 * A head is cut into lines, and lines into words; its target becomes a line for request_parse. */
#include "http.h"

#include "page.h"
#include "reply.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEAD_ROOM = 256, WHO_LIMIT = 128 };

/* ---- A part of a head ---- */

struct text {
    char *start, *end;
};

static size_t size_of(struct text text)
{
    return (size_t)(text.end - text.start);
}

/* Cuts off what comes before the first separator, or all if there is none. */
static struct text cut(struct text *rest, char separator)
{
    char *found = memchr(rest->start, separator, size_of(*rest));
    struct text first = {rest->start, found ? found : rest->end};

    rest->start = found ? found + 1 : rest->end;
    return first;
}

static struct text trim(struct text text)
{
    while (text.start < text.end && (*text.start == ' ' || *text.start == '\t'))
        text.start++;
    while (text.start < text.end && (text.end[-1] == ' ' || text.end[-1] == '\t'))
        text.end--;
    return text;
}

/* Names are the same in capitals and small letters. */
static bool is(struct text text, const char *name)
{
    return size_of(text) == strlen(name) && strncasecmp(text.start, name, strlen(name)) == 0;
}

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS   "0123456789"
#define LETTERS  CAPITALS "abcdefghijklmnopqrstuvwxyz"
#define TOKEN    DIGITS LETTERS "!#$%&'*+-.^_`|~" /* a method, or the name of a field */
#define HOST     DIGITS LETTERS "-._~%!$&'()*+;=:[]"

/* True if each byte is one of these. The byte behind the text is none of them. */
static bool consists_of(struct text text, const char *bytes)
{
    return size_of(text) > 0 && strspn(text.start, bytes) >= size_of(text);
}

static bool has_control_bytes(struct text text)
{
    for (; text.start < text.end; text.start++)
        if (((unsigned char)*text.start < ' ' && *text.start != '\t') || *text.start == '\177')
            return true;
    return false;
}

/* ---- The fields of a head ---- */

struct fields {
    int hosts, lengths, codings; /* how many there are of each */
    long length;
    bool close, keep_alive, expect;
};

/* A blank before the name once meant that the line before goes on; one behind it is a part of it
 * for some servers, and for others not. With either, the name is no token. */
static bool read_field(struct fields *fields, struct text line)
{
    struct text rest = line, name = cut(&rest, ':'), value = trim(rest);

    if (!consists_of(name, TOKEN) || name.end == line.end || has_control_bytes(value))
        return false;
    if (is(name, "Content-Length")) {
        fields->length = strtol(value.start, NULL, 10); /* LONG_MAX for all that is too large */
        return ++fields->lengths == 1 && consists_of(value, DIGITS);
    }
    if (is(name, "Host"))
        return ++fields->hosts == 1 && consists_of(value, HOST);
    fields->codings += is(name, "Transfer-Encoding");
    fields->expect |= is(name, "Expect");
    while (is(name, "Connection") && size_of(value) > 0) {
        struct text option = trim(cut(&value, ','));
        fields->close |= is(option, "close");
        fields->keep_alive |= is(option, "keep-alive");
    }
    return true;
}

/* All lines must end as the first one does, in LF or CR LF: a proxy may know only one of the two
 * as the end of a line. */
static bool read_fields(struct fields *fields, struct text rest, bool crlf)
{
    while (size_of(rest) > 0) {
        struct text line = cut(&rest, '\n');
        if (crlf && (size_of(line) == 0 || *--line.end != '\r'))
            return false;
        if (size_of(line) > 0 && !read_field(fields, line))
            return false;
    }
    return true;
}

/* ---- The target ---- */

static struct request refuse(const char *status)
{
    return (struct request){
        .verb = INVALID, .mistake = BAD_HTTP, .text = status, .length = strlen(status)};
}

/* "sleep/100" becomes "sleep 100", and %XX one byte, in place. Returns false if it is no line. */
static bool decode(struct text *path)
{
    char *slash = memchr(path->start, '/', size_of(*path)), *out = path->start;

    if (slash)
        *slash = ' ';
    for (char *in = path->start; in < path->end; in++) {
        char digits[3] = "";
        *out = *in;
        if (*in == '%') {
            memcpy(digits, in + 1, path->end - in > 2 ? 2 : 0);
            *out = (char)strtol(digits, NULL, 16);
            if (!isxdigit((unsigned char)digits[0]) || !isxdigit((unsigned char)digits[1]) ||
                *out == '\n' || *out == '\r')
                return false;
            in += 2;
        }
        out++;
    }
    path->end = out;
    return true;
}

/* The target may be written as for a proxy. Of a query, only ?who means something. */
static struct request read_target(struct http *http, struct text target)
{
    struct text path = cut(&target, '?'), word = cut(&target, '&');

    if (size_of(path) > 7 && strncasecmp(path.start, "http://", 7) == 0) {
        path.start += 7;
        cut(&path, '/');
    } else if (size_of(path) == 0 || *path.start++ != '/') {
        return refuse("400 Bad Request: the target begins with /");
    }
    if (size_of(path) == 0)
        return (struct request){.verb = ECHO, .text = page, .length = page_length};
    if (!decode(&path))
        return refuse("400 Bad Request: % takes two hexadecimal digits, and makes no line end");
    http->says_who = is(word, "who");
    http->closes |= http->says_who;
    return request_parse(path.start, size_of(path));
}

/* ---- The head ---- */

static bool is_version(struct text text)
{
    return size_of(text) == 8 && memcmp(text.start, "HTTP/", 5) == 0 &&
           isdigit((unsigned char)text.start[5]) && text.start[6] == '.' &&
           isdigit((unsigned char)text.start[7]);
}

bool http_begins(const char *line, const char *end)
{
    struct text rest = {(char *)line, (char *)end}, last = cut(&rest, ' ');

    if (verb_find(last.start, size_of(last)))
        return false;
    if (size_of(rest) > 0 && *rest.start == '/' && consists_of(last, CAPITALS))
        return true;
    if (end - line >= LINE_LIMIT)
        return false;
    while (size_of(rest) > 0)
        last = cut(&rest, ' ');
    last.end -= size_of(last) > 0 && last.end[-1] == '\r';
    return is_version(last);
}

static const char *skip_empty_lines(const char *head, const char *end)
{
    while (head < end && (*head == '\n' || (*head == '\r' && head[1] == '\n')))
        head += *head == '\n' ? 1 : 2;
    return head;
}

bool http_ends_head(const char *head, const char *end)
{
    const char *line = end > head && end[-1] == '\r' ? end - 1 : end;
    return line > head && line[-1] == '\n' && skip_empty_lines(head, end) < line;
}

/* Where does the body end, and may another request follow it? Returns NULL, or what is wrong. */
static const char *read_framing(struct http *http, struct text rest, bool crlf, bool old)
{
    struct fields fields = {0};

    if (!read_fields(&fields, rest, crlf))
        return "400 Bad Request: malformed header";
    if (fields.codings > 0 && (fields.codings + fields.lengths > 1 || old))
        return "400 Bad Request: two lengths of one body";
    if (fields.codings > 0)
        return "501 Not Implemented: Transfer-Encoding";
    if (fields.length > BODY_LIMIT)
        return "413 Content Too Large: more than 65536 bytes";
    if (fields.hosts == 0 && !old)
        return "400 Bad Request: HTTP/1.1 takes a Host";
    http->body = (size_t)fields.length;
    http->closes = fields.close || (old && !fields.keep_alive) ||
                   (fields.expect && fields.length > 0); /* or it might not send the body */
    http->keeps = old && !http->closes;
    return NULL;
}

/* Returns NULL with the target, or what is wrong. */
static const char *read_head(struct http *http, struct text rest, struct text *target)
{
    struct text line = cut(&rest, '\n');

    if (size_of(line) >= LINE_LIMIT)
        return "414 URI Too Long: line longer than 8192 bytes";
    bool crlf = line.end[-1] == '\r';
    line.end -= crlf;
    bool get = strncmp(line.start, "GET ", 4) == 0;
    http->no_body = strncmp(line.start, "HEAD ", 5) == 0;
    struct text method = cut(&line, ' ');
    *target = cut(&line, ' ');
    if (!consists_of(method, TOKEN) || has_control_bytes(*target) || !is_version(line))
        return "400 Bad Request: a request begins GET /TARGET HTTP/1.1";
    if (line.start[5] != '1')
        return "505 HTTP Version Not Supported";
    const char *wrong = read_framing(http, rest, crlf, line.start[7] == '0');
    return wrong || get || http->no_body ? wrong : "405 Method Not Allowed";
}

struct request http_parse(struct http *http, char *head, const char *end)
{
    struct text rest = {head, head + HEAD_LIMIT}, target;
    const char *wrong = "431 Request Header Fields Too Large: more than 16384 bytes";

    *http = (struct http){.closes = true}; /* until the head is understood */
    if (end) {
        rest.start += skip_empty_lines(head, end) - head;
        rest.end = head + (end + 1 - head);
    }
    if (end || !memchr(head, '\n', LINE_LIMIT))
        wrong = read_head(http, rest, &target);
    return wrong ? refuse(wrong) : read_target(http, target);
}

/* ---- The response ---- */

/* Ends at a colon or a NUL. */
static const char *status_of(const struct request *request, long number)
{
    if (!reply_is_error(request, number))
        return "200 OK";
    if (request->verb == INVALID && request->mistake == BAD_HTTP)
        return request->text;
    if (request->verb == INVALID && request->mistake == UNKNOWN_VERB)
        return "404 Not Found";
    return "400 Bad Request";
}

static size_t write_who(long client, char *out)
{
    struct request who = {.verb = WHO, .client = client};
    size_t length = reply_write(&who, 0, out, WHO_LIMIT);

    out[length] = '\n';
    return length + 1;
}

/* The body is written first, behind room for the head, which tells its length. */
size_t http_reply(const struct http *http, const struct request *request, long number, char *out)
{
    const char *status = status_of(request, number);
    char *body = out + HEAD_ROOM;
    size_t length = reply_write(request, number, body, LINE_LIMIT);

    body[length++] = '\n';
    if (http->says_who)
        length += write_who(request->client, body + length);
    size_t head = (size_t)snprintf(
        out, HEAD_ROOM,
        "HTTP/1.1 %.*s\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Length: %zu\r\n"
        "Cache-Control: no-store\r\n%s%s\r\n",
        (int)strcspn(status, ":"), status, request->text == page ? "html" : "plain", length,
        strncmp(status, "405", 3) == 0 ? "Allow: GET, HEAD\r\n" : "",
        http->closes  ? "Connection: close\r\n"
        : http->keeps ? "Connection: keep-alive\r\n"
                      : "");
    if (http->no_body)
        return head;
    memmove(out + head, body, length);
    return head + length;
}
