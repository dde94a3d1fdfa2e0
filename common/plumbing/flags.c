/* common/plumbing/flags.c - a command line described by a table.
 * The rows become the tables of getopt_long, and tell where to store each value it finds. */
#define _GNU_SOURCE /* getopt_long, which is not POSIX but is in every libc */
#include "flags.h"

#include "messages.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef VERSION
#define VERSION "1.0"
#endif

enum { EXIT_USAGE = 2, MOST_ROWS = 40, FIRST_ROW = 256 }; /* for getopt row i is FIRST_ROW + i */

static bool help, version;

static const struct flag standard[] = {
    {'h', "help", NULL, "say this, and exit", .on = &help},
    {'V', "version", NULL, "say which version this is, and exit", .on = &version},
    {0},
};

void flags_mistake(const char *format, ...)
{
    char mistake[400];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(mistake, sizeof mistake, format, arguments);
    va_end(arguments);
    say(STDERR_FILENO, "%s: %s", messages_program(), mistake);
    say(STDERR_FILENO, "try '%s --help'", messages_program());
    exit(EXIT_USAGE);
}

/* ---- Reading one value ---- */

static void store_number(const struct flag *flag, const char *value)
{
    bool digits = *value != '\0' && value[strspn(value, "0123456789")] == '\0';

    errno = 0;
    long number = strtol(value, NULL, 10);
    if (!digits || errno || number < flag->min || number > flag->max)
        flags_mistake("--%s takes a whole number from %ld to %ld, not '%s'", flag->name, flag->min,
                      flag->max, value);
    *flag->number = number;
}

static void list_words(const struct flag *flag, char *list, size_t size)
{
    size_t length = 0;

    list[0] = '\0';
    for (int i = 0; flag->words[i] && length < size; i++) {
        const char *before = i == 0 ? "" : flag->words[i + 1] ? ", " : " or ";
        length += (size_t)snprintf(list + length, size - length, "%s%s", before, flag->words[i]);
    }
}

static void store_choice(const struct flag *flag, const char *value)
{
    char list[200];

    for (int i = 0; flag->words[i]; i++)
        if (strcmp(flag->words[i], value) == 0) {
            *flag->choice = i;
            return;
        }
    list_words(flag, list, sizeof list);
    flags_mistake("--%s takes %s, not '%s'", flag->name, list, value);
}

static void store(const struct flag *flag, const char *value)
{
    if (flag->on)
        *flag->on = true;
    else if (flag->number)
        store_number(flag, value);
    else if (flag->choice)
        store_choice(flag, value);
    else if (*value)
        *flag->text = value;
    else
        flags_mistake("--%s takes %s, not an empty word", flag->name, flag->argument);
}

/* ---- Help ---- */

static void show_default(const struct flag *flag)
{
    if (flag->number)
        printf("%ld", *flag->number);
    else if (flag->choice)
        printf("%s", flag->words[*flag->choice]);
    else if (flag->text && *flag->text)
        printf("%s", *flag->text);
}

static void show_flag(const struct flag *flag)
{
    char letter[] = "-x,", left[80];
    const char *mark = strstr(flag->help, "%s"), *rest = flag->help;

    letter[1] = (char)flag->letter;
    snprintf(left, sizeof left, "%3s --%s %s", flag->letter ? letter : "", flag->name,
             flag->argument ? flag->argument : "");
    printf("  %-26s  ", left);
    if (mark) {
        printf("%.*s", (int)(mark - flag->help), flag->help);
        show_default(flag);
        rest = mark + 2;
    }
    printf("%s\n", rest);
}

static void show_help(const struct usage *usage, const struct flag *const *rows, int count)
{
    printf("usage: %s %s\n%s\n\n", messages_program(), usage->synopsis, usage->summary);
    for (int i = 0; i < count; i++)
        show_flag(rows[i]);
    if (usage->footer)
        printf("\n%s\n", usage->footer);
}

/* ---- The command line ---- */

static int gather(const struct flag **rows, int count, const struct flag *table)
{
    for (; table && table->name && count < MOST_ROWS; table++)
        rows[count++] = table;
    return count;
}

/* Fills the two tables of getopt_long: ":a:b..." and the long names. */
static void describe(const struct flag *const *rows, int count, char *letters, struct option *names)
{
    *letters++ = ':'; /* report a missing argument apart from an unknown option */
    for (int i = 0; i < count; i++) {
        names[i] = (struct option){.name = rows[i]->name,
                                   .has_arg = rows[i]->argument ? required_argument : no_argument,
                                   .val = FIRST_ROW + i};
        if (rows[i]->letter) {
            *letters++ = (char)rows[i]->letter;
            if (rows[i]->argument)
                *letters++ = ':';
        }
    }
    *letters = '\0';
    names[count] = (struct option){0};
}

static const struct flag *find_row(const struct flag *const *rows, int count, int found)
{
    for (int i = 0; i < count; i++)
        if (found == FIRST_ROW + i || found == rows[i]->letter)
            return rows[i];
    return NULL;
}

/* getopt_long has found a mistake: '?' or ':' is in found, and the option at fault in optopt. */
__attribute__((noreturn)) static void explain(char **argv, const struct flag *const *rows,
                                              int count, int found)
{
    const struct flag *flag = optopt ? find_row(rows, count, optopt) : NULL;
    const char *word = argv[optind - 1];

    if (flag && found == ':')
        flags_mistake("--%s needs %s", flag->name, flag->argument);
    if (flag)
        flags_mistake("--%s takes nothing, so not '%s'", flag->name, word);
    if (optopt)
        flags_mistake("unknown option '-%c'", optopt);
    flags_mistake("unknown or ambiguous option '%s'", word);
}

int flags_parse(int argc, char **argv, const struct usage *usage, const struct flag *flags,
                const struct flag *more)
{
    const struct flag *rows[MOST_ROWS];
    struct option names[MOST_ROWS + 1];
    char letters[2 * MOST_ROWS + 2];
    int count = gather(rows, gather(rows, gather(rows, 0, flags), more), standard);
    int found;

    describe(rows, count, letters, names);
    opterr = 0; /* no message from getopt_long: explain() writes a better one */
    while (!help && !version && (found = getopt_long(argc, argv, letters, names, NULL)) != -1) {
        if (found == '?' || found == ':')
            explain(argv, rows, count, found);
        store(find_row(rows, count, found), optarg);
    }
    if (!help && !version)
        return optind;
    if (help)
        show_help(usage, rows, count);
    else
        printf("%s %s\n", messages_program(), VERSION);
    flush_output();
    exit(EXIT_SUCCESS);
}
