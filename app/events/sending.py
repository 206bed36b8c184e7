"""One attempt to bring an event to its receiver: signed, sent once over the guarded connections, and judged."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec

from app.events import signing
from app.upstream.answer import UpstreamAnswer
from app.upstream.sender import Upstream
from providers.kit.clock import Clock
from providers.kit.errors import BadAnswer, ForbiddenAddress, ProviderError, TimedOut
from providers.kit.upstream import Request
from providers.kit.waits import retry_after_seconds

SEND_SECONDS = 15.0
# What a receiver says is not read, but for a little, so that its connection can be used again.
READ_SECONDS = 1.0
READ_SIZE_MAX = 16 * 1024

_HEADERS = (("content-type", "application/json"), ("user-agent", "Ledgerway-Webhooks/1"), ("accept", "*/*"))
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of an attempt: accepted where there is no error. A final error would only come again."""

    status: int | None = None
    error: str | None = None
    is_final: bool = False
    retry_after_seconds: float | None = None


async def send(
    upstream: Upstream,
    clock: Clock,
    url: str,
    shown: Mapping[str, Any],
    keys: Sequence[str],
    *,
    allow_private: bool,
) -> Answered:
    """Send an event as it is shown; `keys` sign it. What a receiver or the network does is told, never raised."""
    body = _encode(shown)
    request = Request(
        method="POST",
        url=url,
        headers=(*_HEADERS, *signing.headers(shown["id"], clock.now(), body, keys)),
        body=body,
        first_byte_seconds=SEND_SECONDS,
        idle_seconds=SEND_SECONDS,
        wants_signing=False,
    )
    try:
        async with asyncio.timeout(SEND_SECONDS):
            answer = await upstream.send(request, allow_private=allow_private)
    except (TimeoutError, TimedOut):
        return Answered(error=f"no answer within {SEND_SECONDS:.0f} seconds")
    except ForbiddenAddress as error:
        return Answered(error=error.detail, is_final=True)
    except BadAnswer:
        return Answered(error="the answer is not HTTP")
    except ProviderError:
        return Answered(error="the receiver could not be reached")
    try:
        return _judged(answer)
    finally:
        with suppress(ProviderError, TimeoutError):
            async with asyncio.timeout(READ_SECONDS):
                await answer.read(READ_SIZE_MAX)
        await answer.close()


def _judged(answer: UpstreamAnswer) -> Answered:
    status = answer.status
    if 200 <= status < 300:
        return Answered(status=status)
    why = "; redirects are not followed" if 300 <= status < 400 else ""
    return Answered(
        status=status,
        error=f"the receiver answered {status}{why}",
        retry_after_seconds=retry_after_seconds(answer.header),
    )
