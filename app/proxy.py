"""The raw way: one request to a provider as the caller wrote it, and its answer back, byte for byte."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from app.api.call import (
    ACCOUNT_HEADER,
    Call,
    HeaderLines,
    Message,
    Receive,
    Scope,
    Send,
    account_of,
    bearer,
    header,
    require_scope,
)
from app.api.caller import CallerGone, Upload, Watch, next_piece
from app.api.query import ACCOUNT
from app.connections.connection import Connection
from app.errors import InvalidRequest, Problem, UnsupportedOperation
from app.parts import Parts
from app.upstream.answer import UpstreamAnswer
from providers.kit.errors import BadAnswer, ProviderError, TimedOut
from providers.kit.upstream import Answer, Request

PREFIX = b"/proxy/"
KEPT_BODY_SIZE_MAX = 1024 * 1024
WHOLE_ANSWER_SIZE_MAX = 256 * 1024

_READS = frozenset({"GET", "HEAD", "OPTIONS"})
# TRACE is answered with the request itself, credentials and all; CONNECT is no request to a path.
_NOT_PASSED = frozenset({"TRACE", "CONNECT"})
_PASSED = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
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
_NONE: frozenset[bytes] = frozenset()
_NOT_SENT = _HOP_BY_HOP | {b"", b"host", b"cookie", b"authorization", b"expect", b"x-request-id", ACCOUNT_HEADER}
_NOT_RETURNED = _HOP_BY_HOP | {b"set-cookie", b"set-cookie2", b"x-request-id"}
_UNSENDABLE = re.compile(rb"[\x00-\x20\x7f#]")
_NO_TOKEN = re.compile(rb"[^!#$%&'*+.^_`|~0-9A-Za-z-]")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


class Proxy:
    """Passes calls below an account's API root, with its credentials put in."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def __call__(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        caller = await self._parts.tokens.check(bearer(scope))
        call.environment_id, call.caller_id, call.headers = caller.environment_id, caller.token_id, scope["headers"]
        if call.method in _NOT_PASSED:
            raise UnsupportedOperation(f"{call.method} is not passed on", allow=_PASSED)
        require_scope(caller.scopes, "proxy", *(() if call.method in _READS else ("write",)))
        query, named = _without_account(scope["query_string"])
        connection = await self._parts.connections.open(caller, account_of(scope, named))
        call.account_id = connection.account_id
        call.integration = connection.provider.slug
        connection.check_ready()
        body = await _body(scope, receive)
        idle_seconds = self._parts.settings.proxy_idle_seconds
        request = Request(
            method=call.method,
            url=_url(connection, scope["raw_path"], query),
            headers=_request_headers(scope, connection),
            body=body,
            first_byte_seconds=idle_seconds,
            idle_seconds=idle_seconds,
        )
        upload = body if isinstance(body, Upload) else None
        is_write = call.method not in _READS
        # An upload may go on for long, and the sender gives each of its pieces, and its answer, their time.
        seconds = idle_seconds if upload is None else self._parts.settings.proxy_total_seconds
        watch = Watch(receive, seconds, is_write=is_write, upload=upload)
        try:
            await self._pass(call, connection, request, send, watch)
        except (asyncio.CancelledError, ProviderError, Problem) as error:
            is_late = watch.is_late and isinstance(error, asyncio.CancelledError)
            if is_late:
                connection.note(TimedOut)
            if watch.is_gone or (upload is not None and upload.is_gone):
                code = TimedOut.code if is_late else getattr(error, "code", None)
                call.code = code if is_write and watch.is_gone else None
                raise CallerGone from None
            if is_late:
                raise TimedOut("the provider did not answer in time") from None
            raise
        finally:
            watch.stop()
        if watch.is_gone:
            # Nobody has heard how the write went: the log tells.
            call.code = f"provider_{call.status}"
            raise CallerGone

    async def _pass(self, call: Call, connection: Connection, request: Request, send: Send, watch: Watch) -> None:
        answer = await connection.send(request, call)
        try:
            call.status = answer.status
            if answer.status >= 502:
                connection.note_passed_on(answer)
            headers = _answer_headers(answer, connection)
            await self._pass_back(answer, call, headers, send, watch)
        finally:
            await answer.close()

    async def _pass_back(
        self, answer: UpstreamAnswer, call: Call, headers: HeaderLines, send: Send, watch: Watch
    ) -> None:
        length = answer.header("Content-Length")
        start = {"type": "http.response.start", "status": answer.status, "headers": headers}
        if call.method == "HEAD":
            await send(start)
            await send({"type": "http.response.body"})
        elif answer.status in (204, 304):
            # The server counts a Content-Length here against the body that there never is.
            start["headers"] = [line for line in headers if line[0].lower() != b"content-length"]
            await send(start)
            await send({"type": "http.response.body"})
        elif length is not None and int(length) <= WHOLE_ANSWER_SIZE_MAX:
            # Nothing has been sent yet: a body that breaks off can still become an honest error.
            body = await answer.as_sent()
            await send(start)
            await send({"type": "http.response.body", "body": body})
        else:
            watch.extend(self._parts.settings.proxy_total_seconds)
            watch.start()
            await self._stream_back(answer, call, start, send, watch)

    async def _stream_back(self, answer: Answer, call: Call, start: Message, send: Send, watch: Watch) -> None:
        now = asyncio.get_running_loop().time
        idle_seconds = self._parts.settings.proxy_idle_seconds
        try:
            async with asyncio.timeout(None) as patience:
                await send(start)
                async for chunk in answer.stream():
                    if watch.is_gone:
                        return
                    # Only the caller is on this clock; the provider has its own.
                    patience.reschedule(now() + idle_seconds)
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    patience.reschedule(None)
                await send({"type": "http.response.body"})
        except (BadAnswer, TimedOut) as error:
            # The head is out, so no error can be told: returning unfinished makes the server cut the
            # connection, and the caller sees a broken answer, as it is.
            call.code = error.code
        except asyncio.CancelledError:
            if not watch.is_late:
                raise
            call.code = TimedOut.code
        except TimeoutError:
            raise CallerGone from None


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
    # What follows a `;` is a parameter to some servers, which then climb all the same.
    if any(segment.partition(b";")[0] in (b".", b"..") for segment in decoded.split(b"/")):
        raise InvalidRequest("the path would leave the account's API root")
    raw = path + (b"?" + query if query else b"")
    if _UNSENDABLE.search(raw):
        raise InvalidRequest("the path or query holds a character that must be percent-encoded")
    try:
        return connection.base_url + raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidRequest("the path or query is not valid UTF-8") from None


