/* tests/units/unit_trace.c - the lines of a timeline, at the edges of their numbers. */
#include "trace_line.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static char line[TRACE_LINE_LIMIT + 1];

/* Each line ends with a NUL here, so that C knows its length. */
static void check_line(const char *got, const char *wanted)
{
    check_text(got, strlen(got), wanted, strlen(wanted));
}

static const char *slice_line(const struct slice *slice)
{
    *trace_line_slice(line, slice) = '\0';
    return line;
}

static void a_slice_has_microseconds_and_nanoseconds(void)
{
    struct slice slice = {.group = THREADS_GROUP,
                          .track = 4711,
                          .began = 1234567,
                          .took = 89,
                          .what = "echo",
                          .client = 7};

    check_line(slice_line(&slice),
               "{\"ph\":\"X\",\"pid\":2,\"tid\":4711,\"ts\":1234.567,"
               "\"dur\":0.089,\"name\":\"echo\",\"args\":{\"client\":7}},\n");
}

static void whose_it_is_may_be_left_out(void)
{
    struct slice slice = {.group = CLIENTS_GROUP, .track = 1, .what = "sleep 100"};

    check_line(slice_line(&slice), "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0.000,"
                                   "\"dur\":0.000,\"name\":\"sleep 100\"},\n");
}

/* What printf makes of it is right. */
static void any_time_is_what_printf_makes_of_it(void)
{
    for (int64_t time = 1; time > 0 && time < INT64_MAX / 7; time = time * 7 + 3) {
        struct slice slice = {.group = CLIENTS_GROUP,
                              .track = (long)(time % 1000000),
                              .began = time,
                              .took = time / 3,
                              .what = "w"};
        char wanted[TRACE_LINE_LIMIT];

        snprintf(wanted, sizeof wanted,
                 "{\"ph\":\"X\",\"pid\":1,\"tid\":%ld,\"ts\":%lld.%03d,\"dur\":%lld.%03d,"
                 "\"name\":\"w\"},\n",
                 (long)(time % 1000000), (long long)(time / 1000), (int)(time % 1000),
                 (long long)(time / 3 / 1000), (int)(time / 3 % 1000));
        check_line(slice_line(&slice), wanted);
    }
}

static void any_small_number_is_what_printf_makes_of_it(void)
{
    for (long number = 0; number < 20000; number++) {
        char wanted[TRACE_LINE_LIMIT];

        snprintf(wanted, sizeof wanted,
                 "{\"ph\":\"M\",\"pid\":1,\"tid\":%ld,\"name\":\"thread_name\","
                 "\"args\":{\"name\":\"client %ld\"}},\n",
                 number, number);
        *trace_line_track(line, CLIENTS_GROUP, "client", number) = '\0';
        check_line(line, wanted);
    }
}

static void the_longest_line_fits(void)
{
    char word[65];
    struct slice slice = {.group = THREADS_GROUP,
                          .track = INT64_MAX,
                          .began = INT64_MAX,
                          .took = INT64_MAX,
                          .what = word,
                          .client = INT64_MAX};

    memset(word, 'x', 64);
    word[64] = '\0';
    check(strlen(slice_line(&slice)) <= TRACE_LINE_LIMIT);
    *trace_line_track(line, THREADS_GROUP, word, INT64_MAX) = '\0';
    check(strlen(line) <= TRACE_LINE_LIMIT);
    *trace_line_mark(line, THREADS_GROUP, INT64_MAX, INT64_MAX, word) = '\0';
    check(strlen(line) <= TRACE_LINE_LIMIT);
}

int main(void)
{
    test("a slice has microseconds and nanoseconds", a_slice_has_microseconds_and_nanoseconds);
    test("whose it is may be left out", whose_it_is_may_be_left_out);
    test("any time is what printf makes of it", any_time_is_what_printf_makes_of_it);
    test("any small number is what printf makes of it",
         any_small_number_is_what_printf_makes_of_it);
    test("the longest line fits", the_longest_line_fits);
    return unit_result();
}
