"""What an attempt at a delivery came to, and what follows: delivered, again later, or a dead letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

State = Literal["queued", "waiting", "delivered", "dead"]

# Between attempts; the last one repeats. Each is shortened or lengthened by chance, lest many come at once.
WAITS_SECONDS = (5, 30, 120, 600, 3_600, 3 * 3_600)
SPREAD = 0.2
GIVE_UP_AFTER = timedelta(days=3)
RETRY_AFTER_SECONDS_MAX = 3_600.0
# An endpoint that failed so often in a row is only probed: one delivery at a time, so far apart.
FAILURES_TO_PROBE = 3
PROBE_AFTER = timedelta(seconds=60)

GONE = 410
DISABLED_AS_GONE = "the receiver answered 410: gone"
NEVER_TAKEN = "the receiver took nothing for three days"

Jitter = Callable[[float, float], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One attempt. Without an error it was accepted; a final error is not tried again."""

    number: int
    account_id: str
    attempts: int
    queued_at: datetime
    status: int | None = None
    error: str | None = None
    is_final: bool = False
    retry_after_seconds: float | None = None


def changes_after(outcome: Outcome, now: datetime, jitter: Jitter) -> dict[str, Any]:
    """What the attempt changes of its delivery."""
    told = {
        "attempts": outcome.attempts + 1,
        "last_at": now,
        "last_status": outcome.status,
        "last_error": outcome.error,
        "next_at": None,
    }
    give_up_at = outcome.queued_at + GIVE_UP_AFTER
    if outcome.error is None:
        return {**told, "state": "delivered"}
    if outcome.is_final or now >= give_up_at:
        return {**told, "state": "dead"}
    # The last attempt is at the very end of the three days.
    return {**told, "state": "waiting", "next_at": min(now + _wait(outcome, jitter), give_up_at)}


def asked_to_wait(outcome: Outcome) -> timedelta:
    """How long the receiver asked to be left alone, within bounds."""
    return timedelta(seconds=min(outcome.retry_after_seconds or 0.0, RETRY_AFTER_SECONDS_MAX))


def _wait(outcome: Outcome, jitter: Jitter) -> timedelta:
    seconds = WAITS_SECONDS[min(outcome.attempts, len(WAITS_SECONDS) - 1)]
    spread = timedelta(seconds=seconds * jitter(1 - SPREAD, 1 + SPREAD))
    return max(spread, asked_to_wait(outcome))


def endpoint_after(
    failures: int, failing_since: datetime | None, outcomes: list[Outcome], now: datetime
) -> dict[str, Any]:
    """What the attempts change of their endpoint."""
    failed = [outcome for outcome in outcomes if outcome.error is not None]
    values: dict[str, Any] = {"failures": 0, "failing_since": None, "retry_at": None}
    if len(failed) == len(outcomes):
        failures += len(failed)
        values = {"failures": failures, "failing_since": failing_since or now, "retry_at": None}
        if failures >= FAILURES_TO_PROBE:
            values["retry_at"] = now + PROBE_AFTER
    asked = max((asked_to_wait(outcome) for outcome in failed), default=timedelta())
    if asked:
        values["retry_at"] = max(values["retry_at"] or now, now + asked)
    if any(outcome.status == GONE for outcome in failed):
        values |= {"is_enabled": False, "disabled_reason": DISABLED_AS_GONE}
    return values
