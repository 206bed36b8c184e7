"""Reads ERPNext's invoices: two DocTypes as one resource, each page joined with its child tables in bulk."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from providers.erpnext.decode import Read, read_document, read_one, with_custom
from providers.erpnext.invoice_filters import asked_statuses, conditions_of, kinds_of
from providers.erpnext.invoice_kinds import KINDS, Kind
from providers.erpnext.invoice_rows import allowed, by_parent, parent_of, payments_by_document, read_payments
from providers.erpnext.lists import (
    SORT_FIELDS,
    Asked,
    Key,
    custom_of,
    key_of,
    next_key,
    page_of,
    read_children,
    read_list,
    remote_query,
)
from providers.erpnext.mappers.invoice import status_of
from providers.erpnext.site import Site
from providers.erpnext.wire import Invoice, InvoiceRecord, ScheduleRow
from providers.kit.client import Client
from providers.kit.errors import Conflict, Forbidden, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.resource import Record, Rows, Wire

T = TypeVar("T", bound=Wire)


SCHEDULE = "Payment Schedule"


class _Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a walk stands in each kind: its last key, or that it is done. A kind not named is at its start."""

    keys: dict[str, tuple[str, str, int]] = {}
    done: list[str] = []


_decode_position = msgspec.json.Decoder(_Position).decode


