"""What a list is asked for: the query, its filters, and the position a page starts from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Literal, TypeVar

Operator = Literal["eq", "ne", "gt", "gte", "lt", "lte", "in"]
FilterValue = str | bool | Decimal | date | datetime | tuple[str, ...]
Position = str
"""Where a page starts: text that any process can resume from. Sealed by the app before a caller sees it."""


class ValueKind(Enum):
    """What a filter's value is, and so how the caller writes it."""

    TEXT = "text"
    FLAG = "flag"
    DATE = "date"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One condition, already checked against the row's rules.

    `value` is `str` for text and enums (the unified value), `bool` for flags, `date` for calendar dates,
    an aware UTC `datetime` for instants, and a tuple of strings for `in`.
    """

    name: str
    operator: Operator
    value: FilterValue


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterRule:
    """What a row lets a caller filter by: the kind of value, the operators, and the values of an enum."""

    kind: ValueKind = ValueKind.TEXT
    operators: tuple[Operator, ...] = ("eq",)
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """The order asked for."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One page of a list, as the caller asked for it."""

    limit: int
    position: Position | None = None
    filters: tuple[Filter, ...] = ()
    sort: Sort | None = None
    remote_query: tuple[tuple[str, str], ...] = ()
    remote_data: bool = False
    expand: frozenset[str] = field(default_factory=frozenset)

    def filter(self, name: str, operator: Operator = "eq") -> FilterValue | None:
        """The value of the one condition on `name` with this operator, if there is one."""
        for condition in self.filters:
            if condition.name == name and condition.operator == operator:
                return condition.value
        return None


T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """Something the caller should know of a page or a record: which, which field, and what kind.

    `field` is in our names where it is ours and in the provider's where it is theirs. Never a value.
    """

    code: str
    id: str | None = None
    field: str | None = None
    detail: str | None = None
    remote_data: object | None = None


def chunks(items: list[T], size_max: int) -> list[list[T]]:
    """The items in runs of at most `size_max`, in order."""
    return [items[start : start + size_max] for start in range(0, len(items), size_max)]
