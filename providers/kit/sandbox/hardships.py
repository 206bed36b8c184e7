"""Trouble on request: makes the sandbox's next answers slow, torn, wrong or missing, as a provider's may be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Bodies = Mapping[str, bytes]
"""What each kind of trouble says, in the provider's own words: torn, error_500, error_503, wrong_json."""

KINDS = ("slow", "held", "torn", "error_500", "error_503", "html", "html_403", "wrong_json", "reset", "throttled")
WAITS = ("slow", "held")
SLOW_SECONDS = 2.0
TORN_LENGTH = 5_000
STATUSES = {"torn": 200, "error_500": 500, "error_503": 503, "wrong_json": 200, "html": 502, "html_403": 403}
_PAGES = {
    "html": b"<html><body>Bad Gateway</body></html>",
    "html_403": b"<html><body>Forbidden by the firewall</body></html>",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer, as the provider itself would give it at this moment."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(slots=True)
class Hardship:
    """One kind of trouble for the next `times` calls whose path holds `path_contains`.

    With `after` the call does its work first, and it is the answer that is late, torn, lost or another.
    """

    kind: str
    times: int = 1
    path_contains: str = ""
    after: bool = False
    seconds: float = SLOW_SECONDS


class Hardships:
    """What is to go wrong next, and the gate that held answers wait at. `arrived` tells that one does."""

    def __init__(self) -> None:
        self.waiting: list[Hardship] = []
        self.arrived = asyncio.Event()
        self._gate = asyncio.Event()

    def take(self, path: str) -> Hardship | None:
        """The trouble due on this path, one time of it used up."""
        for hardship in self.waiting:
            if hardship.times > 0 and hardship.path_contains in path:
                hardship.times -= 1
                return hardship
        return None

    async def wait(self, hardship: Hardship) -> None:
        """As long as the trouble keeps its caller waiting."""
        if hardship.kind == "slow":
            await asyncio.sleep(hardship.seconds)
        else:
            self.arrived.set()
            await self._gate.wait()

    def release(self) -> None:
        """Let go what is held now; the next is held again."""
        self._gate.set()
        self._gate = asyncio.Event()
        self.arrived.clear()


class Kept:
    """Stands in for `send` while the call does its work, and keeps the answer."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    async def pass_on(self, send: Send) -> None:
        """Send the answer, after all."""
        for message in self.messages:
            await send(message)

    async def tear(self, send: Send) -> None:
        """Send its first half, and leave."""
        body = b"".join(message.get("body", b"") for message in self.messages)
        await send(self.messages[0])
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


async def afflict(kind: str, bodies: Bodies, send: Send) -> None:
    """Answer as the trouble has it."""
    if kind == "reset":
        await _hang_up(send)
        return
    page = _PAGES.get(kind)
    body = bodies[kind] if page is None else page
    headers = [
        (b"content-type", b"application/json" if page is None else b"text/html"),
        (b"content-length", b"%d" % (TORN_LENGTH if kind == "torn" else len(body))),
    ]
    await send({"type": "http.response.start", "status": STATUSES[kind], "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": kind == "torn"})


async def say(answer: Answer, send: Send) -> None:
    """Send a whole answer."""
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _hang_up(send: Send) -> None:
    """Cut the connection: a server whose app returns without an answer says 500 for it instead."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
        await asyncio.sleep(0)  # In the next turn of the loop the server learns that nobody is there to be told.