async def list_invoices(client: Client, site: Site, query: Query) -> Rows[InvoiceRecord]:
    """One page. Sales invoices come before bills, unless an order is asked for: then both are merged."""
    position = _decode_position(query.position) if query.position else _Position()
    kinds = [kind for kind in kinds_of(query) if kind.name not in position.done]
    if query.sort is None:
        kinds = kinds[:1]
    pages = [await _heads(client, site, query, kind, position) for kind in kinds]
    chosen, after = _merge(query, pages, position)
    wanted = {kind.name for kind in kinds_of(query)} - set(after.done)
    joined = [await _join(client, page, [row for row in chosen if row[0] is page]) for page in pages]
    records = {id(record.head): (record, raw) for rows in joined for record, raw in zip(*rows[:2], strict=True)}
    ordered = [records[id(head)] for _, head, _ in chosen if id(head) in records]
    cautions = [caution for page in pages for caution in page.read.cautions]
    cautions += [caution for rows in joined for caution in rows[2]]
    if site.zone is None:
        cautions.append(Caution(code="time_zone_unknown", field="updated_at"))
    return Rows(
        records=[record for record, _ in ordered],
        remote_data=[raw for _, raw in ordered] if query.remote_data else (),
        next=msgspec.json.encode(after).decode() if wanted else None,
        cautions=tuple(cautions),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    kind: Kind
    read: Read[Invoice]
    next: Key | None
    customs: tuple[tuple[str, ...], ...] | None


_Row = tuple[_Page, Invoice, Any]


async def _heads(client: Client, site: Site, query: Query, kind: Kind, position: _Position) -> _Page:
    stands = position.keys.get(kind.name)
    after = Key(value=stands[0], name=stands[1], start=stands[2]) if stands else None
    asked: Asked = page_of(
        kind.doctype, query, conditions_of(client, site, query, kind), after, remote_query(query)
    )
    customs = await custom_of(client, kind.doctype, kind.line_doctype)
    read = await read_list(client, asked, kind.head, customs[0] if customs else ())
    cautions = [replace(each, id=each.id and f"{kind.name}:{each.id}") for each in read.cautions]
    if customs is None:
        cautions.append(Caution(code="custom_fields_unknown", field="custom_fields"))
    read = replace(read, cautions=tuple(cautions))
    return _Page(kind, read, next_key(read, asked, after), customs)


def _merge(query: Query, pages: Sequence[_Page], position: _Position) -> tuple[list[_Row], _Position]:
    """The page's rows in order, and where each kind stands after them."""
    runs = [
        [
            (page, head, page.read.raws[index] if page.read.raws else None)
            for index, head in enumerate(page.read.records)
        ]
        for page in pages
    ]
    keys, done = dict(position.keys), list(position.done)
    if len(pages) == 1:
        _stand(pages[0], pages[0].next, keys, done)
        return _kept(query, runs[0]), _Position(keys, done)
    field = SORT_FIELDS[query.sort.name] if query.sort else "modified"
    # Each kind stays in ERPNext's own order, whose texts may sort otherwise than ours: else a cut would skip some.
    merged = heapq.merge(
        *runs,
        key=lambda row: str(getattr(row[1], field)),
        reverse=query.sort is not None and query.sort.descending,
    )
    rows = list(itertools.islice(merged, query.limit))
    for page in pages:
        mine = [head for of, head, _ in rows if of is page]
        if len(mine) == len(page.read.records):
            _stand(page, page.next, keys, done)
        elif mine:
            start = position.keys[page.kind.name][2] if page.kind.name in position.keys else 0
            _stand(page, key_of(mine[-1], field, start + len(mine)), keys, done)
    return _kept(query, rows), _Position(keys, done)


def _stand(page: _Page, key: Key | None, keys: dict[str, tuple[str, str, int]], done: list[str]) -> None:
    if key is None:
        done.append(page.kind.name)
    else:
        keys[page.kind.name] = (key.value, key.name, key.start)


def _kept(query: Query, rows: list[_Row]) -> list[_Row]:
    """Rows whose status is the one asked for: what ERPNext cannot tell apart is told apart here."""
    asked = asked_statuses(query)
    return rows if asked is None else [row for row in rows if status_of(row[1]) in asked]


async def _join(
    client: Client, page: _Page, rows: Sequence[_Row]
) -> tuple[list[InvoiceRecord], list[Any], list[Caution]]:
    """The rows with their lines, taxes, instalments and payments: one call for each table."""
    names = [head.name for _, head, _ in rows]
    if not names:
        return [], [], []
    kind, cautions = page.kind, list[Caution]()
    line_custom = page.customs[1] if page.customs else ()
    tables = await asyncio.gather(
        allowed(read_children(client, kind.line_doctype, kind.doctype, names, kind.line, line_custom)),
        allowed(read_children(client, kind.tax_doctype, kind.doctype, names, kind.tax, ())),
        allowed(read_children(client, SCHEDULE, kind.doctype, names, ScheduleRow, ())),
        allowed(read_payments(client, kind, names)),
    )
    raws, torn = {head.name: raw for _, head, raw in rows}, dict[str, Caution]()
    for field, table in zip(("items", "taxes", "payment_schedule", "payments"), tables, strict=True):
        if table is None:
            cautions.append(Caution(code="not_permitted", field=_OURS.get(field, field)))
            continue
        for caution in table.cautions:
            parent = parent_of(caution)
            if parent not in raws:
                cautions.append(caution)
                continue
            # Without one of its rows a document would be another than the one that a get refuses.
            where = {"id": f"{kind.name}:{parent}", "field": f"{field}.{caution.field}"}
            torn[parent] = replace(caution, **where, remote_data=raws[parent])
    cautions += torn.values()
    rows = [row for row in rows if row[1].name not in torn]
    grouped = [by_parent(table.records if table else []) for table in tables[:3]]
    paid = payments_by_document(tables[3].records if tables[3] else [])
    records = [
        InvoiceRecord(
            kind=kind.name,
            head=head,
            lines=grouped[0].get(head.name, []),
            taxes=grouped[1].get(head.name, []),
            schedule=grouped[2].get(head.name, []),
            payments=paid.get(head.name, []),
        )
        for _, head, _ in rows
    ]
    return records, [raw for _, _, raw in rows], cautions


_OURS = {"items": "line_items", "payment_schedule": "payment_terms"}


class _Tables(msgspec.Struct, frozen=True):
    """The child tables inside a document."""

    items: list[msgspec.Raw] = []
    taxes: list[msgspec.Raw] = []
    payment_schedule: list[msgspec.Raw] = []


async def get_invoice(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[InvoiceRecord]:
    """One invoice by our id, or by its bare name where only one of the DocTypes has it."""
    del expand
    kind_name, _, name = record_id.partition(":")
    found: list[tuple[Kind, bytes]] = []
    if kind_name in KINDS and name:
        found.append((KINDS[kind_name], await _document(client, KINDS[kind_name], name)))
    else:
        for kind in KINDS.values():
            try:
                found.append((kind, await _document(client, kind, record_id)))
            except (NotFound, Forbidden):
                continue
    if not found:
        raise NotFound("there is no such invoice")
    if len(found) > 1:
        raise Conflict("an invoice and a bill have this name: say invoice:… or bill:…")
    return await _record(client, site, *found[0])


async def _document(client: Client, kind: Kind, name: str) -> bytes:
    return await client.get(f"api/resource/{quote(kind.doctype, safe='')}/{quote(name, safe='')}")


async def _record(client: Client, site: Site, kind: Kind, body: bytes) -> Record[InvoiceRecord]:
    raw = read_document(body)
    customs = await custom_of(client, kind.doctype, kind.line_doctype)
    head = read_one(raw, with_custom(kind.head, customs[0] if customs else ()))
    company = client.settings.get("company")
    if company is not None and head.company != company:
        raise NotFound("the invoice is another company's")
    tables = msgspec.json.decode(raw, type=_Tables)
    cautions = [] if customs is not None else [Caution(code="custom_fields_unknown", field="custom_fields")]
    if site.zone is None:
        cautions.append(Caution(code="time_zone_unknown", field="updated_at"))
    payments = await allowed(read_payments(client, kind, [head.name]))
    if payments is None:
        cautions.append(Caution(code="not_permitted", field="payments"))
    line = with_custom(kind.line, customs[1] if customs else ())
    return Record(
        wire=InvoiceRecord(
            kind=kind.name,
            head=head,
            lines=[read_one(row, line) for row in tables.items],
            taxes=[read_one(row, kind.tax) for row in tables.taxes],
            schedule=[read_one(row, ScheduleRow) for row in tables.payment_schedule],
            payments=payments_by_document(payments.records).get(head.name, []) if payments else [],
        ),
        remote_data=raw,
        cautions=tuple(cautions),
    )
