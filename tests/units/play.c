/* tests/units/play.c - plays one conversation with many servers at once, a process for each.
 * Prints what a server answered otherwise than written, and then exits with status 1.
 *
 *     play FILE LINE {NAME PORT}... <STEPS
 *
 * FILE and LINE say where the steps come from. Each line is one step:
 *
 *     > TEXT     send TEXT and a line end
 *     >| TEXT    send TEXT without a line end
 *     < TEXT     the next reply is TEXT
 *     < {n}      the next reply is any number, and later {n+1} is one more
 *     ~ REGEX    the next reply matches this extended regular expression
 *     - end      the server has closed the connection
 *     - finish   shut down the sending side; the server has closed the connection
 *     @ N        the steps from here to the next @ are in line N of FILE
 *
 * A digit before the sign says which client takes the step: 2> echo x. Without one it is 1.
 * Blanks before it mean nothing.
 * Texts sent one after the other leave in one write. TEXT has the escapes \r, \n, \t, \\ and
 * \001, and {x*80} for 80 of x. After the last step each client finishes. */
#include "messages.h"
#include "net.h"

#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CLIENTS = 10, /* 1 to 9 */
    STEPS = 4096,
    TEXT_LIMIT = 1 << 17,
    PATIENCE = 50000, /* milliseconds for a reply; at 60000 a server lets an idle client go */
    SHOWN = 60,       /* bytes of a text in a message */
};

/* ---- The steps: read once, and the same for all servers ---- */

enum action { SEND, SEND_PART, REPLY, NUMBER, MATCH, FINISH, END };

static const struct {
    const char *sign;
    enum action action;
    const char *wanted; /* NULL: the text behind the sign */
} signs[] = {
    {">|", SEND_PART, NULL},
    {">", SEND, NULL},
    {"< {n}", NUMBER, "a number"},
    {"< {n+", NUMBER, "a number"},
    {"<", REPLY, NULL},
    {"~", MATCH, NULL},
    {"- end", END, "the end"},
    {"- finish", FINISH, "the end"},
};

struct step {
    enum action action;
    int client;
    long line;
    char *text;
    size_t length;
    long more; /* NUMBER: than n */
    regex_t pattern;
};

static struct step steps[STEPS + 1]; /* the last one stays empty */
static size_t count;
static const char *file;

/* Writes the byte that text begins with, an escape or itself. Returns where the text goes on. */
static const char *take_byte(const char *text, char *byte)
{
    char *end = NULL, digits[4] = "";

    *byte = *text++;
    if (*byte != '\\')
        return text;
    strncpy(digits, text, 3);
    *byte = (char)strtol(digits, &end, 8);
    if (end > digits)
        return text + (end - digits);
    *byte = *text == 'r' ? '\r' : *text == 'n' ? '\n' : *text == 't' ? '\t' : *text;
    return text + 1;
}

static void take_text(struct step *step, const char *text)
{
    static char out[TEXT_LIMIT];
    size_t length = 0;
    long times;
    char byte;

    while (*text && length < TEXT_LIMIT) {
        int size = 0;
        if (sscanf(text, "{%c*%ld}%n", &byte, &times, &size) == 2 && size > 0)
            text += size;
        else
            text = take_byte(text, &byte), times = 1;
        while (times-- > 0 && length < TEXT_LIMIT)
            out[length++] = byte;
    }
    step->text = malloc(length + 1);
    if (!step->text || length == TEXT_LIMIT)
        die("a text");
    memcpy(step->text, out, length);
    step->text[length] = '\n';
    step->length = length + (step->action == SEND);
}

static bool take_step(struct step *step, const char *text)
{
    size_t sign = 0;

    text += strspn(text, " ");
    step->client = isdigit((unsigned char)*text) ? *text++ - '0' : 1;
    while (strncmp(text, signs[sign].sign, strlen(signs[sign].sign)) != 0)
        if (++sign == sizeof signs / sizeof signs[0])
            return false;
    step->action = signs[sign].action;
    text += strlen(signs[sign].sign);
    step->more = strtol(text, NULL, 10);
    text += *text == ' ';
    take_text(step, signs[sign].wanted ? signs[sign].wanted : text);
    return step->action != MATCH || regcomp(&step->pattern, text, REG_EXTENDED | REG_NOSUB) == 0;
}

static void read_steps(long line)
{
    char *text = NULL;
    size_t size = 0;
    ssize_t length;
    long told = 0;

    while ((length = getline(&text, &size, stdin)) > 0 && count < STEPS) {
        text[length - 1] = '\0';
        if (sscanf(text, "@ %ld", &told) == 1)
            continue;
        steps[count].line = told ? told : ++line;
        if (!take_step(&steps[count++], text)) {
            printf("%s:%ld: not a step: %s\n", file, told ? told : line, text);
            exit(EXIT_FAILURE);
        }
    }
    free(text);
}

