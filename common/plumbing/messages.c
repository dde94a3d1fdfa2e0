/* common/plumbing/messages.c - what a program has to say, and how it dies.
 * Every message is one bounded write, made only when it cannot block. */
#include "messages.h"

#include "clock.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGE_LIMIT = 512 }; /* below PIPE_BUF, so lines of several processes do not mix */

static char program[65];
static atomic_long alone, *warned = &alone; /* when warn_rarely last said something */

static void guard_streams(void)
{
    int descriptor;

    do
        descriptor = open("/dev/null", O_RDWR);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor >= 0)
        close(descriptor); /* the first one above stderr: nothing was missing any more */
}

/* Any caller can choose argv[0], and it ends up in messages and in JSON. */
void messages_prepare(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = 0;

    guard_streams();
    for (; name[length] && length < sizeof program - 1; length++) {
        bool plain = name[length] > ' ' && name[length] <= '~' && !strchr("\"\\", name[length]);
        program[length] = plain ? name[length] : '?';
    }
    program[length] = '\0';
    warned = shared_pages(sizeof *warned); /* from now on, in all processes */
}

const char *messages_program(void)
{
    return program;
}

bool say_bytes(int descriptor, const char *bytes, size_t length)
{
    struct pollfd writable = {.fd = descriptor, .events = POLLOUT};

    return poll(&writable, 1, 0) == 1 && /* or the write would block */
           write(descriptor, bytes, length) == (ssize_t)length;
}

bool say(int descriptor, const char *format, ...)
{
    char line[MESSAGE_LIMIT];
    va_list arguments;

    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length < 0)
        return false;
    if ((size_t)length > sizeof line - 2)
        length = (int)sizeof line - 2;
    line[length++] = '\n';
    return say_bytes(descriptor, line, (size_t)length);
}

void warn(const char *what)
{
    int reason = errno;

    say(STDERR_FILENO, "%s: %s: %s", program, what, strerror(reason));
    errno = reason;
}

void warn_rarely(const char *what)
{
    int reason = errno;
    long second = (long)(clock_now() / 1000000000);

    errno = reason;
    if (atomic_exchange(warned, second) != second)
        warn(what);
}

void die(const char *what)
{
    warn(what);
    exit(EXIT_FAILURE);
}

void flush_output(void)
{
    if (fflush(stdout) != 0 || ferror(stdout)) /* some libcs tell only the first who flushes */
        die("stdout");
}
