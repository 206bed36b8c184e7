"""How many calls a day an account may make, as the SaaS team has set it; its days are UTC's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Calls to the provider a day. Above `soft` only interactive calls pass, above `hard` none."""

    soft: int | None = None
    hard: int | None = None

    def columns(self) -> dict[str, int | None]:
        """The budget as an account's row holds it."""
        return {"budget_soft": self.soft, "budget_hard": self.hard}


def day_end(now: datetime) -> datetime:
    """The instant at which the day ends that `now` is in."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def hour_of(now: datetime) -> datetime:
    """The instant at which the hour began that `now` is in."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