/* ---- A server, in a process of its own, and the clients that talk with it ---- */

static const char *server;
static long port, n = -1; /* the n of {n}, -1 before the first */

/* NULL before the first step, and after the end: then the next one connects again. */
static FILE *in[CLIENTS], *out[CLIENTS];

static void show(const char *text, size_t length)
{
    for (size_t i = 0; i < length && i < SHOWN; i++)
        printf(isprint((unsigned char)text[i]) ? "%c" : "\\%03o", (unsigned char)text[i]);
    printf("%s\n", length > SHOWN ? "..." : "");
}

/* The first difference is the last one: everything behind it would differ too. */
static void differ(const struct step *step, const char *got, size_t length)
{
    printf("%s:%ld: %s: wanted ", file, step->line, server);
    if (step->action == NUMBER && n >= 0)
        printf("%ld\n", n + step->more);
    else
        show(step->text, step->length);
    printf("%s:%ld: %s: got    ", file, step->line, server);
    show(got, length);
    exit(EXIT_FAILURE);
}

static void connect_client(const struct step *step)
{
    int descriptor = net_connect("127.0.0.1", port);

    if (descriptor < 0)
        differ(step, "no connection", 13);
    net_limit_blocking(descriptor, PATIENCE, PATIENCE);
    in[step->client] = fdopen(descriptor, "r");
    out[step->client] = fdopen(dup(descriptor), "w");
    if (!in[step->client] || !out[step->client])
        die("fdopen");
    setvbuf(out[step->client], NULL, _IOFBF, TEXT_LIMIT);
}

static bool is_number(const struct step *step, const char *reply)
{
    char *end;
    long number = strtol(reply, &end, 10);

    if (!isdigit((unsigned char)*reply) || *end)
        return false;
    if (n < 0)
        n = number - step->more;
    return number == n + step->more;
}

static bool fits(const struct step *step, const char *reply, size_t length)
{
    switch (step->action) {
    case NUMBER: return is_number(step, reply);
    case REPLY: return length == step->length && memcmp(reply, step->text, length) == 0;
    case MATCH: return regexec(&step->pattern, reply, 0, NULL, 0) == 0;
    default: return false;
    }
}

static void check_reply(const struct step *step)
{
    FILE *stream = in[step->client];
    char *reply = NULL;
    size_t size = 0;
    ssize_t length = getline(&reply, &size, stream);
    bool ended = length <= 0 && !ferror(stream);

    if (length > 0 && reply[length - 1] == '\n') {
        reply[--length] = '\0';
        if (!fits(step, reply, (size_t)length))
            differ(step, reply, (size_t)length);
    } else if (!ended || step->action < FINISH) {
        const char *got = length > 0 ? "half a line" : ended ? "the end" : strerror(errno);
        differ(step, got, strlen(got));
    }
    free(reply);
}

static void end(const struct step *step)
{
    if (step->action == FINISH)
        shutdown(fileno(in[step->client]), SHUT_WR);
    check_reply(step);
    fclose(out[step->client]);
    fclose(in[step->client]);
    in[step->client] = NULL;
}

static void take(const struct step *step)
{
    const struct step *next = step + 1;

    if (!in[step->client])
        connect_client(step);
    if (step->action >= FINISH)
        end(step);
    else if (step->action > SEND_PART)
        check_reply(step);
    else {
        fwrite(step->text, 1, step->length, out[step->client]);
        if (next->client != step->client || next->action > SEND_PART)
            fflush(out[step->client]);
    }
}

static void play(void)
{
    struct step last = {
        .action = FINISH, .line = steps[count - 1].line, .text = "the end", .length = 7};

    for (size_t i = 0; i < count; i++)
        take(&steps[i]);
    for (last.client = 1; last.client < CLIENTS; last.client++)
        if (in[last.client])
            end(&last);
    exit(EXIT_SUCCESS);
}

int main(int argc, char **argv)
{
    int result, status = EXIT_SUCCESS;

    messages_prepare(argv[0]);
    signal(SIGPIPE, SIG_IGN);
    if (argc < 5)
        die("needs FILE LINE {NAME PORT}...");
    file = argv[1];
    read_steps(atol(argv[2]));
    for (int i = 3; i + 1 < argc; i += 2) {
        server = argv[i], port = atol(argv[i + 1]);
        pid_t child = fork();
        if (child < 0)
            die("fork");
        if (child == 0)
            play();
    }
    while (wait(&result) > 0)
        if (result != 0)
            status = EXIT_FAILURE;
    return status;
}
