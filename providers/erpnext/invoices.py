"""Lists ERPNext's invoices: two DocTypes as one resource, each page joined with its child tables in bulk."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from providers.erpnext.decode import Read
from providers.erpnext.invoice_filters import kinds_of
from providers.erpnext.invoice_kinds import SCHEDULE
from providers.erpnext.invoice_rows import allowed, by_parent, parent_of, payments_by_document, read_payments
from providers.erpnext.invoice_walk import Page, Position, Row, decode_position, merge, read_pages
from providers.erpnext.lists import read_children
from providers.erpnext.rights import field_cautions
from providers.erpnext.site import Site
from providers.erpnext.wire import InvoiceRecord, ScheduleRow
from providers.kit.client import Client
from providers.kit.pages import Caution, Query
from providers.kit.resource import Rows

_TABLES = ("items", "taxes", "payment_schedule", "payments")
_OURS = {"items": "line_items", "payment_schedule": "payment_terms"}


async def list_invoices(client: Client, site: Site, query: Query) -> Rows[InvoiceRecord]:
    """One page. Sales invoices come before bills, unless an order is asked for: then both are merged."""
    before = decode_position(query.position) if query.position else Position()
    pages, before, cautions = await read_pages(client, site, query, before)
    chosen, after = merge(query, pages, before)
    wanted = {kind.name for kind in kinds_of(query)} - set(after.done)
    joined = [await _join(client, page, [row for row in chosen if row[0] is page]) for page in pages]
    records = {id(record.head): (record, raw) for rows in joined for record, raw in zip(*rows[:2], strict=True)}
    ordered = [records[id(head)] for _, head, _ in chosen if id(head) in records]
    cautions += [caution for page in pages for caution in page.read.cautions]
    cautions += [caution for rows in joined for caution in rows[2]]
    if site.zone is None:
        cautions.append(Caution(code="time_zone_unknown", field="updated_at"))
    return Rows(
        records=[record for record, _ in ordered],
        remote_data=[raw for _, raw in ordered] if query.remote_data else (),
        next=msgspec.json.encode(after).decode() if wanted else None,
        cautions=tuple(cautions),
    )


async def _join(
    client: Client, page: Page, rows: Sequence[Row]
) -> tuple[list[InvoiceRecord], list[Any], list[Caution]]:
    """The rows with their lines, taxes, instalments and payments: one call for each table."""
    names = [head.name for _, head, _ in rows]
    if not names:
        return [], [], []
    kind = page.kind
    line_custom = page.customs[1] if page.customs else ()
    read: Sequence[Read[Any] | None] = await asyncio.gather(
        allowed(read_children(client, kind.line_doctype, kind.doctype, names, kind.line, line_custom)),
        allowed(read_children(client, kind.tax_doctype, kind.doctype, names, kind.tax, ())),
        allowed(read_children(client, SCHEDULE, kind.doctype, names, ScheduleRow, ())),
        allowed(read_payments(client, kind, names)),
    )
    tables = dict(zip(_TABLES, read, strict=True))
    torn, cautions = _cautions(page, {head.name: raw for _, head, raw in rows}, tables)
    rows = [row for row in rows if row[1].name not in torn]
    records = {name: table.records if table else [] for name, table in tables.items()}
    lines, taxes, schedule = (by_parent(records[name]) for name in _TABLES[:3])
    paid = payments_by_document(records["payments"])
    unread = frozenset(
        (
            *page.read.refused,
            *(f"{name}.{each}" for name, table in tables.items() if table for each in table.refused),
        )
    )
    joined = [
        InvoiceRecord(
            kind=kind.name,
            head=head,
            lines=lines.get(head.name, []),
            taxes=taxes.get(head.name, []),
            schedule=schedule.get(head.name, []),
            payments=paid.get(head.name, []),
            unread=unread,
        )
        for _, head, _ in rows
    ]
    return joined, [raw for _, _, raw in rows], cautions


def _cautions(
    page: Page, raws: Mapping[str, Any], tables: Mapping[str, Read[Any] | None]
) -> tuple[Mapping[str, Caution], list[Caution]]:
    """The documents that lack a row, each with why, and all that is to be said of the tables."""
    torn, cautions = dict[str, Caution](), list[Caution]()
    for field, table in tables.items():
        if table is None:
            cautions.append(Caution(code="not_permitted", field=_OURS.get(field, field)))
            continue
        cautions += field_cautions(table.refused, field)
        for caution in table.cautions:
            parent = parent_of(caution)
            if parent is None or parent not in raws:
                cautions.append(caution)
                continue
            # Without one of its rows a document would be another than the one that a get refuses.
            where = {"id": f"{page.kind.name}:{parent}", "field": f"{field}.{caution.field}"}
            torn[parent] = replace(caution, **where, remote_data=raws[parent])
    return torn, [*cautions, *torn.values()]
