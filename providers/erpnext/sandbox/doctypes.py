"""The DocTypes that the sandbox knows: columns, kinds, child tables and links, as a real ERPNext 15 has them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SHAPES: Mapping[str, Mapping[str, Any]] = json.loads(
    (Path(__file__).parent / "columns.json").read_text(encoding="utf-8")
)
_NO_KINDS = frozenset({"Table", "virtual", "permlevel 1", "child"})
_KINDS = {
    "Check": "int",
    "Int": "int",
    "Float": "float",
    "Currency": "float",
    "Percent": "float",
    "Date": "date",
    "Datetime": "datetime",
}
DEFAULTS: Mapping[str, Any] = {"int": 0, "float": 0.0}
"""What a column holds that nothing was written to: numbers are never null."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as metadata tells of it. `options` is a link's DocType."""

    fieldtype: str
    options: str | None = None
    permlevel: int = 0

    @property
    def kind(self) -> str:
        """How the database keeps and compares it."""
        return _KINDS.get(self.fieldtype, "text")


_STANDARD = {
    "name": Field("Data"),
    "owner": Field("Data"),
    "creation": Field("Datetime"),
    "modified": Field("Datetime"),
    "modified_by": Field("Data"),
    "docstatus": Field("Int"),
    "idx": Field("Int"),
}
_OF_CHILDREN = {"parent": Field("Data"), "parentfield": Field("Data"), "parenttype": Field("Data")}

CHILDREN = frozenset(doctype for doctype, shape in _SHAPES.items() if shape.get("child"))
TABLES: Mapping[str, Mapping[str, str]] = {
    doctype: shape.get("Table", {}) for doctype, shape in _SHAPES.items() if doctype not in CHILDREN
}
"""The child tables of every DocType that is not one itself: field → child DocType."""
VIRTUAL: Mapping[str, Mapping[str, Any]] = {
    doctype: {name: DEFAULTS.get(Field(fieldtype).kind) for name, fieldtype in shape.get("virtual", {}).items()}
    for doctype, shape in _SHAPES.items()
}
"""Fields without a column: no list has them, a document shows them with this value (recorded)."""


def _fields(shape: Mapping[str, Any]) -> Iterator[tuple[str, Field]]:
    guarded = shape.get("permlevel 1", "").split()
    for fieldtype, told in shape.items():
        if fieldtype in _NO_KINDS:
            continue
        names = told.split() if isinstance(told, str) else told
        for name in names:
            options = told[name] if isinstance(told, dict) else None
            yield name, Field(fieldtype, options, int(name in guarded))


FIELDS: Mapping[str, Mapping[str, Field]] = {doctype: dict(_fields(shape)) for doctype, shape in _SHAPES.items()}
"""The fields of a DocType that have a column, without those that every DocType has."""
COLUMNS: Mapping[str, Mapping[str, Field]] = {
    doctype: {**_STANDARD, **fields, **(_OF_CHILDREN if doctype in CHILDREN else {})}
    for doctype, fields in FIELDS.items()
}
"""Every column of a DocType."""
EMPTY: Mapping[str, Mapping[str, Any]] = {
    doctype: {name: DEFAULTS.get(field.kind) for name, field in columns.items()}
    for doctype, columns in COLUMNS.items()
}
"""The row of a DocType to which nothing was written."""

# Where an accounting dimension adds its field. It is a custom field there.
DIMENSIONED = frozenset(
    {
        "GL Entry",
        "Payment Ledger Entry",
        "Sales Invoice",
        "Sales Invoice Item",
        "Purchase Invoice",
        "Purchase Invoice Item",
        "Payment Entry",
        "Payment Entry Deduction",
        "Journal Entry Account",
        "Sales Order",
        "Sales Order Item",
        "Purchase Order",
        "Purchase Order Item",
        "Sales Taxes and Charges",
        "Purchase Taxes and Charges",
        "Payment Request",
        "Budget",
    }
)


def parents_of(child: str) -> list[str]:
    """The DocTypes that have this child table."""
    return [doctype for doctype, tables in TABLES.items() if child in tables.values()]
