"""The shell around a sandbox: its admin calls, the log of calls, and trouble before the real answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any

from providers.kit.sandbox.hardships import KINDS, Bodies, Hardship, Hardships, Message, Send, afflict

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
ADMIN = "/__sandbox/"


class Shell:
    """The ASGI app that is served; the provider's look-alike is inside. `more` are admin calls of its own."""

    def __init__(
        self,
        inner: AsgiApp,
        *,
        expire: Callable[[], None],
        bodies: Bodies,
        more: Mapping[str, Callable[[], object]] = MappingProxyType({}),
    ) -> None:
        self._inner = inner
        self._expire = expire
        self._bodies = bodies
        self._more = more
        self.hardships = Hardships()
        self.calls: list[tuple[str, str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        path = scope["raw_path"].decode("ascii")
        if path.startswith(ADMIN):
            status, told = self._admin(path.removeprefix(ADMIN), await _body(receive))
            await _tell(status, told, send)
            return
        self.calls.append((scope["method"], path, scope["query_string"].decode("ascii")))
        trouble = self.hardships.take(path)
        if trouble is not None and await afflict(trouble, self._bodies, send):
            return
        await self._inner(scope, receive, send)

    def _admin(self, name: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if name == "calls":
            return 200, {"calls": self.calls}
        if name == "reset":
            self.calls.clear()
            self.hardships.waiting.clear()
        elif name == "expire-tokens":
            self._expire()
        elif name in self._more:
            self._more[name]()
        elif name == "hardship":
            try:
                hardship = Hardship(**json.loads(body))
            except (ValueError, TypeError):
                return 400, {"error": "a hardship has a kind, times and path_contains"}
            if hardship.kind not in KINDS:
                return 400, {"error": f"kind is one of {', '.join(KINDS)}"}
            self.hardships.waiting.append(hardship)
        else:
            return 404, {"error": "there is no such admin call"}
        return 200, {"ok": True}


async def _body(receive: Receive) -> bytes:
    found = bytearray()
    while True:
        message = await receive()
        found += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(found)


async def _tell(status: int, told: dict[str, Any], send: Send) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
