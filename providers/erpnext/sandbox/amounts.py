"""Money as the sandbox reckons with it: exact, and rounded where Frappe rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal(0)


def number(value: Any) -> Decimal:
    """An amount as sent, exact to the digits it is written with."""
    if type(value) is float:
        return Decimal(repr(value))
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return ZERO


def cents(amount: Decimal) -> Decimal:
    """Rounded as money is."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def total(rows: Sequence[Mapping[str, Any]], field: str) -> Decimal:
    """The sum of a field over rows."""
    return sum((number(row[field]) for row in rows), ZERO)
