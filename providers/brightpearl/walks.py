"""Walks over a search: which PERIODs are asked, in which phases, and which rows belong to which.

`updatedOn` is null until a record's first change, so "changed since" takes two searches: records changed since,
then records made since that were never changed. Together they hold each record once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from providers.brightpearl.idsets import Found, missing
from providers.brightpearl.search import SearchPage, numbers_of, period, remote_query, search, widened
from providers.kit.client import Client, Params
from providers.kit.errors import UnsupportedFilter
from providers.kit.pages import Caution, Filter, Query

_DAY = timedelta(days=1)
_COLUMNS = {"created_at": "createdOn"}

_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda mine, asked: bool(mine == asked),
    "gt": lambda mine, asked: bool(mine > asked),
    "gte": lambda mine, asked: bool(mine >= asked),
    "lt": lambda mine, asked: bool(mine < asked),
    "lte": lambda mine, asked: bool(mine <= asked),
}


class Position(msgspec.Struct, frozen=True, array_like=True):
    """Phase, and the row its page starts at."""

    phase: int = 0
    first_result: int = 1


_decode = msgspec.json.Decoder(Position).decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search to walk: its path, the column of its ids, what it is always asked, and its dates."""

    path: str
    id_column: str
    fixed: tuple[tuple[str, str], ...]
    date_columns: Mapping[str, str]
    exact_columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ids:
    """One page of ids, in order, where the next page starts, the rows that named them, and those that do not."""

    ids: list[int]
    next: str | None
    rows: Sequence[Mapping[str, Any]] = ()
    cautions: Sequence[Caution] = ()


def cautions_of(page: Ids, found: Found[Any]) -> tuple[Caution, ...]:
    """All that is to be said of a page's ids and of the records that were read by them."""
    return (*found.cautions, *page.cautions, *missing(page.ids, found))


async def next_ids(client: Client, what: Search, query: Query) -> Ids:
    """The ids of one page. A page may be empty and still have a next one."""
    position = _decode(query.position) if query.position else Position()
    phases = _phases(query)
    params = _params(what, query, phases[position.phase])
    page: SearchPage = await search(
        client,
        what.path,
        [*params, ("sort", _sort(what, query)), *remote_query(query, params)],
        position.first_result,
        query.limit,
    )
    rows = page.rows
    if phases[position.phase] == "created" and len(phases) > 1:
        rows = [row for row in rows if row.get("updatedOn") is None]
    following: Position | None = None
    if page.next_result is not None:
        following = Position(position.phase, page.next_result)
    elif position.phase + 1 < len(phases):
        following = Position(position.phase + 1, 1)
    ids, cautions = numbers_of(rows, what.id_column)
    return Ids(ids, msgspec.json.encode(following).decode() if following else None, rows, cautions)


def _phases(query: Query) -> Sequence[str]:
    return ("updated", "created") if any(item.name == "updated_at" for item in query.filters) else ("created",)


def _params(what: Search, query: Query, phase: str) -> Params:
    params = list(what.fixed)
    created = bounds(query, "created_at")
    updated = bounds(query, "updated_at")
    if phase == "updated":
        _add_period(params, "updatedOn", updated)
    else:
        created = _within(created, updated)
    _add_period(params, "createdOn", created)
    for name, column in what.date_columns.items():
        lower, upper = bounds(query, name)
        _add_period(params, column, (lower and widened(lower, -_DAY), upper and widened(upper, _DAY)))
    for name, column in what.exact_columns.items():
        value = query.filter(name)
        if value is not None:
            params.append((column, str(value)))
    return params


def _add_period(
    params: list[tuple[str, str]], column: str, bounds: tuple[datetime | None, datetime | None]
) -> None:
    written = period(*bounds)
    if written is not None:
        params.append((column, written))


def bounds(query: Query, name: str) -> tuple[datetime | None, datetime | None]:
    """The narrowest bounds that the filters of this name set."""
    lowers = [_moment(query.filter(name, operator)) for operator in ("gt", "gte", "eq")]
    uppers = [_moment(query.filter(name, operator)) for operator in ("lt", "lte", "eq")]
    lower = max((moment for moment in lowers if moment), default=None)
    upper = min((moment for moment in uppers if moment), default=None)
    return lower, upper


def _within(
    one: tuple[datetime | None, datetime | None], other: tuple[datetime | None, datetime | None]
) -> tuple[datetime | None, datetime | None]:
    lower = max((moment for moment in (one[0], other[0]) if moment), default=None)
    upper = min((moment for moment in (one[1], other[1]) if moment), default=None)
    return lower, upper


def _moment(value: object) -> datetime | None:
    """A bound as an instant: a day is its midnight in UTC, which the day's margin makes wide enough."""
    if isinstance(value, datetime):
        return value
    return datetime.combine(value, time(0), UTC) if isinstance(value, date) else None


def _sort(what: Search, query: Query) -> str:
    if query.sort is None:
        return f"{what.id_column}.ASC"
    if any(item.name == "updated_at" for item in query.filters):
        raise UnsupportedFilter("sort_by cannot be combined with updated_at: it takes two searches")
    direction = "DESC" if query.sort.descending else "ASC"
    return f"{_COLUMNS[query.sort.name]}.{direction},{what.id_column}.{direction}"


def passes(filters: Sequence[Filter], values: Mapping[str, Callable[[], Any]]) -> bool:
    """Whether a record meets the conditions on these values; searches are asked wider than that.

    A record whose value cannot be read is kept, so that its mapping reports it.
    """
    for item in filters:
        value_of = values.get(item.name)
        if value_of is None:
            continue
        try:
            mine = value_of()
        except ValueError:
            continue
        if mine is None or not _TESTS[item.operator](mine, item.value):
            return False
    return True
