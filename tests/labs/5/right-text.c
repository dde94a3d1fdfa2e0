/* passes: numbers travel as text, in lines, and closed ends are -1 */
#include "link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void drop(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

static bool read_line(int from, char *line, size_t size)
{
    size_t length = 0;

    while (length < size - 1) {
        ssize_t got = read(from, line + length, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        if (line[length] == '\n')
            break;
        length++;
    }
    line[length] = '\0';
    return true;
}

static bool write_line(int to, const char *line)
{
    size_t length = strlen(line);

    return send(to, line, length, MSG_NOSIGNAL) == (ssize_t)length;
}

bool link_open(struct link *link)
{
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return false;
    *link = (struct link){.parents_end = pair[1], .childs_end = pair[0]};
    return true;
}

void link_keep_parents_end(struct link *link)
{
    drop(&link->childs_end);
}

void link_keep_childs_end(struct link *own, const struct link *others, int count)
{
    while (count-- > 0) {
        struct link other = others[count];
        drop(&other.parents_end);
        drop(&other.childs_end);
    }
    drop(&own->parents_end);
}

long link_ask(const struct link *own)
{
    char line[32];

    if (!write_line(own->childs_end, "next\n") || !read_line(own->childs_end, line, sizeof line))
        return 0;
    return strtol(line, NULL, 10);
}

bool link_answer(const struct link *link, long *number)
{
    char line[32];

    if (!read_line(link->parents_end, line, sizeof line))
        return false;
    snprintf(line, sizeof line, "%ld\n", ++*number);
    return write_line(link->parents_end, line);
}
