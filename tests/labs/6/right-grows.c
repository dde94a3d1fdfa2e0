/* passes: the array grows, its holes are closed at the end of a turn, the walk is from the front */
#include "run_loop.h"

#include "net.h"
#include "session.h"
#include "shutdown.h"
#include "stats.h"

#include <stdlib.h>

static struct pollfd *polled;
static struct session *sessions;
static size_t used, room;

static bool make_room(void)
{
    if (used < room)
        return true;
    size_t wanted = room ? 2 * room : 64;
    struct pollfd *more = realloc(polled, wanted * sizeof *more);
    if (more)
        polled = more;
    struct session *talks = realloc(sessions, wanted * sizeof *talks);
    if (talks)
        sessions = talks;
    if (!more || !talks)
        return false;
    room = wanted;
    return true;
}

static void enter(int fd, short events)
{
    if (events && !make_room())
        abort();
    polled[used++] = (struct pollfd){.fd = fd, .events = events};
}

static bool alive(size_t i)
{
    struct request request;
    enum session_status said;

    do {
        said = session_next(&sessions[i], &request);
        if (said == REQUEST)
            session_reply(&sessions[i], &request, perform(&request, &model));
    } while (said == REQUEST);
    polled[i].events = said == WANT_READ ? POLLIN : POLLOUT;
    if (said == GONE)
        session_finish(&sessions[i]);
    return said != GONE;
}

void run_loop(int listener)
{
    enter(listener, POLLIN);
    enter(shutdown_descriptor(), POLLIN);
    for (;;) {
        poll(polled, used, -1);
        stats_add(WAKEUPS, 1);
        if (polled[1].revents)
            break;
        size_t kept = 2;
        for (size_t i = 2; i < used; i++)
            if (polled[i].revents == 0 || alive(i)) {
                polled[kept] = polled[i];
                sessions[kept++] = sessions[i];
            }
        used = kept;
        if (polled[0].revents && make_room()) {
            int fd = net_accept_now(listener, false);
            if (fd >= 0) {
                session_start_nonblocking(&sessions[used], fd);
                enter(fd, POLLIN);
            }
        }
    }
    for (size_t i = 2; i < used; i++)
        session_finish(&sessions[i]);
}
