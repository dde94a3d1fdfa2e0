/* tests/units/unit_session.c - does a session serve the same requests however the bytes arrive?
 * One stream is cut at every place, and long lines at each place where something might end. */
#include "unit.h"

#include "stats.h"
#include "talk.h"
#include "system.h"

#include <stdlib.h>

static const struct way {
    const char *name;
    enum how how;
    enum wire wire;
} ways[] = {
    {"blocking", BLOCKING, MESSAGES},
    {"not blocking", NOT_BLOCKING, MESSAGES},
    {"not blocking, a stream", NOT_BLOCKING, STREAM},
};

enum { WAYS = sizeof ways / sizeof ways[0] };

/* A session that blocks finds all pieces there; another one has to wait after each. */
static void send_piece(struct talk *talk, const char *text, size_t length)
{
    check_number(talk_send(talk, text, length), length);
    if (talk->how == NOT_BLOCKING)
        talk_settle(talk);
}

static void check_end(struct talk *talk, const char *wanted, size_t wanted_length)
{
    talk_half_close(talk);
    check_number(talk_settle(talk), GONE);
    check_text(talk->replies, talk->length, wanted, wanted_length);
    talk_finish(talk);
    talk_free(talk);
}

/* A whole conversation, cut at two places, which may be the same. */
static void converse(const struct way *way, const char *text, size_t length, size_t first,
                     size_t second, const char *wanted, size_t wanted_length)
{
    struct talk talk;

    note("%s, cut at %zu and %zu", way->name, first, second);
    talk_start(&talk, way->how, way->wire);
    send_piece(&talk, text, first);
    send_piece(&talk, text + first, second - first);
    send_piece(&talk, text + second, length - second);
    check_end(&talk, wanted, wanted_length);
}

static void in_equal_pieces(const struct way *way, const char *text, size_t length, size_t piece,
                            const char *wanted, size_t wanted_length)
{
    struct talk talk;

    note("%s, %zu bytes in pieces of %zu", way->name, length, piece);
    talk_start(&talk, way->how, way->wire);
    for (size_t sent = 0; sent < length; sent += piece)
        send_piece(&talk, text + sent, length - sent < piece ? length - sent : piece);
    check_end(&talk, wanted, wanted_length);
}

/* ---- A stream of requests ---- */

static const char some[] = "echo one\necho\n\necho two \r\n\r\ncount\r\nsleep 5\nsleep x\n"
                           "echo a\0b\rc\r\r\nnonsense 1\ncount\nhelp me\nprimes 7\n"
                           "echo \xff\necho last\necho half";
static const char some_replies[] = "one\n"
                                   "\n"
                                   "error: unknown request '', try help\n"
                                   "two \n"
                                   "error: unknown request '', try help\n"
                                   "1\n"
                                   "slept 5\n"
                                   "error: sleep takes 0 to 60000 milliseconds\n"
                                   "a\0b\rc\r\n"
                                   "error: unknown request 'nonsense', try help\n"
                                   "2\n"
                                   "error: help takes nothing after it\n"
                                   "7\n"
                                   "\xff\n"
                                   "last\n";

static void cut_at_every_place(void)
{
    for (const struct way *way = ways; way < ways + WAYS; way++)
        for (size_t cut = 0; cut < sizeof some; cut++)
            converse(way, TEXT(some), cut, cut, TEXT(some_replies));
}

static void what_comes_after_quit_is_not_served(void)
{
    static const char last[] = "echo a\nquit\necho b\n";

    for (const struct way *way = ways; way < ways + WAYS; way++)
        for (size_t cut = 0; cut < sizeof last; cut++)
            converse(way, TEXT(last), cut, cut, TEXT("a\nbye\n"));
}

static void half_a_request_is_not_served(void)
{
    for (const struct way *way = ways; way < ways + WAYS; way++) {
        converse(way, TEXT(""), 0, 0, TEXT(""));
        converse(way, TEXT("quit"), 2, 2, TEXT(""));
        converse(way, TEXT("quit\r"), 4, 4, TEXT(""));
        converse(way, TEXT("echo a\ncount"), 7, 7, TEXT("a\n"));
    }
}

