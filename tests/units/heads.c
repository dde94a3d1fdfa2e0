/* tests/units/heads.c - requests in HTTP by chance, with one mistake or none, and what is to be
 * answered: the maker of a head knows that without reading it. */
#include "heads.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MALFORMED  "400 Bad Request: malformed header"
#define NO_REQUEST "400 Bad Request: a request begins GET /TARGET HTTP/1.1"

/* The request that is being made. */
static struct {
    struct dice *dice;
    char *text;
    size_t length;
    const char *line_end;
} making;

static size_t below(size_t limit)
{
    return dice_below(making.dice, limit);
}

static bool one_in(size_t throws)
{
    return dice_one_in(making.dice, throws);
}

static const char *one_of(const char *const *texts) /* ended by NULL */
{
    size_t count = 0;

    while (texts[count])
        count++;
    return texts[below(count)];
}

__attribute__((format(printf, 1, 2))) static void write_text(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    making.length += (size_t)vsnprintf(making.text + making.length, 20000, format, values);
    va_end(values);
}

static void write_byte(char byte)
{
    making.text[making.length++] = byte;
}

static void end_line(void)
{
    write_text("%s", making.line_end);
}

/* In any mixture of capitals and small letters. */
static void write_name(const char *name)
{
    bool as_it_is = !one_in(3);

    for (; *name; name++)
        write_byte(as_it_is || one_in(2) ? *name : (char)(*name ^ (isalpha(*name) ? 0x20 : 0)));
    write_byte(':');
}

static void write_blanks(void)
{
    while (one_in(2))
        write_byte(one_in(4) ? '\t' : ' ');
}

static void write_field(const char *name, const char *value)
{
    write_name(name);
    write_blanks();
    write_text("%s", value);
    write_blanks();
    end_line();
}

/* ---- The target ---- */

/* A byte may be written as it is, or must be as %XX, or it may be either. */
static void write_encoded(char byte)
{
    bool must = (unsigned char)byte <= ' ' || byte == '\177' || strchr("%/?#\"<>\\^`{|}", byte) ||
                (unsigned char)byte > '~';

    if (must || one_in(10))
        write_text(one_in(2) ? "%%%02x" : "%%%02X", (unsigned)(unsigned char)byte);
    else
        write_byte(byte);
}

/* What the line asks, as a path, and what is to be answered. */
static void write_path(const char *line, size_t length, struct head *head)
{
    bool word = true;

    head->page = length == 0;
    lines_judge(line, length, &head->verdict);
    write_byte('/');
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\r' && !head->wrong)
            head->wrong = "400 Bad Request: % takes two hexadecimal digits, and makes no line end";
        if (word ? line[i] == ' ' : line[i] == '/' && one_in(2))
            write_byte('/');
        else
            write_encoded(line[i]);
        word = word && line[i] != ' ';
    }
}

static void write_target(struct head *head)
{
    static char line[LONGEST_LINE];
    size_t length;

    do
        length = lines_make(making.dice, line);
    while (length > 1000 || (length == 0 && !one_in(10))); /* pages are long */
    if (one_in(20))
        write_text("%s", one_in(2) ? "http://a" : "hTTp://[::1]:9000");
    write_path(line, length, head);
    if (one_in(10))
        write_text("?%zu/echo?%%", below(100));
}

/* ---- What may be wrong ---- */

enum wrong {
    NO_HOST,
    TWO_HOSTS,
    BAD_HOST,
    NO_CHUNKS,
    CODING,
    CODING_AND_LENGTH,
    TWO_CODINGS,
    BAD_LENGTH,
    TWO_LENGTHS,
    LONG_BODY,
    BAD_FIELD,
    OTHER_LINE_END,
    BAD_VERSION,
    OTHER_VERSION,
    BAD_METHOD,
    OTHER_METHOD,
    UNKNOWN_METHOD,
    BAD_TARGET,
    BAD_ESCAPE,
    LONG_HEAD,
    LONG_LINE,
    NOTHING = 100
};

