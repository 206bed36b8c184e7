"""Books made of given documents, such as recorded ones, in place of the seed's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from providers.brightpearl.sandbox.store import CUSTOMER, SUPPLIER, Store

Documents = Mapping[str, Sequence[Mapping[str, Any]]]


def keep(store: Store, documents: Documents) -> None:
    """Keep documents by kind; any other name is one of the account's lists, which it replaces."""
    by_id = {
        "orders": (store.orders, "order", "id"),
        "contacts": (store.contacts, "contact", "contactId"),
        "addresses": (store.addresses, "address", "addressId"),
        "customer_payments": (store.payments[CUSTOMER], "payment", "paymentId"),
        "products": (store.products, "product", "productId"),
        "webhooks": (store.webhooks, "webhook", "id"),
        "journals": (store.journals, "journal", "id"),
        "supplier_payments": (store.payments[SUPPLIER], "payment", "paymentId"),
    }
    for kind, rows in documents.items():
        if kind in by_id:
            _by_id(store, *by_id[kind], rows)
        elif kind == "members":
            store.members = {row["contactGroupId"]: set(row["contactMemberIds"]) for row in rows}
        elif kind == "currencies":
            store.currencies = [dict(row) for row in rows]
        else:
            store.lists[kind] = [dict(row) for row in rows]
    for order in store.orders.values():
        for number in order["orderRows"]:
            store.use_id("row", int(number))


def _by_id(
    store: Store, into: dict[int, dict[str, Any]], kind: str, key: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    for row in rows:
        into[row[key]] = dict(row)
        store.use_id(kind, row[key])
