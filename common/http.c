/* common/http.c - the same requests, written as HTTP/1.1. No I/O, no allocation.
 * A head is cut into lines, and lines into words; its target becomes a line for request_parse. */
#include "http.h"

#include "page.h"
#include "text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

/* Beside letters and digits: in a method or the name of a field, in a host, and in a target. */
#define TOKEN  "!#$%&'*+-.^_`|~"
#define HOST   "!$&'()*+-.;=_~"
#define TARGET HOST "%,/:?@[]"

/* ---- The host ---- */

static const char *only_address; /* NULL: any host will do */

void http_answer_only(const char *address)
{
    only_address = address;
}

static bool is_ours(struct text host)
{
    return !only_address || size_of(host) == 0 || is(host, "localhost") || is(host, "127.0.0.1") ||
           is(host, "::1") || is(host, only_address);
}

/* A name or an address, IPv6 in brackets, and perhaps :PORT. Leaves the name or address alone. */
static bool read_host(struct text *host)
{
    struct text rest = *host;
    struct in6_addr address;
    bool in_brackets = begins(rest, "[");

    rest.start += in_brackets;
    *host = cut(&rest, in_brackets ? ']' : ':');
    if (in_brackets) {
        if (host->end == rest.end || (size_of(rest) > 0 && *rest.start++ != ':'))
            return false;
        *host->end = '\0';
    }
    return (in_brackets ? inet_pton(AF_INET6, host->start, &address) == 1
                        : consists_of(*host, HOST)) &&
           (size_of(rest) == 0 || (number_of(rest, 10) >= 0 && number_of(rest, 10) <= 65535));
}

/* ---- The fields of a head ---- */

struct head {
    struct text target, host;
    int hosts, lengths, codings; /* how many fields there are of each */
    long length;
    bool chunks, other_codings; /* the last coding is "chunked"; there are others */
    bool close, keep_alive, expect;
};

/* A blank before the name once meant that the line before goes on; one behind it is a part of it
 * for some servers, and for others not. With either, the name is no token. */
static bool read_field(struct head *head, struct text line)
{
    struct text rest = line, name = cut(&rest, ':'), value = trim(rest);

    if (!consists_of(name, TOKEN) || name.end == line.end || has_control_bytes(value))
        return false;
    if (is(name, "Content-Length")) {
        head->length = number_of(value, 10);
        return ++head->lengths == 1 && head->length >= 0;
    }
    if (is(name, "Host")) {
        head->host = value;
        return ++head->hosts == 1 && (size_of(value) == 0 || read_host(&head->host));
    }
    head->expect |= is(name, "Expect");
    if (is(name, "Transfer-Encoding")) {
        head->codings++;
        head->other_codings = !is(value, "chunked");
        while (size_of(value) > 0)
            head->chunks = is(trim(cut(&value, ',')), "chunked");
    }
    while (is(name, "Connection") && size_of(value) > 0) {
        struct text option = trim(cut(&value, ','));
        head->close |= is(option, "close");
        head->keep_alive |= is(option, "keep-alive");
    }
    return true;
}

