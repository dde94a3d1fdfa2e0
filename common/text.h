/* common/text.h - a part of a text that has no end of its own, such as a word of a request. */
#ifndef TEXT_H
#define TEXT_H

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct text {
    char *start, *end;
};

static inline size_t size_of(struct text text)
{
    return (size_t)(text.end - text.start);
}

/* Cuts off what comes before the first separator, or all if there is none. */
static inline struct text cut(struct text *rest, char separator)
{
    char *found = memchr(rest->start, separator, size_of(*rest));
    struct text first = {rest->start, found ? found : rest->end};

    rest->start = found ? found + 1 : rest->end;
    return first;
}

static inline struct text trim(struct text text)
{
    while (text.start < text.end && (*text.start == ' ' || *text.start == '\t'))
        text.start++;
    while (text.start < text.end && (text.end[-1] == ' ' || text.end[-1] == '\t'))
        text.end--;
    return text;
}

/* Names are the same in capitals and small letters. */
static inline bool begins(struct text text, const char *name)
{
    return size_of(text) >= strlen(name) && strncasecmp(text.start, name, strlen(name)) == 0;
}

static inline bool is(struct text text, const char *name)
{
    return size_of(text) == strlen(name) && begins(text, name);
}

/* True if it is not empty, and each byte is a letter, a digit or one of these others. */
static inline bool consists_of(struct text text, const char *others)
{
    for (char *byte = text.start; byte < text.end; byte++)
        if (!isalnum((unsigned char)*byte) && (*byte == '\0' || !strchr(others, *byte)))
            return false;
    return size_of(text) > 0;
}

static inline bool has_control_bytes(struct text text)
{
    for (; text.start < text.end; text.start++)
        if (((unsigned char)*text.start < ' ' && *text.start != '\t') || *text.start == '\177')
            return true;
    return false;
}

/* Returns -1 if it is no number of digits in this base; a large one for all that is too large. */
static inline long number_of(struct text text, int base)
{
    static const char digits[] = "0123456789abcdef";
    long number = 0;

    for (char *byte = text.start; byte < text.end; byte++) {
        const char *digit = memchr(digits, tolower((unsigned char)*byte), (size_t)base);
        if (!digit)
            return -1;
        if (number < LONG_MAX / 32)
            number = number * base + (digit - digits);
    }
    return size_of(text) > 0 ? number : -1;
}

#endif
