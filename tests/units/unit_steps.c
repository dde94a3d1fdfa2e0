/* tests/units/unit_steps.c - do n bytes cost n steps, however they come?
 * A step is a basic block of the code that reads requests, which the compiler counts (see
 * Makefile), or a byte that the C library looks at. Four times as many bytes may take five times
 * the steps. */
#include "unit.h"

#include "talk.h"

void *counted_memchr(const void *bytes, int byte, size_t length);
void *counted_memmove(void *to, const void *from, size_t length);
size_t counted_strspn(const char *text, const char *bytes);
void __sanitizer_cov_trace_pc(void);

static size_t steps;

void __sanitizer_cov_trace_pc(void)
{
    steps++;
}

void *counted_memchr(const void *bytes, int byte, size_t length)
{
    const char *found = memchr(bytes, byte, length);

    steps += found ? (size_t)(found - (const char *)bytes) : length;
    return (void *)found;
}

void *counted_memmove(void *to, const void *from, size_t length)
{
    steps += length;
    return memmove(to, from, length);
}

size_t counted_strspn(const char *text, const char *bytes)
{
    size_t length = strspn(text, bytes);

    steps += length;
    return length;
}

#define GET  "GET /echo/a HTTP/1.1\r\nHost: a\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
#define CHUNKS GET "Transfer-Encoding: chunked\r\n\r\n"

/* A conversation that begins so, and goes on with the same bytes again and again. */
static const struct kind {
    const char *begin, *again, *end;
} kinds[] = {
    {"", "\n", ""},
    {"", "x\r\n", ""},
    {"", "x", "\n"},
    {"echo ", " ", "\n"},
    {"GET ", "X", " HTTP/1.1\r\n\r\n"},
    {"X", " ", "HTTP/1.1\r\n\r\n"},
    {GET "\r\n", "\n", GET "\r\n"},
    {GET "\r\n", "\r\n", GET "\r\n"},
    {GET, "a:\r\n", "\r\n"},
    {GET, "a: b\r\n", "\r\n"},
    {GET "a:", " ", "\r\n\r\n"},
    {GET "a", "b", ":\r\n\r\n"},
    {GET "Connection: close", ",close", "\r\n\r\n"},
    {GET "Connection: ", " ,", "\r\n\r\n"},
    {GET "Content-Length: ", "0", "\r\n\r\n"},
    {"GET /echo/", "%20", " HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET /?", "&", " HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"GET ", "/", " HTTP/1.1\r\nHost: a\r\n\r\n"},
    {POST, "x", ""},
    {CHUNKS, "1\r\nx\r\n", "0\r\n\r\n"},
    {CHUNKS "0", ";x", "\r\n\r\n"},
    {CHUNKS "0\r\n", "a: b\r\n", "\r\n"},
    {GET "X: ", "x", "\r\n\r\n"},
    {"", GET "\r\n", ""},
    {"", "echo a\n", ""},
    {"quit\n", "x", ""},
};

enum { FEW = 2000, MANY = 4 * FEW };

/* Sends in pieces, and takes what comes back, which is no step of the server. */
static void send_in_pieces(const char *text, size_t length, size_t piece)
{
    for (size_t sent = 0; sent < length; sent += piece) {
        talk_send(text + sent, length - sent < piece ? length - sent : piece);
        talk_settle();
    }
}

static size_t steps_for(const struct kind *kind, size_t length, size_t piece)
{
    static char text[MANY + 200];
    size_t used = 0, again = strlen(kind->again);

    for (; used + again <= length; used += again)
        memcpy(text + used, kind->again, again);
    talk_start(NOT_BLOCKING, STREAM);
    send_in_pieces(kind->begin, strlen(kind->begin), 1000);
    steps = 0;
    send_in_pieces(text, used, piece);
    send_in_pieces(kind->end, strlen(kind->end), 1000);
    talk_finish();
    return steps;
}

static void bytes_cost_as_many_steps(void)
{
    static const size_t pieces[] = {1, 7, MANY};

    for (const struct kind *kind = kinds; kind < kinds + sizeof kinds / sizeof kinds[0]; kind++)
        for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
            note("%s, then %s in pieces of %zu", kind->begin, kind->again, pieces[i]);
            size_t few = steps_for(kind, FEW, pieces[i]);
            check(few > 0);
            check(steps_for(kind, MANY, pieces[i]) <= 5 * few);
        }
}

int main(void)
{
    talk_prepare();
    test(bytes_cost_as_many_steps);
    return unit_result();
}
