/* common/options.c - the options that all three servers share.
 * The table is the documentation: --help prints it. */
#include "options.h"

#include "channel.h"
#include "http.h"
#include "messages.h"
#include "net.h"
#include "request.h"
#include "shutdown.h"
#include "system.h"
#include "trace.h"

#include <time.h>

enum { MOST_CLIENTS = 1000000, SPARE = 32 }; /* descriptors kept for everything but clients */

struct options options = {
    .address = "127.0.0.1", .port = 9000, .backlog = 4096, .max_clients = 4096, .timeout = 60};

static const struct flag shared[] = {
    {'a', "address", "ADDR", "listen on this address; :: for all (%s)", .text = &options.address},
    {'p', "port", "PORT", "listen on this port; 0 picks a free one (%s)", .number = &options.port,
     .max = 65535},
    {0, "port-file", "FILE", "write the port there once it listens", .text = &options.port_file},
    {'b', "backlog", "N", "clients that the kernel keeps waiting (%s)", .number = &options.backlog,
     .min = 1, .max = 65535},
    {'m', "max-clients", "N", "serve N at a time, the others wait in the backlog (%s)",
     .number = &options.max_clients, .min = 1, .max = MOST_CLIENTS},
    {'t', "timeout", "SEC", "let a client go that is idle or slow for SEC; 0 never does (%s)",
     .number = &options.timeout, .max = 86400},
    {0, "trace", "FILE", "write a timeline of every request there, for tutorial/tools/timeline",
     .text = &options.trace},
    {0, "lab", NULL, "allow `hold NAME', `crash': anybody may block or break the server",
     .on = &options.lab},
    {'v', "verbose", NULL, "say on stderr which clients come and go", .on = &options.verbose},
    {0},
};

void options_read(int argc, char **argv, const char *summary, const struct flag *own)
{
    struct usage usage = {.synopsis = "[OPTION]...", .summary = summary};

    messages_prepare(argv[0]);
    long descriptors = raise_descriptor_limit();
    if (descriptors > MOST_CLIENTS)
        descriptors = MOST_CLIENTS;
    if (options.max_clients == 0)
        options.max_clients = descriptors > 2 * SPARE ? descriptors - SPARE : descriptors / 2;
    int first = flags_parse(argc, argv, &usage, shared, own);
    if (first < argc)
        flags_mistake("takes no argument, so not '%s'", argv[first]);
    if (options.lab)
        request_allow_lab();
    shutdown_prepare();
}

void options_check_pool(const char *name)
{
    if (options.pool > options.max_clients)
        flags_mistake("--%s %ld serves more at a time than --max-clients %ld allows", name,
                      options.pool, options.max_clients);
}

int options_listen(void)
{
    tzset(); /* or each child of forked reads the time zone anew for the Date of HTTP */
    int listener = net_listen(options.address, options.port, (int)options.backlog);
    channel_share_backlog(listener);
    if (options.trace)
        trace_open(options.trace); /* a server that cannot listen leaves the file alone */
    if (net_announce(listener, options.port_file))
        http_answer_only(options.address);
    return listener;
}
