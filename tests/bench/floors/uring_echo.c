/* tests/bench/floors/uring_echo.c - the least that a thread with io_uring can do: bytes come back.
 * The kernel does the work and then says so: it takes orders from one ring in shared memory, and
 * reports in another what is done. A client that does not read all its bytes is dropped. */
#define _GNU_SOURCE /* syscall */
#include "listen.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { ORDERS = 1024, BUFFERS = 1024, BUFFER_SIZE = 4096 };

/* What an order carries, and its report brings back. */
union label {
    uint64_t data;
    struct {
        int descriptor;
        uint16_t operation, buffer;
    };
};

static int ring;
static struct io_uring_sqe *orders; /* the submission queue */
static unsigned *order_tail, unsubmitted;
static struct io_uring_cqe *reports; /* the completion queue */
static unsigned *report_head, *report_tail, report_mask;

static struct io_uring_buf_ring *spare; /* from these the kernel takes one when bytes arrive */
static char bytes[BUFFERS][BUFFER_SIZE];
static int length[BUFFERS]; /* of what is to be sent */

static void need(bool there, const char *what)
{
    if (there)
        return;
    perror(what);
    exit(EXIT_FAILURE);
}

static void *map(size_t size, long offset)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, offset);

    need(memory != MAP_FAILED, "mmap");
    return memory;
}

static void create_ring(void)
{
    struct io_uring_params p = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};

    ring = (int)syscall(SYS_io_uring_setup, ORDERS, &p);
    need(ring >= 0, "io_uring");
    char *rings = map(p.sq_off.array + ORDERS * sizeof(unsigned), IORING_OFF_SQ_RING);
    for (unsigned i = 0; i < ORDERS; i++)
        ((unsigned *)(rings + p.sq_off.array))[i] = i;
    orders = map(ORDERS * sizeof *orders, (long)IORING_OFF_SQES);
    order_tail = (unsigned *)(rings + p.sq_off.tail);
    reports = (struct io_uring_cqe *)(rings + p.cq_off.cqes);
    report_head = (unsigned *)(rings + p.cq_off.head);
    report_tail = (unsigned *)(rings + p.cq_off.tail);
    report_mask = p.cq_entries - 1;
}

/* Gives a buffer to the kernel. */
static void give(uint16_t buffer)
{
    struct io_uring_buf *place = &spare->bufs[spare->tail % BUFFERS];

    place->addr = (uintptr_t)bytes[buffer];
    place->len = BUFFER_SIZE;
    place->bid = buffer;
    __atomic_store_n(&spare->tail, (uint16_t)(spare->tail + 1), __ATOMIC_RELEASE);
}

static void create_buffers(void)
{
    static _Alignas(4096) struct io_uring_buf memory[BUFFERS];
    struct io_uring_buf_reg all = {.ring_addr = (uintptr_t)memory, .ring_entries = BUFFERS};

    spare = (struct io_uring_buf_ring *)memory;
    need(syscall(SYS_io_uring_register, ring, IORING_REGISTER_PBUF_RING, &all, 1) == 0, "buffers");
    for (unsigned i = 0; i < BUFFERS; i++)
        give((uint16_t)i);
}

/* Tells the kernel of all new orders, and waits until this many reports are there. */
static void enter(unsigned wanted)
{
    long taken =
        syscall(SYS_io_uring_enter, ring, unsubmitted, wanted, IORING_ENTER_GETEVENTS, NULL, 0);

    if (taken > 0)
        unsubmitted -= (unsigned)taken;
}

static struct io_uring_sqe *order(uint8_t operation, int descriptor, uint16_t buffer)
{
    union label label = {.descriptor = descriptor, .operation = operation, .buffer = buffer};

    while (unsubmitted == ORDERS)
        enter(0);
    struct io_uring_sqe *next = &orders[*order_tail % ORDERS];
    *next = (struct io_uring_sqe){.opcode = operation, .fd = descriptor, .user_data = label.data};
    __atomic_store_n(order_tail, *order_tail + 1, __ATOMIC_RELEASE);
    unsubmitted++;
    return next;
}

/* Multishot: one order, and a report for each client. */
static void accept_from(int listener)
{
    order(IORING_OP_ACCEPT, listener, 0)->ioprio = IORING_ACCEPT_MULTISHOT;
}

/* One order, and a report each time when bytes have been received. */
static void receive_from(int client)
{
    struct io_uring_sqe *next = order(IORING_OP_RECV, client, 0);

    next->ioprio = IORING_RECV_MULTISHOT;
    next->flags = IOSQE_BUFFER_SELECT;
}

static void send_to(int client, uint16_t buffer, int size)
{
    struct io_uring_sqe *next = order(IORING_OP_SEND, client, buffer);

    next->addr = (uintptr_t)bytes[buffer];
    next->len = (unsigned)size;
    next->msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    length[buffer] = size;
}

static void handle(const struct io_uring_cqe *report)
{
    union label label = {.data = report->user_data};
    bool in_force = report->flags & IORING_CQE_F_MORE; /* the order: more reports will come */

    switch (label.operation) {
    case IORING_OP_ACCEPT:
        if (report->res >= 0)
            receive_from(report->res);
        if (!in_force)
            accept_from(label.descriptor);
        break;
    case IORING_OP_RECV:
        if (report->res > 0)
            send_to(label.descriptor, (uint16_t)(report->flags >> IORING_CQE_BUFFER_SHIFT),
                    report->res);
        if (!in_force && (report->res > 0 || report->res == -ENOBUFS))
            receive_from(label.descriptor);
        else if (!in_force)
            order(IORING_OP_CLOSE, label.descriptor, 0);
        break;
    case IORING_OP_SEND:
        if (report->res != length[label.buffer])
            shutdown(label.descriptor, SHUT_RDWR); /* so that receiving ends */
        give(label.buffer);
    }
}

int main(int argc, char **argv)
{
    create_ring();
    create_buffers();
    accept_from(listen_on(argc > 1 ? argv[1] : "0"));
    for (;;) {
        enter(1);
        unsigned tail = __atomic_load_n(report_tail, __ATOMIC_ACQUIRE);
        for (unsigned head = *report_head; head != tail; head++)
            handle(&reports[head & report_mask]);
        __atomic_store_n(report_head, tail, __ATOMIC_RELEASE);
    }
}
