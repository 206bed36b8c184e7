"""A walk over the DocTypes of a resource: one after the other, or merged where an order is asked for."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from providers.erpnext.conditions import conditions_of
from providers.erpnext.decode import Read
from providers.erpnext.lists import Key, key_of, next_key, order_of, page_of, read_list
from providers.erpnext.metadata import DocType, doctypes
from providers.erpnext.questions import Asked, Condition
from providers.erpnext.remote_query import remote_query
from providers.erpnext.rights import field_cautions
from providers.erpnext.site import Site
from providers.erpnext.source import Source
from providers.erpnext.wire import Document
from providers.kit.client import Client
from providers.kit.errors import Forbidden
from providers.kit.pages import Caution, Query

CUSTOM_FIELDS_UNKNOWN = Caution(code="custom_fields_unknown", field="custom_fields")


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a walk stands in each kind: its last key, or that it is done. A kind not named is at its start."""

    keys: dict[str, tuple[str, str, int]] = {}
    done: list[str] = []

    def key(self, kind: str) -> Key | None:
        """The last key of the kind."""
        stands = self.keys.get(kind)
        return Key(value=stands[0], name=stands[1], start=stands[2]) if stands else None


decode_position = msgspec.json.Decoder(Position).decode


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one kind, and where the next ones start."""

    source: Source
    read: Read[Document]
    next: Key | None
    known: dict[str, DocType]

    def custom_of(self, doctype: str) -> tuple[str, ...]:
        """The customer's own fields of the DocType or one of its tables."""
        return self.known[doctype].custom if doctype in self.known else ()


Row = tuple[Page, Any, Any]
"""The page a row is of, the row, and its raw."""


async def read_pages(
    client: Client, site: Site, sources: Sequence[Source], query: Query, position: Position
) -> tuple[list[Page], Position, list[Caution]]:
    """A page of each kind that comes next. A kind that the user may not read is done, with a caution.

    It is an error where it is the only one asked for, where no kind can be read, and in the middle of a walk.
    """
    more = remote_query(query)
    pages: list[Page] = []
    refusals: dict[str, Forbidden] = {}
    for source in sources:
        if source.kind in position.done or (pages and query.sort is None):
            continue
        try:
            pages.append(await _heads(client, site, query, source, position.key(source.kind), more))
        except Forbidden as error:
            if len(sources) == 1 or source.kind in position.keys:
                raise
            refusals[source.kind] = error
    if refusals and len(refusals) == len(sources):
        raise next(iter(refusals.values()))
    cautions = [Caution(code="not_permitted", field="type", detail=kind) for kind in refusals]
    return pages, Position(position.keys, [*position.done, *refusals]), cautions


async def _heads(
    client: Client, site: Site, query: Query, source: Source, after: Key | None, more: tuple[tuple[str, str], ...]
) -> Page:
    conditions: list[Condition] = conditions_of(client, site, query, source)
    asked = page_of(source.doctype, query, order_of(query.sort, source.sorts), conditions, after, more)
    page = await read_heads(client, source, asked)
    return replace(page, next=next_key(page.read, asked, after))


async def read_heads(client: Client, source: Source, asked: Asked) -> Page:
    """The rows that a question finds, with what is to be said of them. Where the next start the asker knows."""
    known = await doctypes(client, source.doctype)
    custom = known[source.doctype].custom if source.doctype in known else ()
    read = await read_list(client, asked, source.wire, custom)
    cautions = [replace(each, id=each.id and source.id_of(each.id)) for each in read.cautions]
    cautions += field_cautions(read.refused)
    if source.doctype not in known:
        cautions.append(CUSTOM_FIELDS_UNKNOWN)
    return Page(source, replace(read, cautions=tuple(cautions)), None, known)


def rows_of(page: Page) -> list[Row]:
    """The page's records, each with its raw where raws were asked for."""
    raws = page.read.raws
    return [(page, head, raws[index] if raws else None) for index, head in enumerate(page.read.records)]


def merge(query: Query, pages: Sequence[Page], position: Position) -> tuple[list[Row], Position]:
    """The page's rows in order, and where each kind stands after them."""
    runs = [rows_of(page) for page in pages]
    keys, done = dict(position.keys), list(position.done)
    if len(pages) == 1:
        _stand(pages[0], pages[0].next, keys, done)
        return _kept(query, runs[0]), Position(keys, done)
    field = {page.source.kind: order_of(query.sort, page.source.sorts)[0] for page in pages}
    # Each kind stays in ERPNext's own order, whose texts may sort otherwise than ours: else a cut would skip some.
    merged = heapq.merge(
        *runs,
        key=lambda row: str(getattr(row[1], field[row[0].source.kind])),
        reverse=query.sort is not None and query.sort.descending,
    )
    rows = list(itertools.islice(merged, query.limit))
    for page in pages:
        kind = page.source.kind
        mine = [head for of, head, _ in rows if of is page]
        if len(mine) == len(page.read.records):
            _stand(page, page.next, keys, done)
        elif mine:
            start = position.keys[kind][2] if kind in position.keys else 0
            _stand(page, key_of(mine[-1], field[kind], start + len(mine)), keys, done)
    return _kept(query, rows), Position(keys, done)


def _stand(page: Page, key: Key | None, keys: dict[str, tuple[str, str, int]], done: list[str]) -> None:
    if key is None:
        done.append(page.source.kind)
    else:
        keys[page.source.kind] = (key.value, key.name, key.start)


def _kept(query: Query, rows: list[Row]) -> list[Row]:
    """The rows that are asked for: what ERPNext cannot tell apart is told apart here."""
    return [row for row in rows if _is_asked(query, row)] if query.filters else rows


def _is_asked(query: Query, row: Row) -> bool:
    page, head, _ = row
    if page.source.keeps is None:
        return True
    try:
        return page.source.keeps(query, head, frozenset(page.read.refused))
    except ArithmeticError:
        return True  # An amount that is no number: the mapper names it.
