"""Tracking categories: the dimensions that documents and lines are booked on."""

from __future__ import annotations

from datetime import date as DateValue
from typing import Annotated, Literal

from unified_models.base import Part, UnifiedModel
from unified_models.units import date, flag, parts, text

TrackingStatus = Literal["active", "archived"]
CategoryType = Literal[
    "channel", "cost_center", "lead_source", "project", "dimension", "department", "location", "class"
]


class TrackingOption(Part, frozen=True, kw_only=True, gc=False):
    """A value of a category that has a list of them."""

    id: Annotated[str | None, text("Its id.")] = None
    name: Annotated[str | None, text("What it is called.")] = None
    status: Annotated[TrackingStatus | None, text("Whether it is in use.")] = None


class TrackingCategory(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A channel, cost centre, project, lead source, or another dimension."""

    name: Annotated[str | None, text("What it is called.")] = None
    number: Annotated[str | None, text("Its number or code.")] = None
    status: Annotated[TrackingStatus | None, text("Whether it is in use.")] = None
    remote_status: Annotated[str | None, text("The provider's own word for the status.")] = None
    category_type: Annotated[CategoryType | None, text("The kind of dimension.")] = None
    remote_type: Annotated[str | None, text("The provider's own word for the kind.")] = None
    parent_category: Annotated[str | None, text("The id of the one above it.")] = None
    company: Annotated[str | None, text("The company whose books it is in.")] = None
    start_date: Annotated[DateValue | None, date("When it begins, for a project.")] = None
    end_date: Annotated[DateValue | None, date("When it is to end, for a project.")] = None
    is_group: Annotated[bool | None, flag("Holds others; nothing is booked on it.")] = None
    options: Annotated[list[TrackingOption], parts("Its values, where it has a list of them.")] = []
