"""Brightpearl's resource searches: rows are arrays, their columns told by name in `metaData`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from providers.kit.client import Client, Params
from providers.kit.errors import BadAnswer, UnsupportedFilter
from providers.kit.pages import Caution, Query

PAGE_SIZE_MAX = 500
# Whether a PERIOD's bounds belong to it is not known: it is asked for wider, and cut exactly here.
MARGIN = timedelta(seconds=1)

_OURS = frozenset({"columns", "sort", "pageSize", "firstResult", "countOnly"})


class _Column(msgspec.Struct, frozen=True):
    name: str
    filterable: bool = True
    sortable: bool = True


class _MetaData(msgspec.Struct, frozen=True):
    columns: list[_Column]
    firstResult: int | None = None
    resultsAvailable: int | None = None
    lastResult: int | None = None
    # Absent in accounts and recordings of 2015 and before.
    morePagesAvailable: bool | None = None


class _Search(msgspec.Struct, frozen=True):
    results: list[list[Any]]
    metaData: _MetaData


class _Answer(msgspec.Struct, frozen=True):
    response: _Search


_decode = msgspec.json.Decoder(_Answer, float_hook=Decimal).decode


def numbers_of(rows: Sequence[Mapping[str, Any]], column: str) -> tuple[list[int], list[Caution]]:
    """The ids in a column; a row whose id is no number cannot be read further, and is told of."""
    ids, cautions = list[int](), list[Caution]()
    for row in rows:
        number = row.get(column)
        if type(number) is int:
            ids.append(number)
        else:
            cautions.append(Caution(code="wrong_type", field=column, remote_data=row))
    return ids, cautions


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page: rows as mappings by column name, and the row the next page starts at."""

    rows: Sequence[Mapping[str, Any]]
    next_result: int | None


async def search(
    client: Client,
    path: str,
    params: Params,
    first_result: int,
    page_size: int,
    *,
    while_full: bool = False,
) -> SearchPage:
    """One page of a search. With `while_full` the totals are not believed: a full page has a next one."""
    size = min(page_size, PAGE_SIZE_MAX)
    body = await client.get(path, [*params, ("pageSize", str(size)), ("firstResult", str(first_result))])
    try:
        found = _decode(body).response
    except msgspec.DecodeError:
        raise BadAnswer("Brightpearl's search answer cannot be read") from None
    names = [column.name for column in found.metaData.columns]
    if any(len(row) != len(names) for row in found.results):
        raise BadAnswer("Brightpearl's search rows do not fit their columns")
    if found.results and found.metaData.firstResult not in (None, first_result):
        raise BadAnswer("Brightpearl's search does not move: it gives another page than was asked for")
    rows = [dict(zip(names, row, strict=True)) for row in found.results]
    more = len(rows) >= size if while_full else _has_more(found.metaData)
    following = first_result + len(rows)
    if more and not rows:
        raise BadAnswer("Brightpearl's search does not move: it promises more and gives nothing")
    return SearchPage(rows, following if more else None)


def _has_more(meta: _MetaData) -> bool:
    if meta.morePagesAvailable is not None:
        return meta.morePagesAvailable
    return (meta.lastResult or 0) < (meta.resultsAvailable or 0)


def period(lower: datetime | None, upper: datetime | None) -> str | None:
    """A PERIOD filter that surely holds everything between the bounds; None where there are none."""
    if lower is None and upper is None:
        return None
    return f"{_instant(lower, -MARGIN)}/{_instant(upper, MARGIN)}"


def widened(moment: datetime, margin: timedelta) -> datetime:
    """The moment moved by the margin, but not beyond the ends of time."""
    try:
        return moment + margin
    except OverflowError:
        return moment


def _instant(moment: datetime | None, margin: timedelta) -> str:
    if moment is None:
        return ""
    moved = widened(moment, margin)
    return moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def remote_query(query: Query, ours: Params) -> Params:
    """What the caller adds to the search, which may not touch what paging and filters rest on."""
    taken = _OURS | {name for name, _ in ours}
    for name, _ in query.remote_query:
        if name in taken:
            raise UnsupportedFilter(f"remote_query may not set {name}")
    return query.remote_query
