"""A DocType's rows in order and by value, kept from one page of a walk to the next.

What is kept is held against the rows before it is used again: a test may change a row behind the store's back.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from providers.erpnext.sandbox.collation import COMPARABLE
from providers.erpnext.sandbox.conditions import Condition
from providers.erpnext.sandbox.store import Row

By = tuple[str, str, bool]
"""A field, its kind, and whether downwards."""
KEPT_MAX = 64
FEW = 1_000
"""So many rows are sorted anew rather than kept."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made of these rows when their fields held these values."""

    rows: list[Row]
    values: list[list[Any]]
    made: Any


class Orders:
    """What is kept of each DocType."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], _Kept] = {}

    def of(self, doctype: str, rows: list[Row], by: tuple[By, ...], filters: Sequence[Condition]) -> Sequence[Row]:
        """These rows in this order; without one, as a disk would have them. Rows that no filter meets may lack."""
        own = [each for each in filters if each.source is None]
        if len(rows) > FEW:
            few = self._few(doctype, rows, own)
            if few is None:
                return self._many(doctype, rows, by, own)
            rows = few
        return in_order(rows, by) if by else sorted(rows, key=_stored)

    def _few(self, doctype: str, rows: list[Row], filters: Sequence[Condition]) -> list[Row] | None:
        """The rows that hold what a filter names, where they are few."""
        for condition in filters:
            if condition.operator not in ("=", "in") or condition.asked is None:
                continue
            by_value = self._fresh(("values", doctype, condition.name), rows, [condition.name])
            if by_value is None:
                by_value = {}
                for row in rows:
                    by_value.setdefault(condition.compared(row.get(condition.name)), []).append(row)
                self._keep(("values", doctype, condition.name), rows, [condition.name], by_value)
            found = [by_value.get(value, ()) for value in condition.wanted]
            if sum(map(len, found)) <= FEW:
                return [row for group in found for row in group]
        return None

    def _many(
        self, doctype: str, rows: list[Row], by: tuple[By, ...], filters: Sequence[Condition]
    ) -> Sequence[Row]:
        names = [field for field, _, _ in by] or ["name"]
        made: tuple[list[Row], list[tuple[bool, Any]] | None] | None
        made = self._fresh(("order", doctype, by), rows, names)
        if made is None:
            ordered = in_order(rows, by) if by else sorted(rows, key=_stored)
            made = (ordered, _keys(ordered, by[0]) if by and not by[0][2] else None)
            self._keep(("order", doctype, by), rows, names, made)
        found, keys = made
        for condition in filters:
            if keys is not None and condition.name == by[0][0] and condition.operator in (">", ">="):
                return found[bisect_left(keys, (True, COMPARABLE[by[0][1]](condition.asked))) :]
        return found

    def _fresh(self, key: tuple[Any, ...], rows: list[Row], names: Iterable[str]) -> Any:
        kept = self._kept.get(key)
        if kept is None or kept.rows != rows or kept.values != _values(rows, names):
            return None
        return kept.made

    def _keep(self, key: tuple[Any, ...], rows: list[Row], names: Iterable[str], made: Any) -> None:
        if len(self._kept) >= KEPT_MAX:
            self._kept.clear()
        self._kept[key] = _Kept(rows, _values(rows, names), made)


def _values(rows: list[Row], names: Iterable[str]) -> list[list[Any]]:
    return [[row.get(name) for row in rows] for name in names]


def _stored(row: Row) -> int:
    """Where a row lies: nowhere near where it was made."""
    return crc32(str(row["name"]).encode())


def _keys(rows: Sequence[Row], by: By) -> list[tuple[bool, Any]]:
    """What rows are sorted by; a null comes before everything."""
    field, kind, _ = by
    as_compared = COMPARABLE[kind]
    return [
        (value is not None, "" if value is None else as_compared(value))
        for value in (row.get(field) for row in rows)
    ]


def in_order(rows: Sequence[Row], by: Sequence[By]) -> list[Row]:
    """Rows sorted by these fields."""
    found = list(rows)
    for each in reversed(by):
        keys = _keys(found, each)
        found = [found[index] for index in sorted(range(len(found)), key=keys.__getitem__, reverse=each[2])]
    return found
