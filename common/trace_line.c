/* common/trace_line.c - the lines of a timeline, in Chrome's trace-event format (JSON).
 * Put together by hand: printf would take longer than much of what is measured. */
#include "trace_line.h"

#include <stddef.h>
#include <string.h>

/* ---- The parts ---- */

static char *put_text(char *at, const char *text)
{
    size_t length = strlen(text);

    memcpy(at, text, length);
    return at + length;
}

/* Two digits at a time, for a division takes longer than all the rest. */
static const char *pair(int64_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";

    return &pairs[2 * value];
}

/* A number that is not negative. */
static char *put_number(char *at, int64_t value)
{
    char digits[24];
    size_t first = sizeof digits;

    for (; value >= 10; value /= 100)
        memcpy(&digits[first -= 2], pair(value % 100), 2);
    if (value > 0 || first == sizeof digits)
        digits[--first] = (char)('0' + value);
    memcpy(at, digits + first, sizeof digits - first);
    return at + (sizeof digits - first);
}

/* The format wants microseconds; the nanoseconds stand behind a point. */
static char *put_time(char *at, int64_t nanoseconds)
{
    at = put_number(at, nanoseconds / 1000);
    *at++ = '.';
    *at++ = (char)('0' + nanoseconds / 100 % 10);
    memcpy(at, pair(nanoseconds % 100), 2);
    return at + 2;
}

static char *put_place(char *at, enum group group, long track)
{
    at = put_text(at, "\"pid\":");
    at = put_number(at, group);
    at = put_text(at, ",\"tid\":");
    return put_number(at, track);
}

/* ---- The lines ---- */

char *trace_line_group(char *at, enum group group, const char *name)
{
    at = put_text(at, "{\"ph\":\"M\",");
    at = put_place(at, group, 0);
    at = put_text(at, ",\"name\":\"process_name\",\"args\":{\"name\":\"");
    at = put_text(at, name);
    return put_text(at, "\"}},\n");
}

char *trace_line_track(char *at, enum group group, const char *word, long track)
{
    at = put_text(at, "{\"ph\":\"M\",");
    at = put_place(at, group, track);
    at = put_text(at, ",\"name\":\"thread_name\",\"args\":{\"name\":\"");
    at = put_text(at, word);
    *at++ = ' ';
    at = put_number(at, track);
    return put_text(at, "\"}},\n");
}

char *trace_line_slice(char *at, const struct slice *slice)
{
    at = put_text(at, "{\"ph\":\"X\",");
    at = put_place(at, slice->group, slice->track);
    at = put_text(at, ",\"ts\":");
    at = put_time(at, slice->began);
    at = put_text(at, ",\"dur\":");
    at = put_time(at, slice->took);
    at = put_text(at, ",\"name\":\"");
    at = put_text(at, slice->what);
    *at++ = '"';
    if (slice->client) {
        at = put_text(at, ",\"args\":{\"client\":");
        at = put_number(at, slice->client);
        *at++ = '}';
    }
    return put_text(at, "},\n");
}

char *trace_line_mark(char *at, enum group group, long track, int64_t when, const char *what)
{
    at = put_text(at, "{\"ph\":\"i\",\"s\":\"t\",");
    at = put_place(at, group, track);
    at = put_text(at, ",\"ts\":");
    at = put_time(at, when);
    at = put_text(at, ",\"name\":\"");
    at = put_text(at, what);
    return put_text(at, "\"},\n");
}
