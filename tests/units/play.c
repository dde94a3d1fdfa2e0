/* tests/units/play.c - plays one conversation with many servers at once, a thread for each.
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
#include <pthread.h>
#include <regex.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CLIENTS = 10, /* 1 to 9 */
    STEPS = 4096,
    TEXT_LIMIT = 1 << 17,
    PATIENCE = 90000, /* milliseconds for a reply */
    SHOWN = 60,       /* bytes of a text in a message */
};

/* ---- The steps: read once, and the same for all servers ---- */

enum action { SEND, SEND_PART, REPLY, NUMBER, MATCH, FINISH, END };

static const struct {
    const char *sign;
    enum action action;
} signs[] = {
    {">|", SEND_PART}, {">", SEND},  {"< {n}", NUMBER}, {"< {n+", NUMBER},
    {"<", REPLY},      {"~", MATCH}, {"- end", END},    {"- finish", FINISH},
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
    take_text(step, text);
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

/* ---- One server, and the clients that talk with it ---- */

struct client {
    int socket; /* 0 before the first step, and after the end: then the next one connects again */
    FILE *in, *out;
};

struct server {
    const char *name, *port;
    struct client clients[CLIENTS];
    long n; /* the n of {n}, -1 before the first */
    bool differs;
    pthread_t thread;
};

static void show(const char *text, size_t length)
{
    for (size_t i = 0; i < length && i < SHOWN; i++)
        printf(isprint((unsigned char)text[i]) ? "%c" : "\\%03o", (unsigned char)text[i]);
    printf("%s\n", length > SHOWN ? "..." : "");
}

static void differ(struct server *server, const struct step *step, const char *got, size_t length)
{
    static const char *const wanted[] = {"", "", "", "a number", "", "the end", "the end"};

    flockfile(stdout);
    printf("%s:%ld: %s: wanted ", file, step->line, server->name);
    if (step->action == NUMBER && server->n >= 0)
        printf("%ld\n", server->n + step->more);
    else if (*wanted[step->action])
        printf("%s\n", wanted[step->action]);
    else
        show(step->text, step->length);
    printf("%s:%ld: %s: got    ", file, step->line, server->name);
    show(got, length);
    funlockfile(stdout);
    server->differs = true;
}

static bool connect_client(struct server *server, struct client *client)
{
    if (client->socket > 0)
        return true;
    client->socket = net_connect("127.0.0.1", atol(server->port));
    if (client->socket < 0)
        return false;
    net_limit_blocking(client->socket, PATIENCE, PATIENCE);
    client->in = fdopen(client->socket, "r");
    client->out = fdopen(dup(client->socket), "w");
    if (!client->in || !client->out)
        die("fdopen");
    return setvbuf(client->out, NULL, _IOFBF, TEXT_LIMIT) == 0;
}

static void close_client(struct client *client)
{
    fclose(client->out);
    fclose(client->in);
    client->socket = 0;
}

static bool is_number(struct server *server, const struct step *step, const char *reply)
{
    char *end;
    long number = strtol(reply, &end, 10);

    if (!isdigit((unsigned char)*reply) || *end)
        return false;
    if (server->n < 0)
        server->n = number - step->more;
    return number == server->n + step->more;
}

static bool fits(struct server *server, const struct step *step, const char *reply, size_t length)
{
    switch (step->action) {
    case NUMBER: return is_number(server, step, reply);
    case REPLY: return length == step->length && memcmp(reply, step->text, length) == 0;
    case MATCH: return regexec(&step->pattern, reply, 0, NULL, 0) == 0;
    default: return false;
    }
}

static void check_reply(struct server *server, const struct step *step)
{
    char *reply = NULL;
    size_t size = 0;
    ssize_t length = getline(&reply, &size, server->clients[step->client].in);

    if (length > 0 && reply[length - 1] == '\n') {
        reply[--length] = '\0';
        if (!fits(server, step, reply, (size_t)length))
            differ(server, step, reply, (size_t)length);
    } else if (length > 0)
        differ(server, step, "half a line", 11);
    else if (ferror(server->clients[step->client].in))
        differ(server, step, strerror(errno), strlen(strerror(errno)));
    else if (step->action != END && step->action != FINISH)
        differ(server, step, "the end", 7);
    free(reply);
}

static void end(struct server *server, const struct step *step)
{
    struct client *client = &server->clients[step->client];

    if (step->action == FINISH)
        shutdown(client->socket, SHUT_WR);
    check_reply(server, step);
    close_client(client);
}

static void take(struct server *server, const struct step *step)
{
    struct client *client = &server->clients[step->client];
    const struct step *next = step + 1;

    if (!connect_client(server, client))
        differ(server, step, "no connection", 13);
    else if (step->action >= FINISH)
        end(server, step);
    else if (step->action > SEND_PART)
        check_reply(server, step);
    else {
        fwrite(step->text, 1, step->length, client->out);
        if (next->client != step->client || next->action > SEND_PART)
            fflush(client->out);
    }
}

/* Ends at the first difference, because everything behind it would differ too. */
static void *play(void *argument)
{
    struct server *server = argument;
    struct step last = {.action = FINISH, .line = steps[count - 1].line};

    for (size_t i = 0; i < count && !server->differs; i++)
        take(server, &steps[i]);
    for (last.client = 1; last.client < CLIENTS && !server->differs; last.client++)
        if (server->clients[last.client].socket > 0)
            end(server, &last);
    return NULL;
}

int main(int argc, char **argv)
{
    static struct server servers[100];
    int many = (argc - 3) / 2, status = EXIT_SUCCESS;

    messages_name(argv[0]);
    signal(SIGPIPE, SIG_IGN);
    if (many < 1 || many > 100)
        die("needs FILE LINE {NAME PORT}...");
    file = argv[1];
    read_steps(atol(argv[2]));
    for (int i = 0; i < many; i++) {
        servers[i] = (struct server){.name = argv[3 + 2 * i], .port = argv[4 + 2 * i], .n = -1};
        if (pthread_create(&servers[i].thread, NULL, play, &servers[i]) != 0)
            die("thread");
    }
    for (int i = 0; i < many; i++) {
        pthread_join(servers[i].thread, NULL);
        if (servers[i].differs)
            status = EXIT_FAILURE;
    }
    return status;
}