static const char *const statuses[] = {
    [NO_HOST] = "400 Bad Request: HTTP/1.1 takes a Host",
    [TWO_HOSTS] = MALFORMED,
    [BAD_HOST] = MALFORMED,
    [NO_CHUNKS] = "400 Bad Request: the last coding is not chunked",
    [CODING] = "501 Not Implemented: Transfer-Encoding",
    [CODING_AND_LENGTH] = "400 Bad Request: two lengths of one body",
    [TWO_CODINGS] = "400 Bad Request: two lengths of one body",
    [BAD_LENGTH] = MALFORMED,
    [TWO_LENGTHS] = MALFORMED,
    [LONG_BODY] = "413 Content Too Large: more than 65536 bytes",
    [BAD_FIELD] = MALFORMED,
    [OTHER_LINE_END] = MALFORMED,
    [BAD_VERSION] = NO_REQUEST,
    [OTHER_VERSION] = "505 HTTP Version Not Supported",
    [BAD_METHOD] = NO_REQUEST,
    [OTHER_METHOD] = "405 Method Not Allowed",
    [UNKNOWN_METHOD] = "501 Not Implemented",
    [BAD_TARGET] = NO_REQUEST,
    [BAD_ESCAPE] = "400 Bad Request: % takes two hexadecimal digits, and makes no line end",
    [LONG_HEAD] = "431 Request Header Fields Too Large: more than 16384 bytes",
    [LONG_LINE] = "414 URI Too Long: line longer than 8192 bytes",
};

enum { MISTAKES = sizeof statuses / sizeof statuses[0] };

/* After these there may be another request; the others leave in doubt where it would begin. */
static bool harmless(enum wrong wrong)
{
    return wrong == NOTHING || wrong == OTHER_METHOD || wrong == UNKNOWN_METHOD ||
           wrong == BAD_ESCAPE;
}

static void write_bad_field(void)
{
    static const char *const fields[] = {
        "X",       ": x",      " X: x",    "\tX: x", "X : x",    "X\t: x", "X: \001",  "X: a\rb",
        "X: \177", "X\177: x", "X\200: x", "(X): x", "X: \033[", "X Y: z", "\"X\": x", "X\v: x",
        "X: x\fy", "{X}: x",   "X,Y: z",   "=: x",   "@: x",     NULL};

    write_text("%s", one_of(fields));
    end_line();
}

static void write_bad_length(void)
{
    static const char *const lengths[] = {"",    "+5",  "-5", "0x5", "5,5",   "5, 5", "5 5", "5.0",
                                          "5e1", "5_0", "x",  "5;",  "\"5\"", "5\t5", "٥",   NULL};

    write_field("Content-Length", one_of(lengths));
}

static void write_length(size_t length)
{
    char digits[50];

    snprintf(digits, sizeof digits, one_in(5) ? "%030zu" : "%zu", length);
    write_field("Content-Length", digits);
}

static void write_mistake(enum wrong wrong)
{
    static const char *const no_chunks[] = {
        "identity", "", "\"chunked\"", "xchunked", "chunked;q=1", "chunked, gzip", NULL};
    static const char *const codings[] = {"gzip, chunked", "x,CHUNKED", "chunked, chunked", NULL};
    static const char *const large[] = {"65537", "4294967301", "18446744073709551621",
                                        "99999999999999999999999999999999999999999", NULL};

    static const char *const hosts[] = {"a, b",   "a b",     "a/b",         "a@b", "a?",   "\"a\"",
                                        "a:b:c",  "::::",    "[]",          "%",   "[::1", "]",
                                        ":",      ":80",     "a:99999",     "a:b", "%zz",  "[a]",
                                        "[::1]a", "[::1]:x", "[::1]:65536", NULL};

    if (wrong == TWO_HOSTS)
        write_field("Host", "b");
    if (wrong == BAD_HOST)
        write_field("Host", one_of(hosts));
    if (wrong == CODING_AND_LENGTH)
        write_length(below(9));
    if (wrong == NO_CHUNKS)
        write_field("Transfer-Encoding", one_of(no_chunks));
    if (wrong == CODING || wrong == CODING_AND_LENGTH || wrong == TWO_CODINGS)
        write_field("Transfer-Encoding", one_of(codings));
    if (wrong == TWO_CODINGS)
        write_field("Transfer-Encoding", one_of(no_chunks));
    if (wrong == BAD_LENGTH)
        write_bad_length();
    if (wrong == TWO_LENGTHS) {
        write_length(below(9));
        write_length(below(9));
    }
    if (wrong == LONG_BODY)
        write_field("Content-Length", one_of(large));
    if (wrong == BAD_FIELD)
        write_bad_field();
    if (wrong == OTHER_LINE_END)
        write_text("X: x%s", strcmp(making.line_end, "\n") == 0 ? "\r\n" : "\n");
}

