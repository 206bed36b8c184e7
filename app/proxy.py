"""The raw way: one request to a provider as the caller wrote it, and its answer back, byte for byte."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from functools import partial
from urllib.parse import unquote_to_bytes

from app.api.call import (
    ACCOUNT_HEADER,
    Call,
    HeaderLines,
    Receive,
    Scope,
    Send,
    account_of,
    bearer,
    header,
    require_scope,
    send_whole,
)
from app.api.query import ACCOUNT
from app.connections.connection import Connection
from app.errors import InvalidRequest
from app.parts import Parts
from providers.kit.errors import BadAnswer, TimedOut
from providers.kit.upstream import Answer, Request
from providers.kit.upstream import Send as SendOn

PREFIX = b"/proxy/"
KEPT_BODY_SIZE_MAX = 1024 * 1024
WHOLE_ANSWER_SIZE_MAX = 256 * 1024
WATCH_AFTER_SECONDS = 1.0
IDLE_SECONDS = 120.0

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_NOT_SENT = _HOP_BY_HOP | {b"host", b"cookie", b"authorization", b"expect", b"x-request-id", ACCOUNT_HEADER}
_NOT_RETURNED = _HOP_BY_HOP | {b"set-cookie", b"set-cookie2", b"x-request-id"}


class CallerGone(Exception):
    """The caller hung up; there is nobody to answer."""


class Proxy:
    """Passes calls below an account's API root, with its credentials put in."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def __call__(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        caller = await self._parts.tokens.check(bearer(scope))
        call.environment_id = caller.environment_id
        call.path_template = "/proxy/{path}"
        require_scope(caller.scopes, "proxy", *(() if call.method in _READS else ("write",)))
        query, named = _without_account(scope["query_string"])
        connection = await self._parts.connections.open(caller, account_of(scope, named))
        call.account_id = connection.account_id
        call.integration = connection.provider.slug
        request = Request(
            method=call.method,
            url=_url(connection, scope["raw_path"], query),
            headers=_request_headers(scope, connection),
            body=await _body(scope, receive),
            first_byte_seconds=IDLE_SECONDS,
            idle_seconds=IDLE_SECONDS,
        )
        answer = await _until_caller_leaves(partial(connection.send, meter=call), request, receive)
        try:
            call.status = answer.status
            await _pass_back(answer, call.method, receive, send)
        finally:
            await answer.close()


async def _until_caller_leaves(pass_on: SendOn, request: Request, receive: Receive) -> Answer:
    """The answer's head; given up when the caller hangs up first.

    The watch only begins when the provider is slow, so that quick calls do not pay for a task. A body
    that is still streaming watches by itself.
    """
    if request.body is not None and not isinstance(request.body, bytes):
        return await pass_on(request)
    task = asyncio.current_task()
    watcher: list[asyncio.Task[None]] = []
    gone = False

    async def watch() -> None:
        nonlocal gone
        await _caller_gone(receive)
        gone = True
        if task is not None:
            task.cancel()

    timer = asyncio.get_running_loop().call_later(
        WATCH_AFTER_SECONDS, lambda: watcher.append(asyncio.ensure_future(watch()))
    )
    try:
        return await pass_on(request)
    except asyncio.CancelledError:
        if gone:
            raise CallerGone from None
        raise
    finally:
        timer.cancel()
        for started in watcher:
            started.cancel()


async def _caller_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _without_account(query: bytes) -> tuple[bytes, list[str]]:
    """The query without our own key, every other byte as it was; and the accounts it named."""
    if ACCOUNT.encode() not in query and b"%" not in query:
        return query, []
    kept: list[bytes] = []
    named: list[str] = []
    for part in query.split(b"&"):
        name, _, value = part.partition(b"=")
        if unquote_to_bytes(name) == ACCOUNT.encode():
            named.append(unquote_to_bytes(value.replace(b"+", b" ")).decode("latin-1"))
        else:
            kept.append(part)
    return b"&".join(kept), named


def _url(connection: Connection, raw_path: bytes, query: bytes) -> str:
    """The provider's URL; refuses a path that would leave the account's API root."""
    path = raw_path[len(PREFIX) :]
    decoded = unquote_to_bytes(path).replace(b"\\", b"/")
    if any(segment in (b".", b"..") for segment in decoded.split(b"/")):
        raise InvalidRequest("the path would leave the account's API root")
    raw = path + (b"?" + query if query else b"")
    if b"#" in raw or any(byte <= 0x20 or byte == 0x7F for byte in raw):
        raise InvalidRequest("the path or query holds a character that must be percent-encoded")
    try:
        return connection.base_url + raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidRequest("the path or query is not valid UTF-8") from None


def _request_headers(scope: Scope, connection: Connection) -> tuple[tuple[str, str], ...]:
    """The caller's headers less hop-by-hop ones, cookies, ours, and any that credentials are sent in."""
    lines: Iterable[tuple[bytes, bytes]] = scope["headers"]
    dropped = _NOT_SENT | _named_by_connection(lines) | connection.credential_header_names
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in lines if name not in dropped)


def _named_by_connection(lines: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    return frozenset(
        token.strip().lower()
        for name, value in lines
        if name.lower() == b"connection"
        for token in value.split(b",")
    )


async def _body(scope: Scope, receive: Receive) -> bytes | AsyncIterator[bytes] | None:
    """None without a body; bytes up to 1 MiB, so that they can be sent again; a stream above that."""
    length = header(scope, b"content-length")
    if length is None and header(scope, b"transfer-encoding") is None:
        return None
    if length is not None and int(length) > KEPT_BODY_SIZE_MAX:
        return _stream([], receive)
    pieces: list[bytes] = []
    size = 0
    while True:
        piece, more = await _piece(receive)
        pieces.append(piece)
        size += len(piece)
        if not more:
            return b"".join(pieces)
        if size > KEPT_BODY_SIZE_MAX:
            return _stream(pieces, receive)


async def _stream(first: list[bytes], receive: Receive) -> AsyncIterator[bytes]:
    for piece in first:
        if piece:
            yield piece
    more = True
    while more:
        piece, more = await _piece(receive)
        if piece:
            yield piece


async def _piece(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise CallerGone
    return message.get("body", b""), message.get("more_body", False)


async def _pass_back(answer: Answer, method: str, receive: Receive, send: Send) -> None:
    lines = answer.headers
    dropped = _NOT_RETURNED | _named_by_connection(lines)
    headers: HeaderLines = [(name, value) for name, value in lines if name.lower() not in dropped]
    length = answer.header("Content-Length")
    is_short = length is not None and length.isdigit() and int(length) <= WHOLE_ANSWER_SIZE_MAX
    if method == "HEAD" or answer.status in (204, 304):
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
    elif is_short:
        # Nothing has been sent yet: a body that breaks off can still become an honest error.
        body = b"".join([chunk async for chunk in answer.stream()])
        await send_whole(
            send, answer.status, [line for line in headers if line[0].lower() != b"content-length"], body
        )
    else:
        await _stream_back(answer, headers, receive, send)


async def _stream_back(answer: Answer, headers: HeaderLines, receive: Receive, send: Send) -> None:
    """Stream with a watch on the caller: the server does not tell a writer that nobody reads."""
    watch = asyncio.ensure_future(_caller_gone(receive))
    try:
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        async for chunk in answer.stream():
            if watch.done():
                raise CallerGone
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except (BadAnswer, TimedOut):
        # The head is out, so no error can be told: returning unfinished makes the server cut the
        # connection, and the caller sees a broken answer, as it is.
        return
    finally:
        watch.cancel()
