"""A caller hangs up: what it wanted to read is not read on, what it wanted to write is, and the log tells of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from app.api.caller import Watch
from app.upstream.health import FAILURES_MAX
from tests.app.raw import Line, asked, line_to, noted, until_free
from tests.app.wire import HangUp, Script, Seen, Wire, a_turn, answer, bare, wired
from tests.world import World, gateway, settings_in


@pytest.fixture(autouse=True)
def watches(monkeypatch: pytest.MonkeyPatch) -> list[Watch]:
    """Every watch over a proxied call; callers are watched at once."""
    found: list[Watch] = []

    class Known(Watch):
        def start(self) -> None:
            found.append(self)
            super().start()

    monkeypatch.setattr("app.api.caller.WATCH_AFTER_SECONDS", 0.01)
    monkeypatch.setattr("app.proxy.Watch", Known)
    return found


class Left:
    """Answers only once the gateway has seen the caller leave."""

    def __init__(self, watches: list[Watch], content: bytes) -> None:
        self._watches = watches
        self._content = content
        self.line: Line

    async def __call__(self, seen: Seen) -> None:
        await seen.body()
        self.line.hang_up()
        async with asyncio.timeout(30):
            while not any(watch.is_gone for watch in self._watches):
                await a_turn()
        await seen.write(self._content)


@pytest.mark.parametrize("path", ["items", "items/7"])
async def test_a_unified_read_is_not_read_on(light: World, wire: Wire, account: str, path: str) -> None:
    async def think(seen: Seen) -> None:
        line.hang_up()
        await seen.until_gone()
        raise HangUp

    wire.script = think
    head = asked(light, account, "GET", "/x").replace(b"/proxy/x", b"/unified/accounting/" + path.encode())
    async with line_to(light) as line:
        await line.say(head)

        await until_free(light, account, wire)

    assert (499, None) in await noted(light)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (answer(b"{}", "201 Created"), "provider_201"),
        (answer(b"{}", "409 Conflict"), "provider_409"),
        (answer(b"x" * 300_000), "provider_200"),
        (bare("200 OK", b"Transfer-Encoding: chunked", body=b"1\r\n{\r\n0\r\n\r\n"), "provider_200"),
        (b"rubbish\r\n\r\n", "provider_bad_answer"),
        (answer(b"{}", "401 No"), "needs_reauth"),
    ],
    ids=["done", "refused", "long", "chunks", "rubbish", "lost"],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_a_write_goes_on_to_its_end_and_is_told_to_the_log(
    light: World, wire: Wire, account: str, watches: list[Watch], method: str, content: bytes, code: str
) -> None:
    wire.script = left = Left(watches, content)
    async with line_to(light) as line:
        left.line = line
        await line.say(asked(light, account, method, "/x", b"Content-Length: 2") + b"{}")

        await _until_noted(light, 499)

    assert (499, code) in await noted(light)
    writes = [seen for seen in wire.seen if seen.line.startswith(method.encode())]
    assert [seen.content for seen in writes] == [b"{}"], "sent whole, and once"


async def test_a_write_that_nobody_waits_for_is_given_up_in_time(light: World, wire: Wire, account: str) -> None:
    async def never(seen: Seen) -> None:
        line.hang_up()
        await seen.until_gone()
        raise HangUp

    light.hurry(0.2)
    wire.script = never
    async with line_to(light) as line:
        await line.say(asked(light, account, "POST", "/x", b"Content-Length: 2") + b"{}")

        await _until_noted(light, 499)

    assert (499, "provider_timeout") in await noted(light)


async def test_a_gateway_that_stops_waits_for_writes_whose_callers_left(
    tmp_path: Path, watches: list[Watch]
) -> None:
    done = asyncio.Event()
    async with wired(b"") as wire:
        async with gateway(settings_in(tmp_path)) as world:
            account = await world.erpnext(wire.url)
            wire.script = left = Left(watches, answer(b"{}"))

            async def finish(seen: Seen) -> None:
                await left(seen)
                done.set()

            wire.script = finish
            async with line_to(world) as line:
                left.line = line
                await line.say(asked(world, account, "POST", "/x", b"Content-Length: 2") + b"{}")
                await wire.until(lambda: len(wire.seen) == 1)

        assert done.is_set()


@pytest.mark.parametrize("begun", [b"HTTP/1.1 200 OK\r\nX: ", bare("200 OK", b"Content-Length: 9999")])
async def test_an_answer_that_drips_is_given_up_though_each_byte_is_in_time(
    light: World, wire: Wire, account: str, begun: bytes
) -> None:
    light.hurry(0.2)
    wire.script = _dripping(begun)
    async with line_to(light) as line:
        await line.say(asked(light, account, "GET", "/x"))

        assert (await line.head()).startswith(b"HTTP/1.1 504")


async def test_a_stream_that_never_ends_is_cut(tmp_path: Path) -> None:
    drip = _dripping(bare("200 OK", b"Transfer-Encoding: chunked"), b"1\r\nx\r\n")
    settings = settings_in(tmp_path, proxy_idle_seconds=0.1, proxy_total_seconds=0.2)
    async with gateway(settings) as world, wired(drip) as wire:
        account = await world.erpnext(wire.url)
        async with line_to(world) as line:
            await line.say(asked(world, account, "GET", "/x"))
            assert (await line.head()).startswith(b"HTTP/1.1 200")

            assert not (await line.rest()).endswith(b"0\r\n\r\n")

        assert (200, "provider_timeout") in await noted(world)


async def test_answers_that_drip_count_as_failures(light: World, wire: Wire, account: str) -> None:
    light.hurry(0.05)
    wire.script = _dripping(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(FAILURES_MAX):
        await light.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account})
    asked_before = len(wire.seen)

    got = await light.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account})

    assert (got.status_code, got.json()["code"]) == (502, "provider_unavailable")
    assert len(wire.seen) == asked_before


def _dripping(begun: bytes, drop: bytes = b"x") -> Script:
    """Send these bytes, and then a drop now and then for ever."""

    async def script(seen: Seen) -> None:
        await seen.write(begun)
        while not seen.writer.is_closing():
            await seen.write(drop)
            await asyncio.sleep(0.01)
        raise HangUp

    return script


async def _until_noted(world: World, status: int) -> None:
    """Until a call with the status is in the log, which is written twice a second."""
    async with asyncio.timeout(30):
        while status not in [each for each, _ in await noted(world)]:
            while not world.parts.calls.waiting:
                await a_turn()
