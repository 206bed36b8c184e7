"""A list's conditions, made ready once so that many rows can be held against them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.erpnext.sandbox.collation import COMPARABLE, fold
from providers.erpnext.sandbox.doctypes import TABLES, Field
from providers.erpnext.sandbox.replies import FrappeError
from providers.erpnext.sandbox.store import Store

OPERATORS = ("=", "!=", ">", "<", ">=", "<=", "like", "not like", "in", "not in", "between", "is")

Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one field: of the row itself, or of a row of its child DocType `source`."""

    source: str | None
    name: str
    operator: str
    asked: Any
    kind: str
    test: Test

    def compared(self, mine: Any) -> Any:
        """A row's value in the form in which `wanted` are."""
        return COMPARABLE[self.kind]("" if mine is None else mine)

    @property
    def wanted(self) -> frozenset[Any]:
        """The values that `=` and `in` ask for."""
        return frozenset(map(self.compared, _list(self.asked) if self.operator == "in" else [self.asked]))


def from_json(value: Any) -> Any:
    """An argument as sent: JSON text, or a value of a JSON body."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise FrappeError("JSONDecodeError", str(error), told=False) from None


def not_permitted(name: str) -> FrappeError:
    """What a field gets that the site does not know."""
    return FrappeError("DataError", f"Field not permitted in query: {name}")


def conditions(store: Store, asked: Any, doctype: str, known: Mapping[str, Field]) -> list[Condition]:
    """The conditions of `filters` or `or_filters`: a list of lists, or an object."""
    if asked in (None, ""):
        return []
    found = from_json(asked)
    if isinstance(found, dict):
        found = [[name, *value] if isinstance(value, list) else [name, "=", value] for name, value in found.items()]
    return [_condition(store, item, doctype, known) for item in found]


def _condition(store: Store, item: list[Any], doctype: str, known: Mapping[str, Field]) -> Condition:
    source = None
    if len(item) == 4:
        if item[0] != doctype:
            source = str(item[0])
            if source not in TABLES.get(doctype, {}).values():
                # Measured: of the parent's own fields, too, a child's list knows nothing.
                words = f"(1054, \"Unknown column 'tab{source}.parenttype' in 'ON'\")"
                raise FrappeError("OperationalError", words, told=False)
            known = store.columns(source)
        item = item[1:]
    name, operator, value = item[:3]
    operator = str(operator).lower()
    if operator not in OPERATORS:
        raise FrappeError("ValidationError", f"Operator must be one of {', '.join(OPERATORS)}")
    if name not in known:
        raise not_permitted(str(name))
    kind = known[name].kind
    return Condition(source, str(name), operator, value, kind, _test(operator, value, kind))


def _test(operator: str, asked: Any, kind: str) -> Test:
    as_compared = COMPARABLE[kind]
    if operator in _ORDERINGS:
        return _ORDERINGS[operator](as_compared(asked), as_compared)
    if operator in ("=", "!="):
        test = _same(asked, as_compared)
    elif operator in ("in", "not in"):
        test = _within(asked, as_compared)
    elif operator in ("like", "not like"):
        return _alike(asked, is_wanted=operator == "like")
    elif operator == "between":
        return _between(asked, kind)
    else:
        return (lambda mine: mine not in (None, "")) if asked == "set" else (lambda mine: mine in (None, ""))
    return test if operator in ("=", "in") else (lambda mine: not test(mine))


_ORDERINGS: Mapping[str, Callable[[Any, Callable[[Any], Any]], Test]] = {
    ">": lambda bound, of: lambda mine: mine is not None and of(mine) > bound,
    ">=": lambda bound, of: lambda mine: mine is not None and of(mine) >= bound,
    "<": lambda bound, of: lambda mine: mine is not None and of(mine) < bound,
    "<=": lambda bound, of: lambda mine: mine is not None and of(mine) <= bound,
}


def _same(asked: Any, as_compared: Callable[[Any], Any]) -> Test:
    if asked is None:
        return lambda mine: mine in (None, "")
    wanted = as_compared(asked)
    return lambda mine: as_compared("" if mine is None else mine) == wanted


def _within(asked: Any, as_compared: Callable[[Any], Any]) -> Test:
    wanted = frozenset(as_compared("" if value is None else value) for value in _list(asked))
    return lambda mine: as_compared("" if mine is None else mine) in wanted


def _list(asked: Any) -> list[Any]:
    """A list as sent: a list, or text with commas."""
    return asked.split(",") if isinstance(asked, str) else asked if isinstance(asked, list) else [asked]


def _alike(asked: Any, *, is_wanted: bool) -> Test:
    text = re.escape(fold(str(asked))).replace("%", ".*").replace("_", ".")
    matches = re.compile(text, re.DOTALL).fullmatch
    if is_wanted:
        return lambda mine: mine is not None and matches(fold(str(mine))) is not None
    return lambda mine: mine is None or matches(fold(str(mine))) is None


def _between(asked: Any, kind: str) -> Test:
    as_compared = COMPARABLE[kind]
    low, high = as_compared(asked[0]), as_compared(asked[1])
    if kind == "datetime" and len(str(asked[1])) == 10:
        high = f"{high[:10]} 23:59:59.999999"  # The whole of the last day (measured).
    return lambda mine: mine is not None and low <= as_compared(mine) <= high
