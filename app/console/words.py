"""How the console writes numbers, times and states."""

from __future__ import annotations

from datetime import UTC, datetime

NONE = "–"
_AGO = ((60, 1, "s"), (3_600, 60, "min"), (86_400, 3_600, "h"))

ACCOUNT_STATES = {
    "active": ("Active", "good"),
    "connecting": ("Connecting", "plain"),
    "needs_reauth": ("Needs its customer", "bad"),
    "validation_error": ("Validation failed", "bad"),
    "post_install_error": ("Set-up failed", "bad"),
}
"""Each status of an account: its words, and whether it is good news."""


def count(number: int) -> str:
    """12,345."""
    return f"{number:,}"


def share(part: int, whole: int) -> str:
    """A part in per cent; one that is not nothing is never told as nothing."""
    if whole == 0:
        return NONE
    percent = 100 * part / whole
    if part == 0 or percent >= 10:
        return f"{percent:.0f} %"
    return f"{max(percent, 0.1):.1f} %"


def span(milliseconds: float | None) -> str:
    """A short span of time with the digits that matter."""
    if milliseconds is None:
        return NONE
    if milliseconds < 9.95:
        return f"{milliseconds:.1f} ms"
    if milliseconds < 999.5:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    return f"{seconds:.2f} s" if seconds < 9.995 else f"{seconds:.1f} s"


def clock_time(moment: datetime) -> str:
    """Day and time of a call, to the millisecond."""
    return f"{moment.day} {moment:%b %H:%M:%S}.{moment.microsecond // 1000:03d}"


def moment(at: datetime) -> str:
    """Day and time in full."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def stamp(at: datetime) -> str:
    """For programs."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ago(at: datetime | None, now: datetime) -> str:
    """How long ago that was, roughly."""
    if at is None:
        return NONE
    seconds = max(0, int((now - at).total_seconds()))
    for below, unit_seconds, unit in _AGO:
        if seconds < below:
            return f"{seconds // unit_seconds} {unit} ago"
    return f"{seconds // 86_400} d ago"


def tone(status: int) -> str:
    """Whether a call's status is good news; a caller who left is no news."""
    if status < 400:
        return "good"
    if status == 499:
        return "plain"
    return "caution" if status < 500 else "bad"


def account_state(status: str) -> tuple[str, str]:
    """An account's status in words, and its tone."""
    return ACCOUNT_STATES.get(status, (status.replace("_", " "), "plain"))


def resource_name(segment: str) -> str:
    """A unified resource as a person reads it: `credit_notes` → Credit notes."""
    return segment.replace("_", " ").capitalize()
