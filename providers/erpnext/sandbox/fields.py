"""What a list asks to see: columns, columns of a child table or of a linked document, sums and counts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from providers.erpnext.sandbox.collation import COMPARABLE
from providers.erpnext.sandbox.conditions import from_json, not_permitted
from providers.erpnext.sandbox.doctypes import TABLES, Field
from providers.erpnext.sandbox.replies import FrappeError
from providers.erpnext.sandbox.store import Row, Store

_ALIASED = re.compile(r"^(.+?)\s+as\s+`?(\w+)`?$", re.IGNORECASE)
_CALL = re.compile(r"^(count|sum|max|min|avg)\((.+)\)$", re.IGNORECASE)
_OF_TABLE = re.compile(r"^`?tab([^`]+)`?\.`?(\w+)`?$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list's answer.

    `source` is a child DocType; `link` the row's field that names a document, and its DocType; `less` is the
    column that a sum takes off.
    """

    label: str
    name: str
    kind: str
    source: str | None = None
    link: tuple[str, str] | None = None
    function: str | None = None
    less: str | None = None


def columns(store: Store, asked: Any, doctype: str, known: Mapping[str, Field]) -> list[Column]:
    """The columns asked for; the name alone where nothing is."""
    if asked in (None, ""):
        return [Column("name", "name", "text")]
    found = from_json(asked)
    if not isinstance(found, list):
        raise FrappeError("JSONDecodeError", "Expecting value: line 1 column 1 (char 0)", told=False)
    if found == ["*"]:
        return [Column(name, name, field.kind) for name, field in known.items()]
    made = [_column(store, str(name), doctype, known) for name in found]
    return list({column.label: column for column in made}.values())


def _column(store: Store, asked: str, doctype: str, known: Mapping[str, Field]) -> Column:
    aliased = _ALIASED.match(asked)
    text, label = (aliased.group(1), aliased.group(2)) if aliased else (asked, None)
    call = _CALL.match(text)
    if call:
        return _call(call.group(1).lower(), call.group(2).strip(), label or text, known)
    plain = _plain(store, text, doctype, known)
    return Column(label or plain.label, plain.name, plain.kind, plain.source, plain.link)


def _call(function: str, argument: str, label: str, known: Mapping[str, Field]) -> Column:
    if "`" in argument:
        # Measured: an aggregate may not name a table.
        raise FrappeError("DoesNotExistError", f"DocType {function}({argument.partition('.')[0]} not found")
    if function == "count" and argument.lower().startswith("distinct "):
        function, argument = "distinct", argument[len("distinct ") :].strip()
    name, minus, other = (part.strip() for part in argument.partition("-"))
    kind = _own(name, known, name).kind
    return Column(label, name, kind, function=function, less=_own(other, known, other).name if minus else None)


def _plain(store: Store, asked: str, doctype: str, known: Mapping[str, Field]) -> Column:
    of_table = _OF_TABLE.match(asked)
    if of_table:
        table, name = of_table.groups()
        if table == doctype:
            return _own(name, known, asked)
        return _of_child(store, table, name, doctype)
    before, dot, name = asked.replace("`", "").partition(".")
    if not dot:
        return _own(before, known, asked)
    if before in TABLES.get(doctype, {}):
        return _of_child(store, TABLES[doctype][before], name, doctype)
    linked = known[before].options if before in known else None
    theirs = store.columns(linked) if linked is not None and linked in TABLES else {}
    if linked is None or name not in theirs:
        raise not_permitted(asked)
    return Column(name, name, theirs[name].kind, link=(before, linked))


_OF_DESK = frozenset({"_user_tags", "_comments", "_assign", "_liked_by"})
"""What Frappe's desk notes on any document. Measured: null in lists until then, and never in `*`."""


def _own(name: str, known: Mapping[str, Field], asked: str) -> Column:
    if name in _OF_DESK:
        return Column(name, name, "text")
    if name not in known:
        raise not_permitted(asked)
    return Column(name, name, known[name].kind)


def _of_child(store: Store, child: str, name: str, doctype: str) -> Column:
    known = store.columns(child) if child in TABLES.get(doctype, {}).values() else {}
    if name not in known:
        raise not_permitted(f"`tab{child}`.`{name}`")
    return Column(name, name, known[name].kind, source=child)


Joined = tuple[Row, Mapping[str, Row]]
"""A row with the row of each child table that was asked about."""


def value_of(store: Store, column: Column, joined: Joined) -> Any:
    """What a row shows in a column."""
    row, more = joined
    if column.source is not None:
        return more.get(column.source, {}).get(column.name)
    if column.link is not None:
        field, doctype = column.link
        linked = store.documents[doctype].get(row.get(field) or "")
        return linked.get(column.name) if linked else None
    return row.get(column.name)


def _extreme(pick: Callable[..., Any]) -> Callable[[list[Any], str], Any]:
    return lambda values, kind: pick(values, key=COMPARABLE[kind]) if values else None


_FUNCTIONS: Mapping[str, Callable[[list[Any], str], Any]] = {
    "count": lambda values, _: len(values),
    "distinct": lambda values, kind: len({COMPARABLE[kind](value) for value in values}),
    "sum": lambda values, _: round(math.fsum(values), 9) if values else None,
    "avg": lambda values, _: round(math.fsum(values) / len(values), 9) if values else None,
    "max": _extreme(max),
    "min": _extreme(min),
}


def aggregated(store: Store, asked: Sequence[Column], found: Sequence[Joined]) -> Row:
    """One row for many: each function over all of them, a plain column from the first."""
    row: Row = {}
    for column in asked:
        if column.function is None:
            row[column.label] = value_of(store, column, found[0]) if found else None
            continue
        values = [value_of(store, column, each) for each in found]
        if column.less is not None:
            values = [value - each[0][column.less] for value, each in zip(values, found, strict=True)]
        row[column.label] = _FUNCTIONS[column.function]([each for each in values if each is not None], column.kind)
    return row
