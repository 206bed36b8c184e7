"""The sandbox's documents: whole rows with their child tables, numbered, stamped and kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zlib import crc32
from zoneinfo import ZoneInfo

from providers.erpnext.sandbox.collation import fold
from providers.erpnext.sandbox.doctypes import COLUMNS, DIMENSIONED, EMPTY, TABLES, VIRTUAL, Field, parents_of

Row = dict[str, Any]

SERIES = {
    "Sales Invoice": "ACC-SINV-",
    "Purchase Invoice": "ACC-PINV-",
    "Payment Entry": "ACC-PAY-",
    "Journal Entry": "ACC-JV-",
    "Sales Order": "SAL-ORD-",
    "Purchase Order": "PUR-ORD-",
    "Quotation": "SAL-QTN-",
    "Bank Transaction": "ACC-BTN-",
    "GL Entry": "ACC-GLE-",
}
TITLES = {
    "Customer": "customer_name",
    "Supplier": "supplier_name",
    "Item": "item_code",
    "Customer Group": "customer_group_name",
    "Supplier Group": "supplier_group_name",
    "Item Group": "item_group_name",
    "Mode of Payment": "mode_of_payment",
    "Branch": "branch",
    "Accounting Dimension": "label",
    "Company": "company_name",
    "Fiscal Year": "year",
    "UOM": "uom_name",
}


class Store:
    """Documents by DocType and name."""

    def __init__(self, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self.zone = zone
        self._clock = clock
        self.documents: dict[str, dict[str, Row]] = {doctype: {} for doctype in TABLES}
        self.ledger_stamps: set[str] = set()
        self._numbers: dict[str, int] = {}

    def now(self) -> str:
        """The present, as the site writes instants: naive, in its own zone."""
        local = self._clock().astimezone(self.zone).replace(tzinfo=None)
        return local.isoformat(sep=" ", timespec="microseconds")

    def add(self, doctype: str, given: Mapping[str, Any]) -> Row:
        """Keep a document: every column present, child rows named, numbered and tied to their parent."""
        name = given.get("name") or self.next_name(doctype, given)
        if "creation" not in given or "modified" not in given:
            stamp = self.now()
            given = {"creation": stamp, "modified": stamp, **given}
        row = _whole(doctype, {**given, "name": name})
        for field, child in TABLES[doctype].items():
            row[field] = _children(doctype, row, field, child, given.get(field) or ())
        self.documents[doctype][name] = row
        return row

    def change(self, doctype: str, name: str, values: Mapping[str, Any]) -> Row:
        """Change a document; its `modified` moves whether or not anything did."""
        row = self.documents[doctype][name]
        known = {*COLUMNS[doctype], *row}
        row.update({key: value for key, value in values.items() if key in known and key != "name"})
        for field, child in TABLES[doctype].items():
            if field in values:
                row[field] = _children(doctype, row, field, child, values[field])
            elif "docstatus" in values:
                for each in row[field]:
                    each["docstatus"] = values["docstatus"]
        row["modified"] = values.get("modified_as") or self.now()
        return row

    def take(self, other: Store) -> None:
        """Take over copies of another store's documents: much quicker than making them again."""
        for doctype, rows in other.documents.items():
            tables = tuple(TABLES[doctype])
            kept = self.documents[doctype]
            for name, row in rows.items():
                kept[name] = copy = row.copy()
                for field in tables:
                    copy[field] = [each.copy() for each in row[field]]
        self.ledger_stamps |= other.ledger_stamps
        self._numbers |= other._numbers

    def find(self, doctype: str, name: str) -> Row | None:
        """The document of that name, as the database's collation compares names."""
        found = self.documents[doctype].get(name)
        if found is not None:
            return found
        folded = fold(name)
        return next((row for key, row in self.documents[doctype].items() if fold(key) == folded), None)

    def rows(self, doctype: str) -> list[Row]:
        """The rows of a DocType as they came; of a child table, under whatever parent."""
        if doctype in self.documents:
            return list(self.documents[doctype].values())
        return [
            row for owner in parents_of(doctype) for row in children(self.documents[owner].values(), owner, doctype)
        ]

    def rows_of(self, child: str, owners: Sequence[str], names: Sequence[str]) -> list[Row]:
        """The rows of a child table under the parents of these names."""
        found: list[Row] = []
        for owner in owners:
            documents = {id(row): row for row in (self.find(owner, name) for name in names) if row is not None}
            found += children(documents.values(), owner, child)
        return found

    def dimensions(self) -> dict[str, Field]:
        """The fields that accounting dimensions add to documents, lines and the ledger, each a link."""
        return {
            row["fieldname"]: Field("Link", row["document_type"])
            for row in self.documents["Accounting Dimension"].values()
        }

    def columns(self, doctype: str, custom: Sequence[str] = ()) -> dict[str, Field]:
        """Every column of a DocType on this site, those of its own among them."""
        more = self.dimensions() if doctype in DIMENSIONED else {}
        return {**dict.fromkeys(custom, Field("Data")), **COLUMNS[doctype], **more}

    def next_name(self, doctype: str, given: Mapping[str, Any] = MappingProxyType({})) -> str:
        """The name that a new document gets: its title, the next of a series, or some letters."""
        if doctype in TITLES:
            return str(given[TITLES[doctype]])
        stem = f"{SERIES[doctype]}{(given.get('creation') or self.now())[:4]}-" if doctype in SERIES else ""
        key = stem or doctype
        number = self._numbers.get(key, 0)
        while True:
            number += 1
            name = f"{stem}{number:05d}" if stem else f"{crc32(f'{key}/{number}'.encode()):08x}{number % 100:02d}"
            if name not in self.documents[doctype]:
                self._numbers[key] = number
                return name


