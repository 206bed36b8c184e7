"""What is asked again: little of it, apart from the others, and a write only where the provider takes a key."""

from __future__ import annotations

import pytest

from providers.kit.errors import OutcomeUnknown, Resting, TimedOut, Unavailable, Unreached
from providers.kit.retries import Retries
from tests.providers.kit.given import Sender


async def test_a_dying_provider_is_asked_again_for_a_fifth_of_the_calls() -> None:
    send, retries = Sender(Unavailable("x")), Retries()

    for _ in range(100):
        with pytest.raises(Unavailable):
            await send.client(retries=retries).get("x")

    again = len(send.requests) - 100
    assert 20 <= again <= 30, "a reserve of ten, and one for each five calls"


async def test_those_who_failed_together_come_back_apart() -> None:
    waits = set()
    for _ in range(20):
        send = Sender(Unavailable("x"))
        with pytest.raises(Unavailable):
            await send.client(retries=Retries()).get("x")
        waits.add(send.clock.waits[0])
        assert 0 <= send.clock.waits[0] <= 0.4

    assert len(waits) > 10


async def test_a_provider_that_is_left_alone_is_not_asked_again() -> None:
    send = Sender(Resting("x", retry_after_seconds=1.0))

    with pytest.raises(Resting):
        await send.client().get("x")

    assert len(send.requests) == 1


async def test_a_write_with_the_providers_idempotency_key_is_repeated_like_a_read() -> None:
    send = Sender(Unavailable("x"), TimedOut("x"))

    with pytest.raises(OutcomeUnknown):
        await send.client().write("POST", "x", b"{}", key_header=("Idempotency-Key", "k1"))

    assert len(send.requests) == 2, "what took all the time there was is not asked again"
    assert all(("Idempotency-Key", "k1") in request.headers for request in send.requests)


async def test_a_write_that_was_not_sent_is_known_not_to_have_landed() -> None:
    send = Sender(Unreached("x"))

    with pytest.raises(Unreached):
        await send.client().write("POST", "x", b"{}")

    assert len(send.requests) == 1