def _request_headers(scope: Scope, connection: Connection) -> tuple[tuple[str, str], ...]:
    """The caller's headers less hop-by-hop ones, cookies, ours, and any that credentials are sent in."""
    lines: Iterable[tuple[bytes, bytes]] = scope["headers"]
    dropped = _NOT_SENT | _named_by_connection(lines) | connection.credential_header_names
    # To a server behind WSGI or CGI, `_` in a name is the same as `-`.
    kept = [line for line in lines if line[0].replace(b"_", b"-") not in dropped]
    if _NO_TOKEN.search(b"".join([name for name, _ in kept])) or _CONTROL.search(b"".join([v for _, v in kept])):
        raise InvalidRequest("a header holds a character that HTTP does not allow")
    try:
        # UTF-8 is how the sender writes them: whatever is read so goes out byte for byte.
        return tuple([(name.decode("ascii"), value.decode("utf-8")) for name, value in kept])
    except UnicodeDecodeError:
        raise InvalidRequest("a header is not valid UTF-8") from None


def _named_by_connection(lines: Iterable[tuple[bytes, bytes]]) -> frozenset[bytes]:
    values = [value for name, value in lines if len(name) == 10 and name.lower() == b"connection"]
    return frozenset(token.strip().lower() for value in values for token in value.split(b",")) if values else _NONE


async def _body(scope: Scope, receive: Receive) -> bytes | Upload | None:
    """None without a body; bytes up to 1 MiB, so that they can be sent again; a stream above that."""
    length, encoding = header(scope, b"content-length"), header(scope, b"transfer-encoding")
    if length is None and encoding is None:
        return None
    if encoding is not None and (length is not None or encoding.lower() != b"chunked"):
        raise InvalidRequest("how long the body is cannot be told: send Content-Length, or chunks and nothing else")
    if length is not None and not (length.isdigit() and len(length) < 19):
        raise InvalidRequest("Content-Length is not a number")
    if length is not None and int(length) > KEPT_BODY_SIZE_MAX:
        return Upload([], receive)
    pieces: list[bytes] = []
    size = 0
    while True:
        piece, more = await next_piece(receive)
        pieces.append(piece)
        size += len(piece)
        if size > KEPT_BODY_SIZE_MAX:
            return Upload(pieces, _ended if not more else receive)
        if not more:
            return b"".join(pieces)


async def _ended() -> Message:
    return {"type": "http.request"}


def _answer_headers(answer: Answer, connection: Connection) -> HeaderLines:
    """The provider's headers less hop-by-hop ones, cookies, ours, and any that credentials are sent in."""
    lines = answer.headers
    dropped = _NOT_RETURNED | _named_by_connection(lines) | connection.credential_header_names
    kept: HeaderLines = [line for line in lines if line[0].lower() not in dropped]
    if _CONTROL.search(b"".join([value for _, value in kept])):
        raise BadAnswer("the provider's headers hold a character that HTTP does not allow")
    return kept