/* ---- Long lines ---- */

enum { ROOM = 65536 };

struct text {
    char bytes[ROOM];
    size_t length;
};

static void append(struct text *text, const char *bytes, size_t length)
{
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

static void append_many(struct text *text, char byte, size_t times)
{
    memset(text->bytes + text->length, byte, times);
    text->length += times;
}

static struct text asked, wanted;

/* Asks to echo, with this many bytes in all, line end included, and knows what is the reply. */
static void append_long(size_t length, const char *line_end)
{
    size_t filling = length - strlen("echo ") - strlen(line_end);

    append(&asked, TEXT("echo "));
    append_many(&asked, 'x', filling);
    append(&asked, line_end, strlen(line_end));
    if (length <= 8192)
        append_many(&wanted, 'x', filling);
    else
        append(&wanted, TEXT("error: line longer than 8192 bytes"));
    append(&wanted, TEXT("\n"));
}

static void append_short(void)
{
    append(&asked, TEXT("echo short\n"));
    append(&wanted, TEXT("short\n"));
}

/* Every two of the places near which a line, a word, the limit or the buffer ends. */
static void cut_where_it_matters(const struct way *way)
{
    static const size_t ends[] = {0, 5, 11, 16, 8192, 8203, ROOM};
    size_t places[50], count = 0;

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        for (size_t near = ends[i] < 3 ? 0 : ends[i] - 3; near <= ends[i] + 3; near++)
            if (near <= asked.length && (count == 0 || near > places[count - 1]))
                places[count++] = near;
    for (size_t first = 0; first < count; first++)
        for (size_t second = first; second < count; second++)
            converse(way, asked.bytes, asked.length, places[first], places[second], wanted.bytes,
                     wanted.length);
}

static void lines_at_the_limit(void)
{
    static const char *const line_ends[] = {"\n", "\r\n"};

    for (size_t length = 8190; length <= 8194; length++)
        for (int line_end = 0; line_end < 2; line_end++)
            for (int before = 0; before < 2; before++) {
                asked.length = wanted.length = 0;
                if (before)
                    append_short();
                append_long(length, line_ends[line_end]);
                append_short();
                for (const struct way *way = ways; way < ways + WAYS; way++)
                    cut_where_it_matters(way);
            }
}

/* One that fills the buffer, or is read in many parts, or follows another. */
static void lines_over_the_limit(void)
{
    static const size_t pieces[] = {700, 4096, 8191, 8192};

    for (size_t length = 16380; length < 16390; length++) {
        asked.length = wanted.length = 0;
        append_long(length, "\n");
        append_long(8193, "\n");
        append_short();
        append_long(8192, "\r\n");
        append_long(20000, "\r\n");
        append_short();
        for (const struct way *way = ways; way < ways + WAYS; way++)
            for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++)
                in_equal_pieces(way, asked.bytes, asked.length, pieces[i], wanted.bytes,
                                wanted.length);
    }
}

static void a_long_line_without_end_has_its_reply_at_once(void)
{
    static const char reply[] = "error: line longer than 8192 bytes\n";
    struct talk talk;

    asked.length = 0;
    append_many(&asked, 'x', 8192);
    talk_start(&talk, NOT_BLOCKING, STREAM);
    send_piece(&talk, asked.bytes, 8191);
    check_number(talk.length, 0);
    send_piece(&talk, asked.bytes, 1);
    check_text(talk.replies, talk.length, TEXT(reply));
    for (int i = 0; i < 10; i++)
        send_piece(&talk, asked.bytes, asked.length);
    check_end(&talk, TEXT(reply));
}

/* ---- The first line ---- */

