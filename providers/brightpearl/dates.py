"""Brightpearl's instants and calendar dates, which it writes alike: ISO 8601 with the account's offset."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

_MIDNIGHT = time(0)


def instant(written: str | None) -> datetime | None:
    """The moment, in UTC. Text without an offset is not an instant and is refused."""
    if not written:
        return None
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError("an instant without an offset")
    return moment.astimezone(UTC)


def calendar_date(written: str | None) -> date | None:
    """The day that was meant.

    Some dates come as midnight in UTC, some as midnight of the account, in one and the same order (seen on
    a recorded order of a −06:00 account). Midnight in UTC names its UTC day, anything else its local day.
    """
    if not written:
        return None
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        return moment.date()
    universal = moment.astimezone(UTC)
    return universal.date() if universal.time() == _MIDNIGHT else moment.date()
