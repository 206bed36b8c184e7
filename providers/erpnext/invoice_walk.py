"""A walk over the two DocTypes that are invoices: one after the other, or merged where an order is asked for."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from providers.erpnext.decode import Read
from providers.erpnext.invoice_filters import asked_statuses, conditions_of, kinds_of
from providers.erpnext.invoice_kinds import Kind
from providers.erpnext.lists import SORT_FIELDS, Key, key_of, next_key, page_of, read_list
from providers.erpnext.mappers.invoice_status import status_of
from providers.erpnext.metadata import custom_of
from providers.erpnext.remote_query import remote_query
from providers.erpnext.rights import field_cautions
from providers.erpnext.site import Site
from providers.erpnext.wire import Invoice
from providers.kit.client import Client
from providers.kit.errors import Forbidden
from providers.kit.pages import Caution, Query


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a walk stands in each kind: its last key, or that it is done. A kind not named is at its start."""

    keys: dict[str, tuple[str, str, int]] = {}
    done: list[str] = []


decode_position = msgspec.json.Decoder(Position).decode


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one kind, and where the next ones start."""

    kind: Kind
    read: Read[Invoice]
    next: Key | None
    customs: tuple[tuple[str, ...], ...] | None


Row = tuple[Page, Invoice, Any]


async def read_pages(
    client: Client, site: Site, query: Query, position: Position
) -> tuple[list[Page], Position, list[Caution]]:
    """A page of each kind that comes next. A kind that the user may not read is done, with a caution.

    It is an error where it is the only one asked for, where no kind can be read, and in the middle of a walk.
    """
    more = remote_query(query)
    kinds = kinds_of(query)
    pages: list[Page] = []
    refusals: dict[str, Forbidden] = {}
    for kind in kinds:
        if kind.name in position.done or (pages and query.sort is None):
            continue
        try:
            pages.append(await _heads(client, site, query, kind, position, more))
        except Forbidden as error:
            if len(kinds) == 1 or kind.name in position.keys:
                raise
            refusals[kind.name] = error
    if refusals and len(refusals) == len(kinds):
        raise next(iter(refusals.values()))
    cautions = [Caution(code="not_permitted", field="type", detail=name) for name in refusals]
    return pages, Position(position.keys, [*position.done, *refusals]), cautions


async def _heads(
    client: Client, site: Site, query: Query, kind: Kind, position: Position, more: tuple[tuple[str, str], ...]
) -> Page:
    stands = position.keys.get(kind.name)
    after = Key(value=stands[0], name=stands[1], start=stands[2]) if stands else None
    asked = page_of(kind.doctype, query, conditions_of(client, site, query, kind), after, more)
    customs = await custom_of(client, kind.doctype, kind.line_doctype)
    read = await read_list(client, asked, kind.head, customs[0] if customs else ())
    cautions = [replace(each, id=each.id and f"{kind.name}:{each.id}") for each in read.cautions]
    cautions += field_cautions(read.refused)
    if customs is None:
        cautions.append(Caution(code="custom_fields_unknown", field="custom_fields"))
    read = replace(read, cautions=tuple(cautions))
    return Page(kind, read, next_key(read, asked, after), customs)


def merge(query: Query, pages: Sequence[Page], position: Position) -> tuple[list[Row], Position]:
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
        return _kept(query, runs[0]), Position(keys, done)
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
    return _kept(query, rows), Position(keys, done)


def _stand(page: Page, key: Key | None, keys: dict[str, tuple[str, str, int]], done: list[str]) -> None:
    if key is None:
        done.append(page.kind.name)
    else:
        keys[page.kind.name] = (key.value, key.name, key.start)


def _kept(query: Query, rows: list[Row]) -> list[Row]:
    """Rows whose status is the one asked for: what ERPNext cannot tell apart is told apart here."""
    asked = asked_statuses(query)
    return rows if asked is None else [row for row in rows if _is_asked(row, asked)]


def _is_asked(row: Row, asked: frozenset[str]) -> bool:
    page, head, _ = row
    try:
        return status_of(head, frozenset(page.read.refused)) in asked
    except ArithmeticError:
        return True  # An amount that is no number: the mapper names it.
