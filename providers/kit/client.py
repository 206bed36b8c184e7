"""Speaks to a provider for one account: signs, sends, retries reads, and names what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from providers.kit.clock import Clock
from providers.kit.errors import (
    BadAnswer,
    Fault,
    OutcomeUnknown,
    ProviderError,
    TimedOut,
    Unavailable,
    Unreached,
    Unusable,
)
from providers.kit.nesting import is_too_deep
from providers.kit.retries import Retries
from providers.kit.secrecy import without
from providers.kit.upstream import Answer, Headers, Request, Send

# With what else is held for it while it is read, an answer stays within 32 MiB.
BODY_SIZE_MAX = 28 * 1024 * 1024
FIRST_BYTE_SECONDS = 60.0
IDLE_SECONDS = 30.0

Params = Sequence[tuple[str, str]]
ReadError = Callable[[int, Callable[[str], "str | None"], bytes], Fault]
"""Reads an error answer: status, header look-up, body → what it means. One such function per provider."""

Note = Callable[[type[ProviderError]], None]
"""Is told what an answer of 500 and above meant, and of a call that had no answer in its time."""

T = TypeVar("T")


class References(Protocol):
    """Reference records of one account (time zone, metadata, …), kept for a while between calls."""

    async def get(self, key: str, ttl_seconds: float, load: Callable[[], Awaitable[T]]) -> T:
        """The kept value, or what `load` gives, kept for `ttl_seconds`."""

    def forget(self, key: str) -> None:
        """Drop what is kept under the key."""


class Client:
    """One account's way to its provider.

    `settings` are the account's own (never secret). `secrets` tells what no error may repeat.
    """

    def __init__(
        self,
        *,
        provider_name: str,
        base_url: str,
        settings: Mapping[str, Any],
        send: Send,
        read_error: ReadError,
        clock: Clock,
        references: References,
        headers: Headers = (),
        secrets: Callable[[], Iterable[str]] = tuple,
        deadline_seconds: float = 60.0,
        retries: Retries | None = None,
        note: Note = lambda _: None,
    ) -> None:
        self.settings = settings
        self.references = references
        self.clock = clock
        self.base_url = base_url
        self._name = provider_name
        self._send = send
        self._read_error = read_error
        self._secrets = secrets
        self._own_headers = headers
        self._retries = retries or Retries()
        self._note = note
        self._headers = (("Accept", "application/json"), ("Accept-Encoding", "gzip, deflate"), *headers)
        self._deadline = clock.monotonic() + deadline_seconds

    def through(self, send: Send, references: References) -> Client:
        """The same account by another way out, for what is left of this call's time."""
        return Client(
            provider_name=self._name,
            base_url=self.base_url,
            settings=self.settings,
            send=send,
            read_error=self._read_error,
            clock=self.clock,
            references=references,
            headers=self._own_headers,
            secrets=self._secrets,
            deadline_seconds=self._deadline - self.clock.monotonic(),
            retries=self._retries,
            note=self._note,
        )

    async def get(self, path: str, params: Params = ()) -> bytes:
        """Read `path` below the API root; repeated on a passing failure, because reading twice is harmless.

        `path` is percent-encoded by the caller (ids with `quote(id, safe="")`); `params` are encoded here.
        """
        return await self.read("GET", path, params)

    async def read(
        self,
        method: str,
        path: str,
        params: Params = (),
        body: bytes | None = None,
        headers: Headers = (),
    ) -> bytes:
        """A call that changes nothing, whatever its method (a search by POST): retried like a GET."""
        return await self._repeated(self._request(method, path, params, body, headers))

    async def write(
        self,
        method: str,
        path: str,
        body: bytes | None,
        params: Params = (),
        headers: Headers = (),
        *,
        key_header: tuple[str, str] | None = None,
    ) -> bytes:
        """A call that may change books: sent once, never repeated.

        `key_header` is the provider's own idempotency header, where it has one: the provider then sees to it that
        the call is carried out once, and it is repeated like a read.
        """
        keyed = (*headers, key_header) if key_header else headers
        request = self._request(method, path, params, body, keyed)
        try:
            return await (self._repeated(request) if key_header else self._once(request))
        except Unreached:
            raise  # Nothing was sent.
        except (Unavailable, TimedOut, BadAnswer) as error:
            raise OutcomeUnknown(f"{self._name} may have saved it: look before repeating") from error

    def _request(self, method: str, path: str, params: Params, body: bytes | None, headers: Headers) -> Request:
        query = f"?{urlencode(params, quote_via=quote)}" if params else ""
        more = (("Content-Type", "application/json"), *headers) if body is not None else tuple(headers)
        left = self._left()
        return Request(
            method=method,
            url=f"{self.base_url}{path}{query}",
            headers=(*self._headers, *more),
            body=body,
            first_byte_seconds=min(left, FIRST_BYTE_SECONDS),
            idle_seconds=min(left, IDLE_SECONDS),
        )

    async def _repeated(self, request: Request) -> bytes:
        self._retries.called()
        attempt = 1
        while True:
            try:
                return await self._once(request)
            except ProviderError as error:
                left = self._deadline - self.clock.monotonic()
                wait_seconds = self._retries.wait_seconds(error, attempt, left)
                if wait_seconds is None:
                    raise
            await self.clock.sleep(wait_seconds)
            attempt += 1
            # What it may wait for now, of quota too, is what is left, not what there was at first.
            left = self._left()
            request = msgspec.structs.replace(
                request,
                first_byte_seconds=min(left, FIRST_BYTE_SECONDS),
                idle_seconds=min(left, IDLE_SECONDS),
            )

    async def _once(self, request: Request) -> bytes:
        try:
            # An answer may come a byte at a time, each in time, and still be late.
            async with asyncio.timeout(self._left()):
                answer = await self._send(request)
                try:
                    content = await answer.read(BODY_SIZE_MAX)
                finally:
                    await answer.close()
        except TimeoutError as error:
            self._note(TimedOut)
            raise TimedOut(f"the call to {self._name} lasted too long") from error
        if not 200 <= answer.status < 300:
            raise self._error_from(answer, content)
        if is_too_deep(content):
            raise Unusable(f"{self._name}'s answer is nested too deeply")
        return content

    def _error_from(self, answer: Answer, content: bytes) -> ProviderError:
        if 300 <= answer.status < 400:
            return Unusable(
                f"{self._name} answered {answer.status}, which leads elsewhere and is not followed",
                provider_status=answer.status,
            )
        try:
            fault = self._read_error(answer.status, answer.header, content)
        except RecursionError:
            fault = Fault(error=BadAnswer)  # Nested too deeply to be words.
        if answer.status >= 500:
            self._note(fault.error)
        secrets = tuple(self._secrets())
        return fault.error(
            f"{self._name} answered {answer.status}",
            provider_status=answer.status,
            provider_code=without(secrets, fault.code),
            provider_message=without(secrets, fault.message),
            retry_after_seconds=fault.retry_after_seconds,
        )

    def _left(self) -> float:
        """How much of the call's time is left; raises when there is none."""
        left = self._deadline - self.clock.monotonic()
        if left <= 0:
            raise TimedOut(f"the call to {self._name} lasted too long")
        return left
