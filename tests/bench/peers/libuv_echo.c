/* tests/bench/peers/libuv_echo.c - a byte echo on libuv, to compare async and its floor with.
 * Build: cc -O2 -o libuv_echo libuv_echo.c -luv
 * Listens on a free port; SIGTERM ends it. A client that does not read all its bytes is dropped. */
#include "../floors/listen.h"

#include <signal.h>
#include <uv.h>

enum { BUFFER_SIZE = 65536, BACKLOG = 4096 };

/* One for all: what is in it has been sent before the next read. */
static char buffer[BUFFER_SIZE];

static void check(int status, const char *what)
{
    if (status < 0) {
        fprintf(stderr, "libuv_echo: %s: %s\n", what, uv_strerror(status));
        exit(EXIT_FAILURE);
    }
}

static void on_closed(uv_handle_t *client)
{
    free(client);
}

static void drop(uv_stream_t *client)
{
    if (!uv_is_closing((uv_handle_t *)client))
        uv_close((uv_handle_t *)client, on_closed);
}

static void give_buffer(uv_handle_t *client, size_t suggested, uv_buf_t *in)
{
    (void)client;
    (void)suggested;
    *in = uv_buf_init(buffer, BUFFER_SIZE);
}

static void on_read(uv_stream_t *client, ssize_t size, const uv_buf_t *in)
{
    uv_buf_t out = uv_buf_init(in->base, (unsigned)size);

    if (size < 0 || (size > 0 && uv_try_write(client, &out, 1) != size))
        drop(client); /* size 0 is libuv's word for: nothing yet */
}

static void on_client(uv_stream_t *listener, int status)
{
    uv_tcp_t *client = status < 0 ? NULL : malloc(sizeof *client);

    if (!client)
        return;
    uv_tcp_init(listener->loop, client);
    if (uv_accept(listener, (uv_stream_t *)client) < 0) {
        drop((uv_stream_t *)client);
        return;
    }
    uv_read_start((uv_stream_t *)client, give_buffer, on_read);
}

int main(void)
{
    uv_loop_t *loop = uv_default_loop();
    uv_tcp_t listener;

    signal(SIGPIPE, SIG_IGN); /* a write to a client that left returns UV_EPIPE instead */
    check(uv_tcp_init(loop, &listener), "socket");
    check(uv_tcp_open(&listener, listen_on("0")), "listener");
    check(uv_listen((uv_stream_t *)&listener, BACKLOG, on_client), "listen");
    return uv_run(loop, UV_RUN_DEFAULT);
}
