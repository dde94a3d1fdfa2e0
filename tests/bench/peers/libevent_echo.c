/* tests/bench/peers/libevent_echo.c - a byte echo on libevent, to compare async and its floor with.
 * Build: cc -O2 -o libevent_echo libevent_echo.c -levent
 * Listens on a free port; SIGTERM ends it. What a client does not read is lost when it ends. */
#include "../floors/listen.h"

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <signal.h>

/* Moves what has come to what is to go, without a copy. */
static void on_read(struct bufferevent *client, void *unused)
{
    (void)unused;
    bufferevent_write_buffer(client, bufferevent_get_input(client));
}

/* The end of file, or the client broke off. */
static void on_end(struct bufferevent *client, short what, void *unused)
{
    (void)what;
    (void)unused;
    bufferevent_free(client);
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
    bufferevent_setcb(client, on_read, NULL, on_end, NULL);
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
