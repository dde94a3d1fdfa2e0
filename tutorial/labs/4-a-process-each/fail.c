/* tutorial/labs/4-a-process-each/fail.c - a fork that fails, for the check.
 * It fails while there is a file named no-fork, as where the user has as many processes as he may
 * have. Just then a signal arrives, as when a child ends. */
#include <errno.h>
#include <signal.h>
#include <unistd.h>

pid_t fork_or_fail(void)
{
    if (access("no-fork", F_OK) != 0)
        return fork();
    errno = EAGAIN;
    raise(SIGCHLD);
    return -1;
}
