"""tutorial/python/wire.py - what the three servers share: requests, replies, options, signals.
Nothing in here knows whether it runs in a thread, in a process or in an event loop."""
import argparse
import contextlib
import math
import os
import resource
import signal
import socket
import sys
import threading
import time

LINE_LIMIT = 8192  # a request's bytes, with its line end
SHOWN_LIMIT = 32  # characters of an unknown verb that the error repeats
BACKLOG = 4096  # clients that the kernel keeps waiting
SHUTDOWN_LIMIT = 5  # seconds; what is not done by then is cut
STOP_SIGNALS = signal.SIGTERM, signal.SIGINT

HELP = "echo TEXT, sleep MS, primes N, count, who, help, quit"
VERBS = {usage.split()[0] for usage in HELP.split(", ")}
LIMITS = {"sleep": (60000, " milliseconds"), "primes": (10000000, "")}
QUIT = "quit", None
TOO_LONG = "error", f"error: line longer than {LINE_LIMIT} bytes"

# ---- A line becomes a request ----


def read_number(text, limit):
    """Digits and nothing else, from 0 to limit; otherwise None."""
    if not text.isdigit():
        return None
    number = int(text.lstrip(b"0")[:9] or b"0")  # nine digits are already above any limit
    return number if number <= limit else None


def parse(line):
    """What a line asks for, as (verb, value). What makes no sense is an "error"."""
    line = line[: -2 if line.endswith(b"\r\n") else -1]
    word, space, rest = line.partition(b" ")
    verb = word.decode("latin-1")  # each byte is a character, so this cannot fail
    if verb not in VERBS:
        shown = "".join(c if "!" <= c <= "~" else "?" for c in verb[:SHOWN_LIMIT])
        return "error", f"error: unknown request '{shown}', try help"
    if verb == "echo":
        return verb, rest
    if verb in LIMITS:
        limit, unit = LIMITS[verb]
        number = read_number(rest, limit)
        if number is None:
            return "error", f"error: {verb} takes 0 to {limit}{unit}"
        return verb, number
    if space:
        return "error", f"error: {verb} takes nothing after it"
    return verb, None


def understand(line, skips):
    """What is asked for by a line, or by LINE_LIMIT bytes of a longer one, of which the rest is to be
    skipped. Returns (verb, value), or None; and whether the next bytes belong to the same line."""
    ends = line.endswith(b"\n")
    if ends and not skips:
        return parse(line), False
    if len(line) == LINE_LIMIT and not skips:
        return TOO_LONG, True
    return None, skips and not ends  # half a request is never served


def requests(reader):
    """Each request that comes from a stream that blocks, until `quit` or the end of file."""
    request, skips = None, False
    while request != QUIT:
        line = reader.readline(LINE_LIMIT)  # at most this many bytes, even of a longer line
        if not line:
            return
        request, skips = understand(line, skips)
        if request:
            yield request


# ---- A result becomes a reply ----


def reply(verb, value, client_number):
    """The line to send. The value is what parse() gave, or what primes and count found."""
    if verb == "echo":
        return value + b"\n"
    if verb == "sleep":
        value = f"slept {value}"
    elif verb == "who":
        thread = threading.get_native_id()
        value = f"process {os.getpid()} thread {thread} client {client_number}"
    elif verb == "help":
        value = HELP
    elif verb == "quit":
        value = "bye"
    return f"{value}\n".encode()


# ---- Something to compute ----


def is_prime(n):
    """By trial division: it keeps a core busy and touches nothing else."""
    if n < 4:
        return n > 1
    if n % 2 == 0:
        return False
    for divisor in range(3, math.isqrt(n) + 1, 2):
        if n % divisor == 0:
            return False
    return True


def count_primes(n):
    return sum(map(is_prime, range(2, n + 1)))


# ---- A client's socket ----


def accept(listener):
    """Accepts a client from the backlog; None if it is empty, or nobody can be accepted."""
    try:
        client, _ = listener.accept()
    except (BlockingIOError, ConnectionAbortedError):
        return None
    except OSError as error:
        warn(f"accept: {error.strerror}")
        time.sleep(1)  # a client may leave meanwhile, if there was no descriptor
        return None
    client.setblocking(True)  # on some systems it is like its listener, which does not block
    return client


