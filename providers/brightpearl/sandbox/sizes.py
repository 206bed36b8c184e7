"""How large the seeded books are: small for tests, full for a year of a busy trade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from providers.brightpearl.sandbox.odd_names import FEW, ODD_NAMES, OddName

SizeName = Literal["small", "full"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What is made, and how much of it."""

    customers: int
    suppliers: int
    staff: int
    turned: int
    """Contacts of each kind whose flag was changed: they have orders of both sides."""
    orders: Mapping[str, int]
    odd_names: tuple[OddName, ...]
    deposits: int
    """Sales orders with money received before they were invoiced."""
    has_monthly_rates: bool
    has_stock_journals: bool


SMALL = Size(
    customers=170,
    suppliers=124,
    staff=6,
    turned=0,
    orders={"PO": 520, "SO": 420, "SC": 24, "PC": 18},
    odd_names=ODD_NAMES[:FEW],
    deposits=0,
    has_monthly_rates=False,
    has_stock_journals=False,
)
FULL = Size(
    customers=1_420,
    suppliers=720,
    staff=10,
    turned=20,
    orders={"PO": 2_020, "SO": 2_700, "SC": 240, "PC": 200},
    odd_names=ODD_NAMES,
    deposits=60,
    has_monthly_rates=True,
    has_stock_journals=True,
)
SIZES: Mapping[SizeName, Size] = {"small": SMALL, "full": FULL}