/* All lines end as the first one does, in LF or CR LF: a proxy may know only one of the two. */
static bool read_fields(struct head *head, struct text rest, bool crlf)
{
    while (size_of(rest) > 0) {
        struct text line = cut(&rest, '\n');
        if (crlf && (size_of(line) == 0 || *--line.end != '\r'))
            return false;
        if (size_of(line) > 0 && !read_field(head, line))
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

static struct request answer(const char *text, size_t length)
{
    return (struct request){.verb = ECHO, .text = text, .length = length};
}

/* "sleep/100" becomes "sleep 100", and %XX one byte, in place. Returns false if it is no line. */
static bool decode(struct text *path)
{
    char *slash = memchr(path->start, '/', size_of(*path)), *out = path->start;

    if (slash)
        *slash = ' ';
    for (char *in = path->start; in < path->end; in++) {
        *out = *in;
        if (*in == '%') {
            long byte = path->end - in > 2 ? number_of((struct text){in + 1, in + 3}, 16) : -1;
            if (byte < 0 || byte == '\n' || byte == '\r')
                return false;
            *out = (char)byte;
            in += 2;
        }
        out++;
    }
    path->end = out;
    return true;
}

/* The target may be written as for a proxy, and then its host counts. Returns NULL with the path,
 * which begins behind a slash, or what is wrong. */
static const char *find_path(struct text *path, struct text host, bool options)
{
    if (begins(*path, "https://"))
        return "421 Misdirected Request: there is no TLS here";
    if (begins(*path, "http://")) {
        path->start += strlen("http://");
        host = cut(path, '/');
        if (!read_host(&host))
            return "400 Bad Request: malformed host";
    } else if (begins(*path, "/") || (options && is(*path, "*"))) {
        path->start++;
    } else {
        return "400 Bad Request: the target begins with /";
    }
    return is_ours(host) ? NULL : "421 Misdirected Request: this is localhost";
}

/* Of a query, only ?who means something. */
static struct request read_target(struct http *http, const struct head *head)
{
    static const char methods[] = "GET, HEAD, OPTIONS";
    struct text query = head->target, path = cut(&query, '?'), word = cut(&query, '&');
    const char *wrong = find_path(&path, head->host, http->allows);

    if (wrong)
        return refuse(wrong);
    if (!decode(&path))
        return refuse("400 Bad Request: % takes two hexadecimal digits, and makes no line end");
    if (http->allows)
        return answer(methods, strlen(methods));
    if (size_of(path) == 0)
        return answer(page, strlen(page) - 1);
    http->says_who = is(word, "who");
    http->closes |= http->says_who;
    return request_parse(path.start, size_of(path));
}

/* ---- The head ---- */

static bool is_version(const char *text)
{
    return memcmp(text, "HTTP/", 5) == 0 && isdigit((unsigned char)text[5]) && text[6] == '.' &&
           isdigit((unsigned char)text[7]);
}

bool http_begins(const char *line, const char *end)
{
    size_t length = (size_t)(end - line) - (end > line && end[-1] == '\r'), word = 0;
    bool capitals = true;

    for (; word < length && line[word] != ' '; word++)
        capitals &= isupper((unsigned char)line[word]) != 0;
    if (verb_find(line, word))
        return false;
    if (length > word + 1 && word > 0 && capitals && line[word + 1] == '/')
        return true;
    return length > 8 && end - line < LINE_LIMIT && line[length - 9] == ' ' &&
           is_version(line + length - 8);
}

bool http_ends_head(const char *head, const char *end)
{
    const char *line = end > head && end[-1] == '\r' ? end - 1 : end;
    return line > head && line[-1] == '\n';
}

/* Where does the body end, and may another request follow it? Returns NULL, or what is wrong. */
static const char *read_framing(struct http *http, const struct head *head, bool old)
{
    if (head->codings > 0 && (head->codings + head->lengths > 1 || old))
        return "400 Bad Request: two lengths of one body";
    if (head->codings > 0 && !head->chunks)
        return "400 Bad Request: the last coding is not chunked";
    if (head->other_codings)
        return "501 Not Implemented: Transfer-Encoding";
    if (head->length > BODY_LIMIT)
        return "413 Content Too Large: more than 65536 bytes";
    if (head->hosts == 0 && !old)
        return "400 Bad Request: HTTP/1.1 takes a Host";
    http->body = (unsigned)head->length;
    http->line = head->chunks ? CHUNK_SIZE : NO_LINE;
    http->closes = head->close || (old && !head->keep_alive) ||
                   (head->expect && http_in_body(http)); /* or it might not send the body */
    http->keeps = old && !http->closes;
    return NULL;
}

/* Returns NULL, or what is wrong. */
static const char *read_method(struct http *http, const char *line)
{
    static const char *const others[] = {"OPTIONS ", "POST ",    "PUT ",  "DELETE ",
                                         "PATCH ",   "CONNECT ", "TRACE "};

    if (http->no_body || strncmp(line, "GET ", 4) == 0)
        return NULL;
    for (size_t i = 0; i < sizeof others / sizeof others[0] && !http->allows; i++)
        http->allows = strncmp(line, others[i], strlen(others[i])) == 0;
    if (!http->allows)
        return "501 Not Implemented";
    return *line == 'O' ? NULL : "405 Method Not Allowed"; /* the one that is allowed: OPTIONS */
}

/* Returns NULL, or what is wrong. */
static const char *read_head(struct http *http, struct head *head, struct text line,
                             struct text rest)
{
    bool crlf = line.end[-1] == '\r';

    line.end -= crlf;
    struct text method = cut(&line, ' ');
    head->target = cut(&line, ' ');
    if (!consists_of(method, TOKEN) || !consists_of(head->target, TARGET) || size_of(line) != 8 ||
        !is_version(line.start))
        return "400 Bad Request: a request begins GET /TARGET HTTP/1.1";
    if (line.start[5] != '1')
        return "505 HTTP Version Not Supported";
    if (!read_fields(head, rest, crlf))
        return "400 Bad Request: malformed header";
    const char *wrong = read_framing(http, head, line.start[7] == '0');
    return wrong ? wrong : read_method(http, method.start);
}

struct request http_parse(struct http *http, char *start, const char *end)
{
    struct text rest = {start, start + (end ? end + 1 - start : HEAD_LIMIT)};
    struct text line = cut(&rest, '\n');
    struct head head = {0};

    *http = (struct http){.closes = true, /* until the head is understood */
                          .no_body = strncmp(start, "HEAD ", 5) == 0};
    if (size_of(line) >= LINE_LIMIT)
        return refuse("414 URI Too Long: line longer than 8192 bytes");
    if (!end)
        return refuse("431 Request Header Fields Too Large: more than 16384 bytes");
    const char *wrong = read_head(http, &head, line, rest);
    return wrong ? refuse(wrong) : read_target(http, &head);
}

/* ---- A body in chunks ---- */

bool http_read_chunk(struct http *http, char *start, char *end)
{
    struct text line = {start, end};

    http->chunks += (unsigned)size_of(line);
    if (size_of(line) == 0 || *--line.end != '\r' || has_control_bytes(line))
        return false;
    bool empty = size_of(line) == 0;
    if (http->line == CHUNK_END) {
        http->line = CHUNK_SIZE;
        return empty;
    }
    if (http->line == TRAILER) {
        http->line = empty ? NO_LINE : TRAILER;
        return http->chunks <= CHUNKS_LIMIT && (empty || read_field(&(struct head){0}, line));
    }
    struct text digits = trim(cut(&line, ';'));
    long size = number_of(digits, 16);
    http->line = size > 0 ? CHUNK_END : TRAILER;
    http->body = (unsigned)size;
    http->chunks += http->body;
    return digits.start == start && size >= 0 && size <= BODY_LIMIT && http->chunks <= CHUNKS_LIMIT;
}
