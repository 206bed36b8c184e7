"""Contact groups: how contacts are sorted."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from unified_models.base import UnifiedModel
from unified_models.parts import ContactType
from unified_models.units import count, flag, parts, text

ContactGroupStatus = Literal["active", "archived"]


class ContactGroup(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A group of contacts."""

    name: Annotated[str | None, text("What it is called.")] = None
    description: Annotated[str | None, text("More words.")] = None
    status: Annotated[ContactGroupStatus | None, text("Whether it is in use.")] = None
    contact_type: Annotated[ContactType | None, text("The side of trade its members are on, where it has one.")] = (
        None
    )
    parent_group: Annotated[str | None, text("The id of the group above it.")] = None
    is_group: Annotated[bool | None, flag("Holds other groups.")] = None
    is_read_only: Annotated[bool | None, flag("Cannot be changed by hand.")] = None
    price_list: Annotated[str | None, text("The provider's id of its members' price list.")] = None
    payment_terms: Annotated[str | None, text("The provider's id of its members' payment terms.")] = None
    member_count: Annotated[int | None, count("How many members it has, where the list tells.")] = None
    members: Annotated[
        list[str] | msgspec.UnsetType,
        parts("Ids, in `contacts`, of its members. Only present with `expand=members`."),
    ] = msgspec.UNSET
