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

KINDS = ("slow", "torn", "error_500", "error_503", "html", "wrong_json", "reset")
SLOW_SECONDS = 2.0
TORN_LENGTH = 5_000
STATUSES = {"torn": 200, "error_500": 500, "error_503": 503, "wrong_json": 200, "html": 502}


@dataclass(slots=True)
class Hardship:
    """One kind of trouble for the next `times` calls whose path holds `path_contains`."""

    kind: str
    times: int = 1
    path_contains: str = ""


class Hardships:
    """What is to go wrong next."""

    def __init__(self) -> None:
        self.waiting: list[Hardship] = []

    def take(self, path: str) -> str | None:
        """The trouble due on this path, one time of it used up."""
        for hardship in self.waiting:
            if hardship.times > 0 and hardship.path_contains in path:
                hardship.times -= 1
                return hardship.kind
        return None


async def afflict(kind: str, bodies: Bodies, send: Send) -> bool:
    """Answer as the trouble has it; False where the real answer is still to come."""
    if kind == "slow":
        await asyncio.sleep(SLOW_SECONDS)
        return False
    if kind == "reset":
        await _hang_up(send)
        return True
    is_html = kind == "html"
    body = b"<html><body>Bad Gateway</body></html>" if is_html else bodies[kind]
    headers = [
        (b"content-type", b"text/html" if is_html else b"application/json"),
        (b"content-length", b"%d" % (TORN_LENGTH if kind == "torn" else len(body))),
    ]
    await send({"type": "http.response.start", "status": STATUSES[kind], "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": kind == "torn"})
    return True


async def _hang_up(send: Send) -> None:
    """Cut the connection: a server whose app returns without an answer says 500 for it instead."""
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        transport.abort()
        await asyncio.sleep(0)  # In the next turn of the loop the server learns that nobody is there to be told.
