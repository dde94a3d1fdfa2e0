/* tutorial/labs/4-a-process-each/fail.c - a fork that fails, for the check.
 * The Makefile has server.c call fork_or_fail where it says fork. It fails while there is a file
 * named no-fork, as fork does when the user has as many processes as he may have. */
#include <errno.h>
#include <unistd.h>

pid_t fork_or_fail(void);

pid_t fork_or_fail(void)
{
    if (access("no-fork", F_OK) != 0)
        return fork();
    errno = EAGAIN;
    return -1;
}
