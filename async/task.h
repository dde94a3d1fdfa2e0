/* async/task.h - a task is a function that can stop in the middle and go on there later.
 *
 * The function is written between task_begin and task_end. Where it has to wait it says
 * await(task, ready): when `ready` is false the function returns to the event loop, and when
 * the loop calls it again, it jumps back to that line and asks again. The line is all that is
 * remembered, so local variables do not survive an await: what must survive lives in the
 * structure around the task. Two awaits cannot stand on one line, nor one inside a switch.
 *
 * This is a stackless coroutine, in the manner of Tom Duff's device; Simon Tatham showed it
 * ("Coroutines in C", 2000) and Adam Dunkels made a library of it (Protothreads, 2005). */
#ifndef TASK_H
#define TASK_H

#include "timers.h"

struct loop;

struct task {
    struct timer timer;         /* first, so that the loop finds the task by it */
    int line;                   /* where the function stopped; 0: at its beginning */
    struct loop *loop;          /* the loop that runs it */
    void (*run)(struct task *); /* the function that can stop in the middle */
    int descriptor;             /* what it reads and writes, -1 for none */
    unsigned char wants;        /* readiness that it waits for now: READABLE, WRITABLE */
    unsigned char watched;      /* readiness that the backend watches for */
    bool hung_up;               /* the connection is broken, as far as the backend can tell */
};

#define task_begin(task)    \
    switch ((task)->line) { \
    case 0:

#define await(task, ready)       \
    do {                         \
        (task)->line = __LINE__; \
        TASK_GOES_ON;            \
    case __LINE__:               \
        if (!(ready))            \
            return;              \
    } while (0)

#define task_end(...) }

/* Tells the compiler that to run into the next case is what we want. */
#if defined __GNUC__ && __GNUC__ >= 7
#define TASK_GOES_ON __attribute__((fallthrough))
#else
#define TASK_GOES_ON (void)0
#endif

#endif
