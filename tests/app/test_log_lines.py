"""Lines of the log: one a call, whole, of known fields; a reader that stands still stops nobody."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from select import PIPE_BUF
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import log_lines
from app.api.hot import CALLER_GONE_STATUS
from app.log_lines import LogLines
from app.logs import get_logger
from tests.app.told import Told, told_in
from tests.app.wire import Seen, Wire
from tests.world import World, gateway, settings_in

FIELDS = [
    "event",
    "time",
    "level",
    "request_id",
    "environment_id",
    "account_id",
    "integration",
    "method",
    "path",
    "status",
    "code",
    "duration_ms",
    "provider_calls",
    "provider_ms",
    "added_ms",
    "waited_ms",
]


@pytest.fixture
async def light(tmp_path: Path) -> AsyncIterator[World]:
    """A gateway that tells what a new one tells."""
    async with gateway(settings_in(tmp_path, log_level="INFO")) as world:
        yield world


@pytest.fixture
def told(light: World, tmp_path: Path) -> Iterator[Told]:
    with told_in(tmp_path / "lines") as told:
        yield told


async def test_a_call_is_one_line_of_known_fields(light: World, told: Told, wire: Wire, account: str) -> None:
    answer = await light.http.get(
        "/proxy/private-path?private=query",
        headers={"X-Integrated-Account-Id": account, "X-Private": "private-header"},
    )

    (line,) = (entry for entry in told.entries("call") if entry["account_id"])
    assert list(line) == FIELDS
    assert line["request_id"] == answer.headers["x-request-id"]
    assert (line["environment_id"], line["account_id"]) == (light.environment_id, account)
    assert (line["integration"], line["method"], line["path"]) == ("erpnext", "GET", "/proxy/{path}")
    assert (line["status"], line["code"], line["provider_calls"], line["level"]) == (200, None, 1, "info")
    assert 0 <= line["added_ms"] <= line["duration_ms"]
    assert "private" not in told.text()


async def test_a_refusal_and_a_caller_that_left_are_lines_too(
    light: World, told: Told, wire: Wire, account: str
) -> None:
    async def never(seen: Seen) -> None:
        await seen.until_gone()

    wire.script = never
    await light.http.get("/proxy/x", headers={"Authorization": "Bearer lw_unknown"})
    call = asyncio.create_task(light.http.get("/proxy/x", headers={"X-Integrated-Account-Id": account}))
    await wire.until(lambda: bool(wire.seen))
    call.cancel()
    await wire.until(lambda: wire.closed == 1)
    await light.parts.calls.write()

    ends = [(line["status"], line["code"], line["account_id"]) for line in told.entries("call")]
    assert (401, "unauthenticated", None) in ends
    assert (CALLER_GONE_STATUS, None, account) in ends


async def test_the_control_plane_is_told_by_its_routes_and_never_by_what_was_in_a_path(
    light: World, told: Told
) -> None:
    for method, path in (
        ("GET", "/integrated-account/private-1/capabilities"),
        ("DELETE", "/api-token/private-2"),
        ("GET", "/link/private-3"),
        ("GET", "/private-4"),
    ):
        await light.http.request(method, path)

    lines = [(line["path"], line["status"], line["code"], line["environment_id"]) for line in told.entries("call")]
    assert lines == [
        ("/integrated-account/{account_id}/capabilities", 404, "not_found", light.environment_id),
        ("/api-token/{token_id}", 404, "not_found", light.environment_id),
        ("/link/{token}", 404, None, None),
        ("{path}", 404, "not_found", None),
    ]
    assert "private" not in told.text()


async def test_what_machines_ask_all_the_time_is_not_told(light: World, told: Told) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        await light.http.get(path)

    assert told.entries() == []


@pytest.mark.parametrize(
    "more", [{"call_log_lines": False, "log_level": "INFO"}, {"log_level": "WARNING"}], ids=str
)
async def test_lines_of_calls_can_be_left_out_and_the_call_log_stays(tmp_path: Path, more: dict[str, Any]) -> None:
    async with gateway(settings_in(tmp_path, **more)) as world:
        with told_in(tmp_path / "lines") as told:
            await world.http.get("/proxy/x")
            await world.parts.calls.write()

            assert len((await world.http.get("/log")).json()["result"]) == 1
            assert told.entries() == []


def _refuse() -> None:
    raise ConnectionRefusedError(111, "private-reason")


def test_a_library_that_speaks_is_told_of_without_its_words(told: Told) -> None:
    library = logging.getLogger("aiohttp.client")
    try:
        _refuse()
    except ConnectionRefusedError as error:
        library.warning("private %s", "argument", exc_info=True)
        library.error(error)
    library.info("private chatter")

    first, second = told.entries("a library speaks")
    assert (first["library"], first["level"], first["reason"]) == ("aiohttp.client", "warning", "ECONNREFUSED")
    assert first["trace"][0] == "ConnectionRefusedError"
    assert first["place"].startswith("test_log_lines.py:")
    assert (second["level"], second["reason"]) == ("error", "ECONNREFUSED")
    assert "private" not in told.text()


def test_an_exception_is_told_by_its_class_and_places_alone(told: Told) -> None:
    try:
        int("private-words")
    except ValueError:
        get_logger().exception("it broke", work="test")

    (entry,) = told.entries()
    assert list(entry) == ["event", "level", "time", "work", "trace"]
    assert entry["trace"][0] == "ValueError"
    assert "private" not in told.text()


@pytest.fixture
def pipe() -> Iterator[tuple[LogLines, int]]:
    """Lines in front of a pipe that nobody reads yet."""
    reading, writing = os.pipe()
    buffer = LogLines(lambda count: json.dumps({"dropped": count}).encode())
    with os.fdopen(writing, "w", encoding="utf-8") as file:
        buffer.direct(file)
        yield buffer, reading
    os.close(reading)


def _read(descriptor: int, until: bytes) -> list[Any]:
    found = b""
    while until not in found or not found.endswith(b"\n"):
        found += os.read(descriptor, 1 << 20)
    return [json.loads(line) for line in found.splitlines()]


def test_a_reader_that_stands_still_stops_nobody_and_is_told_what_it_missed(
    pipe: tuple[LogLines, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_lines, "LINES_MAX", 100)
    monkeypatch.setattr(log_lines, "GATHER_SECONDS", 0.0)
    buffer, reading = pipe
    number = 0
    while buffer.dropped < 10:  # The pipe is full, its writer stands still, and so does the buffer.
        buffer.put(json.dumps({"number": number, "more": "x" * 1_000}).encode())
        number += 1

    missed = buffer.dropped
    read = _read(reading, b'"dropped"')

    assert [line for line in read if "dropped" in line] == [{"dropped": missed}]
    assert len([line for line in read if "number" in line]) == number - missed
    assert threading.active_count() >= 2


def test_lines_for_nobody_are_counted_and_break_nothing(pipe: tuple[LogLines, int]) -> None:
    buffer, _ = pipe
    file = buffer._file
    assert file is not None
    file.close()

    buffer.put(b"{}")
    buffer.flush()

    assert buffer.dropped == 1


@given(st.lists(st.integers(0, PIPE_BUF + 10), max_size=40))
def test_lines_go_out_whole_and_together_as_much_as_a_pipe_takes_at_once(sizes: list[int]) -> None:
    lines = [b"x" * size for size in sizes]

    pieces = list(log_lines._pieces(lines))

    assert b"".join(pieces) == b"".join(line + b"\n" for line in lines)
    assert all(len(piece) <= PIPE_BUF or piece.count(b"\n") == 1 for piece in pieces)
    assert all(piece.endswith(b"\n") for piece in pieces if piece)
