"""What was paid on orders before they were billed: the rows of Payment Entries and Journal Entries that say so.

An invoice that takes an order's advance over takes the row's reference too; the order stays named beside it
(measured on 15.90). `advance_paid` of the order is no substitute: it counts such an advance twice (measured).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from providers.erpnext.joins import names_of
from providers.erpnext.lists import read_list
from providers.erpnext.metadata import DOCTYPE_SECONDS
from providers.erpnext.questions import Asked, ask
from providers.erpnext.rights import refused_field
from providers.erpnext.site import Site
from providers.erpnext.source import Join, Joining, Source
from providers.erpnext.wire import Document
from providers.erpnext.wire_orders import Advance, OrderJournal, OrderPayment
from providers.kit.client import Client
from providers.kit.errors import Rejected

A = TypeVar("A", bound=Advance)


async def _read_payments(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """What posted Payment Entries allocate to these orders."""
    del site
    return await _advances(client, source, heads, "Payment Entry Reference", "Payment Entry", OrderPayment)


async def _read_journals(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """What posted Journal Entries book as paid on these orders."""
    del site
    return await _advances(client, source, heads, "Journal Entry Account", "Journal Entry", OrderJournal)


async def _advances(
    client: Client, source: Source, heads: Sequence[Document], doctype: str, parent: str, wire: type[A]
) -> Joining:
    names = names_of(heads)
    asked = Asked(
        doctype=doctype,
        parent=parent,
        filters=[["docstatus", "=", 1]],
        order_by="parent asc, idx asc",
        limit=0,
    )
    direct = [["reference_name", "in", names]]
    if await _tells_taken_over(client, doctype, parent):
        asked = replace(asked, or_filters=[*direct, ["advance_voucher_no", "in", names]])
    else:
        asked = replace(asked, filters=[*asked.filters, *direct])
    read = await read_list(client, asked, wire, ())
    return Joining(rows=by_order(source.doctype, names, read.records), refused=read.refused, cautions=read.cautions)


async def _tells_taken_over(client: Client, doctype: str, parent: str) -> bool:
    """Whether this version keeps the order of an advance that an invoice took over."""

    async def learn() -> bool:
        question = Asked(doctype=doctype, parent=parent, filters=(), order_by="name asc", limit=1)
        try:
            await ask(client, question, ["name", "advance_voucher_no"])
        except Rejected as error:
            if refused_field(error) is None:
                raise
            return False
        return True

    return await client.references.get(f"taken_over:{doctype}", DOCTYPE_SECONDS, learn)


def by_order(doctype: str, names: Sequence[str], rows: Sequence[A]) -> Mapping[str, list[A]]:
    """The rows by the order they are for. An invoice may have an order's name: the DocType tells them apart."""
    wanted = set(names)
    grouped: dict[str, list[A]] = {}
    for row in rows:
        name = row.reference_name if row.document_type == doctype else None
        if name is None and row.advance_voucher_type == doctype:
            name = row.advance_voucher_no
        if name in wanted:
            grouped.setdefault(name, []).append(row)
    return grouped


async def _read_reported(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """What the orders themselves say was paid: no call, but only where it is asked for."""
    del client, site, source
    return Joining(rows={head.name: [getattr(head, "advance_paid", None)] for head in heads})


ADVANCES = Join(field="payments", ours="payments", read=_read_payments)
JOURNALS = Join(field="journals", ours="amount_paid", read=_read_journals)
REPORTED = Join(field="reported", ours="remote_amount_paid", read=_read_reported, expand="remote_amount_paid")
