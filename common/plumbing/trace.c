/* common/plumbing/trace.c - the timeline of what clients asked for and threads did: --trace FILE.
 * Each thread gathers lines in a buffer of its own, and one write appends them whole. */
#include "trace.h"

#include "clock.h"
#include "messages.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    BUFFER_SIZE = 16384,
    LINE_SIZE = 256, /* more than any line takes: no name is longer than 64 */
    STALE = 100 * NANOSECONDS_PER_MILLISECOND,
    LONG_STEP = NANOSECONDS_PER_MILLISECOND / 4 /* steps take less, a scheduler's slices more */
};

struct lines {
    int64_t since; /* the time of the first one */
    size_t used;
    char text[BUFFER_SIZE];
};

/* Shared by all processes; NULL: there is no timeline. */
static struct {
    atomic_bool ended;
    atomic_int writers; /* threads in the middle of a write */
} * shared;

static int file;
static int64_t opened; /* what the timeline calls 0 */

static _Thread_local struct lines *lines; /* NULL: none are gathered */
static _Thread_local long number;         /* this thread's; 0: it has no track yet */
static _Thread_local const char *name;    /* NULL: "thread" or "process" */
static _Thread_local long served;         /* a client; 0: none */
static _Thread_local const char *turn;    /* the name of the loop's turn */
static _Thread_local int64_t last_step;   /* when this thread last had a core, as far as known */

static bool tracing(void)
{
    return shared && !shared->ended;
}

/* ---- The file ---- */

/* A write goes behind what is there, whichever thread or process appends at the same time. */
static void write_lines(void)
{
    size_t done = 0;

    while (done < lines->used) {
        ssize_t size = write(file, lines->text + done, lines->used - done);
        if (size > 0)
            done += (size_t)size;
        else if (errno != EINTR)
            break;
    }
    if (done < lines->used && !atomic_exchange(&shared->ended, true))
        warn("the timeline ends here");
}

void trace_flush(void)
{
    if (!lines)
        return;
    shared->writers++;
    if (tracing())
        write_lines();
    shared->writers--;
    free(lines);
    lines = NULL;
}

static void flush_if_stale(int64_t now)
{
    if (lines && now - lines->since >= STALE)
        trace_flush();
}

/* Adds a line to those of this thread. Without a timeline, or memory for a buffer, it is lost. */
__attribute__((format(printf, 1, 2))) static void add(const char *format, ...)
{
    va_list arguments;

    if (lines && lines->used > BUFFER_SIZE - LINE_SIZE)
        trace_flush();
    if (!lines && tracing() && (lines = malloc(sizeof *lines))) {
        lines->since = clock_now();
        lines->used = 0;
    }
    if (!lines)
        return;
    va_start(arguments, format);
    int length = vsnprintf(lines->text + lines->used, LINE_SIZE, format, arguments);
    va_end(arguments);
    if (length > 0 && length < LINE_SIZE)
        lines->used += (size_t)length;
}

/* Begins a line that describes a track, or all of one kind, which a viewer takes for a process. */
#define DESCRIBE(what, value) \
    "{\"ph\":\"M\",\"pid\":%d,\"tid\":%ld,\"name\":\"" what "\",\"args\":{\"" value "\":"

/* The last element of an array has no comma behind it. It says: the threads below the clients.
 * Who still writes comes before it; but a child that was killed in a write is not waited for. */
static void close_file(void)
{
    trace_flush();
    add(DESCRIBE("process_sort_index", "sort_index") "2}}\n]\n", ON_THREAD, 0L);
    if (atomic_exchange(&shared->ended, true) || !lines)
        return;
    for (int tries = 0; shared->writers > 0 && tries < 100; tries++)
        clock_sleep(1);
    write_lines();
}

void trace_open(const char *path)
{
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0)
        die(path);
    shared = shared_pages(sizeof *shared);
    opened = clock_now();
    add("[\n");
    add(DESCRIBE("process_name", "name") "\"clients\"}},\n", ON_CLIENT, 0L);
    add(DESCRIBE("process_name", "name") "\"%s\"}},\n", ON_THREAD, 0L, messages_program());
    trace_flush();
    atexit(close_file); /* a child ends by _exit, which leaves this to its parent */
}

/* ---- Lines ---- */

static void name_track(enum track kind, const char *word, long track)
{
    add(DESCRIBE("thread_name", "name") "\"%s %ld\"}},\n", kind, track, word, track);
}

/* The format wants microseconds; the nanoseconds stand behind a point. */
#define TIME                      "%" PRId64 ".%03d"
#define MICROSECONDS(nanoseconds) (nanoseconds) / 1000, (int)((nanoseconds) % 1000)

static void add_slice(enum track kind, long track, const char *what, int64_t from, int64_t to)
{
    char client[48] = "";

    if (kind == ON_THREAD && served)
        snprintf(client, sizeof client, ",\"args\":{\"client\":%ld}", served);
    add("{\"ph\":\"X\",\"pid\":%d,\"tid\":%ld,\"ts\":" TIME ",\"dur\":" TIME
        ",\"name\":\"%s\"%s},\n",
        kind, track, MICROSECONDS(from - opened), MICROSECONDS(to - from), what, client);
}

static void slice(enum track track, const char *what, int64_t from, int64_t to)
{
    if (track & ON_CLIENT && served)
        add_slice(ON_CLIENT, served, what, from, to);
    if (track & ON_THREAD && !number) {
        number = thread_id();
        name_track(ON_THREAD, name ? name : number == getpid() ? "process" : "thread", number);
    }
    if (track & ON_THREAD)
        add_slice(ON_THREAD, number, what, from, to);
    flush_if_stale(to);
}

/* ---- What happens ---- */

int64_t trace_begin(void)
{
    return tracing() ? clock_now() : 0;
}

void trace_end(enum track track, const char *what, int64_t began)
{
    if (began && tracing())
        slice(track, what ? what : turn, began, clock_now());
}

int64_t activity_begin(enum counter gauge)
{
    stats_add(gauge, 1);
    return trace_begin();
}

void activity_end(enum counter gauge, const char *what, int64_t began)
{
    stats_add(gauge, -1);
    trace_end(ON_BOTH, what, began);
}

int64_t trace_step(int64_t began)
{
    if (!began || !tracing())
        return began;
    int64_t now = clock_now();
    if (last_step < began)
        last_step = began;
    if (now - last_step > LONG_STEP) {
        slice(ON_BOTH, "computing", began, last_step);
        slice(ON_BOTH, "waiting for a core", last_step, now);
        began = now;
    }
    last_step = now;
    flush_if_stale(now);
    return began;
}

void trace_greet(long client)
{
    if (tracing())
        name_track(ON_CLIENT, "client", client);
}

void trace_death(long process, int signal)
{
    int64_t when = clock_now() - opened;

    add("{\"ph\":\"i\",\"s\":\"t\",\"pid\":%d,\"tid\":%ld,\"ts\":" TIME ","
        "\"name\":\"ended by signal %d\"},\n",
        ON_THREAD, process, MICROSECONDS(when), signal);
    trace_flush();
}

/* ---- Which thread does it, and for which client ---- */

void trace_call_thread(const char *word)
{
    name = word;
}

void trace_serve(long client, const char *what)
{
    served = client;
    turn = what;
}
