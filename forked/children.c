/* forked/children.c - the parent's table of its children: forked, reaped, told to stop.
 * SIGCHLD only writes to a pipe; the reaping is done where any function may be called. */
#include "children.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "shutdown.h"
#include "stats.h"
#include "system.h"
#include "trace.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __linux__ && !defined POSIX_ONLY
#include <sys/prctl.h>
#endif

enum { DIED_YOUNG = 1000 }; /* milliseconds */

struct child {
    pid_t process; /* 0: the slot is free */
    int64_t born;
};

/* Only the parent uses the table. It is in shared pages all the same: fork would make the parent
 * copy a page that is not shared when it next writes to it. */
static struct table {
    long present;
    int64_t next_start; /* a child died young: start none before this */
    struct child children[];
} * table;

static long slots;
static pid_t parent;
static int wake[2];

static void on_child(int number)
{
    int reason = errno;

    (void)number;
    if (write(wake[1], "", 1) < 0)
        errno = reason; /* the pipe is full, so it is readable */
}

void children_prepare(long most)
{
    static const enum counter counters[] = {REAPED, CRASHED, END_OF_COUNTERS};
    struct sigaction ended = {.sa_handler = on_child, .sa_flags = SA_RESTART | SA_NOCLDSTOP};

    stats_prepare(1 + most, counters); /* the parent has slot 0 */
    slots = most;
    parent = getpid();
    table = shared_pages(sizeof *table + (size_t)most * sizeof table->children[0]);
    if (pipe(wake) < 0 || !net_set_nonblocking(wake[0]) || !net_set_nonblocking(wake[1]))
        die("children");
    sigemptyset(&ended.sa_mask);
    sigaction(SIGCHLD, &ended, NULL);
}

int children_descriptor(void)
{
    return wake[0];
}

long children_count(void)
{
    return table->present;
}

bool children_full(void)
{
    return table->present >= slots;
}

int children_start_delay(void)
{
    return children_full() ? -1 : clock_milliseconds_until(table->next_start);
}

/* ---- After fork ---- */

/* The slot in which this child is, `slots` if it is none of ours; of 0, one that is free. */
static long slot_of(pid_t process)
{
    long slot = 0;

    while (slot < slots && table->children[slot].process != process)
        slot++;
    return slot;
}

long children_find_slot(void)
{
    return slot_of(0);
}

void children_add(long slot, pid_t process)
{
    table->children[slot] = (struct child){.process = process, .born = clock_now()};
    table->present++;
}

/* On Linux the kernel kills a child whose parent ends, however that happens. Elsewhere a child
 * of a pool learns of it when it next waits for a client, see shutdown.h, and the child of one
 * client ends with that client. */
static void end_with_parent(void)
{
#if defined __linux__ && !defined POSIX_ONLY
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it has ended already */
        raise(SIGKILL);
#endif
}

void children_in_child(long slot)
{
    end_with_parent();
    signal(SIGCHLD, SIG_DFL);
    close(wake[0]);
    close(wake[1]);
    stats_use_slot(1 + slot);
    stats_add(WORKERS, 1);
}

/* ---- Reaping ---- */

/* Says how a child ended, unless it ended well. */
static void report(pid_t process, int status)
{
    if (WIFSIGNALED(status)) {
        stats_add(CRASHED, 1);
        trace_death(process, WTERMSIG(status));
        say(STDERR_FILENO, "%s: child %ld ended by signal %d (%s)", messages_program(),
            (long)process, WTERMSIG(status), strsignal(WTERMSIG(status)));
    } else if (WEXITSTATUS(status) != 0) {
        say(STDERR_FILENO, "%s: child %ld ended with status %d", messages_program(), (long)process,
            WEXITSTATUS(status));
    }
}

static void remove_child(long slot)
{
    struct child *child = &table->children[slot];
    int64_t grown_up = child->born + DIED_YOUNG * (int64_t)NANOSECONDS_PER_MILLISECOND;

    if (clock_now() < grown_up)
        table->next_start = grown_up;
    child->process = 0;
    table->present--;
    stats_clear_slot(1 + slot); /* a killed child could not do that itself */
    stats_add(REAPED, 1);
}

void children_reap(void)
{
    char bytes[64];
    pid_t process;
    int status;

    while (read(wake[0], bytes, sizeof bytes) == sizeof bytes)
        ; /* signals merge, so their number says nothing: reap all that have ended */
    while ((process = waitpid(-1, &status, WNOHANG)) > 0) {
        long slot = slot_of(process);
        if (slot == slots)
            continue; /* not ours: exec kept the shell's children */
        report(process, status);
        remove_child(slot);
    }
}

void children_send_signal(int number)
{
    for (long slot = 0; slot < slots; slot++)
        if (table->children[slot].process > 0)
            kill(table->children[slot].process, number);
}
