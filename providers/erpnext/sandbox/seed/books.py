"""The books while they are being filled: the store, chance, and the moments at which things happen."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from providers.erpnext.sandbox.ledger import written
from providers.erpnext.sandbox.seed.sizes import DAYS, START, Size
from providers.erpnext.sandbox.sides import Side
from providers.erpnext.sandbox.store import Row, Store

HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Books:
    """What is known so far."""

    store: Store
    draw: random.Random
    size: Size
    repeated: datetime | None
    parties: dict[str, list[str]] = field(default_factory=dict)
    items: list[Row] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    open: dict[str, list[tuple[Side, Row, Decimal]]] = field(default_factory=dict)
    """By party, company and currency: invoices that are to be paid, and how much."""

    def moment(self, day: date) -> datetime:
        """A moment of that day. Batches share one, as documents written together do."""
        start = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
        if self.draw.random() < 0.15:
            return start + 12 * HOUR
        return start + timedelta(microseconds=self.draw.randrange(86_400_000_000))

    def day(self) -> date:
        """A day of the year of trade."""
        return START + timedelta(days=self.draw.randrange(DAYS))

    def later(self, moment: datetime, days: int) -> datetime:
        """A moment within some days; now and then in the hour that the site's clock shows twice."""
        if self.repeated is not None and self.repeated > moment and self.draw.random() < 0.02:
            return self.repeated + timedelta(microseconds=self.draw.randrange(3_600_000_000))
        return moment + timedelta(days=self.draw.randrange(days))

    def stamps(self, day: date, days: int = 1) -> dict[str, str]:
        """When a document was made on a day, and when it last changed."""
        made = self.moment(day)
        return {"creation": written(made), "modified": written(self.later(made, days) if days > 1 else made)}

    def project(self) -> str | None:
        """A project, seldom."""
        return self.draw.choice(self.projects) if self.projects and self.draw.random() < 0.1 else None


def repeated_hour(zone: ZoneInfo) -> datetime | None:
    """The start of the last hour of the year, or just after it, that this zone's clock shows twice, as shown."""
    for index in range(DAYS + 20, 0, -1):
        day = datetime(START.year, START.month, START.day, tzinfo=zone) + timedelta(days=index)
        if day.utcoffset() == (day + timedelta(days=1)).utcoffset():
            continue
        for hour in range(24):
            early = day.replace(hour=hour)
            late = early.replace(fold=1)
            if early.astimezone(UTC) < late.astimezone(UTC):
                return early.replace(tzinfo=None)
    return None
