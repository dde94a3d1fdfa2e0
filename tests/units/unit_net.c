/* tests/units/unit_net.c - what does a server hear of an accept that fails?
 * This program has an accept of its own, in place of the one of libc. */
#include "unit.h"

#include "net.h"

#include <errno.h>

static const int *errors; /* what is to come; 0 is a client */
static int calls;

static int next_result(void)
{
    calls++;
    errno = *errors++;
    return errno == 0 ? 7 : -1;
}

int accept4(int listener, void *address, void *size, int flags)
{
    (void)listener, (void)address, (void)size, (void)flags;
    return next_result();
}

int accept(int listener, void *address, void *size)
{
    (void)listener, (void)address, (void)size;
    return next_result();
}

static void check_accept(const int *made, int result, int wanted_calls)
{
    errors = made, calls = 0;
    note("error %d", *made);
    check_number(net_accept_now(0, NONBLOCKING_SOCKET), result);
    check_number(calls, wanted_calls);
}

static void a_client_that_broke_off_does_not_hide_the_next_one(void)
{
    check_accept((int[]){ECONNABORTED, ECONNABORTED, 0}, 7, 3);
    check_accept((int[]){EINTR, ECONNABORTED, EAGAIN}, NO_CLIENT, 3);
}

static void what_will_not_pass_by_itself_is_told(void)
{
    static const int each[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM, ENOSYS, EINVAL};

    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
        check_accept(&each[i], NO_RESOURCES, 1);
        check_number(errno, each[i]);
    }
}

int main(void)
{
    test(a_client_that_broke_off_does_not_hide_the_next_one);
    test(what_will_not_pass_by_itself_is_told);
    return unit_result();
}