/* A first line of `before`, so many X and `behind`, which comes in two pieces. */
static void cut_first_line(const char *before, size_t filling, const char *behind, bool in_http,
                           size_t cut)
{
    struct talk talk;

    note("%s, %zu X, %s, cut at %zu", before, filling, behind, cut);
    talk_start(&talk, NOT_BLOCKING, STREAM);
    send_piece(&talk, asked.bytes, cut);
    send_piece(&talk, asked.bytes + cut, asked.length - cut);
    talk_half_close(&talk);
    talk_settle(&talk);
    check_number(talk.session.in_http, in_http);
    talk_hide_dates(talk.replies, talk.length);
    if (cut == 0)
        wanted.length = 0, append(&wanted, talk.replies, talk.length);
    check_text(talk.replies, talk.length, wanted.bytes, wanted.length);
    talk_finish(&talk);
    talk_free(&talk);
}

/* Cuts at every place, or at those near the beginning and the limit. */
static void check_first_line(const char *before, size_t filling, const char *behind, bool in_http)
{
    asked.length = 0;
    append(&asked, before, strlen(before));
    append_many(&asked, 'X', filling);
    append(&asked, behind, strlen(behind));
    append(&asked, TEXT("\r\nHost: a\r\n\r\n"));
    for (size_t cut = 0; cut <= asked.length; cut += cut == 40 && filling > 8100 ? 8130 : 1)
        cut_first_line(before, filling, behind, in_http, cut);
}

static void the_first_line_decides_however_it_is_cut(void)
{
    check_first_line("echo I speak HTTP/1.1", 0, "", false);
    check_first_line("help HTTP/1.1", 0, "", false);
    check_first_line("echoes HTTP/1.1", 0, "", true);
    check_first_line("ECHO /sleep/0", 0, "", true);
    check_first_line("GET /echo/", 20, " HTTP/1.1", true);
    for (size_t filling = 8160; filling < 8200; filling++) {
        check_first_line("GET /echo/", filling, " HTTP/1.1", true);
        check_first_line("echo ", filling, " HTTP/1.1", false);
        check_first_line("get ", filling, " HTTP/1.1", 4 + filling + 10 < 8192);
        check_first_line("get ", filling, " HTTP/1.1 and on", false);
        check_first_line("", filling, " /", filling + 1 < 8192);
    }
}

/* ---- Replies ---- */

/* Each sends all of its requests in one piece, and counts the writes that bring the replies. */
static void check_writes(const char *text, size_t length, size_t writes)
{
    for (const struct way *way = ways; way < ways + WAYS; way++) {
        struct talk talk;
        if (way->wire == STREAM)
            continue; /* one read may take what several writes brought */
        note("%s, %s", way->name, text);
        talk_start(&talk, way->how, way->wire);
        send_piece(&talk, text, length);
        talk_half_close(&talk);
        talk_settle(&talk);
        check_number(talk.reads, writes);
        talk_finish(&talk);
        talk_free(&talk);
    }
}

static void replies_to_one_read_go_out_together(void)
{
    check_writes(TEXT("echo a\ncount\nwhat\n\necho b\necho c\nwho\necho half"), 1);
}

/* Before each request that takes time, what is ready is sent. */
static void no_reply_waits_for_a_request_that_takes_time(void)
{
    check_writes(TEXT("echo a\ncount\nsleep 60000\necho b\nprimes 2\necho c\n"), 3);
    check_writes(TEXT("sleep 1\nsleep x\nsleep 2\n"), 2);
    check_writes(TEXT("GET /echo/a HTTP/1.1\r\nHost: a\r\n\r\nGET /%73leep/2 HTTP/1.1\r\n"
                      "Host: a\r\n\r\n"),
                 2);
}

