"""Reads what Brightpearl books on: channels, projects and lead sources, three lists walked one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from providers.brightpearl.flags import state
from providers.brightpearl.idsets import read_list, read_set, sole
from providers.brightpearl.plain import Entry, Place, number_of, page
from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import Dimension, DimensionRecord
from providers.kit.client import Client
from providers.kit.errors import Forbidden, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.resource import Record, Rows

PATHS = {
    "channel": "product-service/channel",
    "project": "contact-service/project",
    "lead_source": "contact-service/lead-source",
}
_ORDER = {kind: index for index, kind in enumerate(PATHS)}


async def list_dimensions(client: Client, site: Site, query: Query) -> Rows[DimensionRecord]:
    """One page. Of the three lists those from the position on are read."""
    wanted = query.filter("category_type")
    start = _place_of(query.position)[0] if query.position else 0
    entries: list[Entry[DimensionRecord]] = []
    cautions: list[Caution] = []
    refusals: list[Forbidden | NotFound] = []
    kinds = [kind for kind in PATHS if _ORDER[kind] >= start and wanted in (None, kind)]
    for kind in kinds:
        try:
            listed = await read_list(client, PATHS[kind], Dimension, params=query.remote_query)
        except (Forbidden, NotFound) as error:
            refusals.append(error)
            cautions.append(Caution(code="not_permitted", field=kind))
            continue
        entries += [_entry(kind, row, raw) for row, raw in listed.rows]
        cautions += listed.cautions
    if refusals and len(refusals) == len(kinds):
        raise refusals[0]
    return page(entries, cautions, query, _values, _place_of, site.cautions)


async def get_dimension(
    client: Client, site: Site, record_id: str, expand: frozenset[str]
) -> Record[DimensionRecord]:
    """One by `<kind>:<id>`; by its bare id, where only one kind has it."""
    del expand
    kind, colon, number_text = record_id.rpartition(":")
    number = number_of(number_text)
    if number is None or (colon and kind not in PATHS):
        raise NotFound("there is no such tracking category")
    if colon:
        return await _get(client, site, kind, number)
    found = []
    for each in PATHS:
        try:
            found.append(await _get(client, site, each, number))
        except NotFound:
            continue
    if len(found) != 1:
        raise NotFound(f"name the kind as well: one of {', '.join(PATHS)}")
    return found[0]


async def _get(client: Client, site: Site, kind: str, number: int) -> Record[DimensionRecord]:
    found = await read_set(client, PATHS[kind], [number], Dimension, lambda row: row.id, "id", with_raw=True)
    record = DimensionRecord(kind=kind, dimension=sole(found, number, "tracking category"))
    return Record(wire=record, remote_data=found.raws.get(number), cautions=site.cautions)


def _entry(kind: str, row: Dimension, raw: object) -> Entry[DimensionRecord]:
    dimension = DimensionRecord(kind=kind, dimension=row)
    return Entry(dimension_id(dimension), (_ORDER[kind], row.id), dimension, raw)


def dimension_id(record: DimensionRecord) -> str:
    """Its id among all three kinds, as orders and journals name it."""
    return f"{record.kind}:{record.dimension.id}"


def _place_of(record_id: str) -> Place:
    kind, _, number = record_id.partition(":")
    return (_ORDER[kind], int(number))


def _values(record: DimensionRecord) -> Mapping[str, Callable[[], Any]]:
    return {
        "category_type": lambda: record.kind,
        "name": lambda: record.dimension.name,
        "status": lambda: state(record.dimension.isActive),
    }
