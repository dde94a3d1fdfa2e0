/* common/thread_id.h - the number of the calling thread. */
#ifndef THREAD_ID_H
#define THREAD_ID_H

/* On Linux the number that ps -L and top -H show; elsewhere one that differs between the
 * threads of a process. */
long thread_id(void);

#endif
