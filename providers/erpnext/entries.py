"""Reads the general ledger, so that neither a walk nor a get rests on names that the hourly job changes.

The order is that of creation, which nothing moves. Where changes are asked for it is that of `modified`: a row
that is renamed during the walk has then changed, and comes (again) at its end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec

from providers.erpnext.conditions import conditions_of
from providers.erpnext.entry_ids import (
    CONTENT_ORDER,
    DOCTYPE,
    Places,
    entry_id,
    parted,
    places,
    places_here,
    read_places,
)
from providers.erpnext.questions import Asked, Condition
from providers.erpnext.reads import TIME_ZONE_UNKNOWN, joined_rows, read_page
from providers.erpnext.remote_query import remote_query
from providers.erpnext.site import Site
from providers.erpnext.source import Join, Joined
from providers.erpnext.sources.entries import ENTRIES
from providers.erpnext.walk import Page, read_heads
from providers.erpnext.wire import Document
from providers.erpnext.wire_entries import EntryKey
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, NotFound, Unreadable
from providers.kit.loosely import loosely
from providers.kit.pages import Caution, Query
from providers.kit.resource import Record, Rows

# What all rows of one voucher and moment have in common: filtered by it, none is on a page without the others.
_COMMON = frozenset({"company", "document", "created_at", "is_cancelled"})
_PLACES = Join(field="place", ours="id", read=read_places)
_PLACES_HERE = Join(field="place", ours="id", read=places_here)


class Stand(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a walk stands: at a moment that comes next, after one, or within the rows of one, so many in."""

    at: str
    is_after: bool = False
    start: int | None = None


_decode_stand = msgspec.json.Decoder(Stand).decode


async def list_entries(client: Client, site: Site, query: Query) -> Rows[Joined[Any]]:
    """One page."""
    if _is_by_change(query):
        rows = await read_page(client, site, (replace(ENTRIES, joins=(_PLACES,)),), query)
    else:
        stand = _decode_stand(query.position) if query.position else None
        rows = await _by_creation(client, site, query, stand)
    return replace(rows, cautions=tuple(replace(each, id=_id_of(each) or each.id) for each in rows.cautions))


def _is_by_change(query: Query) -> bool:
    if query.sort is not None:
        return query.sort.name == "updated_at"
    return any(each.name == "updated_at" for each in query.filters)


async def _by_creation(client: Client, site: Site, query: Query, stand: Stand | None) -> Rows[Joined[Any]]:
    page = await _page(client, site, query, stand)
    if stand is not None and stand.start is not None:
        after: Stand | None = _after_within(query, page, stand)
    else:
        page, after = _cut(query, page)
        if after is not None and after.start is not None:
            return await _by_creation(client, site, query, after)
    if after is not None and after == stand:
        raise BadAnswer("ERPNext's list does not move: the same page came twice")
    raws = page.read.raws or [None] * len(page.read.records)
    chosen = [(page, head, raw) for head, raw in zip(page.read.records, raws, strict=True)]
    rows = await joined_rows(client, site, query, [page], chosen)
    return replace(rows, next=msgspec.json.encode(after).decode() if after else None)


async def _page(client: Client, site: Site, query: Query, stand: Stand | None) -> Page:
    """The next rows, and one more that tells whether the last moment's are all here."""
    descending = query.sort is not None and query.sort.descending
    way, direction = ("<", "desc") if descending else (">", "asc")
    is_within = stand is not None and stand.start is not None
    asked = Asked(
        doctype=DOCTYPE,
        described_by=DOCTYPE,
        filters=[*conditions_of(client, site, query, ENTRIES), *_from(stand, way)],
        order_by=CONTENT_ORDER if is_within else f"creation {direction}, name {direction}",
        limit=query.limit if is_within else query.limit + 1,
        start=(stand.start or 0) if stand else 0,
        more=remote_query(query),
        last_keys=("creation",),
        with_raw=query.remote_data,
    )
    is_whole = not is_within and not query.remote_query and {each.name for each in query.filters} <= _COMMON
    source = replace(ENTRIES, joins=(_PLACES_HERE if is_whole else _PLACES,))
    return await read_heads(client, source, asked)


