"""The sandbox's documents: whole rows with their child tables, numbered, stamped and kept in memory."""

from __future__ import annotations

import json
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]

_SHAPES = json.loads((Path(__file__).parent / "columns.json").read_text(encoding="utf-8"))
COLUMNS: Mapping[str, Mapping[str, str]] = _SHAPES["columns"]
"""Every column of a DocType with its kind, as a real site's rows have them."""
TABLES: Mapping[str, Mapping[str, str | None]] = _SHAPES["tables"]
"""The child tables of a DocType: field → child DocType (None where none was ever seen filled)."""
_DEFAULTS: Mapping[str, Any] = {"int": 0, "float": 0.0, "text": None}

# A virtual field: no column, so no list has it; a document shows it, and shows it null (recorded).
VIRTUAL = {"Sales Invoice": ("last_scanned_warehouse",), "Purchase Invoice": ("last_scanned_warehouse",)}

SERIES = {
    "Sales Invoice": "ACC-SINV-",
    "Purchase Invoice": "ACC-PINV-",
    "Payment Entry": "ACC-PAY-",
}
TITLES = {"Customer": "customer_name", "Supplier": "supplier_name", "Item": "item_code"}


def parents_of(child: str) -> list[str]:
    """The DocTypes that have this child table."""
    return [doctype for doctype, tables in TABLES.items() if child in tables.values()]


class Store:
    """Documents by DocType and name."""

    def __init__(self, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self.zone = zone
        self._clock = clock
        self.documents: dict[str, dict[str, Row]] = {doctype: {} for doctype in TABLES}
        self._numbers: dict[str, int] = {}

    def now(self) -> str:
        """The present, as the site writes instants: naive, in its own zone."""
        local = self._clock().astimezone(self.zone).replace(tzinfo=None)
        return local.isoformat(sep=" ", timespec="microseconds")

    def add(self, doctype: str, given: Mapping[str, Any]) -> Row:
        """Keep a document: every column present, child rows named, numbered and tied to their parent."""
        stamp = self.now()
        name = given.get("name") or self._name(doctype, given)
        row = _whole(doctype, {"creation": stamp, "modified": stamp, **given, "name": name})
        for field, child in TABLES[doctype].items():
            row[field] = [
                self._child(doctype, row, field, child, index, each)
                for index, each in enumerate(given.get(field) or (), start=1)
            ]
        self.documents[doctype][name] = row
        return row

    def change(self, doctype: str, name: str, values: Mapping[str, Any]) -> Row:
        """Change a document; its `modified` moves whether or not anything did."""
        row = self.documents[doctype][name]
        tables = TABLES[doctype]
        row.update({key: value for key, value in values.items() if key in COLUMNS[doctype] and key != "name"})
        for field, child in tables.items():
            if field in values:
                row[field] = [
                    self._child(doctype, row, field, child, index, each)
                    for index, each in enumerate(values[field], start=1)
                ]
        row["modified"] = values.get("modified_as") or self.now()
        return row

    def find(self, doctype: str, name: str) -> Row | None:
        """The document of that name, as the database's collation compares names."""
        found = self.documents[doctype].get(name)
        if found is not None:
            return found
        folded = fold(name)
        return next((row for key, row in self.documents[doctype].items() if fold(key) == folded), None)

    def rows(self, doctype: str, parent: str | None = None) -> Iterator[Row]:
        """The rows of a DocType, in no order worth the name; of a child table, those of one parent DocType."""
        if doctype in self.documents:
            yield from sorted(self.documents[doctype].values(), key=lambda row: zlib.crc32(row["name"].encode()))
            return
        for owner in [parent] if parent else parents_of(doctype):
            for document in self.documents.get(owner, {}).values():
                for field, child in TABLES[owner].items():
                    if child == doctype:
                        yield from document[field]

    def _child(
        self, doctype: str, row: Row, field: str, child: str | None, index: int, given: Mapping[str, Any]
    ) -> Row:
        own = {
            "name": f"{zlib.crc32('/'.join((doctype, row['name'], field)).encode()):08x}{index:02x}",
            "creation": row["creation"],
            "modified": row["modified"],
            "idx": index,
            "docstatus": row.get("docstatus", 0),
            **given,
            "parent": row["name"],
            "parentfield": field,
            "parenttype": doctype,
        }
        return {**_whole(child, own), "doctype": child} if child else own

    def _name(self, doctype: str, given: Mapping[str, Any]) -> str:
        if doctype in TITLES:
            return str(given[TITLES[doctype]])
        number = self._numbers.get(doctype, 0)
        while True:
            number += 1
            name = f"{SERIES[doctype]}{self.now()[:4]}-{number:05d}"
            if name not in self.documents[doctype]:
                self._numbers[doctype] = number
                return name


def _whole(doctype: str, given: Mapping[str, Any]) -> Row:
    """The row with every column its DocType has; columns it has beyond them (custom fields) are kept."""
    owned = {
        key: value
        for key, value in given.items()
        if not isinstance(value, list) and key not in ("doctype", *VIRTUAL.get(doctype, ()))
    }
    defaults = {key: _DEFAULTS[kind] for key, kind in COLUMNS[doctype].items()}
    return {**defaults, "owner": "Administrator", "modified_by": "Administrator", **owned}


def fold(text: str) -> str:
    """Text as the database compares it: without case and accents."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part)).casefold()


def shown(doctype: str, row: Row) -> Row:
    """A document as a get gives it: nulls left out, tables inside, its DocType named."""
    document = {key: value for key, value in row.items() if value is not None}
    for field in TABLES[doctype]:
        document[field] = [
            {key: value for key, value in child.items() if value is not None} for child in row.get(field, ())
        ]
    return {**document, **dict.fromkeys(VIRTUAL.get(doctype, ())), "doctype": doctype}


def custom_fields(doctype: str, declared: Mapping[str, Sequence[str]]) -> list[Row]:
    """The fields of a DocType as its metadata lists them."""
    own = declared.get(doctype, ())
    kinds = {"int": "Check", "float": "Float", "text": "Data"}
    columns = COLUMNS.get(doctype, {})
    return [
        {
            "fieldname": name,
            "label": name.replace("_", " ").title(),
            "fieldtype": kinds[columns.get(name, "text")],
            **({"is_custom_field": 1} if name in own else {}),
        }
        for name in dict.fromkeys([*columns, *own])
    ]
