"""The two DocTypes that are invoices: what each is joined with, and what they are filtered by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from providers.erpnext.conditions import condition, nothing
from providers.erpnext.joins import names_of
from providers.erpnext.lists import read_list
from providers.erpnext.mappers.invoice_status import RETURNED, STATUSES, status_of
from providers.erpnext.questions import Asked, Condition
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Conditions, Join, Joining, Source, Table
from providers.erpnext.wire import Document
from providers.erpnext.wire_invoices import (
    Invoice,
    PaymentReference,
    PurchaseInvoice,
    PurchaseInvoiceLine,
    PurchaseTaxRow,
    SalesInvoice,
    SalesInvoiceLine,
    ScheduleRow,
    TaxRow,
)
from providers.kit.client import Client
from providers.kit.pages import Filter, Query

SCHEDULE = Table(field="payment_schedule", ours="payment_terms", doctype="Payment Schedule", wire=ScheduleRow)


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


def is_on_side(query: Query, party: str) -> bool:
    """Whether the query's contact can be on that side: its id says, a bare name does not."""
    side, _, name = str(query.filter("contact") or "").partition(":")
    return not name or side not in ("customer", "supplier") or side == party


def asked_statuses(query: Query) -> frozenset[str] | None:
    """The statuses that the query asks for; None where it does not say."""
    one, several = query.filter("status"), query.filter("status", "in")
    if one is None and several is None:
        return None
    asked = frozenset(several) if isinstance(several, tuple) else frozenset({str(one)})
    return asked & {str(one)} if one is not None and several is not None else asked


def _by_status(_site: Site, query: Query, _item: Filter) -> list[Condition]:
    """What ERPNext can narrow by itself; the rest is told apart by `status_of`."""
    asked = asked_statuses(query) or frozenset()
    docstatus = {0 if status == "draft" else 2 if status == "voided" else 1 for status in asked}
    conditions: list[Condition] = [["docstatus", "in", sorted(docstatus)]]
    if docstatus == {1}:
        sources = {"authorised", "partially_paid"} if asked & {"authorised", "partially_paid"} else set()
        used = RETURNED if "paid" in asked else frozenset()
        theirs = [name for name, ours in STATUSES.items() if ours in asked | sources or name in used]
        conditions.append(["status", "in", theirs])
    return conditions


def _is_of_status(query: Query, head: Invoice, unread: frozenset[str]) -> bool:
    asked = asked_statuses(query)
    return asked is None or status_of(head, unread) in asked


def _filters(party: str, reference: str) -> Mapping[str, str | Conditions]:
    return {
        "type": nothing,
        "status": _by_status,
        "updated_at": "modified",
        "created_at": "creation",
        "issue_date": "posting_date",
        "due_date": "due_date",
        "number": "name",
        "reference": reference,
        "contact": party_filter(party),
        "currency": "currency",
        "company": "company",
        "is_credit_note": "is_return",
    }


def _is_reached(source: Source, query: Query) -> bool:
    party = "customer" if source.kind == "invoice" else "supplier"
    return query.filter("type") in (None, source.kind) and is_on_side(query, party)


_SORTS = {**STAMPS, "issue_date": "posting_date"}

SALES = Source(
    kind="invoice",
    doctype="Sales Invoice",
    wire=SalesInvoice,
    tables=(
        Table(
            field="items",
            ours="line_items",
            doctype="Sales Invoice Item",
            wire=SalesInvoiceLine,
            has_custom_fields=True,
        ),
        Table(field="taxes", ours="taxes", doctype="Sales Taxes and Charges", wire=TaxRow),
        SCHEDULE,
    ),
    joins=(PAYMENTS,),
    company="company",
    filters=_filters("customer", "po_no"),
    sorts=_SORTS,
    reaches=_is_reached,
    keeps=_is_of_status,
)
PURCHASES = Source(
    kind="bill",
    doctype="Purchase Invoice",
    wire=PurchaseInvoice,
    tables=(
        Table(
            field="items",
            ours="line_items",
            doctype="Purchase Invoice Item",
            wire=PurchaseInvoiceLine,
            has_custom_fields=True,
        ),
        Table(field="taxes", ours="taxes", doctype="Purchase Taxes and Charges", wire=PurchaseTaxRow),
        SCHEDULE,
    ),
    joins=(PAYMENTS,),
    company="company",
    filters=_filters("supplier", "bill_no"),
    sorts=_SORTS,
    reaches=_is_reached,
    keeps=_is_of_status,
)
