"""Whoever gives a call up, at whatever moment: no place of the account is ever lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from app.quota.pace import Pace
from providers.kit.registry import all_providers
from tests.app.wire import Script, Wire, answer, bare, then_hang_up, then_reset
from tests.world import World

TURNS = 60


async def _turns(count: int) -> None:
    """Let the loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


async def _cancelled(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _silent(message: Any) -> None:
    """Nobody reads the answer."""
    await asyncio.sleep(0)


async def _until_free(pace: Pace) -> None:
    """Until every place is free: what was begun for others too is finished without the caller who left."""
    async with asyncio.timeout(10):
        while pace._store.ledger.inside:  # type: ignore[attr-defined]
            await _turns(1)
    assert pace.waiting_count == 0


def _caller(body: bytes) -> Callable[[], Any]:
    """Gives the body in pieces, a turn of the loop for each, and then stays silent."""
    pieces = [body[start : start + 300_000] for start in range(0, len(body), 300_000)] or [b""]

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        if not pieces:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    return receive


def _scope(world: World, account: str, method: str, path: str, body: bytes) -> dict[str, Any]:
    lines = [(b"authorization", f"Bearer {world.token}".encode()), (b"x-integrated-account-id", account.encode())]
    if body:
        lines.append((b"content-length", b"%d" % len(body)))
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": lines,
    }


@pytest.mark.parametrize(
    ("method", "path", "body", "script"),
    [
        ("GET", "/proxy/x", b"", answer(b"ok")),
        ("GET", "/proxy/x", b"", bare("200 OK", b"Content-Length: 9999999", body=b"x" * 400_000)),
        ("GET", "/proxy/x", b"", then_hang_up(bare("200 OK", b"Content-Length: 99", body=b"torn"))),
        ("GET", "/proxy/x", b"", then_reset),
        ("PUT", "/proxy/x", b"short", answer(b"ok")),
        ("PUT", "/proxy/x", b"x" * 2_000_000, answer(b"ok")),
        ("GET", "/unified/accounting/items", b"", answer(b'{"data": []}')),
        ("GET", "/unified/accounting/items", b"", answer(b"{}", "500 No")),
    ],
    ids=["short", "endless", "torn", "reset", "kept body", "streamed body", "unified", "unified fault"],
)
async def test_a_call_given_up_at_any_moment_gives_its_place_back(
    light: World, wire: Wire, method: str, path: str, body: bytes, script: Script
) -> None:
    account = await light.erpnext(wire.url)
    # Once, so that the account is at hand: what follows is spent between here and the provider.
    await light.parts.notice_changes()
    await light.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account})
    wire.script = script
    for turns in range(TURNS):
        scope = _scope(light, account, method, path, body)
        call = asyncio.ensure_future(light.service(scope, _caller(body), _silent))
        await _turns(turns)

        await _cancelled([call])

        await _until_free(light.parts.pacer.pace(account, light.environment_id, all_providers()["erpnext"]))
    assert len(wire.seen) > 10
    await light.parts.calls.write()
