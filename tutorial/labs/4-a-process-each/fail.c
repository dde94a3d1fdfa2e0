/* tutorial/labs/4-a-process-each/fail.c - a fork that fails, or takes its time, for the check.
 * It fails while there is a file named no-fork, as where the user has as many processes as he may
 * have. Just then a signal arrives, as when a child ends. And while the gate "forked" is shut, the
 * parent stops in it, as where the child runs first. */
#include "lab.h"
#include "net.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

pid_t fork_or_fail(void)
{
    if (access("no-fork", F_OK) != 0) {
        pid_t process = fork();
        if (process > 0)
            lab_hold("forked", 6);
        return process;
    }
    errno = EAGAIN;
    raise(SIGCHLD);
    return -1;
}

void refuse_late(int client)
{
    net_refuse(client);
    errno = ECHILD; /* as any function may leave it */
}
