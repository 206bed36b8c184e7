"""How Frappe tells rows apart, orders them and sums them."""

from __future__ import annotations

import re
from typing import Any

from tests.providers.fake_send import Call, Reply

Row = dict[str, Any]

_NO_FRACTION = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")

_TESTS = {
    "=": lambda mine, asked: mine == asked,
    "!=": lambda mine, asked: mine != asked,
    ">": lambda mine, asked: mine is not None and mine > asked,
    ">=": lambda mine, asked: mine is not None and mine >= asked,
    "<": lambda mine, asked: mine is not None and mine < asked,
    "<=": lambda mine, asked: mine is not None and mine <= asked,
    "in": lambda mine, asked: mine in asked,
    "is": lambda mine, asked: (mine not in (None, "")) is (asked == "set"),
}


def _folded(value: Any) -> Any:
    """Texts compare without case, as MariaDB's usual collation does, and stamps as moments."""
    if isinstance(value, list):
        return [_folded(item) for item in value]
    if isinstance(value, str) and _NO_FRACTION.fullmatch(value):
        return f"{value}.000000"
    return value.casefold() if isinstance(value, str) else value


def is_wanted(row: Row, call: Call) -> bool:
    """Whether a list's filters find the row."""

    def meets(condition: list[Any]) -> bool:
        name, operator, asked = condition
        mine = row.get(name)
        return bool(_TESTS[operator](_folded(mine), _folded(asked)))

    either = call.argument("or_filters") or []
    return all(map(meets, call.argument("filters") or [])) and (not either or any(map(meets, either)))


def sortable(value: Any) -> tuple[bool, Any]:
    """What rows are ordered by; nulls come first."""
    return (value is not None, _folded(value) if value is not None else 0)


def summed(rows: list[Row], call: Call) -> Reply:
    """Sums by group, in the syntax of version 15."""
    by = call.params.get("group_by") or call.argument("group_by")
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.get(by), []).append(row)
    sums = [
        {by: value, **{each: sum(row.get(each) or 0 for row in group) for each in _sums(call, by)}}
        for value, group in groups.items()
    ]
    return Reply({"message" if call.body is not None else "data": sums})


def _sums(call: Call, by: str) -> list[str]:
    return [str(name).partition("(")[2].partition(")")[0] for name in call.argument("fields") if name != by]
