/* tests/bench/floors/uring_echo.c - the least that a thread with io_uring can do: bytes come back.
 * The program fills a submission queue; the kernel does the work, and reports in a completion
 * queue. Both are shared memory; as the kernel touches them only in enter(), no access is atomic.
 * A floor to measure from, no server: a client that does not read all its bytes is dropped. */
#define _GNU_SOURCE /* syscall */
#include "listen.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { SUBMISSIONS = 1024, COMPLETIONS = 2 * SUBMISSIONS, BUFFERS = 1024, BUFFER_SIZE = 4096 };

/* What a submission carries, and its completions bring back. */
union label {
    uint64_t data;
    struct {
        int socket;
        uint16_t operation, buffer;
    };
};

static int ring;
static struct io_uring_sqe *submissions;
static unsigned *submitted, pending; /* how many there were; of these, the kernel has yet to know */
static struct io_uring_cqe *completions;
static unsigned *handled, *completed; /* how many there were */

static _Alignas(4096) struct io_uring_buf spare[BUFFERS]; /* the kernel takes one to receive */
static uint16_t *given;                                   /* how many there were */
static char bytes[BUFFERS][BUFFER_SIZE];
static int length[BUFFERS]; /* of what is to be sent */

static void *map(size_t size, long offset)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, offset);

    need(memory != MAP_FAILED, "mmap");
    return memory;
}

static void create_queues(void)
{
    struct io_uring_params p = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};

    ring = (int)syscall(SYS_io_uring_setup, SUBMISSIONS, &p);
    need(ring >= 0, "io_uring");
    char *queues = map(p.sq_off.array + SUBMISSIONS * sizeof(unsigned), IORING_OFF_SQ_RING);
    unsigned *order = (unsigned *)(queues + p.sq_off.array);
    for (unsigned i = 0; i < SUBMISSIONS; i++)
        order[i] = i;
    submissions = map(SUBMISSIONS * sizeof *submissions, (long)IORING_OFF_SQES);
    submitted = (unsigned *)(queues + p.sq_off.tail);
    completions = (struct io_uring_cqe *)(queues + p.cq_off.cqes);
    handled = (unsigned *)(queues + p.cq_off.head);
    completed = (unsigned *)(queues + p.cq_off.tail);
}

static void give_buffer(unsigned buffer)
{
    struct io_uring_buf *place = &spare[(*given)++ % BUFFERS];

    place->addr = (uintptr_t)bytes[buffer];
    place->len = BUFFER_SIZE;
    place->bid = (uint16_t)buffer;
}

static void give_buffers(void)
{
    struct io_uring_buf_reg all = {.ring_addr = (uintptr_t)spare, .ring_entries = BUFFERS};

    need(syscall(SYS_io_uring_register, ring, IORING_REGISTER_PBUF_RING, &all, 1) == 0, "buffers");
    given = &((struct io_uring_buf_ring *)spare)->tail;
    for (unsigned i = 0; i < BUFFERS; i++)
        give_buffer(i);
}

/* Tells the kernel of all submissions, and waits for this many completions. */
static void enter(unsigned wanted)
{
    long taken =
        syscall(SYS_io_uring_enter, ring, pending, wanted, IORING_ENTER_GETEVENTS, NULL, 0);

    if (taken > 0)
        pending -= (unsigned)taken;
}

static struct io_uring_sqe *submit(uint8_t operation, int socket, uint16_t buffer)
{
    union label label = {.socket = socket, .operation = operation, .buffer = buffer};

    while (pending == SUBMISSIONS)
        enter(0);
    pending++;
    struct io_uring_sqe *next = &submissions[(*submitted)++ % SUBMISSIONS];
    *next = (struct io_uring_sqe){.opcode = operation, .fd = socket, .user_data = label.data};
    return next;
}

/* Multishot: one submission, with a completion for each client, */
static void accept_from(int listener)
{
    submit(IORING_OP_ACCEPT, listener, 0)->ioprio = IORING_ACCEPT_MULTISHOT;
}

/* or for each time that bytes arrive. */
static void receive_from(int client)
{
    struct io_uring_sqe *next = submit(IORING_OP_RECV, client, 0);

    next->ioprio = IORING_RECV_MULTISHOT;
    next->flags = IOSQE_BUFFER_SELECT;
}

static void send_to(int client, uint16_t buffer, int size)
{
    struct io_uring_sqe *next = submit(IORING_OP_SEND, client, buffer);

    next->addr = (uintptr_t)bytes[buffer];
    next->len = (unsigned)size;
    next->msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    length[buffer] = size;
}

static void handle(const struct io_uring_cqe *done)
{
    union label label = {.data = done->user_data};
    bool last = !(done->flags & IORING_CQE_F_MORE); /* of this submission */

    if (label.operation == IORING_OP_SEND) {
        give_buffer(label.buffer);
        if (done->res != length[label.buffer])
            shutdown(label.socket, SHUT_RDWR); /* so that receiving ends */
    } else if (label.operation == IORING_OP_ACCEPT) {
        if (done->res >= 0)
            receive_from(done->res);
        if (last)
            accept_from(label.socket);
    } else if (label.operation == IORING_OP_RECV) {
        if (done->res > 0)
            send_to(label.socket, (uint16_t)(done->flags >> IORING_CQE_BUFFER_SHIFT), done->res);
        if (last && (done->res > 0 || done->res == -ENOBUFS))
            receive_from(label.socket);
        else if (last)
            submit(IORING_OP_CLOSE, label.socket, 0);
    }
}

int main(int argc, char **argv)
{
    create_queues();
    give_buffers();
    accept_from(listen_on(argc > 1 ? argv[1] : "0"));
    for (;;)
        for (enter(1); *handled != *completed; ++*handled)
            handle(&completions[*handled % COMPLETIONS]);
}
