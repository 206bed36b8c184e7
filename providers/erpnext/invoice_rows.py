"""Rows that belong to invoices: their child tables by parent, and the payments that were allocated to them."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from providers.erpnext.decode import Read
from providers.erpnext.invoice_kinds import Kind
from providers.erpnext.lists import read_list
from providers.erpnext.questions import Asked
from providers.erpnext.wire import PaymentReference
from providers.kit.client import Client
from providers.kit.errors import Forbidden
from providers.kit.pages import Caution
from providers.kit.resource import Wire

T = TypeVar("T", bound=Wire)

PAYMENTS = "Payment Entry Reference"


async def read_payments(client: Client, kind: Kind, names: Sequence[str]) -> Read[PaymentReference]:
    """What posted Payment Entries allocate to these documents."""
    asked = Asked(
        doctype=PAYMENTS,
        parent="Payment Entry",
        filters=[
            ["reference_doctype", "=", kind.doctype],
            ["reference_name", "in", list(names)],
            ["docstatus", "=", 1],
        ],
        order_by="parent asc, idx asc",
        limit=0,
    )
    return await read_list(client, asked, PaymentReference, ())


class _Parent(msgspec.Struct, frozen=True):
    parent: str | None = None


def parent_of(caution: Caution) -> str | None:
    """The document of a child row that cannot be read."""
    if not isinstance(caution.remote_data, msgspec.Raw):
        return None
    try:
        return msgspec.json.decode(caution.remote_data, type=_Parent).parent
    except msgspec.DecodeError:
        return None


async def allowed(reading: Awaitable[Read[T]]) -> Read[T] | None:
    """What was read; None where the user may not read the table."""
    try:
        return await reading
    except Forbidden:
        return None


def by_parent(rows: Sequence[Any]) -> Mapping[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.parent or "", []).append(row)
    return grouped


def payments_by_document(rows: Sequence[PaymentReference]) -> Mapping[str, list[str]]:
    """Each document's payments, in the order of their names; two allocations of one payment count once."""
    grouped: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.reference_name and row.parent:
            grouped.setdefault(row.reference_name, {})[row.parent] = None
    return {name: list(parents) for name, parents in grouped.items()}
