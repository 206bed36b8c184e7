"""Speaks to a provider for one account: signs, sends, retries reads, and names what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urlencode

from providers.kit.clock import Clock
from providers.kit.errors import (
    BadAnswer,
    Fault,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    TimedOut,
    Unavailable,
)
from providers.kit.secrecy import without
from providers.kit.upstream import Answer, Headers, Request, Send

ATTEMPTS_MAX = 3
BODY_SIZE_MAX = 32 * 1024 * 1024
BACKOFF_SECONDS = 0.2

Params = Sequence[tuple[str, str]]
ReadError = Callable[[int, Callable[[str], "str | None"], bytes], Fault]
"""Reads an error answer: status, header look-up, body → what it means. One such function per provider."""

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
        request = self._request(method, path, params, body, headers)
        for attempt in range(1, ATTEMPTS_MAX):
            try:
                return await self._once(request)
            except ProviderError as error:
                if not error.retryable or isinstance(error, TimedOut):
                    raise
                await self._pause(error, attempt)
        return await self._once(request)

    async def write(
        self, method: str, path: str, body: bytes | None, params: Params = (), headers: Headers = ()
    ) -> bytes:
        """A call that may change books: sent once, never repeated."""
        try:
            return await self._once(self._request(method, path, params, body, headers))
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
            first_byte_seconds=min(left, 60.0),
            idle_seconds=min(left, 30.0),
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
            raise TimedOut(f"the call to {self._name} lasted too long") from error
        if not 200 <= answer.status < 300:
            raise self._error_from(answer, content)
        return content

    def _error_from(self, answer: Answer, content: bytes) -> ProviderError:
        try:
            fault = self._read_error(answer.status, answer.header, content)
        except RecursionError:
            fault = Fault(error=BadAnswer)  # Nested too deeply to be words.
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

    async def _pause(self, error: ProviderError, attempt: int) -> None:
        """Wait as told, or a little longer each time; raise the error itself when there is no time left."""
        wait_seconds = error.retry_after_seconds
        if wait_seconds is None:
            wait_seconds = BACKOFF_SECONDS * 2**attempt
        patience_seconds = 5.0 if isinstance(error, RateLimited) else 20.0
        left = self._deadline - self.clock.monotonic()
        if wait_seconds > min(left, patience_seconds):
            raise error
        await self.clock.sleep(wait_seconds)
