"""How providers misbehave, and what callers are told of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.db.engine import origin
from providers.kit.clock import SystemClock
from tests.app.wire import Script, Seen, answer, bare, then_hang_up, then_reset, then_stall

HTML = b"<html><body>sandbox-secret sandbox-staff-token</body></html>"
JSON = b"Content-Type: application/json"


class Hasty(SystemClock):
    """Real time, but that whatever a call waits for is over at once: its clock goes forward by as much."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._ahead_seconds = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._ahead_seconds)

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead_seconds

    async def sleep(self, seconds: float) -> None:
        if origin.get() == "background":
            await asyncio.sleep(seconds)
            return
        self.waits.append(seconds)
        self._ahead_seconds += seconds
        await asyncio.sleep(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to misbehave; `proxied` is the provider's own status where it is passed through."""

    name: str
    script: Script
    status: int
    code: str
    attempts: int = 1
    proxied: int | None = None
    waits: tuple[float, ...] = ()
    """What the provider asked for before each repetition; some chance is added."""
    retry_after: str | None = None
    providers: tuple[str, ...] = ("brightpearl", "erpnext")


RETRIED = {"attempts": 3, "waits": (0.0, 0.0)}
UNREADABLE = {"status": 502, "code": "provider_bad_answer"}
DOWN = {"status": 502, "code": "provider_unavailable"}
SLOW_DOWN = {"status": 429, "code": "rate_limited", "proxied": 429}
LATE = {"status": 504, "code": "provider_timeout"}


def _limited(wait: bytes | None, *more: bytes) -> bytes:
    lines = (b"Retry-After: " + wait,) if wait is not None else ()
    return answer(HTML, "429 Slow", *lines, *more)


def _chunked_drip() -> Script:
    async def drip(seen: Seen) -> None:
        await seen.write(bare("200 OK", b"Transfer-Encoding: chunked"))
        while not seen.writer.is_closing():
            await seen.write(b"1\r\n \r\n")
            await asyncio.sleep(0)

    return drip


AT_ONCE = (
    Fault(name="HTML 200", script=answer(HTML), proxied=200, **UNREADABLE),
    Fault(
        name="wrong shape", script=answer(b'{"data": 1, "response": 2}', "200 OK", JSON), proxied=200, **UNREADABLE
    ),
    Fault(name="a list", script=answer(b"[]", "200 OK", JSON), proxied=200, **UNREADABLE),
    Fault(name="null", script=answer(b"null", "200 OK", JSON), proxied=200, **UNREADABLE),
    Fault(name="NaN", script=answer(b'{"data": NaN, "response": NaN}'), proxied=200, **UNREADABLE),
    Fault(name="half JSON", script=answer(b'{"data": [{"na'), proxied=200, **UNREADABLE),
    Fault(name="not UTF-8", script=answer(b"\xff\xfe{}"), proxied=200, **UNREADABLE),
    Fault(name="deep", script=answer(b"[" * 100_000), proxied=200, **UNREADABLE),
    Fault(name="empty", script=answer(), proxied=200, **UNREADABLE),
    Fault(name="204", script=bare("204 No Content"), proxied=204, **UNREADABLE),
    Fault(name="301", script=answer(HTML, "301 Moved", b"Location: /x"), proxied=301, **UNREADABLE),
    Fault(
        name="torn", script=then_hang_up(bare("200 OK", b"Content-Length: 99", body=b"{}")), **UNREADABLE, **RETRIED
    ),
    Fault(name="no HTTP", script=then_hang_up(b"\x15\x03\x01\x00\x02\x02\x46\r\n\r\n"), **UNREADABLE, **RETRIED),
    Fault(
        name="not gzip",
        script=answer(HTML, "200 OK", b"Content-Encoding: gzip"),
        proxied=200,
        **UNREADABLE,
        **RETRIED,
    ),
    Fault(name="HTML 502", script=answer(HTML, "502 Bad Gateway"), proxied=502, **DOWN, **RETRIED),
    Fault(name="500", script=answer(HTML, "500 Error"), proxied=500, **DOWN, **RETRIED),
    Fault(name="503", script=answer(HTML, "503 Down"), proxied=503, **DOWN, **RETRIED),
    Fault(
        name="empty 500", script=answer(b"", "500 No", b"Content-Encoding: gzip"), proxied=500, **DOWN, **RETRIED
    ),
    Fault(name="reset", script=then_reset, **DOWN, **RETRIED),
    Fault(name="403", script=answer(HTML, "403 No"), proxied=403, status=403, code="provider_forbidden"),
    Fault(name="404", script=answer(HTML, "404 No"), proxied=404, status=404, code="not_found"),
    Fault(
        name="deep 500", script=answer(b'{"x":' + b"[" * 100_000, "500 No"), proxied=500, **UNREADABLE, **RETRIED
    ),
    # Brightpearl refuses a whole set of ids for one of them, so its 400 is looked into.
    *(
        Fault(
            name=status,
            script=answer(HTML, f"{status} No"),
            proxied=int(status),
            status=422,
            code="provider_rejected",
            providers=("erpnext",),
        )
        for status in ("400", "417")
    ),
    Fault(name="429", script=_limited(None), retry_after="1", **SLOW_DOWN, **RETRIED),
    Fault(name="429, 2 s", script=_limited(b"2"), retry_after="2", attempts=3, waits=(2.0, 2.0), **SLOW_DOWN),
    Fault(name="429, 7 s", script=_limited(b"7"), retry_after="7", **SLOW_DOWN),
    Fault(
        name="429, a date",
        script=_limited(b"Wed, 21 Oct 2026 07:28:09 GMT", b"Date: Wed, 21 Oct 2026 07:28:00 GMT"),
        retry_after="9",
        **SLOW_DOWN,
    ),
    Fault(name="429, soon", script=_limited(b"soon"), retry_after="1", **SLOW_DOWN, **RETRIED),
    Fault(name="429, squared", script=_limited("²".encode()), retry_after="1", **SLOW_DOWN, **RETRIED),
    Fault(name="429, for ever", script=_limited(b"9" * 400), retry_after="1", **SLOW_DOWN, **RETRIED),
)
IN_TIME = (
    Fault(name="silent", script=then_stall(), **LATE),
    Fault(name="silent in its headers", script=then_stall(b"HTTP/1.1 200 OK\r\nX"), **LATE),
    Fault(name="silent in its body", script=then_stall(bare("200 OK", b"Content-Length: 99", body=b"{")), **LATE),
)
DRIP = Fault(name="a byte at a time", script=_chunked_drip(), **LATE)
