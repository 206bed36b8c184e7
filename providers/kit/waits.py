"""Reads how long a provider asks us to wait; what cannot be read is no answer, never a failure."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime

DIGITS_MAX = 9


def whole_number(text: str | None) -> int | None:
    """A count of up to nine digits; None for anything else."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX):
        return None
    return int(text)


def retry_after_seconds(header: Callable[[str], str | None]) -> float | None:
    """`Retry-After` in seconds, or as a date against the answer's own `Date`."""
    text = header("Retry-After")
    seconds = whole_number(text)
    if text is None or seconds is not None:
        return seconds
    try:
        until = parsedate_to_datetime(text)
        said_at = parsedate_to_datetime(header("Date") or "")
        return max((until - said_at).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None