/* ---- The head ---- */

static void write_request_line(struct head *head, enum wrong wrong, bool old)
{
    static const char *const methods[] = {"GET", "GET", "GET", "GET", "HEAD", "OPTIONS", NULL};
    static const char *const others[] = {"POST", "PUT", "DELETE", "PATCH", "TRACE", NULL};
    static const char *const unknown[] = {"get", "HEADS", "G", "PRI", "x!#", "POSTS", NULL};
    static const char *const bad_methods[] = {"",      "G T",  "G(T",   "GET ",
                                              "GET\t", "\001", "G\177", NULL};
    static const char *const bad_versions[] = {"HTTP/1.x",  "http/1.1",   "HTTP/1.1 ", "HTTP/11",
                                               "HTTP/1.10", "X HTTP/1.1", " HTTP/1.1", NULL};
    static const char *const other_versions[] = {"HTTP/2.0", "HTTP/0.9", "HTTP/3.1", NULL};
    static const char *const escapes[] = {"/%",   "/echo/%2", "/%x2",  "/echo/%+1",
                                          "/%0a", "/a%0D",    "/%%41", NULL};
    const char *method = one_of(wrong == OTHER_METHOD     ? others
                                : wrong == UNKNOWN_METHOD ? unknown
                                : wrong == BAD_METHOD     ? bad_methods
                                                          : methods);

    head->no_body = strcmp(method, "HEAD") == 0;
    head->options = strcmp(method, "OPTIONS") == 0 && (wrong == NOTHING || wrong == BAD_ESCAPE);
    write_text("%s ", method);
    if (wrong == BAD_ESCAPE)
        write_text("%s", one_of(escapes));
    else
        write_target(head);
    if (wrong == BAD_TARGET)
        write_byte("\001\177\t#\"<>\\^`{|}\200\377"[below(15)]);
    if (wrong == LONG_LINE)
        for (size_t i = below(3) * below(10000) + 8192; i > 0; i--)
            write_byte('x');
    write_byte(' ');
    if (wrong == BAD_VERSION || wrong == OTHER_VERSION)
        write_text("%s", one_of(wrong == BAD_VERSION ? bad_versions : other_versions));
    else
        write_text("HTTP/1.%c", old ? '0' : (char)('1' + (one_in(10) ? below(9) : 0)));
    end_line();
}

static void write_connection(struct head *head, bool old)
{
    static const char *const closing[] = {"close", "CLOSE", "keep-alive, close", "close ,x", NULL};
    static const char *const keeping[] = {"keep-alive", "Keep-Alive", ", keep-alive,", NULL};
    static const char *const neither[] = {"Upgrade", "closed", "keep-alivee", "", NULL};
    bool close = one_in(100), keep = old ? !one_in(30) : one_in(10);

    if (close)
        write_field("Connection", one_of(closing));
    if (keep)
        write_field("Connection", one_of(keeping));
    if (one_in(10))
        write_field("Connection", one_of(neither));
    head->closes = close || (old && !keep);
    head->keeps = old && !head->closes;
}

static void write_other_fields(void)
{
    static const char *const names[] = {
        "X",     "Accept",           "Content-Type",    "Content_Length",
        "Hosts", "Transfer-Encodin", "!#$%&'*+-.^_`|~", NULL};
    static const char *const values[] = {"", "*/*", "a:b", "\200\377", "a\tb", "chunked", NULL};

    while (one_in(3))
        write_field(one_of(names), one_of(values));
}

/* More than fits, so that the end is not seen. */
static void write_too_much(void)
{
    while (making.length <= 16384) {
        write_text("X: %*s", 1 + (int)below(3000), "x");
        end_line();
    }
}

/* How a body is sent. */
enum body { NONE, BY_LENGTH, IN_CHUNKS };

