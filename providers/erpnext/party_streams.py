"""Contacts or Addresses that changed, one batch after the other, and the parties that they are linked to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from providers.erpnext.conditions import conditions_of
from providers.erpnext.decode import Read
from providers.erpnext.lists import Key, key_of, next_key, page_of, read_list
from providers.erpnext.mappers.party_stamp import whole
from providers.erpnext.party_joins import links_from
from providers.erpnext.party_window import At, Window
from providers.erpnext.questions import Asked, Condition
from providers.erpnext.remote_query import remote_query
from providers.erpnext.site import Site
from providers.erpnext.source import Source
from providers.erpnext.walk import Page, read_heads
from providers.erpnext.wire_contacts import Stamped
from providers.kit.client import Client
from providers.kit.pages import Query

BATCH_MIN = 200
"""So many documents are looked through together: many may be linked to no party that is asked for."""

Part = tuple[str, str, int]
"""A document's stamp and name, and how many of its parties are done."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A changed document and one of its parties: the `ordinal`-th of `count`, the document the `row`-th read."""

    party: str
    at: At
    row: int
    ordinal: int
    count: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A batch of changed documents with their parties, each party once, and where the next batch starts."""

    pairs: Sequence[Pair]
    rows: Sequence[Stamped]
    after: Key | None
    next: Key | None
    end: str | None

    def cut(self, pair: Pair) -> tuple[Key | None, Part | None]:
        """Where a walk stands that goes on after this pair."""
        start = self.after.start if self.after else 0
        if pair.ordinal == pair.count:
            return key_of(self.rows[pair.row], "modified", start + pair.row + 1), None
        before = key_of(self.rows[pair.row - 1], "modified", start + pair.row) if pair.row else self.after
        return before, (*pair.at, pair.ordinal)


async def changed_documents(
    client: Client, doctype: str, source: Source, limit: int, window: Window, after: Key | None, part: Part | None
) -> Changed:
    """The next batch: the documents in the order of their stamps, and which of the source's parties they name."""
    query = Query(limit=max(limit, BATCH_MIN))
    asked = page_of(doctype, query, ("modified", False), window.conditions, after)
    read = await read_list(client, asked, Stamped, ())
    names = [row.name for row in read.records]
    links = await links_from(client, doctype, source.doctype, names) if names else None
    parties: dict[str, dict[str, str]] = {}
    for link in links.records if links else ():
        if link.parent and link.link_name:
            parties.setdefault(link.parent, {}).setdefault(link.link_name.casefold(), link.link_name)
    pairs = [
        Pair(party, at, row, ordinal, len(parties[at[1]]))
        for row, at in enumerate(map(_at, read.records))
        for ordinal, party in enumerate(parties.get(at[1], {}).values(), start=1)
        if part is None or part[:2] != at or ordinal > part[2]
    ]
    return Changed(latest(pairs), read.records, after, next_key(read, asked, after), end_of(read, after))


def end_of(read: Read[Any], after: Key | None) -> str | None:
    """The last stamp of a stream whose last rows these are; None where it held none, or does not tell."""
    last = read.last.get("modified")
    if isinstance(last, str) and last != "None":
        return whole(last)
    return whole(after.value) if after and after.value else None


def _at(row: Stamped) -> At:
    return (whole(row.modified) if row.modified else "", row.name)


def latest(pairs: Sequence[Pair]) -> list[Pair]:
    """Of the changes that lead to one party the latest, in their order: by the others it is not given."""
    kept: dict[str, Pair] = {}
    for pair in pairs:
        known = kept.get(pair.party.casefold())
        if known is None or known.at < pair.at:
            kept[pair.party.casefold()] = pair
    wanted = {id(pair) for pair in kept.values()}
    return [pair for pair in pairs if id(pair) in wanted]


async def parties_of(client: Client, site: Site, source: Source, query: Query, pairs: Sequence[Pair]) -> Page:
    """The parties of these pairs that the rest of the query asks for, in one call."""
    rest = replace(query, filters=tuple(item for item in query.filters if item.name != "updated_at"))
    named: Condition = ["name", "in", [pair.party for pair in pairs]]
    asked = Asked(
        doctype=source.doctype,
        described_by=source.doctype,
        filters=[*conditions_of(client, site, rest, source), named],
        order_by="name asc",
        limit=0,
        more=remote_query(query),
        last_keys=("name",),
        with_raw=query.remote_data,
    )
    return await read_heads(client, source, asked)
