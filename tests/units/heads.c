/* tests/units/heads.c - requests in HTTP by chance, with one mistake or none, and what is to be
 * answered: the maker of a head knows that without reading it. */
#include "heads.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The request that is being made. */
static struct {
    struct dice *dice;
    char *text;
    size_t length;
    const char *line_end;
    const struct mistake *mistake;
    bool old; /* HTTP/1.0 */
} making;

static size_t below(size_t limit)
{
    return dice_below(making.dice, limit);
}

static bool one_in(size_t throws)
{
    return dice_one_in(making.dice, throws);
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

/* Writes one of these texts, between which are |. In a text, & is the end of a line. */
static void write_one_of(const char *texts)
{
    size_t count = 1;

    for (const char *byte = texts; *byte; byte++)
        count += *byte == '|';
    for (size_t skipped = below(count); skipped > 0; skipped--)
        texts = strchr(texts, '|') + 1;
    for (; *texts && *texts != '|'; texts++)
        if (*texts == '&')
            end_line();
        else
            write_byte(*texts);
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

static void write_field(const char *name, const char *values)
{
    write_name(name);
    write_blanks();
    write_one_of(values);
    write_blanks();
    end_line();
}

/* ---- What may be wrong ---- */

#define MALFORMED  "400 Bad Request: malformed header"
#define NO_REQUEST "400 Bad Request: a request begins GET /TARGET HTTP/1.1"
#define BAD_ESCAPE "400 Bad Request: % takes two hexadecimal digits, and makes no line end"

/* A part of the request line, the field Host, those about the body, any other field; a length. */
enum part { NOTHING, METHOD, TARGET, VERSION, NO_HOST, HOST, FRAMING, FIELD, LONG_LINE, LONG_HEAD };

/* Each of the texts is a mistake, behind the beginning that they share. */
static const struct mistake {
    enum part part;
    bool goes_on; /* and leaves no doubt where the next request begins */
    const char *status, *beginning, *texts;
} mistakes[] = {
    {METHOD, true, "405 Method Not Allowed", "", "POST|PUT|DELETE|PATCH|TRACE"},
    {METHOD, true, "501 Not Implemented", "", "get|HEADS|G|PRI|x!#|POSTS"},
    {METHOD, false, NO_REQUEST, "", "|G T|G(T|GET |GET\t|\001|G\177"},
    {TARGET, true, BAD_ESCAPE, "/", "%|echo/%2|%x2|echo/%+1|%0a|a%0D|%%41"},
    {TARGET, false, NO_REQUEST, "/", "\001|\177|\t|#|\"|<|>|\\|^|`|{|}|\200|\377"},
    {VERSION, false, NO_REQUEST, "", "HTTP/1.x|http/1.1|HTTP/11|HTTP/1.10|X HTTP/1.1"},
    {VERSION, false, NO_REQUEST, "", "HTTP/1.1 | HTTP/1.1"},
    {VERSION, false, "505 HTTP Version Not Supported", "HTTP/", "2.0|0.9|3.1"},
    {NO_HOST, false, "400 Bad Request: HTTP/1.1 takes a Host", "Hosts: ", "a"},
    {HOST, false, MALFORMED, "Host: ", "a, b|a b|a/b|a@b|a?|\"a\"|a:b:c|::::|[]|%|[::1|]"},
    {HOST, false, MALFORMED, "Host: ", ":|a:99999|a:b|%zz|[a]|[::1]a|[::1]:x|[::1]:65536"},
    {HOST, false, MALFORMED, "Host: ", "a&Host: a|&Host: b|b&Host:"},
    {FRAMING, false, MALFORMED, "Content-Length: ", "|+5|-5|0x5|5,5|5, 5|5 5|5.0|5e1|5_0|x|5;"},
    {FRAMING, false, MALFORMED, "Content-Length: ", "\"5\"|5\t5|٥|5&Content-Length: 5"},
    {FRAMING, false, "413 Content Too Large: more than 65536 bytes", "Content-Length: ",
     "65537|4294967301|18446744073709551621|99999999999999999999999999999999999999999"},
    {FRAMING, false, "400 Bad Request: the last coding is not chunked",
     "Transfer-Encoding: ", "identity||\"chunked\"|xchunked|chunked;q=1|chunked, gzip"},
    {FRAMING, false, "501 Not Implemented: Transfer-Encoding",
     "Transfer-Encoding: ", "gzip, chunked|x,CHUNKED|chunked, chunked"},
    {FRAMING, false, "400 Bad Request: two lengths of one body", "Transfer-Encoding: ",
     "chunked&Content-Length: 0|x&Content-Length: 5|x&Transfer-Encoding: chunked"},
    {FIELD, false, MALFORMED, "", "X|: x| X: x|\tX: x|X : x|X\t: x|(X): x|X Y: z|\"X\": x|{X}: x"},
    {FIELD, false, MALFORMED, "", "X,Y: z|=: x|@: x|X\v: x|X\177: x|X\200: x"},
    {FIELD, false, MALFORMED, "X: ", "\001|\177|\033[|a\rb|a\fb|\r"},
    {LONG_LINE, false, "414 URI Too Long: line longer than 8192 bytes", "", ""},
    {LONG_HEAD, false, "431 Request Header Fields Too Large: more than 16384 bytes", "", ""},
};

static const struct mistake nothing = {.goes_on = true};

static bool wrong(enum part part)
{
    return making.mistake->part == part;
}

static void write_mistake(void)
{
    write_text("%s", making.mistake->beginning);
    write_one_of(making.mistake->texts);
}

/* ---- The request line ---- */

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
            head->wrong = BAD_ESCAPE;
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
        write_one_of("http://a|hTTp://[::1]:9000");
    write_path(line, length, head);
    if (one_in(10))
        write_text("?%zu/echo?%%", below(100));
}

static void write_request_line(struct head *head)
{
    const char *method = making.text + making.length;

    wrong(METHOD) ? write_mistake() : write_one_of("GET|GET|GET|GET|HEAD|OPTIONS");
    write_byte(' ');
    head->no_body = strncmp(method, "HEAD ", 5) == 0;
    head->options = strncmp(method, "OPTIONS ", 8) == 0 && making.mistake->goes_on;
    wrong(TARGET) ? write_mistake() : write_target(head);
    if (wrong(LONG_LINE))
        for (size_t i = below(3) * below(10000) + 8192; i > 0; i--)
            write_byte('x');
    write_byte(' ');
    if (wrong(VERSION))
        write_mistake();
    else
        write_text("HTTP/1.%zu", making.old ? 0 : 1 + (one_in(10) ? below(9) : 0));
    end_line();
}

/* ---- The fields ---- */

static void write_connection(struct head *head)
{
    bool close = one_in(100), keep = making.old ? !one_in(30) : one_in(10);

    if (close)
        write_field("Connection", "close|CLOSE|keep-alive, close|close ,x");
    if (keep)
        write_field("Connection", "keep-alive|Keep-Alive|, keep-alive,");
    if (one_in(10))
        write_field("Connection", "Upgrade|closed|keep-alivee|");
    head->closes = close || (making.old && !keep);
    head->keeps = making.old && !head->closes;
}

static void write_other_fields(void)
{
    while (one_in(3)) {
        write_one_of("X|Accept|Content-Type|Content_Length|Hosts|Transfer-Encodin|!#$%'*+-.^_`~");
        write_field("", "|*/*|a:b|\200\377|a\tb|chunked");
    }
}

static void write_wrong_field(void)
{
    if (wrong(NO_HOST) || wrong(HOST) || wrong(FRAMING) || wrong(FIELD)) {
        write_mistake();
        end_line();
    }
    while (wrong(LONG_HEAD) && making.length <= 16384) { /* so that the end is not seen */
        write_text("X: %*s", 1 + (int)below(3000), "x");
        end_line();
    }
}

/* How a body is sent. */
enum body { NONE, BY_LENGTH, IN_CHUNKS };

static void write_body_fields(struct head *head, enum body how, size_t size)
{
    char length[50];

    snprintf(length, sizeof length, one_in(5) ? "%030zu" : "%zu", size);
    if (how == BY_LENGTH)
        write_field("Content-Length", length);
    if (how == IN_CHUNKS)
        write_field("Transfer-Encoding", "chunked|Chunked");
    if ((size > 0 || how == IN_CHUNKS) && one_in(40)) {
        write_field("Expect", "100-continue");
        head->closes = true, head->keeps = false;
    }
}

static void write_fields(struct head *head, enum body how, size_t size)
{
    bool early = one_in(2);

    write_other_fields();
    if (early)
        write_wrong_field();
    if (!wrong(NO_HOST) && !wrong(HOST) && (!making.old || one_in(2)))
        write_field("Host", "|a:|localhost:9000");
    write_connection(head);
    write_other_fields();
    write_body_fields(head, how, size);
    if (!early)
        write_wrong_field();
    end_line();
}

/* ---- The body ---- */

static void write_bytes(size_t count)
{
    while (count-- > 0)
        write_byte(one_in(5) ? "\r\nGE"[below(4)] : (char)below(256));
}

static void write_chunk(size_t size)
{
    write_text(one_in(5) ? "%030zx" : one_in(2) ? "%zx" : "%zX", size);
    write_one_of("||;x| ; x=y|\t;x=\"y;z\"|;");
    write_text("\r\n");
    write_bytes(size);
    write_text("%s", size > 0 ? "\r\n" : "");
}

static void write_chunks(struct head *head, size_t size)
{
    while (size > 0) {
        size_t part = 1 + below(size);
        write_chunk(part);
        size -= part;
    }
    head->broken = one_in(20);
    if (head->broken) { /* text that is no line between chunks */
        write_one_of("\r\n|x\r\n|5x\r\n| 5\r\n|5 5\r\n|0x5\r\n|+5\r\n|-1\r\n|5\n|;\r\n|10001\r\n|"
                     "5;\001\r\n|5\r\r\n|1\r\nxx\r\n|1\r\nx\n|ffffffffffffffff5\r\n|0\r\n\n");
        return;
    }
    write_chunk(0);
    while (one_in(3))
        write_one_of("X: y\r\n|Content-Length: 5\r\n|?\r\n");
    write_text("\r\n");
}

/* ---- The request ---- */

static const struct mistake *any_mistake(bool first)
{
    const struct mistake *mistake = &mistakes[below(sizeof mistakes / sizeof mistakes[0])];
    bool unlike = mistake->part == VERSION || mistake->part == LONG_LINE;

    if (!one_in(50) || (first && unlike)) /* it might not look like HTTP at all */
        return &nothing;
    return mistake;
}

static enum body any_body(void)
{
    if (wrong(FRAMING) || one_in(2))
        return NONE;
    return !making.old && one_in(2) ? IN_CHUNKS : BY_LENGTH;
}

void heads_make(struct dice *dice, bool first, char *text, struct head *head)
{
    making.dice = dice, making.text = text, making.length = 0;
    making.line_end = one_in(2) ? "\n" : "\r\n";
    making.mistake = any_mistake(first);
    making.old = one_in(4) && !wrong(NO_HOST) && !wrong(FRAMING);
    enum body how = any_body();
    size_t size = how == NONE || one_in(5) ? 0 : below(one_in(20) ? 65537 : 99);

    *head = (struct head){.wrong = making.mistake->status};
    while (!first && !wrong(LONG_LINE) && one_in(5))
        write_one_of("\n|\r\n");
    write_request_line(head);
    write_fields(head, how, size);
    head->answered = making.length < 16384 ? making.length : 16384;
    if (!making.mistake->goes_on)
        head->closes = true, head->keeps = false;
    how == IN_CHUNKS ? write_chunks(head, size) : write_bytes(size);
    head->length = making.length;
}
