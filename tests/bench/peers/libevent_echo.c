/* tests/bench/peers/libevent_echo.c - a byte echo on libevent, to compare async and its floor with.
 * Build: cc -O2 -o libevent_echo libevent_echo.c -levent
 * Listens on a free port; SIGTERM ends it. */
#include "../floors/listen.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <signal.h>
#include <stdbool.h>

enum { MOST_UNSENT = 65536 };

/* Moves what has come to what is to go, without a copy. Reads no more while a client does not
 * take its bytes: otherwise memory would have no bound. */
static void on_read(struct bufferevent *client, void *unused)
{
    (void)unused;
    bufferevent_write_buffer(client, bufferevent_get_input(client));
    if (evbuffer_get_length(bufferevent_get_output(client)) > MOST_UNSENT)
        bufferevent_disable(client, EV_READ);
}

static void on_all_written(struct bufferevent *client, void *unused)
{
    (void)unused;
    if (!(bufferevent_get_enabled(client) & EV_READ))
        bufferevent_enable(client, EV_READ);
}

static void drop(struct bufferevent *client, void *unused)
{
    (void)unused;
    bufferevent_free(client);
}

/* The end of file, after which the client may still wait for bytes; or it broke off. */
static void on_end(struct bufferevent *client, short what, void *unused)
{
    bool unsent = evbuffer_get_length(bufferevent_get_output(client)) > 0;

    if ((what & BEV_EVENT_EOF) && unsent)
        bufferevent_setcb(client, NULL, drop, on_end, NULL);
    else
        drop(client, unused);
}

static void on_client(struct evconnlistener *listener, evutil_socket_t socket,
                      struct sockaddr *address, int size, void *base)
{
    struct bufferevent *client = bufferevent_socket_new(base, socket, BEV_OPT_CLOSE_ON_FREE);

    (void)listener;
    (void)address;
    (void)size;
    if (!client) {
        evutil_closesocket(socket);
        return;
    }
    bufferevent_setcb(client, on_read, on_all_written, on_end, NULL);
    bufferevent_enable(client, EV_READ);
}

int main(void)
{
    struct event_base *base = event_base_new();
    int listener = listen_on("0");

    signal(SIGPIPE, SIG_IGN); /* a write to a client that left is an error event instead */
    if (!base || evutil_make_socket_nonblocking(listener) < 0 ||
        !evconnlistener_new(base, on_client, base, LEV_OPT_CLOSE_ON_FREE, 0, listener)) {
        perror("event_base");
        return EXIT_FAILURE;
    }
    return event_base_dispatch(base) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