def children(documents: Iterable[Row], owner: str, child: str) -> Iterator[Row]:
    """The rows of a child DocType in these documents."""
    fields = [field for field, name in TABLES[owner].items() if name == child]
    for document in documents:
        for field in fields:
            yield from document[field]


def _children(doctype: str, row: Row, field: str, child: str, given: Sequence[Mapping[str, Any]]) -> list[Row]:
    if not given:
        return []
    stem = f"{crc32('/'.join((doctype, row['name'], field)).encode()):08x}"
    inherited = {
        "creation": row["creation"],
        "modified": row["modified"],
        "owner": row["owner"],
        "modified_by": row["modified_by"],
        "docstatus": row["docstatus"],
    }
    own = {"parent": row["name"], "parentfield": field, "parenttype": doctype}
    empty, virtual = EMPTY[child], VIRTUAL[child]
    found = []
    for index, each in enumerate(given, start=1):
        kept = {key: value for key, value in each.items() if key not in virtual} if virtual else each
        named = {"name": f"{stem}{index:02x}", "idx": index}
        found.append({**empty, **inherited, **named, **kept, **own, "doctype": child})
    return found


def _whole(doctype: str, given: Mapping[str, Any]) -> Row:
    """The row with every column its DocType has; columns it has beyond them (custom fields) are kept."""
    row = {**EMPTY[doctype], "owner": "Administrator", "modified_by": "Administrator", **given}
    row.pop("doctype", None)
    for name in VIRTUAL[doctype]:
        row.pop(name, None)
    return row


def shown(doctype: str, row: Row) -> Row:
    """A document as a get gives it: nulls left out, tables inside, its DocType named."""
    document = {key: value for key, value in row.items() if value is not None}
    for field, child in TABLES[doctype].items():
        document[field] = [
            {**{key: value for key, value in each.items() if value is not None}, **VIRTUAL[child]}
            for each in row.get(field, ())
        ]
    return {**document, **VIRTUAL[doctype], "doctype": doctype}