/* Each write but the last sends at least half of the 16 KiB that there are for replies. */
static void many_replies_go_out_in_few_writes(void)
{
    for (const struct way *way = ways; way < ways + WAYS; way++) {
        struct talk talk;
        note("%s", way->name);
        asked.length = wanted.length = 0;
        for (int i = 0; i < 1000; i++) {
            append(&asked, TEXT("x\n"));
            append(&wanted, TEXT("error: unknown request 'x', try help\n"));
        }
        talk_start(&talk, way->how, way->wire);
        send_piece(&talk, asked.bytes, asked.length);
        talk_half_close(&talk);
        talk_settle(&talk);
        check(talk.reads <= wanted.length / 8192 + 1);
        check_end(&talk, wanted.bytes, wanted.length);
    }
}

/* However much waits to be sent, there is room for the longest reply behind it. */
static void the_longest_reply_fits_behind_others(void)
{
    for (int others = 200; others < 470; others++) {
        asked.length = wanted.length = 0;
        for (int i = 0; i < others; i++) {
            append(&asked, TEXT("\n"));
            append(&wanted, TEXT("error: unknown request '', try help\n"));
        }
        append_long(8192, "\n");
        for (const struct way *way = ways; way < ways + WAYS; way++)
            converse(way, asked.bytes, asked.length, 0, 0, wanted.bytes, wanted.length);
    }
}

static void who_help_and_stats_say_what_they_should(void)
{
    struct talk talk;
    char who[100];

    talk_start(&talk, NOT_BLOCKING, STREAM);
    int length = snprintf(who, sizeof who, "process %ld thread %ld client %ld\n", (long)getpid(),
                          thread_id(), stats_read(ACCEPTED));
    send_piece(&talk, TEXT("who\n"));
    check_text(talk.replies, talk.length, who, (size_t)length);
    talk.length = 0;
    send_piece(&talk, TEXT("help\n"));
    check_text(talk.replies, talk.length,
               TEXT("echo TEXT, sleep MS, primes N, count, who, stats, help, quit\n"));
    char line[200];
    talk.length = 0;
    send_piece(&talk, TEXT("stats\n"));
    size_t end = stats_report(line, sizeof line);
    line[end] = '\n';
    check_end(&talk, line, end + 1);
}

static void requests_and_errors_are_counted(void)
{
    long clients = stats_read(CLIENTS), accepted = stats_read(ACCEPTED);
    long requests = stats_read(REQUESTS), errors = stats_read(ERRORS);
    struct talk talk;

    talk_start(&talk, NOT_BLOCKING, STREAM);
    check_number(stats_read(CLIENTS), clients + 1);
    check_number(stats_read(ACCEPTED), accepted + 1);
    check_number(talk.session.number, accepted + 1);
    send_piece(&talk, TEXT(some));
    check_number(stats_read(REQUESTS), requests + 15);
    check_number(stats_read(ERRORS), errors + 5);
    check_end(&talk, TEXT(some_replies));
    check_number(stats_read(CLIENTS), clients);
    check_number(stats_read(ACCEPTED), accepted + 1);
}

int main(void)
{
    static const enum counter none[] = {END_OF_COUNTERS};

    stats_prepare(1, none);
    test("requests cut at every place have the same replies", cut_at_every_place);
    test("what comes after quit is not served", what_comes_after_quit_is_not_served);
    test("half a request is not served", half_a_request_is_not_served);
    test("lines at the limit, cut where it matters", lines_at_the_limit);
    test("lines over the limit are skipped as a whole", lines_over_the_limit);
    test("a long line without end has its reply at once, and one",
         a_long_line_without_end_has_its_reply_at_once);
    test("the first line decides, however it is cut", the_first_line_decides_however_it_is_cut);
    test("replies to what one read brought in go out together",
         replies_to_one_read_go_out_together);
    test("no reply waits for a request that takes time",
         no_reply_waits_for_a_request_that_takes_time);
    test("many replies go out in few writes", many_replies_go_out_in_few_writes);
    test("the longest reply fits behind others", the_longest_reply_fits_behind_others);
    test("who, help and stats say what they should", who_help_and_stats_say_what_they_should);
    test("requests and errors are counted", requests_and_errors_are_counted);
    return unit_result();
}
