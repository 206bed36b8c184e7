"""The kit's client: what it asks again and what it never does, how long, and what it says of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from app.connections.references import KeptReferences
from providers.kit.client import ATTEMPTS_MAX, Client
from providers.kit.errors import (
    BadAnswer,
    Conflict,
    Fault,
    Forbidden,
    ForbiddenAddress,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    Rejected,
    TimedOut,
    Unauthorised,
    Unavailable,
)
from providers.kit.upstream import RawHeaders, Request
from tests.providers.fake_send import FakeClock

PASSING = (Unavailable("x"), BadAnswer("x"), RateLimited("x"))
LASTING = (
    TimedOut("x"),
    Unauthorised("x"),
    Forbidden("x"),
    Rejected("x"),
    NotFound("x"),
    Conflict("x"),
    ForbiddenAddress("x"),
)
SECRET = "s3cr3t-of-the-account"


class Given:
    """An answer whose body comes at once, or fails, or never comes."""

    def __init__(self, status: int = 200, body: bytes | Exception | None = b"ok", **headers: str) -> None:
        self.status = status
        self._body = body
        self._headers = {name.lower().replace("_", "-"): value for name, value in headers.items()}
        self.is_closed = False

    @property
    def headers(self) -> RawHeaders:
        return ()

    def header(self, name: str) -> str | None:
        return self._headers.get(name.lower())

    async def stream(self) -> AsyncIterator[bytes]:
        yield b""

    async def read(self, size_max: int) -> bytes:
        if self._body is None:
            await asyncio.Event().wait()
        if isinstance(self._body, Exception):
            raise self._body
        assert isinstance(self._body, bytes)
        return self._body

    async def close(self) -> None:
        self.is_closed = True


class Sender:
    """Gives what it holds, in turn, and the last one for ever."""

    def __init__(self, *given: Given | Exception) -> None:
        self._given = list(given)
        self.requests: list[Request] = []
        self.clock = FakeClock()

    async def __call__(self, request: Request) -> Given:
        self.requests.append(request)
        given = self._given.pop(0) if len(self._given) > 1 else self._given[0]
        if isinstance(given, Exception):
            raise given
        return given

    def client(self, read_error: Any = None, **more: Any) -> Client:
        return Client(
            provider_name="Books",
            base_url="https://books.example.com/api/",
            settings={},
            send=self,
            read_error=read_error or (lambda status, header, body: Fault(error=Unavailable)),
            clock=self.clock,
            references=KeptReferences(self.clock),
            **more,
        )


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
async def test_a_read_is_asked_three_times_at_most(error: ProviderError) -> None:
    send = Sender(error)

    with pytest.raises(type(error)):
        await send.client().get("x")

    assert len(send.requests) == ATTEMPTS_MAX == 3
    assert send.clock.waits == [0.4, 0.8]


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
async def test_a_read_that_passes_at_last_is_answered(error: ProviderError) -> None:
    send = Sender(error, error, Given())

    assert await send.client().read("POST", "search", body=b"{}") == b"ok"


@pytest.mark.parametrize("error", LASTING, ids=lambda error: type(error).__name__)
async def test_a_read_is_not_asked_again_where_nothing_would_change(error: ProviderError) -> None:
    send = Sender(error)

    with pytest.raises(type(error)):
        await send.client().get("x")

    assert len(send.requests) == 1


@pytest.mark.parametrize("error", [*PASSING, *LASTING], ids=lambda error: type(error).__name__)
async def test_a_write_is_sent_once_whatever_comes(error: ProviderError) -> None:
    send = Sender(error)
    is_known = isinstance(error, RateLimited | Unauthorised | Forbidden | Rejected | NotFound | Conflict)
    is_known = is_known or isinstance(error, ForbiddenAddress)

    with pytest.raises(type(error) if is_known else OutcomeUnknown):
        await send.client().write("POST", "x", b"{}")

    assert len(send.requests) == 1


@pytest.mark.parametrize("body", [BadAnswer("torn"), TimedOut("late"), Unavailable("gone")])
async def test_a_write_whose_answer_was_lost_is_not_known(body: ProviderError) -> None:
    given = Given(201, body)
    send = Sender(given)

    with pytest.raises(OutcomeUnknown):
        await send.client().write("POST", "x", b"{}")

    assert len(send.requests) == 1
    assert given.is_closed


@pytest.mark.parametrize(
    ("wait", "error", "waits"),
    [
        (3.0, RateLimited, [3.0, 3.0]),
        (5.0, RateLimited, [5.0, 5.0]),
        (5.1, RateLimited, []),
        (15.0, Unavailable, [15.0, 15.0]),
        (21.0, Unavailable, []),
        (1e300, RateLimited, []),
    ],
)
async def test_a_client_waits_as_told_but_not_long(
    wait: float, error: type[ProviderError], waits: list[float]
) -> None:
    send = Sender(error("x", retry_after_seconds=wait))

    with pytest.raises(error) as caught:
        await send.client().get("x")

    assert send.clock.waits == waits
    assert caught.value.retry_after_seconds == wait


async def test_a_client_does_not_wait_past_its_time() -> None:
    send = Sender(Unavailable("x", retry_after_seconds=2.0))

    with pytest.raises(Unavailable):
        await send.client(deadline_seconds=3.0).get("x")

    assert send.clock.waits == [2.0]


async def test_a_call_whose_time_is_over_sends_nothing() -> None:
    send = Sender(Given())
    client = send.client(deadline_seconds=3.0)
    send.clock.seconds = 3.0

    for ask in (client.get("x"), client.write("POST", "x", None)):
        with pytest.raises((TimedOut, OutcomeUnknown)):
            await ask

    assert send.requests == []


async def test_a_body_that_never_ends_is_given_up_with_the_call() -> None:
    given = Given(200, None)
    send = Sender(given)

    with pytest.raises(TimedOut):
        await send.client(deadline_seconds=0.05).get("x")

    assert given.is_closed
    assert len(send.requests) == 1


@pytest.mark.parametrize(
    "said", [f"bad token {SECRET}!", f"bad token {SECRET[:12]}", "bad czNjcjN0LW9mLXRoZS1hY2NvdW50"]
)
async def test_a_providers_words_never_repeat_a_secret(said: str) -> None:
    def read_error(status: int, header: Callable[[str], str | None], body: bytes) -> Fault:
        return Fault(error=Rejected, code=said, message=said)

    send = Sender(Given(400))

    with pytest.raises(Rejected) as caught:
        await send.client(read_error, secrets=lambda: ("", "acme", SECRET)).get("x")

    for told in (caught.value.provider_message, caught.value.provider_code):
        assert told is not None
        assert told.startswith("bad ")
        assert SECRET[:8] not in told
        assert "czNjcjN0" not in told


async def test_params_are_encoded_and_the_path_is_left_alone() -> None:
    send = Sender(Given())

    await send.client().get("a%2Fb", [("q", "a b&c=d/€"), ("q", "")])

    assert send.requests[0].url == "https://books.example.com/api/a%2Fb?q=a%20b%26c%3Dd%2F%E2%82%AC&q="
