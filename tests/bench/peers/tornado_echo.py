"""tests/bench/peers/tornado_echo.py - `echo TEXT` on Tornado: a coroutine for each client.
Listens on a free port; SIGTERM ends it. Debian's package is python3-tornado."""
import asyncio

from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.tcpserver import TCPServer


class Echo(TCPServer):
    async def handle_stream(self, stream, address):
        stream.set_nodelay(True)
        try:
            while True:
                line = await stream.read_until(b"\n", max_bytes=8192)
                await stream.write(line[len("echo "):])
        except StreamClosedError:
            pass


async def main():
    listeners = bind_sockets(0, "127.0.0.1", backlog=4096)
    server = Echo()
    server.add_sockets(listeners)
    print(f"listening on 127.0.0.1:{listeners[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()  # for ever


asyncio.run(main())
