"""tutorial/python/threading_server.py - one thread per client.
All threads run in one process and share its memory, so what they all write needs a lock."""
import select
import threading
import time

import wire

clients = set()  # whose sockets are open, under lock
counter = 0  # under lock
lock = threading.Lock()

# ---- How it waits, computes and shares ----


def count():
    """One memory: every thread sees the same number, and the lock keeps two from changing it
    at once. The GIL does not: it may change hands between the reading and the writing."""
    global counter
    with lock:
        counter += 1
        return counter


def handle_client(client, number):
    with wire.conversation(client) as (reader, writer):
        for verb, value in wire.requests(reader):
            if verb == "sleep":
                time.sleep(value / 1000)  # this thread blocks, the others run
            if verb == "primes":
                value = wire.count_primes(value)  # here; the GIL lets one compute at a time
            if verb == "count":
                value = count()
            writer.write(wire.reply(verb, value, number))
            writer.flush()


# ---- A thread for each client ----


def serve(client, number):
    handle_client(client, number)
    with lock:
        clients.remove(client)


def start_thread(client, number):
    with lock:
        clients.add(client)
    try:
        threading.Thread(target=serve, args=(client, number), daemon=True).start()
    except RuntimeError as error:  # there are too many
        wire.warn(error)
        with lock:
            clients.remove(client)
        wire.refuse(client)


def accept_clients(listener, stop):
    number = 0
    while True:
        # Both were opened first, so their numbers are below the 1024 that select() can take.
        ready, _, _ = select.select([listener, stop], [], [])
        if stop in ready:
            return
        client = wire.accept(listener)
        if client:
            number += 1
            start_thread(client, number)


# ---- The server ----


def end_threads():
    """Half-closes all clients. Daemon threads end with the program, however long they take."""
    deadline = time.monotonic() + wire.SHUTDOWN_LIMIT
    with lock:
        for client in clients:
            wire.end_input(client)
    for thread in threading.enumerate():
        if thread.daemon:
            thread.join(max(0, deadline - time.monotonic()))


def main():
    options = wire.options("Serves each client in a thread of its own.")
    stop = wire.stop_signal()
    listener = wire.listen(options)
    accept_clients(listener, stop)
    listener.close()  # no new clients; the port is free
    end_threads()


if __name__ == "__main__":
    main()
