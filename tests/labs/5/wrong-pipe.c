/* fails 5.1: a pipe has one direction, and each process has the wrong end of it */
#include "link.h"

#include <unistd.h>

bool link_open(struct link *link)
{
    int ends[2];

    if (pipe(ends) < 0)
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

    if (write(own->childs_end, "?", 1) != 1)
        return 0;
    if (read(own->childs_end, &number, sizeof number) != sizeof number)
        return 0;
    return number;
}

bool link_answer(const struct link *link, long *number)
{
    char question;

    if (read(link->parents_end, &question, 1) != 1)
        return false;
    ++*number;
    return write(link->parents_end, number, sizeof *number) == sizeof *number;
}
