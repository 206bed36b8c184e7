"""ERPNext's sandbox as unified records should show it: ids, instants of change, calls a page may take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from providers.erpnext.sandbox.store import Store
from tests.truths import Changes

Row = Mapping[str, Any]
Utc = Callable[[str], datetime]

_KINDS: Mapping[str, Mapping[str, str]] = {
    "accounts": {"": "Account"},
    "attachments": {"": "File"},
    "company_info": {"": "Company"},
    "contact_groups": {"customer_group:": "Customer Group", "supplier_group:": "Supplier Group"},
    "credit_notes": {"": "Sales Invoice"},
    "currencies": {"": "Currency"},
    "exchange_rates": {"": "Currency Exchange"},
    "invoices": {"invoice:": "Sales Invoice", "bill:": "Purchase Invoice"},
    "items": {"": "Item"},
    "journal_entries": {"": "Journal Entry"},
    "payment_method": {"": "Mode of Payment"},
    "payments": {"": "Payment Entry"},
    "purchase_orders": {"": "Purchase Order"},
    "sales_orders": {"": "Sales Order"},
    "tax_rates": {
        "sales:": "Sales Taxes and Charges Template",
        "purchase:": "Purchase Taxes and Charges Template",
        "item:": "Item Tax Template",
    },
    "vendor_credits": {"": "Purchase Invoice"},
}
_CREDITS = frozenset({"credit_notes", "vendor_credits"})
_PARTIES = {"customer:": "Customer", "supplier:": "Supplier"}


def records(store: Store, fold: int = 0) -> Mapping[str, Changes]:
    """Every record of every resource. What a repeated hour's clock shows is of its first pass, or its second."""

    def utc(written: str) -> datetime:
        return datetime.fromisoformat(written).replace(tzinfo=store.zone, fold=fold).astimezone(UTC)

    return {
        **{
            resource: {
                f"{kind}{name}": utc(row["modified"])
                for kind, doctype in kinds.items()
                for name, row in store.documents[doctype].items()
                if resource not in _CREDITS or row["is_return"]
            }
            for resource, kinds in _KINDS.items()
        },
        "contacts": _contacts(store, utc),
        "tracking_categories": _tracking(store, utc),
        "transactions": _entries(store, utc),
    }


def _contacts(store: Store, utc: Utc) -> Changes:
    """A party changes with its Contacts and Addresses."""
    linked: dict[tuple[str, str], list[str]] = defaultdict(list)
    for doctype in ("Contact", "Address"):
        for row in store.documents[doctype].values():
            for link in row["links"]:
                linked[link["link_doctype"], link["link_name"]].append(row["modified"])
    return {
        f"{kind}{name}": max(utc(each) for each in (row["modified"], *linked[doctype, name]))
        for kind, doctype in _PARTIES.items()
        for name, row in store.documents[doctype].items()
    }


def _tracking(store: Store, utc: Utc) -> Changes:
    kinds = {"cost_center:": "Cost Center", "project:": "Project"}
    for row in store.documents["Accounting Dimension"].values():
        if row["disabled"]:
            continue
        kinds[f"dimension:{row['fieldname']}:"] = row["document_type"]
    return {
        f"{kind}{name}": utc(row["modified"])
        for kind, doctype in kinds.items()
        for name, row in store.documents[doctype].items()
    }


def _entries(store: Store, utc: Utc) -> Changes:
    """A row of the ledger is known by its voucher and the moment it was made, which is its own in the sandbox."""
    return {
        f"{row['voucher_no']}:{datetime.fromisoformat(row['creation']):%Y%m%dT%H%M%S%f}": utc(row["modified"])
        for row in store.documents["GL Entry"].values()
    }


CALLS: Mapping[str, Callable[[int], int]] = {
    "attachments": lambda _count: 1,
    "company_info": lambda count: 3 if count else 1,
    "contact_groups": lambda _count: 1,
    "contacts": lambda count: 10 if count else 1,
    "accounts": lambda _count: 1,
    "credit_notes": lambda count: 6 if count else 1,
    "currencies": lambda _count: 1,
    "exchange_rates": lambda _count: 1,
    "invoices": lambda count: 5 if count else 1,
    "items": lambda _count: 1,
    "journal_entries": lambda count: 2 if count else 1,
    "payment_method": lambda count: 2 if count else 1,
    "payments": lambda count: 3 if count else 1,
    "purchase_orders": lambda count: 6 if count else 1,
    "sales_orders": lambda count: 6 if count else 1,
    "tax_rates": lambda count: 2 if count else 1,
    "tracking_categories": lambda _count: 1,
    "transactions": lambda _count: 1,
    "vendor_credits": lambda count: 6 if count else 1,
}
"""The most calls that a page of so many records may take, once what is kept of the account is warm."""
