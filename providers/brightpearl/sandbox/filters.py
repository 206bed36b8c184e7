"""The kinds of filter that searches know, each with how its value is read and when a row meets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from providers.brightpearl.sandbox.idsets import NotAnIdSet, NotAscending, ranges, within

Test = Callable[[Any], bool]
LISTED_MAX = 10_000
"""A set of no more ids is looked up as a whole, a larger one range by range."""
_INTEGER = re.compile(r"^-?\d{1,18}$")


class CannotParse(ValueError):
    """A value that its kind of filter cannot read."""


def test_for(kind: str, asked: str, zone: ZoneInfo, *, are_bounds_inside: bool) -> Test:
    """The test that a filter puts to a row's value. Null meets none."""
    if kind == "IDSET":
        return _id_set(asked)
    if kind == "INTEGER":
        return _integer(asked)
    if kind == "BOOLEAN":
        return _boolean(asked)
    if kind == "PERIOD":
        return _period(asked, zone, are_bounds_inside=are_bounds_inside)
    if kind == "SEARCH_STRING":
        folded = asked.casefold()
        return lambda mine: mine is not None and folded in str(mine).casefold()
    return lambda mine: mine is not None and str(mine) == asked


def _id_set(asked: str) -> Test:
    try:
        parts = ranges(asked)
    except (NotAnIdSet, NotAscending):
        raise CannotParse from None
    if sum(high - low for low, high in parts) < LISTED_MAX:
        listed = frozenset(number for low, high in parts for number in range(low, high + 1))
        return lambda mine: mine in listed
    return lambda mine: mine is not None and within(mine, parts)


def _integer(asked: str) -> Test:
    if not _INTEGER.match(asked):
        raise CannotParse
    return lambda mine: mine is not None and mine == int(asked)


def _boolean(asked: str) -> Test:
    if asked not in ("true", "false"):
        raise CannotParse
    return lambda mine: mine is not None and mine is (asked == "true")


def _period(asked: str, zone: ZoneInfo, *, are_bounds_inside: bool) -> Test:
    lower_text, slash, upper_text = asked.partition("/")
    if not slash or not (lower_text or upper_text):
        raise CannotParse
    lower, upper = _moment(lower_text, zone), _moment(upper_text, zone)

    def meets(mine: Any) -> bool:
        if mine is None:
            return False
        moment = datetime.fromisoformat(mine)
        if are_bounds_inside and moment in (lower, upper):
            return True
        return (lower is None or lower < moment) and (upper is None or moment < upper)

    return meets


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """A bound. Without an offset it is the account's own time, and a bare day its midnight."""
    if not text:
        return None
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(0), zone)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CannotParse from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