def _from(stand: Stand | None, way: str) -> list[Condition]:
    if stand is None:
        return []
    operator = "=" if stand.start is not None else way if stand.is_after else f"{way}="
    return [["creation", operator, stand.at]]


def _cut(query: Query, page: Page) -> tuple[Page, Stand | None]:
    """The page without its last moment, whose rows may go on, and where the next one starts.

    A page that is all of one moment is to be read again, within it.
    """
    read = page.read
    if read.count <= query.limit:
        return page, None
    at = read.last.get("creation")
    if not isinstance(at, str):
        raise BadAnswer("ERPNext does not tell when its ledger's rows were made")
    kept = [index for index, head in enumerate(read.records) if head.creation != at]
    cautions = tuple(each for each in read.cautions if _made(each) != at)
    if not kept and not any(each.remote_data is not None for each in cautions):
        return page, Stand(at, start=0)
    records = [read.records[index] for index in kept]
    raws = [read.raws[index] for index in kept] if read.raws else []
    return replace(page, read=replace(read, records=records, raws=raws, cautions=cautions)), Stand(at)


def _id_of(caution: Caution) -> str | None:
    """Our id of a row that cannot be read, as far as it can be told without its like."""
    voucher, made = _told(caution, "voucher_no"), _made(caution)
    if not isinstance(voucher, str) or not isinstance(made, str):
        return None
    return entry_id(EntryKey(name="", voucher_no=voucher, creation=made), 0)


def _made(caution: Caution) -> object:
    return _told(caution, "creation")


def _told(caution: Caution, field: str) -> object:
    """What a row that cannot be read holds."""
    if not isinstance(caution.remote_data, msgspec.Raw):
        return None
    found = loosely(bytes(caution.remote_data))
    return found.get(field) if isinstance(found, dict) else None


def _after_within(query: Query, page: Page, stand: Stand) -> Stand:
    if page.read.count < query.limit:
        return Stand(stand.at, is_after=True)
    return Stand(stand.at, start=(stand.start or 0) + page.read.count)


async def get_entry(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[Joined[Any]]:
    """The row of that id, or of the name that it has at the time."""
    del expand
    named = parted(record_id)
    if named is None:
        return await _named(client, site, record_id)
    voucher, moment, wanted = named
    page = await _found(client, ["voucher_no", "=", voucher], ["creation", "=", moment])
    placed = places([head for head in page.read.records if isinstance(head, EntryKey)])
    for head, raw in zip(page.read.records, page.read.raws, strict=True):
        if placed.get(head.name) == [wanted]:
            return _record(site, page, head, raw, placed)
    raise NotFound("there is no such record")


async def _named(client: Client, site: Site, name: str) -> Record[Joined[Any]]:
    page = await _found(client, ["name", "=", name])
    placed = (await read_places(client, site, ENTRIES, page.read.records)).rows
    return _record(site, page, page.read.records[0], page.read.raws[0], placed)


async def _found(client: Client, *conditions: Condition) -> Page:
    """The rows that are of the account's company; one that is not as it should be is an error."""
    company = client.settings.get("company")
    asked = Asked(
        doctype=DOCTYPE,
        described_by=DOCTYPE,
        filters=[*conditions, *([["company", "=", company]] if company is not None else [])],
        order_by="creation asc, name asc",
        limit=0,
        with_raw=True,
    )
    page = await read_heads(client, ENTRIES, asked)
    for caution in page.read.cautions:
        if caution.code == "wrong_type":
            raise Unreadable(
                "the record is not as ERPNext's should be", provider_code=f"wrong_type: {caution.field}"
            )
    if not page.read.records:
        raise NotFound("there is no such record")
    return page


def _record(site: Site, page: Page, head: Document, raw: object, placed: Places) -> Record[Joined[Any]]:
    cautions = page.read.cautions if site.zone is not None else (*page.read.cautions, TIME_ZONE_UNKNOWN)
    joined = Joined(
        kind="",
        head=head,
        rows={"place": placed.get(head.name, [0])},
        unread=frozenset(page.read.refused),
    )
    return Record(wire=joined, remote_data=raw, cautions=cautions)
