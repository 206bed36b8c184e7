"""A way out for the kit's client that gives what a test hands it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from app.connections.references import KeptReferences
from providers.kit.client import Client
from providers.kit.errors import Fault, Unavailable
from providers.kit.retries import Retries
from providers.kit.upstream import RawHeaders, Request
from tests.providers.fake_send import FakeClock


class Given:
    """An answer whose body comes at once, or fails, or never comes."""

    def __init__(self, status: int = 200, body: bytes | Exception | None = b"ok", **headers: str) -> None:
        self.status = status
        self._body = body
        self._headers = {name.lower().replace("_", "-"): value for name, value in headers.items()}
        self.is_closed = False

    @property
    def headers(self) -> RawHeaders:
        return ()

    def header(self, name: str) -> str | None:
        return self._headers.get(name.lower())

    async def stream(self) -> AsyncIterator[bytes]:
        yield b""

    async def read(self, size_max: int) -> bytes:
        if self._body is None:
            await asyncio.Event().wait()
        if isinstance(self._body, Exception):
            raise self._body
        assert isinstance(self._body, bytes)
        return self._body

    async def close(self) -> None:
        self.is_closed = True


class Sender:
    """Gives what it holds, in turn, and the last one for ever."""

    def __init__(self, *given: Given | Exception) -> None:
        self._given = list(given)
        self.requests: list[Request] = []
        self.clock = FakeClock()

    async def __call__(self, request: Request) -> Given:
        self.requests.append(request)
        given = self._given.pop(0) if len(self._given) > 1 else self._given[0]
        if isinstance(given, Exception):
            raise given
        return given

    def client(self, read_error: Any = None, **more: Any) -> Client:
        return Client(
            provider_name="Books",
            base_url="https://books.example.com/api/",
            settings={},
            send=self,
            read_error=read_error or (lambda status, header, body: Fault(error=Unavailable)),
            clock=self.clock,
            references=KeptReferences(self.clock),
            **{"retries": Retries(chance=lambda: 0.5), **more},
        )
