"""The trial balance of journals: what their lines come to, whatever they were booked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Balance:
    """Debits and credits of one nominal code in one currency: in the books' own and in that currency."""

    base_debit: Decimal = NOTHING
    base_credit: Decimal = NOTHING
    debit: Decimal = NOTHING
    credit: Decimal = NOTHING

    @property
    def base(self) -> Decimal:
        """What is left in the books' currency; credits are negative."""
        return self.base_debit - self.base_credit

    @property
    def own(self) -> Decimal:
        """What is left in the currency itself; credits are negative."""
        return self.debit - self.credit

    def __add__(self, other: Balance) -> Balance:
        return Balance(
            self.base_debit + other.base_debit,
            self.base_credit + other.base_credit,
            self.debit + other.debit,
            self.credit + other.credit,
        )


def balances(
    journals: Iterable[Mapping[str, Any]], currencies: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str], Balance]:
    """By nominal code and currency, from the lines alone. A journal that names no currency is in the base."""
    codes = {row["id"]: row["code"] for row in currencies}
    base = next((row["code"] for row in currencies if row["isDefault"]), "")
    found: dict[tuple[str, str], Balance] = {}
    for journal in journals:
        code = codes.get(journal.get("currencyId"), base)
        for side in ("debits", "credits"):
            for line in journal[side]:
                key = (line["nominalCode"], code)
                found[key] = found.get(key, Balance()) + _of(line, is_debit=side == "debits")
    return found


def _of(line: Mapping[str, Any], *, is_debit: bool) -> Balance:
    base = Decimal(line["change"]["value"])
    own = Decimal(line.get("transactionAmount", base))
    return Balance(base, NOTHING, own, NOTHING) if is_debit else Balance(NOTHING, base, NOTHING, own)
