/* common/trace_line.h - the lines of a timeline, in Chrome's trace-event format (JSON).
 * Pure: no I/O, no allocation. */
#ifndef TRACE_LINE_H
#define TRACE_LINE_H

#include <stdint.h>

enum { TRACE_LINE_LIMIT = 256 }; /* bytes, if no word is longer than 64 */

/* What a viewer calls a process: the tracks of one kind. */
enum group { CLIENTS_GROUP = 1, THREADS_GROUP = 2 };

struct slice {
    enum group group;
    long track;
    int64_t began; /* nanoseconds since the timeline's 0 */
    int64_t took;
    const char *what;
    long client; /* 0: do not say whose it is */
};

/* Each writes one line, with a comma and its line end, and returns where it ended. No NUL. Words
 * go in as they are, so none may hold a quote, a backslash or a control character. */
char *trace_line_group(char *at, enum group group, const char *name);
char *trace_line_track(char *at, enum group group, const char *word, long track);
char *trace_line_slice(char *at, const struct slice *slice);
char *trace_line_mark(char *at, enum group group, long track, int64_t when, const char *what);

#endif
