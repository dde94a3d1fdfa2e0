"""tutorial/python/wire_async.py - requests() and close_gracefully() of wire.py for coroutines.
A coroutine must not call what blocks, for all others would wait too; so these await."""
import asyncio

import wire


async def read_line(reader):
    """Does what readline(LINE_LIMIT) does on a stream that blocks."""
    try:
        return await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError:
        return await reader.readexactly(wire.LINE_LIMIT)  # they are all there
    except asyncio.IncompleteReadError as end:
        return end.partial


async def requests(reader):
    request, skips = None, False
    while request != wire.QUIT:
        line = await read_line(reader)
        if not line:
            return
        request, skips = wire.understand(line, skips)
        if request:
            yield request


async def close_gracefully(reader, writer):
    """Waits until the client closes its side as well, or has sent nothing for a second."""
    writer.write_eof()
    while await asyncio.wait_for(reader.read(65536), timeout=1):
        pass  # bytes left unread would turn the end of file into a reset
    writer.close()
    await writer.wait_closed()
