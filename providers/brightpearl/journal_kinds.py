"""The types of journal that Brightpearl's help names: the side of the books each is on, and what its orders are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from unified_models.journal_entry import JournalType
from unified_models.parts import ContactType


@dataclass(frozen=True, slots=True)
class JournalKind:
    """One type. `orders` is the resource its orders are in, where they can only be of one type."""

    type: JournalType
    contact: ContactType | None = None
    orders: str | None = None


_GENERAL = JournalKind("GENERAL")
KINDS: Mapping[str, JournalKind] = {
    "SI": JournalKind("ACCOUNTS_RECEIVABLE", "customer", "sales_orders"),
    "SC": JournalKind("ACCOUNTS_RECEIVABLE", "customer", "credit_notes"),
    # A receipt may be for an order or a credit; so may a payment.
    "SR": JournalKind("ACCOUNTS_RECEIVABLE", "customer"),
    "PI": JournalKind("ACCOUNTS_PAYABLE", "vendor", "purchase_orders"),
    "PC": JournalKind("ACCOUNTS_PAYABLE", "vendor", "vendor_credits"),
    "PP": JournalKind("ACCOUNTS_PAYABLE", "vendor"),
    # Bank payment, receipt, transfer; expenses; goods out, in, returned; stock, landed cost; opening; by hand.
    **dict.fromkeys(("BP", "BR", "BT", "EX", "GO", "PG", "SG", "IA", "LC", "OB", "JJ"), _GENERAL),
}
"""Others may come: their type is null, and told as it is."""


def codes_of(kind: str) -> list[str]:
    """The codes of one unified type."""
    return [code for code, found in KINDS.items() if found.type == kind]


_ORDERS: Mapping[str, str] = {
    "SO": "sales_orders",
    "PO": "purchase_orders",
    "SC": "credit_notes",
    "PC": "vendor_credits",
}


def order_resource(code: str | None) -> str | None:
    """The resource that orders of a type are in."""
    return _ORDERS.get(code or "")
