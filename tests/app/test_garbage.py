"""What a call has held is let go at its end: kept until the collector comes by, it would be a process's memory."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator

import pytest

from app.api.call import Call
from app.api.caller import Watch
from tests.app.wire import Wire, answer
from tests.world import World

CALLS = 5


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Without the collector."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def _left() -> int:
    """How many calls are still held, once the last of them has been told of."""
    for _ in range(5):
        await asyncio.sleep(0)
    return sum(isinstance(each, Call | Watch) for each in gc.get_objects())


@pytest.mark.parametrize(
    ("path", "body", "status", "wanted"),
    [
        ("/proxy/x", b"{}", "200 OK", 200),
        ("/proxy/x", b"x" * 1_000_000, "200 OK", 200),
        ("/proxy/x", b"{}", "429 Too Many Requests\r\nRetry-After: 100", 429),
        ("/unified/accounting/items", b"{}", "429 Too Many Requests\r\nRetry-After: 100", 429),
        ("/unified/accounting/items", b"<html>", "502 Bad Gateway", 502),
        ("/unified/accounting/no_such_resource", b"{}", "200 OK", 404),
    ],
)
@pytest.mark.usefixtures("uncollected")
async def test_a_call_is_let_go_at_its_end_whatever_it_came_to(
    light: World, wire: Wire, account: str, path: str, body: bytes, status: str, wanted: int
) -> None:
    wire.script = answer(body, status)
    before = await _left()

    for _ in range(CALLS):
        got = await light.http.get(path, params={"integrated_account_id": account})
        assert got.status_code == wanted, got.text[:200]

    # The last one may not be over yet for the server.
    assert await _left() - before <= 1
