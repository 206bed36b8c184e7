"""What documents are booked on, under ERPNext's own names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, cast

import msgspec

from providers.erpnext.wire import Document


class CostCenter(Document, frozen=True, kw_only=True, gc=False):
    """A Cost Center."""

    cost_center_name: str | None = None
    cost_center_number: str | None = None
    parent_cost_center: str | None = None
    company: str | None = None
    is_group: int | None = None
    disabled: int | None = None


class Project(Document, frozen=True, kw_only=True, gc=False):
    """A Project."""

    project_name: str | None = None
    status: str | None = None
    company: str | None = None
    expected_start_date: date | None = None
    expected_end_date: date | None = None


class DimensionValue(Document, frozen=True, kw_only=True, gc=False):
    """A document of the DocType that an accounting dimension is of, with what that DocType has of the usual."""


def usual(record: Document, use: str) -> Any:
    """The field that is for that; None where the record's DocType has none."""
    return getattr(record, use, None)


_TYPES: Mapping[str, object] = {
    "title": str | None,
    "parent": str | None,
    "company": str | None,
    "is_group": int | None,
    "disabled": int | None,
}


def dimension_wire(fields: Mapping[str, str]) -> type[DimensionValue]:
    """The wire type of a DocType that has these of the usual fields, under these names."""
    return _dimension_wire(tuple(sorted(fields.items())))


@lru_cache(maxsize=200)
def _dimension_wire(named: tuple[tuple[str, str], ...]) -> type[DimensionValue]:
    fields = [(use, _TYPES[use], msgspec.field(name=name, default=None)) for use, name in named]
    made = msgspec.defstruct(
        "DimensionValue", cast(Any, fields), bases=(DimensionValue,), frozen=True, kw_only=True, gc=False
    )
    return cast("type[DimensionValue]", made)
