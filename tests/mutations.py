"""Answers of a provider as they should never be: values of the wrong kind, fields that are gone, torn bytes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[str | int, ...]

VALUES: tuple[str, ...] = (
    "null",
    '""',
    '"0"',
    '"null"',
    "0",
    "-1",
    "-0.0",
    "1e-9",
    "1e400",
    "NaN",
    "-Infinity",
    "12345678901234567890.123456789",
    "true",
    "[]",
    "{}",
    "[[1]]",
    '{"id": {}}',
    '"2026-13-45"',
    '"2026-02-30T25:61:61.999+99:99"',
    '"0000-00-00 00:00:00"',
    '"9999-12-31 23:59:59.999999"',
    '"\\u0000\\ud83d\\ude80 \\u202e"',
    f'"{"x" * 70_000}"',
)
"""JSON texts that a field may hold: some are no JSON at all, as Python writes it."""
BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"ok"',
    b"<html>busy</html>",
    b"\xff\xfe\x00",
    b'{"data": {}',
)
_MARK = "\u0001mutated\u0001"


def mutated(body: bytes, number: int) -> bytes:
    """The body with one to three places changed, torn, or another body; the same for the same number."""
    draw = random.Random(number)  # noqa: S311 - repeatable
    kind = draw.random()
    if kind < 0.06:
        return draw.choice(BODIES)
    if kind < 0.12:
        return body[: draw.randrange(len(body) + 1)]
    try:
        found = json.loads(body)
    except ValueError:
        return draw.choice(BODIES)
    texts: list[str] = []
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        places = list(_places(found))
        if places:
            _change(found, draw.choice(places), draw, texts)
    written = json.dumps(found)
    for text in texts:
        written = written.replace(json.dumps(_MARK), text, 1)
    return written.encode()


def _places(found: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in the document, from the outside in."""
    items: Any = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from _places(value, (*path, key))


def _change(found: Any, path: Path, draw: random.Random, texts: list[str]) -> None:
    holder = found
    for key in path[:-1]:
        holder = holder[key]
    changes: tuple[Callable[[], None], ...] = (
        lambda: _put(holder, path[-1], draw.choice(VALUES), texts),
        lambda: _put(holder, path[-1], draw.choice(VALUES), texts),
        lambda: _put(holder, path[-1], draw.choice(VALUES), texts),
        lambda: holder.pop(path[-1]),
        lambda: _repeat(holder, path[-1]),
    )
    draw.choice(changes)()


def _put(holder: Any, key: str | int, text: str, texts: list[str]) -> None:
    holder[key] = _MARK
    texts.append(text)


def _repeat(holder: Any, key: str | int) -> None:
    """A row that comes twice, or a field under another name beside its own."""
    if isinstance(holder, list) and isinstance(key, int):
        holder.insert(key, holder[key])
    else:
        holder[f"{key}_again"] = holder[key]


def _is_shorter(old: bytes, new: bytes) -> bool:
    """Whether a list has fewer rows than it had."""
    try:
        return _has_lost(json.loads(old), json.loads(new))
    except ValueError:
        return False


def _has_lost(old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        return len(new) < len(old) or any(map(_has_lost, old, new))
    if isinstance(old, dict) and isinstance(new, dict):
        return any(_has_lost(value, new.get(key)) for key, value in old.items())
    return False


class Mutated:
    """An ASGI app whose answers to one path are changed, all in the same way."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.path: str | None = None
        self.number = 0
        self.is_shorter = False
        """Whether the last change took rows away: nobody can tell that they were there."""
        self.paths: list[str] = []
        """The paths that were asked since it was cleared."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.paths.append(scope["path"])
        if scope["path"] != self.path:
            await self._app(scope, receive, send)
            return
        start: dict[str, Any] = {}
        body = bytearray()

        async def changed(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            new = mutated(bytes(body), self.number)
            self.is_shorter = _is_shorter(bytes(body), new)
            lines = [line for line in start["headers"] if line[0].lower() != b"content-length"]
            await send({**start, "headers": [*lines, (b"content-length", b"%d" % len(new))]})
            await send({"type": "http.response.body", "body": new})

        await self._app(scope, receive, changed)