@contextlib.contextmanager
def conversation(client):
    """The client's socket as a stream to read and one to write; closed at the end."""
    try:
        with client.makefile("rb") as reader, client.makefile("wb") as writer:
            yield reader, writer
    except OSError:
        pass  # the client broke off: that is the end of its own conversation and of no other
    finally:
        close_gracefully(client)


def close_gracefully(client):
    """Closes the socket. Bytes left unread would turn the end of file into a reset, and the
    client might lose replies; so read what has arrived, but do not wait for more."""
    with client, contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_WR)
        client.setblocking(False)
        for _ in range(64):
            if not client.recv(65536):
                break


def end_input(client):
    """Its handler serves what has arrived, then sees the end of file."""
    with contextlib.suppress(OSError):  # it is gone already
        client.shutdown(socket.SHUT_RD)


def refuse(client):
    with contextlib.suppress(OSError):
        client.sendall(b"error: server busy\n")
    close_gracefully(client)


# ---- The server ----


def say(stream, message):
    """What cannot be said is lost. (print() would fail, and again at the program's end.)"""
    if stream:  # it is None if it was closed before we began
        with contextlib.suppress(OSError):
            os.write(stream.fileno(), f"{message}\n".encode())


def warn(message):
    say(sys.stderr, f"{os.path.basename(sys.argv[0])}: {message}")


def die(message):
    warn(message)
    sys.exit(1)


def port_number(text):
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"takes a number from 0 to 65535, not '{text}'")
    return int(text)


def options(summary):
    """What the command line says. A mistake in it ends the program with status 2."""
    parser = argparse.ArgumentParser(description=summary)
    option = parser.add_argument
    option("-a", "--address", metavar="ADDR", default="127.0.0.1",
           help="listen on this address; :: for all (%(default)s)")
    option("-p", "--port", type=port_number, default=9000,
           help="listen on this port; 0 picks a free one (%(default)s)")
    option("--port-file", metavar="FILE", help="write the port there once it listens")
    return parser.parse_args()


def raise_descriptor_limit():
    """Each client is a descriptor, and the usual soft limit is 1024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS has a lower limit than it says
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def write_port(path, port):
    """By rename, so that the file is never there and empty."""
    if os.path.islink(path) or (os.path.exists(path) and not os.path.isfile(path)):
        with open(path, "w") as file:  # a device, a pipe or a link stays what it is
            print(port, file=file)
        return
    draft = f"{path}.{os.getpid()}"
    with open(draft, "w") as file:
        print(port, file=file)
    os.rename(draft, path)


def listen(options):
    """Returns a listening, non-blocking socket, once its port has been announced."""
    place = options.address, options.port
    raise_descriptor_limit()
    try:
        family = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)[0][0]
        everywhere = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
        listener = socket.create_server(
            place, family=family, backlog=BACKLOG, dualstack_ipv6=everywhere)
    except OSError as error:
        die(f"cannot listen on {options.address} port {options.port}: {error.strerror}")
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # each client inherits it
    listener.setblocking(False)
    host, port = listener.getsockname()[:2]
    try:
        if options.port_file:
            write_port(options.port_file, port)
    except OSError as error:
        die(f"{options.port_file}: {error.strerror}")
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    say(sys.stdout, f"listening on {place}")
    return listener


def stop_signal():
    """A descriptor that becomes readable when we are asked to stop. Asked again, we die; but
    `timeout` asks twice at once, so only if half a second has gone by."""
    asked = []

    def on_signal(number, _):
        asked.append(time.monotonic())
        if asked[-1] > asked[0] + 0.5:
            os._exit(128 + number)

    stop, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)  # Python writes there for every signal that has a handler
    signal.signal(signal.SIGTERM, on_signal)
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:  # as in a script's background job
        signal.signal(signal.SIGINT, on_signal)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)  # they may have been blocked
    return stop
