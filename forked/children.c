/* forked/children.c - the parent's book of its children: started, collected, told to stop.
 * SIGCHLD only rings a bell (a pipe); the collecting is done where it may call anything. */
#include "children.h"

#include "clock.h"
#include "messages.h"
#include "net.h"
#include "shared.h"
#include "stats.h"
#include "trace.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __linux__ && !defined POSIX_ONLY
#include <sys/prctl.h>
#endif

enum { DIED_YOUNG = 1000 }; /* milliseconds */

struct child {
    pid_t process; /* 0: nobody here */
    int64_t born;
};

/* Only the parent uses the book. It lies in shared pages all the same: a page that is not shared
 * would be copied each time that it is written after a fork. */
static struct book {
    long present;
    int64_t quiet_until;
    struct child children[];
} * book;

static long places;
static int bell[2];

static void ring(int number)
{
    int reason = errno;

    (void)number;
    if (write(bell[1], "", 1) < 0)
        errno = reason; /* full: it is ringing already */
}

void children_prepare(long most)
{
    struct sigaction ended = {.sa_handler = ring, .sa_flags = SA_RESTART | SA_NOCLDSTOP};

    places = most;
    book = shared_pages(sizeof *book + (size_t)most * sizeof book->children[0]);
    if (pipe(bell) < 0 || !net_do_not_block(bell[0]) || !net_do_not_block(bell[1]))
        die("children");
    sigemptyset(&ended.sa_mask);
    sigaction(SIGCHLD, &ended, NULL);
}

int children_descriptor(void)
{
    return bell[0];
}

long children_count(void)
{
    return book->present;
}

/* ---- In the child ---- */

#if defined __linux__ && !defined POSIX_ONLY

/* Linux sends the child a signal when its parent ends, however that happens. */
static void end_with_parent(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* it has ended already */
        raise(SIGTERM);
}

#else

static pid_t first_parent;

static void look_for_parent(int number)
{
    (void)number;
    if (getppid() != first_parent)
        raise(SIGTERM);
}

/* The portable way: an orphan is given another parent, so look once a second. */
static void end_with_parent(pid_t parent)
{
    struct sigaction look = {.sa_handler = look_for_parent, .sa_flags = SA_RESTART};
    struct itimerval each_second = {.it_interval = {.tv_sec = 1}, .it_value = {.tv_sec = 1}};

    first_parent = parent;
    sigemptyset(&look.sa_mask);
    sigaction(SIGALRM, &look, NULL);
    setitimer(ITIMER_REAL, &each_second, NULL);
}

#endif

static void live(pid_t parent, long place, void (*work)(int), int argument)
{
    signal(SIGCHLD, SIG_DFL);
    signal(SIGINT, SIG_IGN); /* Ctrl-C reaches us all; the parent tells us what to do */
    end_with_parent(parent);
    close(bell[0]); /* only the parent is called */
    close(bell[1]);
    stats_use_slot((int)place + 1); /* the parent has slot 0 */
    work(argument);
    _exit(EXIT_SUCCESS); /* not exit: its clean-up belongs to the parent */
}

/* ---- In the parent ---- */

static long free_place(void)
{
    for (long place = 0; place < places; place++)
        if (book->children[place].process == 0)
            return place;
    errno = EAGAIN;
    return -1;
}

bool children_start(void (*work)(int), int argument)
{
    pid_t parent = getpid();
    long place = free_place();
    pid_t process = place < 0 ? -1 : fork();

    if (process < 0)
        return false;
    if (process == 0)
        live(parent, place, work, argument);
    book->children[place] = (struct child){.process = process, .born = clock_now()};
    book->present++;
    stats_add(WORKERS, 1);
    return true;
}

/* Says how a child ended, unless it ended well. */
static void report(pid_t process, int status)
{
    if (WIFSIGNALED(status)) {
        stats_add(CRASHED, 1);
        trace_death(process, WTERMSIG(status));
        say(STDERR_FILENO, "%s: child %ld ended by signal %d (%s)", messages_program(),
            (long)process, WTERMSIG(status), strsignal(WTERMSIG(status)));
    } else if (WEXITSTATUS(status) != 0) {
        say(STDERR_FILENO, "%s: child %ld ended with status %d", messages_program(),
            (long)process, WEXITSTATUS(status));
    }
}

static void strike_out(pid_t process)
{
    long place = 0;

    while (place < places && book->children[place].process != process)
        place++;
    if (place == places)
        return; /* no child of ours: a shell's, who then became this program by exec */
    struct child *child = &book->children[place];
    int64_t grown_up = child->born + DIED_YOUNG * (int64_t)NANOSECONDS_PER_MILLISECOND;
    if (clock_now() < grown_up)
        book->quiet_until = grown_up;
    child->process = 0;
    stats_clear_slot((int)place + 1); /* a killed child could not do that itself */
    book->present--;
}

void children_reap(void)
{
    char rings[64];
    pid_t process;
    int status;

    while (read(bell[0], rings, sizeof rings) == sizeof rings)
        ; /* however often it rang: we look for all of them now */
    while ((process = waitpid(-1, &status, WNOHANG)) > 0) {
        report(process, status);
        strike_out(process);
        stats_add(WORKERS, -1);
        stats_add(REAPED, 1);
    }
}

int children_pause(void)
{
    int64_t left = book->quiet_until - clock_now();
    return left > 0 ? (int)(left / NANOSECONDS_PER_MILLISECOND) + 1 : 0;
}

void children_signal(int number)
{
    for (long place = 0; place < places; place++)
        if (book->children[place].process > 0)
            kill(book->children[place].process, number);
}
