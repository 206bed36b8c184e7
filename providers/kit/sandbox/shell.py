"""The shell around a sandbox: its admin calls, the log of calls, and trouble before or after the real answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from types import MappingProxyType
from typing import Any

import msgspec

from providers.kit.sandbox.grants import Client, Grants
from providers.kit.sandbox.hardships import (
    KINDS,
    WAITS,
    Answer,
    Bodies,
    Hardship,
    Hardships,
    Kept,
    Message,
    Send,
    afflict,
    say,
)
from providers.kit.sandbox.rules import changed

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Setting = Callable[[dict[str, Any]], dict[str, Any]]
"""An admin call that takes what is to change, which may be nothing, and tells how things are then."""
Told = tuple[int, dict[str, Any]]
ADMIN = "/__sandbox/"
OK: Told = (200, {"ok": True})


class Shell:
    """The ASGI app that is served; the provider's look-alike is inside.

    `throttled` is what it says when too much was asked of it; `settings` and `more` are admin calls of its own.
    """

    def __init__(
        self,
        inner: AsgiApp,
        *,
        grants: Grants,
        bodies: Bodies,
        throttled: Callable[[], Answer],
        settings: Mapping[str, Setting],
        more: Mapping[str, Callable[[], object]] = MappingProxyType({}),
    ) -> None:
        self._inner = inner
        self._grants = grants
        self._bodies = bodies
        self._throttled = throttled
        self._settings: dict[str, Setting] = {"hardship": self._hardship, "oauth": self._oauth, **settings}
        self.hardships = Hardships()
        self.calls: list[tuple[str, str, str]] = []
        self._plain: dict[str, Callable[[], object]] = {
            "reset": self._reset,
            "release": self.hardships.release,
            "expire-tokens": grants.expire,
            "revoke-tokens": grants.revoke,
            **more,
        }

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
        if trouble is None:
            await self._inner(scope, receive, send)
        elif trouble.after:
            kept = Kept()
            await self._inner(scope, receive, kept)
            await self._afterwards(trouble, kept, send)
        elif trouble.kind in WAITS:
            await self.hardships.wait(trouble)
            await self._inner(scope, receive, send)
        else:
            await self._afflict(trouble.kind, send)

    async def _afterwards(self, trouble: Hardship, kept: Kept, send: Send) -> None:
        if trouble.kind in WAITS:
            await self.hardships.wait(trouble)
            await kept.pass_on(send)
        elif trouble.kind == "torn":
            await kept.tear(send)
        else:
            await self._afflict(trouble.kind, send)

    async def _afflict(self, kind: str, send: Send) -> None:
        if kind == "throttled":
            await say(self._throttled(), send)
        else:
            await afflict(kind, self._bodies, send)

    def _admin(self, name: str, body: bytes) -> Told:
        if name == "calls":
            return 200, {"calls": self.calls}
        if name in self._plain:
            self._plain[name]()
            return OK
        if name not in self._settings:
            return 404, {"error": "there is no such admin call"}
        try:
            return 200, self._settings[name](json.loads(body or b"{}"))
        except (ValueError, TypeError) as error:
            return 400, {"error": f"this cannot be read: {error}"}

    def _hardship(self, given: dict[str, Any]) -> dict[str, Any]:
        hardship = Hardship(**given)
        if hardship.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        self.hardships.waiting.append(hardship)
        return OK[1]

    def _oauth(self, given: dict[str, Any]) -> dict[str, Any]:
        """Know a `client`, change the rules, and tell them all."""
        client = given.pop("client", None)
        self._grants.rules = changed(self._grants.rules, given)
        if client is not None:
            self._grants.register(msgspec.convert(client, Client))
        return {
            **msgspec.structs.asdict(self._grants.rules),
            "clients": {each.client_id: each.redirect_uris for each in self._grants.clients.values()},
        }

    def _reset(self) -> None:
        self.calls.clear()
        self.hardships.waiting.clear()
        self.hardships.release()


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
