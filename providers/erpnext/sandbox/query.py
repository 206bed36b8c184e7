"""Frappe's list queries over the sandbox's rows: fields, filters, order, pages, with their measured oddities."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from providers.erpnext.sandbox.collation import COMPARABLE
from providers.erpnext.sandbox.conditions import Condition, conditions
from providers.erpnext.sandbox.doctypes import CHILDREN, TABLES, Field, parents_of
from providers.erpnext.sandbox.fields import Column, Joined, aggregated, columns, value_of
from providers.erpnext.sandbox.orders import By, Orders, in_order
from providers.erpnext.sandbox.replies import FrappeError
from providers.erpnext.sandbox.store import Row, Store, children

ROWS_DEFAULT = 20


def run(
    store: Store, orders: Orders, doctype: str, asked: Mapping[str, Any], custom: Sequence[str] = ()
) -> list[Row]:
    """The rows of a list. `asked` holds the arguments as sent: JSON texts, or values of a JSON body."""
    _allow_child(doctype, asked)
    known = store.columns(doctype, custom)
    shown = columns(store, asked.get("fields"), doctype, known)
    filters = conditions(store, asked.get("filters"), doctype, known)
    either = conditions(store, asked.get("or_filters"), doctype, known)
    if asked.get("group_by") or any(column.function for column in shown):
        found = _joined(doctype, _rows(store, doctype, filters), shown, filters, either)
        rows = _grouped(store, shown, list(found), asked.get("group_by"))
        by = _order(
            asked.get("order_by"), {column.label: Field(_AS_FIELD[column.kind]) for column in shown} | known
        )
        return _page(in_order(rows, by) if by else rows, asked)
    by = _order(asked.get("order_by"), known)
    ordered = orders.of(doctype, _rows(store, doctype, filters), by, filters)
    joined = _joined(doctype, ordered, shown, filters, either)
    if all(column.source is None and column.link is None for column in shown):
        pairs = [(column.label, column.name) for column in shown]
        return [{label: row.get(name) for label, name in pairs} for row, _ in _page(joined, asked)]
    return [{column.label: value_of(store, column, each) for column in shown} for each in _page(joined, asked)]


_AS_FIELD = {"int": "Int", "float": "Float", "date": "Date", "datetime": "Datetime", "text": "Data"}


def _allow_child(doctype: str, asked: Mapping[str, Any]) -> None:
    """Refuse a child table that is read without a parent DocType that has it."""
    if doctype not in CHILDREN:
        return
    parent = asked.get("parent")
    if not isinstance(parent, str) or doctype not in TABLES.get(parent, {}).values():
        raise FrappeError("PermissionError", "", told=False)


def _rows(store: Store, doctype: str, filters: Sequence[Condition]) -> list[Row]:
    """The rows to look through. Measured: `parent` is a matter of rights alone, child rows are of any parent."""
    if doctype not in CHILDREN:
        return store.rows(doctype)
    owners, names = parents_of(doctype), None
    for condition in filters:
        if condition.source is None and condition.operator in ("=", "in") and condition.asked is not None:
            asked = condition.asked if isinstance(condition.asked, list) else str(condition.asked).split(",")
            if condition.name == "parenttype":
                owners = [owner for owner in owners if owner in asked]
            elif condition.name == "parent":
                names = [str(name) for name in asked]
    return store.rows(doctype) if names is None else store.rows_of(doctype, owners, names)


def _joined(
    doctype: str,
    rows: Sequence[Row],
    shown: Sequence[Column],
    filters: Sequence[Condition],
    either: Sequence[Condition],
) -> Iterator[Joined]:
    """The rows that meet the conditions: once for each child row, where a child table is asked about."""
    sources = dict.fromkeys(
        [each.source for each in (*filters, *either) if each.source]
        + [each.source for each in shown if each.source]
    )
    own = [(each.name, each.test) for each in filters if each.source is None]
    if not sources and not either:
        return ((row, {}) for row in rows if all(test(row.get(name)) for name, test in own))
    theirs = [each for each in filters if each.source is not None]
    return (
        joined
        for row in rows
        if all(test(row.get(name)) for name, test in own)
        for joined in _with_children(row, doctype, list(sources))
        if all(_meets(joined, each) for each in theirs)
        and (not either or any(_meets(joined, each) for each in either))
    )


def _with_children(row: Row, doctype: str, sources: Sequence[str]) -> Iterator[Joined]:
    """A left join: a row without child rows comes once."""
    tables = [list(children([row], doctype, source)) or [{}] for source in sources]
    for combination in itertools.product(*tables):
        yield row, dict(zip(sources, combination, strict=True))


def _meets(joined: Joined, condition: Condition) -> bool:
    row, more = joined
    return condition.test((row if condition.source is None else more[condition.source]).get(condition.name))


def _grouped(store: Store, shown: Sequence[Column], found: list[Joined], group_by: Any) -> list[Row]:
    if not group_by:
        return [aggregated(store, shown, found)]
    names = [part.strip().replace("`", "").rpartition(".")[2] for part in str(group_by).split(",")]
    groups: dict[tuple[Any, ...], list[Joined]] = {}
    for joined in found:
        groups.setdefault(tuple(COMPARABLE["text"](joined[0].get(name)) for name in names), []).append(joined)
    return [aggregated(store, shown, groups[key]) for key in sorted(groups)]


def _order(order_by: Any, known: Mapping[str, Field]) -> tuple[By, ...]:
    if not order_by:
        return ()
    text = str(order_by).replace("`", "")
    if ";" in text:
        raise FrappeError("ValidationError", "Illegal SQL Query")
    found: list[By] = []
    for part in text.split(","):
        name, _, direction = part.strip().rpartition(".")[2].partition(" ")
        if name not in known:
            raise FrappeError("OperationalError", f"(1054, \"Unknown column '{name}' in 'ORDER BY'\")", told=False)
        found.append((name, known[name].kind, direction.strip().lower() == "desc"))
    return tuple(found)


def _page(rows: Iterator[Any] | Sequence[Any], asked: Mapping[str, Any]) -> list[Any]:
    wanted = asked.get("limit_page_length", asked.get("limit", ROWS_DEFAULT))
    start = int(asked.get("limit_start") or 0)
    if start < 0:
        raise FrappeError("ProgrammingError", "(1064, 'You have an error in your SQL syntax')", told=False)
    if wanted in (None, ""):
        wanted = ROWS_DEFAULT
    if not str(wanted).lstrip("-").isdigit() or int(wanted) == 0:
        return list(rows)  # Measured: so does a limit that is no number, and `limit_start` is forgotten.
    return list(itertools.islice(rows, start, start + int(wanted)))


def site_defaults(store: Store, asked: Mapping[str, Any]) -> list[Row]:
    """The site's defaults, of which the sandbox has one: its time zone."""
    row = {"name": "8f1c2a9e0b", "parent": "__default", "defkey": "time_zone", "defvalue": store.zone.key}
    known = dict.fromkeys(row, Field("Data"))
    shown = columns(store, asked.get("fields"), "DefaultValue", known)
    filters = conditions(store, asked.get("filters"), "DefaultValue", known)
    is_met = all(each.test(row[each.name]) for each in filters)
    return [{column.label: row[column.name] for column in shown}] if is_met else []
