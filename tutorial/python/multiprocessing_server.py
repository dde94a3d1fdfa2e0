"""tutorial/python/multiprocessing_server.py - one process per client.
Every handler runs at once, each in its own memory; what they share goes through the parent."""
import contextlib
import multiprocessing
import signal
import time
from multiprocessing.connection import wait

import wire

# A forked child has its client's socket from birth. We ask for fork by name because it is no
# longer what Python does by itself: not on macOS since 3.8, nor on Linux since 3.14.
context = multiprocessing.get_context("fork")

children = {}  # the parent's end of the pipe to each child, and the child
counter = 0  # the parent's; a child has a copy, which stays as it was when it was born

# ---- How it waits, computes and shares ----


def count(parent):
    """Separate memories, so a question to the process that owns the number."""
    parent.send("count")
    return parent.recv()


def handle_client(client, number, parent):
    with wire.conversation(client) as (reader, writer):
        for verb, value in wire.requests(reader):
            if verb == "sleep":
                time.sleep(value / 1000)  # this process blocks, the others run
            if verb == "primes":
                value = wire.count_primes(value)  # here; the others do so on the other cores
            if verb == "count":
                value = count(parent)
            writer.write(wire.reply(verb, value, number))
            writer.flush()


# ---- In a child ----


def serve(client, number, parent, the_parents):
    for copy in the_parents:
        copy.close()  # else the port would stay in use, and no pipe end, for as long as we run
    signal.set_wakeup_fd(-1)  # it was the parent's
    for stop in wire.STOP_SIGNALS:
        signal.signal(stop, lambda *_: wire.end_input(client))
    with contextlib.suppress(EOFError):  # the parent, which counts, has ended
        handle_client(client, number, parent)


# ---- In the parent ----


def start_child(client, number, listener):
    try:
        ours, theirs = context.Pipe()
        the_parents = [listener, ours, *children]
        child = context.Process(target=serve, args=(client, number, theirs, the_parents))
        child.start()
    except OSError as error:
        wire.warn(f"fork: {error.strerror}")
        wire.refuse(client)
        return
    children[ours] = child
    theirs.close()  # so that the child has the only one, and its end is an end of file here
    client.close()  # the child has its own copy


def answer_or_reap(pipe):
    """Answers a child's question, or reaps it if its end of the pipe is closed."""
    global counter
    try:
        pipe.recv()
        counter += 1
        pipe.send(counter)
    except (EOFError, OSError):
        pipe.close()
        child = children.pop(pipe)
        child.join()  # or it would stay as a zombie
        if child.exitcode < 0:
            wire.warn(f"process {child.pid} died of signal {-child.exitcode}")


def accept_clients(listener, stop):
    number = 0
    ready = []
    while stop not in ready:
        ready = wait([listener, stop, *children])
        for pipe in children.keys() & ready:
            answer_or_reap(pipe)
        client = wire.accept(listener) if listener in ready else None
        if client:
            number += 1
            start_child(client, number, listener)


def end_children():
    """Their handlers see end of file. A child that takes too long is killed."""
    deadline = time.monotonic() + wire.SHUTDOWN_LIMIT
    for child in children.values():
        child.terminate()
    while children and time.monotonic() < deadline:
        for pipe in wait(children, deadline - time.monotonic()):
            answer_or_reap(pipe)
    for child in children.values():
        child.kill()


def main():
    options = wire.options("Serves each client in a process of its own.")
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, it would leave nothing to join
    stop = wire.stop_signal()
    listener = wire.listen(options)
    accept_clients(listener, stop)
    listener.close()  # no new clients; the port is free
    end_children()


if __name__ == "__main__":
    main()
