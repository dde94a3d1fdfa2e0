/* common/trace.c - a timeline of what clients asked for and what threads did: --trace FILE.
 * Each thread gathers lines in a buffer of its own, and one write appends them whole. */
#include "trace.h"

#include "clock.h"
#include "messages.h"
#include "system.h"
#include "trace_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    BUFFER_SIZE = 16384,
    WHOLE_EVENT = 3 * TRACE_LINE_LIMIT, /* what one event adds at most */
    LONG = NANOSECONDS_PER_MILLISECOND, /* after such a slice a write costs nothing */
    STALE = 100 * NANOSECONDS_PER_MILLISECOND
};

struct lines {
    size_t used;
    int64_t written; /* when this was last empty */
    char text[BUFFER_SIZE];
};

static atomic_int file = -1; /* -1: no timeline, or no more */
static int64_t opened;       /* what the timeline calls 0 */

static _Thread_local struct lines *lines; /* NULL: none are gathered */
static _Thread_local long number;         /* this thread's; 0: it has no track yet */
static _Thread_local const char *name;    /* NULL: what it is */
static _Thread_local long served;         /* a client; 0: none */
static _Thread_local const char *turn;    /* what the loop's turn is called */

/* ---- The file ---- */

/* Each write goes behind what is there, whoever appends at the same time. */
static void append(const char *text, size_t size)
{
    while (size > 0 && file >= 0) {
        ssize_t done = write(file, text, size);
        if (done < 0 && errno != EINTR) {
            warn("the timeline ends here");
            file = -1;
        }
        if (done > 0) {
            text += done;
            size -= (size_t)done;
        }
    }
}

static void name_groups(void)
{
    char text[2 * TRACE_LINE_LIMIT];
    char *end = trace_line_group(text, CLIENTS_GROUP, "clients");

    end = trace_line_group(end, THREADS_GROUP, messages_program());
    append(text, (size_t)(end - text));
}

/* An array ends, and its last element has no comma behind it: that the threads stand below the
 * clients. */
static void close_file(void)
{
    static const char end[] =
        "{\"ph\":\"M\",\"pid\":2,\"tid\":0,\"name\":\"process_sort_index\","
        "\"args\":{\"sort_index\":2}}\n]\n";

    trace_flush();
    append(end, sizeof end - 1);
    file = -1;
}

void trace_open(const char *path)
{
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0)
        die(path);
    opened = clock_now();
    append("[\n", 2);
    name_groups();
    atexit(close_file); /* a child ends by _exit, which leaves this to its parent */
}

/* ---- A thread's lines ---- */

static bool get_lines(void)
{
    if (file < 0)
        return false;
    if (!lines && (lines = malloc(sizeof *lines))) {
        lines->used = 0;
        lines->written = clock_now();
    }
    return lines;
}

static void write_lines(int64_t now)
{
    append(lines->text, lines->used);
    lines->used = 0;
    lines->written = now;
}

void trace_flush(void)
{
    if (!lines)
        return;
    append(lines->text, lines->used);
    free(lines);
    lines = NULL;
}

static char *end_of_lines(void)
{
    return lines->text + lines->used;
}

static void lines_end_at(const char *end)
{
    lines->used = (size_t)(end - lines->text);
}

static void add_slice(enum group group, long track, const char *what, int64_t began,
                      int64_t ended)
{
    struct slice slice = {.group = group,
                          .track = track,
                          .began = began - opened,
                          .took = ended - began,
                          .what = what,
                          .client = group == THREADS_GROUP ? served : 0};

    lines_end_at(trace_line_slice(end_of_lines(), &slice));
}

static void introduce_thread(void)
{
    number = thread_id();
    const char *word = name ? name : number == getpid() ? "process" : "thread";
    lines_end_at(trace_line_track(end_of_lines(), THREADS_GROUP, word, number));
}

/* ---- What happens ---- */

int64_t trace_begin(void)
{
    return file >= 0 ? clock_now() : 0;
}

void trace_end(enum track track, const char *what, int64_t began)
{
    if (!began || !get_lines())
        return;
    int64_t ended = clock_now();
    if (track & ON_CLIENT && served)
        add_slice(CLIENTS_GROUP, served, what, began, ended);
    if (track & ON_THREAD && !number)
        introduce_thread();
    if (track & ON_THREAD)
        add_slice(THREADS_GROUP, number, what, began, ended);
    if (ended - began >= LONG || ended - lines->written >= STALE ||
        lines->used > BUFFER_SIZE - WHOLE_EVENT)
        write_lines(ended);
}

void trace_greet(long client)
{
    if (!get_lines())
        return;
    lines_end_at(trace_line_track(end_of_lines(), CLIENTS_GROUP, "client", client));
    if (lines->used > BUFFER_SIZE - WHOLE_EVENT)
        write_lines(clock_now());
}

void trace_death(long process, int signal)
{
    char line[TRACE_LINE_LIMIT], what[32];

    if (file < 0)
        return;
    snprintf(what, sizeof what, "ended by signal %d", signal);
    char *end = trace_line_mark(line, THREADS_GROUP, process, clock_now() - opened, what);
    append(line, (size_t)(end - line));
}

/* ---- Who does it, and for whom ---- */

void trace_call_thread(const char *word)
{
    name = word;
}

void trace_serve(long client, const char *what)
{
    served = client;
    turn = what;
}

long trace_served(void)
{
    return served;
}

int64_t trace_begin_turn(void)
{
    trace_serve(0, "task");
    return trace_begin();
}

void trace_end_turn(int64_t began)
{
    trace_end(ON_THREAD, turn, began);
}
