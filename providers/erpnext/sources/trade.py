"""What the sources of invoices, credits and orders share: instalments, payments, filters by party and status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from providers.erpnext.conditions import condition
from providers.erpnext.joins import names_of
from providers.erpnext.lists import read_list
from providers.erpnext.questions import Asked, Condition
from providers.erpnext.site import Site
from providers.erpnext.source import Conditions, Join, Joining, Source, Table
from providers.erpnext.wire import Document
from providers.erpnext.wire_invoices import PaymentReference
from providers.erpnext.wire_trade import PurchaseTaxRow, ScheduleRow, TaxRow, TradeLine
from providers.kit.client import Client
from providers.kit.pages import Filter, Query

SALES_TAXES = Table(field="taxes", ours="taxes", doctype="Sales Taxes and Charges", wire=TaxRow)
PURCHASE_TAXES = Table(field="taxes", ours="taxes", doctype="Purchase Taxes and Charges", wire=PurchaseTaxRow)
SCHEDULE = Table(field="payment_schedule", ours="payment_terms", doctype="Payment Schedule", wire=ScheduleRow)


def lines_table(doctype: str, wire: type[TradeLine]) -> Table:
    """A document's lines, with the customer's own fields."""
    return Table(field="items", ours="line_items", doctype=doctype, wire=wire, has_custom_fields=True)


async def _read_payments(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """What posted Payment Entries allocate to these documents: the payments' names."""
    del site
    asked = Asked(
        doctype="Payment Entry Reference",
        parent="Payment Entry",
        filters=[
            ["reference_doctype", "=", source.doctype],
            ["reference_name", "in", names_of(heads)],
            ["docstatus", "=", 1],
        ],
        order_by="parent asc, idx asc",
        limit=0,
    )
    read = await read_list(client, asked, PaymentReference, ())
    return Joining(rows=payments_by_document(read.records), refused=read.refused, cautions=read.cautions)


def payments_by_document(rows: Sequence[PaymentReference]) -> Mapping[str, list[str]]:
    """Each document's payments, in the order of their names; two allocations of one payment count once."""
    grouped: dict[str, dict[str, None]] = {}
    for row in rows:
        if row.reference_name and row.parent:
            grouped.setdefault(row.reference_name, {})[row.parent] = None
    return {name: list(parents) for name, parents in grouped.items()}


PAYMENTS = Join(field="payments", ours="payments", read=_read_payments)


def party_filter(party: str) -> Conditions:
    """A contact's id, or its bare name, as a filter on the field of that side."""

    def conditions(site: Site, _query: Query, item: Filter) -> list[Condition]:
        name = replace(item, value=str(item.value).removeprefix(f"{party}:"))
        return [condition(site, party, name)]

    return conditions


def asked_statuses(query: Query) -> frozenset[str] | None:
    """The statuses that the query asks for; None where it does not say."""
    one, several = query.filter("status"), query.filter("status", "in")
    if one is None and several is None:
        return None
    asked = frozenset(several) if isinstance(several, tuple) else frozenset({str(one)})
    return asked & {str(one)} if one is not None and several is not None else asked


def by_docstatus(asked: frozenset[str]) -> tuple[set[int], Condition]:
    """Which steps of a document's life the statuses are of, and what they are narrowed by."""
    found = {0 if status == "draft" else 2 if status in ("voided", "cancelled") else 1 for status in asked}
    return found, ["docstatus", "in", sorted(found)]
