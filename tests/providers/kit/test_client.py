"""The kit's client: what it asks again and what it never does, how long, and what it says of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

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
    Unusable,
)
from providers.kit.retries import ATTEMPTS_MAX
from tests.providers.kit.given import Given, Sender

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


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
async def test_a_read_is_asked_three_times_at_most(error: ProviderError) -> None:
    send = Sender(error)

    with pytest.raises(type(error)):
        await send.client().get("x")

    assert len(send.requests) == ATTEMPTS_MAX == 3
    assert send.clock.waits == [0.2, 0.4], "half of bounds that double"


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
        (3.0, RateLimited, [3.1, 3.1]),
        (5.0, RateLimited, [5.1, 5.1]),
        (5.1, RateLimited, []),
        (15.0, Unavailable, [15.1, 15.1]),
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

    assert send.clock.waits == [2.1]


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 307, 308])
async def test_a_redirect_is_named_and_not_followed(status: int) -> None:
    send = Sender(Given(status, Location="https://elsewhere.example.com/"))

    with pytest.raises(Unusable, match=f"answered {status}, which leads elsewhere"):
        await send.client().get("x")

    assert len(send.requests) == 1


@pytest.mark.parametrize(
    ("body", "is_told"),
    [
        (b"[" * 65 + b"]" * 65, True),
        (b'{"a":' * 65 + b"1" + b"}" * 65, True),
        (b"[" * 64 + b"]" * 64, False),
        (b'["' + b"[" * 100 + b'"]', False),
        (rb'["\"' + b"[" * 100 + rb'\\"]', False),
        (rb'["\\",' + b"[" * 64 + b"]" * 64 + b"]", True),
        (b"[" + b"[]," * 100 + b"0]", False),
    ],
)
async def test_an_answer_may_be_nested_64_deep(body: bytes, is_told: bool) -> None:
    send = Sender(Given(200, body))
    if not is_told:
        assert await send.client().get("x") == body
        return

    with pytest.raises(Unusable):
        await send.client().get("x")

    assert len(send.requests) == 1


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
