"""What a document's amounts come to: what is to be paid, in its own currency and in the party account's.

`unread` are the fields that this user may not read. What rests on one of them is not told at all.
"""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.wire_trade import Trade

NONE: frozenset[str] = frozenset()
TOTALS = frozenset(
    {
        "currency",
        "party_account_currency",
        "grand_total",
        "rounded_total",
        "base_grand_total",
        "base_rounded_total",
        "disable_rounded_total",
    }
)


def payable(head: Trade, unread: frozenset[str] = NONE) -> Decimal | None:
    """What is to be paid: the rounded total where the site rounds (0 where it does not), else the grand total."""
    if head.disable_rounded_total:
        return head.grand_total
    if "rounded_total" in unread:
        return None
    return head.rounded_total or head.grand_total


def base_payable(head: Trade, unread: frozenset[str] = NONE) -> Decimal | None:
    """What is to be paid in the company's currency, which is what the ledger books: rounded by itself."""
    if head.disable_rounded_total:
        return head.base_grand_total
    if "base_rounded_total" in unread:
        return None
    return head.base_rounded_total or head.base_grand_total


def party_total(head: Trade, unread: frozenset[str] = NONE) -> Decimal | None:
    """What is to be paid in the currency that `outstanding_amount` is in: the party account's."""
    if not unread.isdisjoint({"currency", "party_account_currency"}):
        return None
    if head.currency == head.party_account_currency:
        return payable(head, unread)
    if head.currency is None or head.party_account_currency is None:
        return None
    if head.disable_rounded_total:
        return head.base_grand_total
    return None if head.base_rounded_total is None else head.base_rounded_total or head.base_grand_total
