"""What callers say of their haste: RFC 9218's `Priority`, and RFC 7240's `Prefer: wait`."""

from __future__ import annotations

import pytest

from app.quota.asking import Wishes, read_wishes


@pytest.mark.parametrize(
    ("priority", "is_background"),
    [
        (b"u=7", True),
        (b"u=6, i", True),
        (b"i, u=7", True),
        (b"u=5", False),
        (b"u=0", False),
        (b"u=8", False),
        (b"u=70", False),
        (b"mu=7", False),
        (b"", False),
    ],
)
def test_an_urgency_of_six_or_seven_is_background_work(priority: bytes, *, is_background: bool) -> None:
    assert read_wishes([(b"priority", priority)]).is_background is is_background


@pytest.mark.parametrize(
    ("prefer", "wait_seconds"),
    [
        (b"wait=5", 5),
        (b"respond-async, wait=10", 10),
        (b"Wait = 7; x=1", 7),
        (b'wait="3"', 3),
        (b"wait=0", 0),
        (b"wait=600", 60),
        (b"wait=soon", 20),
        (b"wait=-1", 20),
        (b"await=5", 20),
        (b"wait=9999999999", 20),
    ],
)
def test_a_wait_is_as_long_as_was_said_and_no_longer_than_a_minute(prefer: bytes, wait_seconds: float) -> None:
    assert read_wishes([(b"prefer", prefer)]).wait_seconds == wait_seconds


def test_who_says_nothing_waits_as_everybody() -> None:
    assert read_wishes([(b"accept", b"*/*")]) == Wishes(is_background=False, wait_seconds=20)
