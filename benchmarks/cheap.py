"""A look-alike of a provider that costs next to nothing to ask, for what nginx cannot answer from files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_END = b"\r\n\r\n"
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n"

Answer = Callable[[bytes], tuple[bytes, bytes]]
"""A request line → more lines of the answer's head, each with its end, and the body."""


class Cheap(asyncio.Protocol):
    """One connection: questions without a body, and their answers."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._received = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP's is one
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each question that has come whole."""
        self._received += data
        while _END in self._received:
            head, _, self._received = self._received.partition(_END)
            lines, body = self._answer(head.partition(b"\r\n")[0])
            self._transport.write(_HEAD % (len(body), lines) + body)


async def serve(answer: Answer) -> None:
    """Serve on a port of loopback, which is printed, until the process is ended."""
    server = await asyncio.get_running_loop().create_server(lambda: Cheap(answer), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
