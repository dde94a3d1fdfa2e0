/* tests/clients/rude.c - does to a server what a client should not do, and says whether it
 * survived. The attacks are in attacks.c; here are the command line and the verdict. */
#include "attacks.h"
#include "dialogue.h"

#include "clock.h"
#include "flags.h"
#include "messages.h"
#include "net.h"
#include "system.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CLIENTS_LIMIT = 10000,
    DRIP = 200,      /* milliseconds from one byte to the next, with --stay */
    AFTERMATH = 100, /* milliseconds in which a server that was hurt ends */
};

static long port = 9000, clients, patience = 30;
static const char *port_file;
static bool stay;
static struct addrinfo *address;

/* ---- The command line ---- */

static char footer[4096] =
    "ATTACK is one of these, or `all' of them. While it lasts, and afterwards, another client\n"
    "asks and must be answered:\n";

static struct usage usage = {
    .synopsis = "[OPTION]... ATTACK\n       rude [OPTION]... lie TEXT",
    .summary = "Does to a server on this machine what a client should not do.",
    .footer = footer,
};

static const struct flag flags[] = {
    {'p', "port", "PORT", "on which port (%s)", .number = &port, .min = 1, .max = 65535},
    {'c', "clients", "N", "at the same time, instead of what is said below; for `all', at most",
     .number = &clients, .min = 1, .max = CLIENTS_LIMIT},
    {'t', "timeout", "SEC", "give up when a reply takes longer (%s)", .number = &patience, .min = 1,
     .max = 3600},
    {0, "bytes", "N", "size of the endless line (%s)", .number = &attacks_bytes, .min = 1,
     .max = 1000000000},
    {0, "seed", "N", "of the random bytes (%s)", .number = &attacks_seed, .min = 0,
     .max = 1000000000},
    {0, "stay", NULL, "say `ready' at the worst moment, and wait until the server closes",
     .on = &stay},
    {0, "port-file", "FILE", "lie: write the port there", .text = &port_file},
    {0},
};

static void describe_attacks(void)
{
    size_t length = strlen(footer);

    for (const struct attack *a = attacks; a->name; a++)
        length += (size_t)snprintf(footer + length, sizeof footer - length, "  %-19s  %s\n",
                                   a->name, a->help);
    snprintf(footer + length, sizeof footer - length,
             "`lie' is not a client but a server: TEXT is all it ever says.\n"
             "Exit status: 0 if the server survived, 1 if not, 2 for a mistake in the command.");
}

/* ---- One attack ---- */

static struct pollfd peers[CLIENTS_LIMIT]; /* the attack's connections, -1 when closed */
static long sent[CLIENTS_LIMIT], count;    /* what `begin' returned for each */

static void close_peer(struct pollfd *peer)
{
    close(peer->fd);
    peer->fd = -1;
}

/* As many as the server and our own descriptors allow. */
static void begin(const struct attack *attack, long wanted)
{
    for (count = 0; count < wanted; count++) {
        int server = dialogue_connect(address, attack->tiny_window);
        if (server < 0 && count == 0)
            die("cannot connect");
        if (server < 0)
            break;
        peers[count].fd = server;
        sent[count] = attack->begin(server);
        if (sent[count] < 0)
            drain(server);
        if (!attack->end)
            close_peer(&peers[count]);
    }
}

/* Closes those that the server has closed; true if none is left. */
static bool all_closed(void)
{
    bool all = true;

    for (long i = 0; i < count; i++) {
        if (peers[i].fd >= 0 && peers[i].revents)
            close_peer(&peers[i]);
        all = all && peers[i].fd < 0;
    }
    return all;
}

/* Sends each a byte now and then, until the server has closed all. */
static bool stay_until_closed(void)
{
    int64_t deadline = clock_in(patience * 1000);

    say(STDOUT_FILENO, "ready");
    while (!all_closed()) {
        if (clock_now() >= deadline)
            return false;
        for (long i = 0; i < count; i++)
            send(peers[i].fd, "x", 1, 0);
        poll(peers, (nfds_t)count, DRIP);
    }
    return true;
}

/* True if all heard what was due to them. */
static bool end(const struct attack *attack)
{
    bool right = true;

    for (long i = 0; i < count; i++) {
        right = right && sent[i] >= 0;
        if (peers[i].fd < 0)
            continue;
        if (!attack->end(peers[i].fd, sent[i])) {
            drain(peers[i].fd); /* only the replies are judged, not what a reset does */
            right = false;
        }
        close_peer(&peers[i]);
    }
    return right;
}

/* A client that behaves connects, asks and must be answered. */
static bool others_served(void)
{
    struct dialogue d = {.request = "echo served\n", .reply = "served\n", .times = 1};

    dialogue_allow(patience * 1000);
    int server = dialogue_connect(address, false);
    bool served = server >= 0 && converse(server, d, 0);
    if (server >= 0)
        close(server);
    return served;
}

enum verdict { SURVIVED, WAITING, HELD, WRONG, GONE };
static const char *const verdicts[] = {"survived", "kept others waiting", "did not close",
                                       "answered wrongly", "no longer answers"};

static enum verdict attack_with(const struct attack *attack, long wanted)
{
    dialogue_allow(patience * 1000);
    begin(attack, wanted);
    bool served = others_served();
    bool closed = !stay || stay_until_closed();
    dialogue_allow(patience * 1000);
    bool right = end(attack);
    clock_sleep(AFTERMATH);
    if (!others_served())
        return GONE;
    return !right ? WRONG : !closed ? HELD : !served ? WAITING : SURVIVED;
}

/* The attack of that name, or `all' of them. Returns the worst of the verdicts; after GONE there is
 * nothing left to attack. */
static enum verdict run(const char *name)
{
    bool all = strcmp(name, "all") == 0, found = false;
    enum verdict worst = SURVIVED;

    for (const struct attack *a = attacks; a->name && worst != GONE; a++) {
        if (!all && strcmp(a->name, name) != 0)
            continue;
        long usual = a->clients ? a->clients : 1;
        bool as_usual = clients == 0 || (all && clients > usual);
        enum verdict verdict = attack_with(a, as_usual ? usual : clients);
        say(STDOUT_FILENO, "%s: the server %s", a->name, verdicts[verdict]);
        worst = verdict > worst ? verdict : worst;
        found = true;
    }
    if (!found)
        flags_mistake("there is no attack '%s'", name);
    return worst;
}

/* ---- The program ---- */

/* A server that answers the first line of each client with TEXT, right or not, and closes. */
__attribute__((noreturn)) static void lie(const char *text)
{
    char request[8192];
    int listener = net_listen("127.0.0.1", 0, 64);

    net_announce(listener, port_file);
    for (;;) {
        int client = net_accept(listener);
        if (client < 0)
            die("accept");
        if (read(client, request, sizeof request) > 0 && write(client, text, strlen(text)) < 0)
            warn("write");
        net_close_gracefully(client);
    }
}

int main(int argc, char **argv)
{
    messages_prepare(argv[0]);
    describe_attacks();
    int first = flags_parse(argc, argv, &usage, flags, NULL);
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    if (argc - first == 2 && strcmp(argv[first], "lie") == 0)
        lie(argv[first + 1]);
    if (argc - first != 1)
        flags_mistake("needs one ATTACK");
    address = net_look_up("127.0.0.1", port, 0);
    return run(argv[first]) == SURVIVED ? EXIT_SUCCESS : EXIT_FAILURE;
}
