"""The orders of a DocType's rows, kept from one page of a walk to the next.

What is kept is held against the rows before it is used again: a test may change a row behind the store's back.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from providers.erpnext.sandbox.collation import COMPARABLE
from providers.erpnext.sandbox.store import Row

By = tuple[str, str, bool]
"""A field, its kind, and whether downwards."""
KEPT_MAX = 64
_Kept = tuple[list[Row], list[list[Any]], list[Row]]


class Orders:
    """Rows in order."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, tuple[By, ...]], _Kept] = {}

    def of(self, doctype: str, rows: list[Row], by: tuple[By, ...]) -> list[Row]:
        """These rows, all of a DocType, in this order; without one, as a disk would have them."""
        names = [field for field, _, _ in by] or ["name"]
        values = [[row.get(name) for row in rows] for name in names]
        key = (doctype, by)
        kept = self._kept.get(key)
        if kept is not None and kept[0] == rows and kept[1] == values:
            return kept[2]
        found = in_order(rows, by) if by else sorted(rows, key=_stored)
        if len(self._kept) >= KEPT_MAX:
            self._kept.clear()
        self._kept[key] = (rows, values, found)
        return found


def _stored(row: Row) -> int:
    """Where a row lies: nowhere near where it was made."""
    return zlib.crc32(str(row["name"]).encode())


def in_order(rows: Sequence[Row], by: Sequence[By]) -> list[Row]:
    """Rows sorted by these fields; a null comes before everything."""
    found = list(rows)
    for field, kind, is_descending in reversed(by):
        as_compared = COMPARABLE[kind]
        keyed = [
            (value is not None, "" if value is None else as_compared(value)) for value in _values(found, field)
        ]
        order = sorted(range(len(found)), key=keyed.__getitem__, reverse=is_descending)
        found = [found[index] for index in order]
    return found


def _values(rows: Sequence[Row], field: str) -> list[Any]:
    return [row.get(field) for row in rows]
