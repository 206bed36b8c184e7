"""Brightpearl's sandbox as unified records should show it: ids, instants of change, calls a page may take."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from providers.brightpearl.sandbox.products import products
from providers.brightpearl.sandbox.store import Store
from tests.truths import Changes

_ORDERS = {"purchase_orders": "PO", "sales_orders": "SO", "credit_notes": "SC", "vendor_credits": "PC"}
_BANK = ("BP", "BR", "BT")
_INVOICES = ("SI", "PI")


def records(store: Store) -> Mapping[str, Changes]:
    """Every record of every resource."""
    lists = store.lists
    return {
        **{resource: _orders(store, code) for resource, code in _ORDERS.items()},
        "accounts": _unstamped(row["id"] for row in lists["nominal-code"]),
        "company_info": _unstamped(["acme"]),
        "contact_groups": _unstamped(row["id"] for row in lists["contact-group"]),
        "contacts": {
            str(number): None if number in store.unstamped else _last(row["createdOn"], row.get("updatedOn"))
            for number, row in store.contacts.items()
        },
        "currencies": _unstamped(row["id"] for row in store.currencies),
        "exchange_rates": _unstamped(
            f"{row['currencyId']}@{_utc(row['rateActiveFrom']).strftime('%Y-%m-%dT%H:%M:%SZ')}"
            for row in lists["exchange-rate"]
        ),
        "invoices": _invoices(store),
        "items": {
            str(number): _last(row["createdOn"], row.get("updatedOn")) for number, row in products(store).items()
        },
        "journal_entries": _journals(store, None),
        "payment_method": _unstamped(row["bankAccounts"][0]["paymentMethodId"] for row in lists["payment-method"]),
        "payments": {
            f"{side}:{number}": _utc(row["createdOn"])
            for side, payments in store.payments.items()
            for number, row in payments.items()
        },
        "tax_rates": _unstamped(row["id"] for row in lists["tax-code"]),
        "tracking_categories": _unstamped(
            f"{kind.replace('-', '_')}:{row['id']}"
            for kind in ("channel", "project", "lead-source")
            for row in lists[kind]
        ),
        "transactions": _journals(store, _BANK),
    }


def _unstamped(ids: Any) -> Changes:
    return {str(number): None for number in ids}


def _utc(written: str) -> datetime:
    return datetime.fromisoformat(written).astimezone(UTC)


def _last(made: str, changed: str | None) -> datetime:
    return _utc(changed or made)


def _orders(store: Store, code: str) -> Changes:
    return {
        str(number): _last(row["createdOn"], row.get("updatedOn"))
        for number, row in store.orders.items()
        if row["orderTypeCode"] == code
    }


def _journals(store: Store, codes: tuple[str, ...] | None) -> Changes:
    return {
        str(number): _utc(row["createdOn"])
        for number, row in store.journals.items()
        if codes is None or row["journalTypeCode"] in codes
    }


def _invoices(store: Store) -> Changes:
    """An invoice changes with its order, which its lines name."""
    found = {}
    for number, row in store.journals.items():
        if row["journalTypeCode"] in _INVOICES:
            named = {line.get("orderId") for side in ("debits", "credits") for line in row[side]} - {None}
            orders = [store.orders[each] for each in named if each in store.orders]
            stamps = [_utc(row["createdOn"]), *(_utc(o["updatedOn"]) for o in orders if o.get("updatedOn"))]
            found[str(number)] = max(stamps)
    return found


def _joined(sets: int) -> Callable[[int], int]:
    """One search, and so many id sets of two hundred."""
    return lambda count: 1 + sets * math.ceil(count / 200)


CALLS: Mapping[str, Callable[[int], int]] = {
    **dict.fromkeys(_ORDERS, _joined(2)),
    "accounts": lambda _count: 1,
    "company_info": lambda _count: 1,
    "contact_groups": lambda _count: 2,
    "contacts": _joined(2),
    "currencies": lambda _count: 1,
    "exchange_rates": lambda _count: 1,
    "invoices": _joined(3),
    "items": _joined(2),
    "journal_entries": _joined(1),
    "payment_method": lambda _count: 2,
    "payments": _joined(2),
    "tax_rates": lambda _count: 1,
    "tracking_categories": lambda _count: 3,
    "transactions": _joined(1),
}
"""The most calls that a page of so many records may take, once what is kept of the account is warm."""
