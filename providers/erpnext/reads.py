"""The list of a resource that one or several DocTypes feed: each page joined with what belongs to its records."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from providers.erpnext.joins import join
from providers.erpnext.site import Site
from providers.erpnext.source import Joined, Source
from providers.erpnext.walk import Page, Position, Row, decode_position, merge, read_pages
from providers.kit.client import Client
from providers.kit.pages import Caution, Query
from providers.kit.resource import ListRecords, Rows

TIME_ZONE_UNKNOWN = Caution(code="time_zone_unknown", field="updated_at")


def list_of(*sources: Source) -> ListRecords[Site, Joined[Any]]:
    """The resource's list. The DocTypes come in this order, unless one is asked for: then they are merged."""

    async def list_records(client: Client, site: Site, query: Query) -> Rows[Joined[Any]]:
        return await read_page(client, site, sources, query)

    return list_records


async def read_page(client: Client, site: Site, sources: tuple[Source, ...], query: Query) -> Rows[Joined[Any]]:
    """One page."""
    reached = [source for source in sources if source.reaches(source, query)]
    before = decode_position(query.position) if query.position else Position()
    pages, before, cautions = await read_pages(client, site, reached, query, before)
    chosen, after = merge(query, pages, before)
    is_more = {source.kind for source in reached} - set(after.done)
    rows = await joined_rows(client, site, query, pages, chosen)
    return Rows(
        records=rows.records,
        remote_data=rows.remote_data,
        next=msgspec.json.encode(after).decode() if is_more else None,
        cautions=(*cautions, *rows.cautions),
    )


async def joined_rows(
    client: Client, site: Site, query: Query, pages: Sequence[Page], chosen: Sequence[Row]
) -> Rows[Joined[Any]]:
    """The chosen rows with what belongs to them, in their order, and all that is to be said of the pages."""
    if len(pages) == 1:
        records, raws, told = await join(client, site, query, pages[0], chosen)
    else:
        records, raws, told = await _merged(client, site, query, pages, chosen)
    cautions = [caution for page in pages for caution in page.read.cautions]
    cautions += told
    if site.zone is None:
        cautions.append(TIME_ZONE_UNKNOWN)
    return Rows(records=records, remote_data=raws if query.remote_data else (), cautions=tuple(cautions))


async def _merged(
    client: Client, site: Site, query: Query, pages: Sequence[Page], chosen: Sequence[Row]
) -> tuple[list[Joined[Any]], list[Any], list[Caution]]:
    """Rows of several DocTypes: each kind is joined with its own, and put back into the rows' order."""
    joined = await asyncio.gather(
        *(join(client, site, query, page, [row for row in chosen if row[0] is page]) for page in pages)
    )
    found = {id(record.head): (record, raw) for rows in joined for record, raw in zip(*rows[:2], strict=True)}
    ordered = [found[id(head)] for _, head, _ in chosen if id(head) in found]
    cautions = [caution for rows in joined for caution in rows[2]]
    return [record for record, _ in ordered], [raw for _, raw in ordered], cautions
