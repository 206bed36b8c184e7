"""The search engine: filters, order, pages and columns over the rows of one search, told in `metaData`."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from providers.brightpearl.sandbox.filters import CannotParse, Test, test_for
from providers.brightpearl.sandbox.quirks import Quirks
from providers.brightpearl.sandbox.replies import Row, refused, unexplained
from providers.brightpearl.sandbox.store import Store

PAGE_SIZE_MAX = 500
RESERVED = frozenset({"columns", "sort", "pageSize", "firstResult", "countOnly"})
Params = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column, as `metaData` describes it."""

    name: str
    kind: str
    is_sortable: bool = True
    is_filterable: bool = True
    reference: tuple[str, ...] = ()

    def described(self) -> Row:
        """The description."""
        return {
            "name": self.name,
            "sortable": self.is_sortable,
            "filterable": self.is_filterable,
            "reportDataType": self.kind,
            "referenceData": list(self.reference),
            "isFreeTextSearchable": False,
            "required": False,
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """One search: its columns, its rows, the filters that are no columns, the labels of its numbers."""

    columns: Mapping[str, Column]
    rows: Callable[[Store], Iterable[Row]]
    sorted_by: str
    filters_only: Mapping[str, str] = field(default_factory=dict)
    filters_ignored: frozenset[str] = frozenset()
    labels: Callable[[Store], Mapping[str, Mapping[int, Any]]] | None = None
    claims: Callable[[Quirks], int | None] | None = None


def columns(*made: Column) -> dict[str, Column]:
    """Columns by name."""
    return {column.name: column for column in made}


def run(search: Search, store: Store, quirks: Quirks, params: Params) -> Row:
    """The answer to a search."""
    asked = dict(params)
    order = _order(search, asked.get("sort"))
    shown = _columns(search, asked.get("columns"))
    first = _number(asked.get("firstResult", "1"), 1)
    size = min(_number(asked.get("pageSize", str(PAGE_SIZE_MAX)), 1), PAGE_SIZE_MAX)
    tests = _tests(search, store, quirks, params)
    if store.remembered is None:
        rows = _sorted(search, _meeting(search.rows(store), tests), order)
    else:
        rows = _meeting(_remembered(search, store, store.remembered, order), tests)
    page = rows[first - 1 : first - 1 + size]
    claimed = search.claims(quirks) if search.claims else None
    counts: Row = {
        "morePagesAvailable": claimed is None and first - 1 + size < len(rows),
        "resultsAvailable": len(rows) if claimed is None else claimed,
        "resultsReturned": len(page),
    }
    if page:
        counts |= {"firstResult": first, "lastResult": first - 1 + len(page)}
    meta = counts | described(search, shown, order)
    if asked.get("countOnly") == "true":
        return {"response": {"metaData": meta}, "reference": {}}
    results = [[row.get(column.name) for column in shown] for row in page]
    reference = _reference(search, store, shown, page)
    return {"response": {"results": results, "metaData": meta}, "reference": reference}


def described(search: Search, shown: Sequence[Column], order: Sequence[tuple[str, bool]]) -> Row:
    """The columns and the order, as `metaData` has them."""
    return {
        "columns": [column.described() for column in shown],
        "sorting": [
            {
                "filterable": search.columns[name].described(),
                "direction": "DESC" if is_descending else "ASC",
            }
            for name, is_descending in order
        ],
    }


def meta_data(search: Search) -> Row:
    """The description of a search alone."""
    return {"response": {"metaData": described(search, list(search.columns.values()), [(search.sorted_by, False)])}}


def _number(text: str, least: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise unexplained()
    return int(text)


def _columns(search: Search, asked: str | None) -> list[Column]:
    names = asked.split(",") if asked else list(search.columns)
    if any(name not in search.columns for name in names):
        raise unexplained()
    return [search.columns[name] for name in names]


def _order(search: Search, asked: str | None) -> list[tuple[str, bool]]:
    if not asked:
        return [(search.sorted_by, False)]
    found: list[tuple[str, bool]] = []
    for part in asked.split(","):
        name, _, direction = part.partition(".")
        column = search.columns.get(name)
        if column is None or not column.is_sortable or direction not in ("ASC", "DESC"):
            raise unexplained()
        found.append((name, direction == "DESC"))
    return found


def _tests(search: Search, store: Store, quirks: Quirks, params: Params) -> list[tuple[str, Test]]:
    """The tests that a row must meet. A name that is no filter is passed over without a word."""
    found: list[tuple[str, Test]] = []
    for name, value in params:
        column = search.columns.get(name)
        kind = column.kind if column and column.is_filterable else search.filters_only.get(name)
        if kind is None or name in RESERVED:
            continue
        try:
            test = test_for(kind, value, store.zone, are_bounds_inside=quirks.are_period_bounds_inside)
        except CannotParse:
            words = f"The filter {name}={value} cannot be parsed as: {kind}"
            raise refused("CMNC-018", words, quirks.cmnc_018_status) from None
        if name not in search.filters_ignored:
            found.append((name, test))
    return found


def _meeting(rows: Iterable[Row], tests: Sequence[tuple[str, Test]]) -> list[Row]:
    return [row for row in rows if all(test(row.get(name)) for name, test in tests)]


def _remembered(
    search: Search, store: Store, remembered: dict[Any, list[Row]], order: Sequence[tuple[str, bool]]
) -> list[Row]:
    """All rows in this order, made once until the books change."""
    key = (search, tuple(order))
    if search not in remembered:
        remembered[search] = list(search.rows(store))
    if key not in remembered:
        remembered[key] = _sorted(search, remembered[search], order)
    return remembered[key]


def _sorted(search: Search, rows: list[Row], order: Sequence[tuple[str, bool]]) -> list[Row]:
    """Rows in order, nulls lowest; equals in no order worth the name."""
    rows = sorted(rows, key=lambda row: zlib.crc32(repr(next(iter(row.values()))).encode()))
    for name, is_descending in reversed(order):
        rows.sort(key=_key(search.columns[name]), reverse=is_descending)
    return rows


def _key(column: Column) -> Callable[[Row], Any]:
    # Texts of instants do not sort as instants where the offset changes with the season.
    read = datetime.fromisoformat if column.kind == "PERIOD" else _as_it_is

    def key(row: Row) -> Any:
        value = row.get(column.name)
        return (False,) if value is None else (True, read(value))

    return key


def _as_it_is(value: Any) -> Any:
    return value


def _reference(search: Search, store: Store, shown: Sequence[Column], page: Sequence[Row]) -> Row:
    """The labels of the numbers on the page, under the names that the columns point to."""
    if search.labels is None:
        return {}
    labels = search.labels(store)
    found: Row = {}
    for column in shown:
        for name in column.reference:
            known = labels[name]
            numbers = sorted({row[column.name] for row in page if row.get(column.name) in known})
            if numbers:
                found[name] = {str(number): known[number] for number in numbers}
    return found
