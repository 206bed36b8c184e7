"""Frappe's list queries over the sandbox's rows: fields, filters, order, pages, with their measured oddities."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cmp_to_key
from typing import Any

from providers.erpnext.sandbox.replies import FrappeError
from providers.erpnext.sandbox.store import COLUMNS, TABLES, Row, Store, fold

ROWS_DEFAULT = 20
OPERATORS = ("=", "!=", ">", "<", ">=", "<=", "like", "not like", "in", "not in", "between", "is")
_OFFSET = re.compile(r"(Z|[+-]\d\d:?\d\d)$")
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\d([ T]\d\d:\d\d)?")

Condition = tuple[str, str, Any]


def run(store: Store, doctype: str, asked: Mapping[str, Any], custom: Iterable[str]) -> list[Row]:
    """The rows of a list. `asked` holds the arguments as sent: JSON texts, or values of a JSON body."""
    if doctype not in COLUMNS:
        raise FrappeError("PermissionError", f"No permission for {doctype}")
    parent = asked.get("parent")
    if doctype not in TABLES and not (isinstance(parent, str) and doctype in TABLES.get(parent, {}).values()):
        raise FrappeError("PermissionError", "", told=False)
    known = {*COLUMNS[doctype], *custom}
    fields = _fields(asked.get("fields"), known)
    filters = _conditions(asked.get("filters"), doctype, known)
    either = _conditions(asked.get("or_filters"), doctype, known)
    rows = [
        row
        for row in store.rows(doctype, parent if doctype not in TABLES else None)
        if all(_meets(row, item) for item in filters) and (not either or any(_meets(row, item) for item in either))
    ]
    rows = _ordered(rows, asked.get("order_by"), known)
    return [{name: row.get(name) for name in fields} for row in _page(rows, asked)]


def defaults(store: Store, asked: Mapping[str, Any]) -> list[Row]:
    """The site's defaults, of which the sandbox has one: its time zone."""
    row = {"name": "8f1c2a9e0b", "parent": "__default", "defkey": "time_zone", "defvalue": store.zone.key}
    fields = _fields(asked.get("fields"), {*row})
    filters = _conditions(asked.get("filters"), "DefaultValue", {*row})
    return [{name: row[name] for name in fields}] if all(_meets(row, item) for item in filters) else []


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise FrappeError("JSONDecodeError", str(error), told=False) from None


def _fields(asked: Any, known: set[str]) -> list[str]:
    if asked in (None, ""):
        return ["name"]
    found = _json(asked)
    if not isinstance(found, list):
        raise FrappeError("JSONDecodeError", "Expecting value: line 1 column 1 (char 0)", told=False)
    if found == ["*"]:
        return [name for name in known if name not in ("parent", "parentfield", "parenttype") or "idx" in known]
    for name in found:
        if name not in known:
            raise _not_permitted(name)
    return list(dict.fromkeys(found))


def _not_permitted(name: str) -> FrappeError:
    return FrappeError("DataError", f"Field not permitted in query: {name}")


def _conditions(asked: Any, doctype: str, known: set[str]) -> list[Condition]:
    if asked in (None, ""):
        return []
    found = _json(asked)
    if isinstance(found, dict):
        found = [[name, *value] if isinstance(value, list) else [name, "=", value] for name, value in found.items()]
    return [_condition(item, doctype, known) for item in found]


def _condition(item: list[Any], doctype: str, known: set[str]) -> Condition:
    if len(item) == 4 and item[0] == doctype:
        item = item[1:]
    name, operator, value = item[:3]
    operator = str(operator).lower()
    if operator not in OPERATORS:
        raise FrappeError("ValidationError", f"Operator must be one of {', '.join(OPERATORS)}")
    if name not in known:
        raise _not_permitted(str(name))
    return name, operator, value


def _comparable(value: Any) -> Any:
    """A value as the database compares it: text folded, instants without their offsets, checks as numbers."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, (int, float)):
        return float(value)
    text = str(value)
    if _INSTANT.match(text):
        try:
            return datetime.fromisoformat(_OFFSET.sub("", text))
        except ValueError:
            return fold(text)
    return fold(text)


def _compare(mine: Any, asked: Any) -> int:
    one, other = _comparable(mine), _comparable(asked)
    if type(one) is not type(other):
        one, other = fold(str(mine)), fold(str(asked))
    return int(one > other) - int(one < other)


_ORDERINGS: Mapping[str, Callable[[int], bool]] = {
    ">": lambda found: found > 0,
    ">=": lambda found: found >= 0,
    "<": lambda found: found < 0,
    "<=": lambda found: found <= 0,
}


def _meets(row: Row, condition: Condition) -> bool:
    name, operator, asked = condition
    mine = row.get(name)
    if operator in _ORDERINGS:
        return mine is not None and _ORDERINGS[operator](_compare(mine, asked))
    if operator in ("=", "!="):
        same = mine in (None, "") if asked is None else _compare("" if mine is None else mine, asked) == 0
        return same if operator == "=" else not same
    if operator in ("in", "not in"):
        values = asked.split(",") if isinstance(asked, str) else asked
        within = any(_compare("" if mine is None else mine, value) == 0 for value in values)
        return within if operator == "in" else not within
    if operator in ("like", "not like"):
        pattern = re.escape(fold(str(asked))).replace("%", ".*").replace("_", ".")
        alike = mine is not None and re.fullmatch(pattern, fold(str(mine)), re.DOTALL) is not None
        return alike if operator == "like" else not alike
    if operator == "between":
        low, high = asked[0], f"{asked[1]} 23:59:59.999999" if len(str(mine)) > 10 else asked[1]
        return mine is not None and _compare(mine, low) >= 0 >= _compare(mine, high)
    return bool((mine not in (None, "")) == (asked == "set"))


def _ordered(rows: list[Row], order_by: Any, known: set[str]) -> list[Row]:
    if not order_by:
        return rows
    text = str(order_by).replace("`", "")
    if ";" in text:
        raise FrappeError("ValidationError", "Illegal SQL Query")
    for part in reversed(text.split(",")):
        name, _, direction = part.strip().rpartition(".")[2].partition(" ")
        if name not in known:
            raise FrappeError("OperationalError", f"(1054, \"Unknown column '{name}' in 'ORDER BY'\")", told=False)
        rows = sorted(rows, key=_key(name), reverse=direction.strip().lower() == "desc")
    return rows


def _key(name: str) -> Callable[[Row], Any]:
    def compare(one: Row, other: Row) -> int:
        mine, theirs = one.get(name), other.get(name)
        if mine is None or theirs is None:
            return (mine is not None) - (theirs is not None)
        return _compare(mine, theirs)

    return cmp_to_key(compare)


def _page(rows: list[Row], asked: Mapping[str, Any]) -> list[Row]:
    wanted = asked.get("limit_page_length", asked.get("limit", ROWS_DEFAULT))
    start = int(asked.get("limit_start") or 0)
    if start < 0:
        raise FrappeError("ProgrammingError", "(1064, 'You have an error in your SQL syntax')", told=False)
    if wanted in (None, ""):
        wanted = ROWS_DEFAULT
    if not str(wanted).lstrip("-").isdigit():
        return rows  # Measured: a limit that is no number gives every row.
    size = int(wanted)
    return rows if size == 0 else rows[start : start + size]
