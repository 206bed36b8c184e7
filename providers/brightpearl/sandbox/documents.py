"""Books made of given documents, such as recorded ones, in place of the seed's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from providers.brightpearl.sandbox.store import CUSTOMER, SUPPLIER, Store

Documents = Mapping[str, Sequence[Mapping[str, Any]]]


def keep(store: Store, documents: Documents) -> None:
    """Keep documents by kind; any other name is one of the account's lists, which it replaces."""
    for kind, rows in documents.items():
        if kind == "orders":
            _by_id(store, store.orders, "order", "id", rows)
        elif kind == "contacts":
            _by_id(store, store.contacts, "contact", "contactId", rows)
        elif kind == "addresses":
            _by_id(store, store.addresses, "address", "addressId", rows)
        elif kind == "customer_payments":
            _by_id(store, store.payments[CUSTOMER], "payment", "paymentId", rows)
        elif kind == "supplier_payments":
            _by_id(store, store.payments[SUPPLIER], "payment", "paymentId", rows)
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
