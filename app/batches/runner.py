"""Runs a batch: each call goes through the front door as if it had come alone, after those it depends on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from app.api import problems
from app.api.call import HeaderLines, Message, Receive, Scope, Send
from app.batches.calls import BatchAnswer, BatchCall, BatchRequest, dependencies
from app.batches.placeholders import filled_body, filled_path
from app.errors import DependencyFailed, PayloadTooLarge, Problem
from providers.kit.errors import BadAnswer

AT_ONCE_MAX = 8
ANSWER_SIZE_MAX = 4 * 1024 * 1024

Door = Callable[[Scope, Receive, Send], Awaitable[None]]
Tasks = Mapping[str, "asyncio.Task[BatchAnswer]"]

# These are the batch's own to say; an answer is only readable unencoded.
_NOT_TAKEN = frozenset(
    {"accept-encoding", "authorization", "connection", "content-length", "host", "transfer-encoding"}
)


class Runner:
    """Runs one batch for the caller who sent it."""

    def __init__(self, door: Door, authorization: bytes, request_id: str) -> None:
        self._door = door
        self._authorization = authorization
        self._request_id = request_id
        self._at_once = asyncio.Semaphore(AT_ONCE_MAX)

    async def run(self, batch: BatchRequest) -> Sequence[BatchAnswer]:
        """Every call's answer, in the batch's own order."""
        tasks: dict[str, asyncio.Task[BatchAnswer]] = {}
        async with asyncio.TaskGroup() as group:
            # No task begins before this loop is over, so each finds those it waits for.
            for call in batch.requests:
                account_id = call.integrated_account_id or batch.integrated_account_id
                tasks[call.id] = group.create_task(self._run(call, account_id, tasks))
        return [tasks[call.id].result() for call in batch.requests]

    async def _run(self, call: BatchCall, account_id: str | None, tasks: Tasks) -> BatchAnswer:
        earlier = {name: await tasks[name] for name in sorted(dependencies(call))}
        try:
            return await self._ask(call, account_id, earlier)
        except (Problem, BadAnswer) as error:
            rendered = problems.render(error, self._request_id)
            headers = dict(rendered.headers)
            return BatchAnswer(id=call.id, status=rendered.status, headers=headers, body=msgspec.Raw(rendered.body))

    async def _ask(
        self, call: BatchCall, account_id: str | None, earlier: Mapping[str, BatchAnswer]
    ) -> BatchAnswer:
        failed = [name for name, answer in earlier.items() if answer.status >= 400]
        if failed:
            raise DependencyFailed(f"these did not succeed: {', '.join(failed)}")
        answers = {name: answer.body for name, answer in earlier.items()}
        path = filled_path(call.path, answers)
        body = _body(call, filled_body(bytes(call.body), answers))
        heard = _Ear(body)
        async with self._at_once:
            await self._door(self._scope(call, path, body, account_id), heard.receive, heard.send)
        if heard.size > ANSWER_SIZE_MAX:
            raise PayloadTooLarge("the answer is too large for a batch: ask for it alone")
        if not heard.is_whole:
            raise BadAnswer("the provider's answer broke off")
        return BatchAnswer(id=call.id, status=heard.status, headers=heard.named(), body=heard.readable())

    def _scope(self, call: BatchCall, path: str, body: bytes, account_id: str | None) -> Scope:
        raw_path, _, query = path.partition("?")
        lines = [
            (name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in call.headers.items()
            if name.lower() not in _NOT_TAKEN
        ]
        lines.append((b"authorization", self._authorization))
        if account_id is not None and "integrated_account_id=" not in query:
            lines.append((b"x-integrated-account-id", account_id.encode("latin-1", "replace")))
        if body:
            lines.append((b"content-length", b"%d" % len(body)))
            if _content_type(call) is None:
                lines.append((b"content-type", b"application/json"))
        return {
            "type": "http",
            "http_version": "1.1",
            "method": call.method,
            "path": raw_path,
            "raw_path": raw_path.encode("ascii"),
            "query_string": query.encode("ascii"),
            "headers": lines,
        }


def _content_type(call: BatchCall) -> str | None:
    return next((value.lower() for name, value in call.headers.items() if name.lower() == "content-type"), None)


def _body(call: BatchCall, written: bytes) -> bytes:
    """The body as it is sent: JSON, or the text itself where another content type is named."""
    kind = _content_type(call)
    if written and kind is not None and "json" not in kind:
        found = msgspec.json.decode(written)
        if isinstance(found, str):
            return found.encode()
    return written


class _Ear:
    """Both ends of a call that has no connection of its own."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._pieces: list[bytes] = []
        self._headers: HeaderLines = []
        self.status = 500
        self.size = 0
        self.is_whole = False

    async def receive(self) -> Message:
        """The body, and then nothing: the caller stays until the end."""
        if self._body is None:
            await asyncio.Event().wait()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        """Keep what is answered; beyond the limit, stop whoever answers."""
        if message["type"] == "http.response.start":
            self.status, self._headers = message["status"], message["headers"]
            return
        piece: bytes = message.get("body", b"")
        self.size += len(piece)
        if self.size > ANSWER_SIZE_MAX:
            raise PayloadTooLarge("the answer is too large for a batch")
        self._pieces.append(piece)
        self.is_whole = not message.get("more_body", False)

    def named(self) -> dict[str, str]:
        """The headers by lower-case name, repeats joined."""
        found: dict[str, str] = {}
        for name, value in self._headers:
            key, text = name.decode("latin-1").lower(), value.decode("latin-1")
            found[key] = f"{found[key]}, {text}" if key in found else text
        return found

    def readable(self) -> Any:
        """JSON with its digits as they came, or text."""
        content = b"".join(self._pieces)
        if not content:
            return None
        try:
            msgspec.json.decode(content)
        except msgspec.DecodeError:
            return content.decode("utf-8", "replace")
        return msgspec.Raw(content)