static void write_fields(struct head *head, enum wrong wrong, bool old, enum body how, size_t body)
{
    write_other_fields();
    if (wrong != NO_HOST && wrong != BAD_HOST && (!old || wrong == TWO_HOSTS || one_in(2)))
        write_field("Host", one_in(3) ? "" : one_in(2) ? "a:" : "localhost:9000");
    write_connection(head, old);
    if (one_in(2))
        write_mistake(wrong), wrong = NOTHING;
    write_other_fields();
    if (how == BY_LENGTH)
        write_length(body);
    if (how == IN_CHUNKS)
        write_field("Transfer-Encoding", one_in(2) ? "chunked" : "Chunked");
    if ((body > 0 || how == IN_CHUNKS) && one_in(40)) {
        write_field("Expect", "100-continue");
        head->closes = true, head->keeps = false;
    }
    write_mistake(wrong);
}

static enum body any_body(enum wrong wrong, bool old)
{
    if (wrong == CODING || wrong == NO_CHUNKS || wrong == TWO_CODINGS ||
        wrong == CODING_AND_LENGTH || wrong == BAD_LENGTH || wrong == LONG_BODY ||
        wrong == TWO_LENGTHS || one_in(2))
        return NONE;
    return !old && one_in(2) ? IN_CHUNKS : BY_LENGTH;
}

/* ---- The body ---- */

static void write_bytes(size_t count)
{
    while (count-- > 0)
        write_byte(one_in(5) ? "\r\nGE"[below(4)] : (char)below(256));
}

static void write_chunk(size_t size)
{
    static const char *const behind[] = {"", "", ";x", " ; x=y", "\t;x=\"y;z\"", ";", NULL};

    write_text(one_in(5) ? "%030zx" : one_in(2) ? "%zx" : "%zX", size);
    write_text("%s\r\n", one_of(behind));
    write_bytes(size);
    write_text("%s", size > 0 ? "\r\n" : "");
}

/* Text that is no line between chunks, where one is to come. */
static void write_bad_chunk(void)
{
    static const char *const lines[] = {
        "\r\n",    "x\r\n",       "5x\r\n",    " 5\r\n",
        "5 5\r\n", "0x5\r\n",     "+5\r\n",    "-1\r\n",
        "5\n",     ";\r\n",       "10001\r\n", "5;\001\r\n",
        "5\r\r\n", "1\r\nxx\r\n", "1\r\nx\n",  "ffffffffffffffff5\r\n",
        "0\r\n\n", NULL};

    write_text("%s", one_of(lines));
}

static void write_chunks(struct head *head, size_t body)
{
    static const char *const trailers[] = {"X: y\r\n", "Content-Length: 5\r\n", "?\r\n", NULL};

    while (body > 0) {
        size_t size = 1 + below(body);
        write_chunk(size);
        body -= size;
    }
    if (one_in(20)) {
        head->broken = true;
        write_bad_chunk();
        return;
    }
    write_chunk(0);
    while (one_in(3))
        write_text("%s", one_of(trailers));
    write_text("\r\n");
}

static enum wrong any_mistake(bool first)
{
    enum wrong wrong = one_in(50) ? (enum wrong)below(MISTAKES) : NOTHING;

    if (first && (wrong == BAD_VERSION || wrong == LONG_LINE))
        return NOTHING; /* it might not look like HTTP at all */
    return wrong;
}

void heads_make(struct dice *dice, bool first, char *text, struct head *head)
{
    making.dice = dice, making.text = text, making.length = 0;
    making.line_end = one_in(2) ? "\n" : "\r\n";
    enum wrong wrong = any_mistake(first);
    bool old = one_in(4) && wrong != NO_HOST && wrong != CODING && wrong != NO_CHUNKS;
    enum body how = any_body(wrong, old);
    size_t body = how == NONE || one_in(5) ? 0 : below(one_in(20) ? 65537 : 99);

    *head = (struct head){.wrong = wrong == NOTHING ? NULL : statuses[wrong]};
    while (!first && wrong != LONG_LINE && one_in(5))
        write_text("%s", one_in(2) ? "\n" : "\r\n");
    write_request_line(head, wrong, old);
    write_fields(head, wrong, old, how, body);
    if (wrong == LONG_HEAD)
        write_too_much();
    end_line();
    head->answered = making.length < 16384 ? making.length : 16384;
    if (!harmless(wrong))
        head->closes = true, head->keeps = false;
    if (how == IN_CHUNKS)
        write_chunks(head, body);
    else
        write_bytes(body);
    head->length = making.length;
}
