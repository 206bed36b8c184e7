"""How long a provider asks us to wait, however badly it says so."""

from __future__ import annotations

import pytest

from providers.brightpearl.errors import read_error as brightpearl
from providers.erpnext.errors import read_error as erpnext
from providers.kit.waits import retry_after_seconds, whole_number

DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("said", "dated", "seconds"),
    [
        (None, None, None),
        ("0", None, 0),
        ("120", None, 120),
        ("1.5", None, None),
        ("-1", None, None),
        ("soon", None, None),
        ("", None, None),
        ("²", None, None),
        ("9" * 400, None, None),
        ("Wed, 21 Oct 2026 07:29:00 GMT", DATE, 60.0),
        ("Wed, 21 Oct 2026 07:27:00 GMT", DATE, 0.0),
        ("Wed, 21 Oct 2026 07:29:00 GMT", None, None),
        ("Wed, 21 Oct 2026 07:29:00 GMT", "today", None),
        ("Wed, 21 Oct 2026 07:29:00", DATE, None),
        ("Wed, 99 Oct 99999 07:29:00 GMT", DATE, None),
    ],
)
def test_a_wait_is_read_or_left_out(said: str | None, dated: str | None, seconds: float | None) -> None:
    headers = {"Retry-After": said, "Date": dated}

    assert retry_after_seconds(headers.get) == seconds
    for read_error in (erpnext, brightpearl):
        assert read_error(429, headers.get, b"").retry_after_seconds == seconds


@pytest.mark.parametrize(("period", "seconds"), [("1500", 1.5), ("9" * 400, None), ("²", None), ("soon", None)])
def test_brightpearls_throttle_period_is_read_or_left_out(period: str, seconds: float | None) -> None:
    headers = {"brightpearl-next-throttle-period": period}

    assert brightpearl(429, headers.get, b"").retry_after_seconds == seconds


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("007", 7), ("+7", None), (" 7", None), ("٧", None), (None, None)]
)
def test_only_plain_digits_are_a_number(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number
