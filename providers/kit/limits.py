"""What a provider allows, as data, and what one of its answers tells of it.

Xero, for one, would say:

    Limits(
        at_once_max=5,
        allowances=(
            Allowance(name="minute", limit=60, window_seconds=60, kind="rolling"),
            Allowance(name="day", limit=1_000, window_seconds=86_400, kind="rolling"),
            Allowance(name="app_minute", limit=10_000, window_seconds=60, kind="rolling", scope="app"),
        ),
        read_quota=read_quota,
    )
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

WindowKind = Literal["aligned", "rolling"]
"""`aligned`: windows follow each other, and every one begins afresh; `rolling`: any span of that length."""
AllowanceScope = Literal["account", "app"]
"""Whose calls are counted together: one account's, or those of all accounts that are reached by one app."""
Unit = Literal["calls", "server_seconds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """So many calls in such a window. Without a `limit` there is one only once an answer tells it."""

    name: str
    window_seconds: float
    kind: WindowKind
    limit: float = math.inf
    scope: AllowanceScope = "account"
    unit: Unit = "calls"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer says of one allowance; None where it says nothing.

    `ends_in_seconds` is when a window begins afresh, or a throttle ends, counted from the answer. It is never too
    short: what was told in whole seconds is rounded up.
    """

    name: str
    remaining: float | None = None
    limit: float | None = None
    ends_in_seconds: float | None = None
    is_throttled: bool = False


ReadQuota = Callable[[int, Callable[[str], "str | None"]], Sequence[Told]]
"""Reads what an answer tells: status and header look-up → at most one `Told` for each allowance."""


def tells_nothing(status: int, header: Callable[[str], str | None]) -> Sequence[Told]:
    """For a provider whose answers say nothing of its limits."""
    del status, header
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the provider allows one account, and how many of its calls may be under way at once."""

    allowances: tuple[Allowance, ...] = ()
    at_once_max: int = 16
    read_quota: ReadQuota = tells_nothing

    @property
    def are_declared(self) -> bool:
        """Whether an allowance is known before the provider tells one."""
        return any(allowance.limit < math.inf for allowance in self.allowances)
