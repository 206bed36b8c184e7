"""The start page: how today went, and which accounts need somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.calls.totals_store import Totals
from app.connections.list_store import NEEDS_ATTENTION
from app.console.accounts import AccountRow
from app.console.calls import CallRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Today is the day in UTC."""

    template: ClassVar[str] = "overview.html"

    today: Totals
    hour: Totals
    accounts: Mapping[str, int]
    attention: Sequence[AccountRow]
    failures: Sequence[CallRow]
    now: datetime

    @property
    def account_count(self) -> int:
        """All accounts."""
        return sum(self.accounts.values())

    @property
    def attention_count(self) -> int:
        """Those that need somebody."""
        return sum(self.accounts.get(status, 0) for status in NEEDS_ATTENTION)
