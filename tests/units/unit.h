/* tests/units/unit.h - checks for a test program in C: one that fails is shown, and the program
 * goes on. Its tests are functions whose names are sentences, and its main ends with unit_result;
 * see unit_timers.c. For a program of one .c file, which includes this once. */
#ifndef UNIT_H
#define UNIT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Gives back whether it holds, so that what makes no sense after a failure can be left out. */
#define check(expression) unit_check((expression), #expression, __FILE__, __LINE__)

/* Two numbers, or two texts that may hold any byte, ought to be the same. */
#define check_number(got, wanted) \
    unit_check_number((long)(got), (long)(wanted), #got, __FILE__, __LINE__)

/* check_text(got, its length, wanted, its length) */
#define check_text(got, ...) unit_check_text(#got, __FILE__, __LINE__, got, __VA_ARGS__)

/* A text and its length, which a NUL in it does not end. */
#define TEXT(literal) literal, sizeof(literal) - 1

enum {
    UNIT_SHOWN = 20,    /* failures; the others are only counted */
    UNIT_SECONDS = 300, /* a test that takes longer hangs, and ends the program */
};

static struct {
    const char *test;
    char note[120];
    long tests, checks, failed;
} unit;

/* Says where in a table or a loop the test is; shown with the checks that fail from now on. */
__attribute__((format(printf, 1, 2))) static inline void note(const char *format, ...)
{
    va_list values;

    va_start(values, format);
    vsnprintf(unit.note, sizeof unit.note, format, values);
    va_end(values);
}

/* Counts a check. True when it failed and is among the first, which are shown: the line has
 * been begun then, and wants an end. */
static inline bool unit_begin_failure(bool holds, const char *what, const char *file, int line)
{
    unit.checks++;
    if (holds || unit.failed++ >= UNIT_SHOWN)
        return false;
    fprintf(stderr, "%s:%d: \"%s\"%s%s: %s", file, line, unit.test, unit.note[0] ? ", " : "",
            unit.note, what);
    return true;
}

static inline bool unit_check(bool holds, const char *what, const char *file, int line)
{
    if (unit_begin_failure(holds, what, file, line))
        fprintf(stderr, " is not so\n");
    return holds;
}

static inline bool unit_check_number(long got, long wanted, const char *what, const char *file,
                                     int line)
{
    if (unit_begin_failure(got == wanted, what, file, line))
        fprintf(stderr, " is %ld, not %ld\n", got, wanted);
    return got == wanted;
}

/* A text as C would write it, from a little before the place that matters. */
static inline void unit_show(const char *text, size_t length, size_t place)
{
    size_t first = place > 20 ? place - 20 : 0;

    fprintf(stderr, "%s\"", first > 0 ? "..." : "");
    for (size_t i = first; i < length && i < first + 60; i++)
        if (text[i] == '\n')
            fprintf(stderr, "\\n");
        else if (text[i] >= ' ' && text[i] <= '~')
            fprintf(stderr, "%c", text[i]);
        else
            fprintf(stderr, "\\%03o", (unsigned)(unsigned char)text[i]);
    fprintf(stderr, "\"%s (%zu bytes)", length > first + 60 ? "..." : "", length);
}

static inline bool unit_check_text(const char *what, const char *file, int line, const char *got,
                                   size_t got_length, const char *wanted, size_t wanted_length)
{
    size_t same = 0;

    while (same < got_length && same < wanted_length && got[same] == wanted[same])
        same++;
    bool equal = same == got_length && same == wanted_length;
    if (unit_begin_failure(equal, what, file, line)) {
        fprintf(stderr, " is ");
        unit_show(got, got_length, same);
        fprintf(stderr, ", not ");
        unit_show(wanted, wanted_length, same);
        fprintf(stderr, "\n");
    }
    return equal;
}

/* Runs one test, whose name is a sentence. If it hangs, its name is the last word. */
#define test(function) unit_test(#function, function)

static inline void unit_test(const char *name, void (*function)(void))
{
    unit.test = name;
    unit.note[0] = '\0';
    unit.tests++;
    printf("%s\n", name);
    fflush(stdout);
    alarm(UNIT_SECONDS);
    function();
}

/* The last line, and what main returns. */
static inline int unit_result(void)
{
    printf("%ld tests, %ld checks, %ld failed\n", unit.tests, unit.checks, unit.failed);
    return unit.failed > 0;
}

#endif
