"""What belongs to the records of a page: their child tables in bulk, and rows of other documents."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from providers.erpnext.lists import read_children
from providers.erpnext.rights import field_cautions
from providers.erpnext.site import Site
from providers.erpnext.source import Join, Joined, Joining, Source, Table
from providers.erpnext.walk import Page, Row
from providers.erpnext.wire import Document
from providers.kit.client import Client
from providers.kit.errors import Forbidden
from providers.kit.pages import Caution, Query


async def join(
    client: Client, site: Site, query: Query, page: Page, rows: Sequence[Row]
) -> tuple[list[Joined[Any]], list[Any], list[Caution]]:
    """The rows with what is joined to them, one call for each table. A record that lacks a row is a caution."""
    source = page.source
    if not rows:
        return [], [], []
    joins = wanted_joins(source, query.expand)
    raws = [raw for _, _, raw in rows]
    if not source.tables and not joins:
        refused = frozenset(page.read.refused)
        return [Joined(kind=source.kind, head=head, unread=refused) for _, head, _ in rows], raws, []
    fields = [(table.field, table.ours) for table in source.tables]
    fields += [(each.field, each.ours) for each in joins]
    found = await asyncio.gather(
        *(allowed(_table(client, source, table, page, rows)) for table in source.tables),
        *(allowed(each.read(client, site, source, [head for _, head, _ in rows])) for each in joins),
    )
    cautions = [Caution(code="not_permitted", field=ours) for (_, ours), each in _pairs(fields, found) if not each]
    told = [(name, each) for (name, _), each in _pairs(fields, found) if each]
    torn, more = _cautions(source, {head.name: raw for _, head, raw in rows}, told)
    rows = [row for row in rows if row[1].name not in torn]
    unread = frozenset(
        (*page.read.refused, *(f"{name}.{each}" for name, joining in told for each in joining.refused))
    )
    joined = [
        Joined(
            kind=source.kind,
            head=head,
            rows={name: joining.rows.get(head.name, []) for name, joining in told},
            unread=unread,
        )
        for _, head, _ in rows
    ]
    return joined, [raw for _, _, raw in rows], [*cautions, *more]


def wanted_joins(source: Source, expand: frozenset[str]) -> list[Join]:
    """The joins that are always read, and those that were asked for."""
    return [each for each in source.joins if each.expand is None or each.expand in expand]


def _pairs(
    fields: Sequence[tuple[str, str]], found: Sequence[Joining | None]
) -> Sequence[tuple[tuple[str, str], Joining | None]]:
    return list(zip(fields, found, strict=True))


async def _table(client: Client, source: Source, table: Table, page: Page, rows: Sequence[Row]) -> Joining:
    custom = page.custom_of(table.doctype) if table.has_custom_fields else ()
    names = [head.name for _, head, _ in rows]
    field = table.field if table.is_shared else None
    read = await read_children(client, table.doctype, source.doctype, names, table.wire, custom, field)
    return Joining(rows=by_parent(read.records), refused=read.refused, cautions=read.cautions)


async def allowed(reading: Awaitable[Joining]) -> Joining | None:
    """What was read; None where the user may not read it."""
    try:
        return await reading
    except Forbidden:
        return None


def by_parent(rows: Sequence[Any]) -> Mapping[str, list[Any]]:
    """Child rows by the document they are in."""
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.parent or "", []).append(row)
    return grouped


def _cautions(
    source: Source, raws: Mapping[str, Any], told: Sequence[tuple[str, Joining]]
) -> tuple[Mapping[str, Caution], list[Caution]]:
    """The documents that lack a row, each with why, and all that is to be said of what was joined."""
    torn, cautions = dict[str, Caution](), list[Caution]()
    for field, joining in told:
        cautions += field_cautions(joining.refused, field)
        for caution in joining.cautions:
            parent = _parent_of(caution)
            if parent is None or parent not in raws:
                cautions.append(caution)
                continue
            # Without one of its rows a document would be another than the one that a get refuses.
            where = {"id": source.id_of(parent), "field": f"{field}.{caution.field}"}
            torn[parent] = replace(caution, **where, remote_data=raws[parent])
    return torn, [*cautions, *torn.values()]


class _Parent(msgspec.Struct, frozen=True):
    parent: str | None = None


def _parent_of(caution: Caution) -> str | None:
    """The document of a child row that cannot be read."""
    if not isinstance(caution.remote_data, msgspec.Raw):
        return None
    try:
        return msgspec.json.decode(caution.remote_data, type=_Parent).parent
    except msgspec.DecodeError:
        return None


def names_of(heads: Sequence[Document]) -> list[str]:
    """The documents' names."""
    return [head.name for head in heads]
