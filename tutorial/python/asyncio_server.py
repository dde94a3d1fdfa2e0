"""tutorial/python/asyncio_server.py - one thread for all clients: a coroutine for each, and an
event loop that resumes whichever can go on. What computes is given to an executor."""
import asyncio
import itertools
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor

import wire
import wire_async

clients = set()  # whose sockets are open
client_numbers = itertools.count(1)
counter = 0
executor = None  # see main()

# ---- How it waits, computes and shares ----


def count():
    """One thread, and no await in here: no other coroutine can count meanwhile."""
    global counter
    counter += 1
    return counter


async def handle_client(reader, writer, number):
    loop = asyncio.get_running_loop()
    async for verb, value in wire_async.requests(reader):
        if verb == "sleep":
            await asyncio.sleep(value / 1000)  # this coroutine waits, the loop runs the others
        if verb == "primes":
            value = await loop.run_in_executor(executor, wire.count_primes, value)
        if verb == "count":
            value = count()
        writer.write(wire.reply(verb, value, number))
        await writer.drain()


# ---- A coroutine for each client ----


async def serve(reader, writer):
    clients.add(writer)
    try:
        await handle_client(reader, writer, next(client_numbers))
        await wire_async.close_gracefully(reader, writer)
    except (OSError, asyncio.TimeoutError):
        pass  # the client broke off: that is the end of its own conversation and of no other
    except asyncio.CancelledError:
        pass  # the server ends, and the time is up
    finally:
        writer.close()
        clients.remove(writer)


# ---- The server ----


def end_with_parent():
    multiprocessing.parent_process().join()
    os._exit(1)


def prepare_worker():
    """A worker waits for work at a pipe that the workers themselves hold open. So if the server
    were killed, they would wait for ever; but each can wait for its parent's end as well."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to act upon
    threading.Thread(target=end_with_parent, daemon=True).start()


async def end_coroutines():
    """Half-closes all clients. A handler that takes too long is cancelled by run()."""
    for writer in clients:
        wire.end_input(writer.get_extra_info("socket"))
    handlers = asyncio.all_tasks() - {asyncio.current_task()}
    if handlers:
        await asyncio.wait(handlers, timeout=wire.SHUTDOWN_LIMIT)


def prepare_client():
    reader = asyncio.StreamReader(limit=wire.LINE_LIMIT - 1)  # it does not count the line end
    return asyncio.StreamReaderProtocol(reader, serve)


async def accept_clients(listener):
    """Does what asyncio.start_server() does, which does not pause if accept fails."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            client, _ = await loop.sock_accept(listener)
            await loop.connect_accepted_socket(prepare_client, client)
        except ConnectionAbortedError:
            pass  # it has left again
        except OSError as error:
            wire.warn(f"accept: {error.strerror}")
            await asyncio.sleep(1)  # a client may leave meanwhile


async def serve_until(stop, options):
    listener = wire.listen(options)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(stop, stopping.set)
    accepting = loop.create_task(accept_clients(listener))
    await stopping.wait()
    loop.remove_reader(stop)
    accepting.cancel()
    listener.close()  # no new clients; the port is free
    await end_coroutines()


def main():
    global executor
    options = wire.options("Serves all clients in one thread, by an event loop.")
    stop = wire.stop_signal()
    # Processes, because threads would have to share the loop's GIL: they would compute on one
    # core, and slow the loop down. Spawned, because a forked one would keep copies of the
    # clients' sockets open.
    try:
        pool = ProcessPoolExecutor(
            mp_context=multiprocessing.get_context("spawn"), initializer=prepare_worker)
    except OSError as error:
        wire.die(f"a pool of processes takes semaphores: {error.strerror}")
    with pool as executor:
        asyncio.run(serve_until(stop, options))
        for worker in multiprocessing.active_children():
            worker.kill()  # what it still computes is for a client that was cut off


if __name__ == "__main__":
    main()
