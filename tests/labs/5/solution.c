/* passes: each process keeps one end of each link, and end of file is no question */
#include "link.h"

#include <sys/socket.h>
#include <unistd.h>

bool link_open(struct link *link)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        return false;
    link->parents_end = ends[0];
    link->childs_end = ends[1];
    return true;
}

void link_keep_parents_end(struct link *link)
{
    close(link->childs_end);
}

void link_keep_childs_end(struct link *own, const struct link *others, int count)
{
    close(own->parents_end);
    for (int i = 0; i < count; i++)
        close(others[i].parents_end);
}

long link_ask(const struct link *own)
{
    long number;

    if (write(own->childs_end, "?", 1) != 1 ||
        read(own->childs_end, &number, sizeof number) != sizeof number)
        return 0;
    return number;
}

bool link_answer(const struct link *link, long *number)
{
    char question;
    long next = *number + 1;

    if (read(link->parents_end, &question, 1) != 1 ||
        write(link->parents_end, &next, sizeof next) != sizeof next)
        return false;
    *number = next;
    return true;
}
