"""Pieces that many of ERPNext's records have, as unified ones."""

from __future__ import annotations

from typing import Any, Literal, Protocol, cast

from providers.erpnext.decode import custom_names
from providers.erpnext.site import Site
from providers.kit.resource import Wire
from unified_models.parts import ContactReference, TrackingCategoryReference


def text(written: str | None) -> str | None:
    """Frappe keeps an empty text and none alike: both mean that nothing was entered."""
    return written or None


def flag(check: int | None) -> bool | None:
    """A check, which is 0 or 1; None where it is not told."""
    return None if check is None else bool(check)


def state(disabled: int | None) -> Literal["active", "archived"] | None:
    """Whether a record is in use."""
    return None if disabled is None else "archived" if disabled else "active"


def enabled(check: int | None) -> Literal["active", "archived"] | None:
    """Whether a record is in use, where ERPNext marks those that are."""
    return None if check is None else "active" if check else "archived"


def customer(name: str | None, shown: str | None) -> ContactReference | None:
    """A document's customer."""
    return ContactReference(id=f"customer:{name}", name=text(shown), type="customer") if name else None


def supplier(name: str | None, shown: str | None) -> ContactReference | None:
    """A document's supplier."""
    return ContactReference(id=f"supplier:{name}", name=text(shown), type="vendor") if name else None


class Tracked(Protocol):
    """What is booked on a cost centre and a project."""

    @property
    def cost_center(self) -> str | None:
        """The cost centre's name, which is its id."""

    @property
    def project(self) -> str | None:
        """The project's id."""


def tracking(record: Tracked, site: Site) -> list[TrackingCategoryReference]:
    """The dimensions that a document or line is booked on: cost centre, project, and the site's own."""
    found = [
        TrackingCategoryReference(id=f"{kind}:{name}", name=name if kind == "cost_center" else None)
        for kind, name in (("cost_center", record.cost_center), ("project", record.project))
        if name
    ]
    return [*found, *own_dimensions(record, site)] if site.dimensions else found


def own_dimensions(record: Any, site: Site) -> list[TrackingCategoryReference]:
    """The site's own dimensions of a record: fields that were added to it, each the name of a document."""
    dimensions, kind = site.dimensions or {}, cast("type[Wire]", type(record))
    values = {name: getattr(record, attribute) for attribute, name in custom_names(kind) if name in dimensions}
    return [
        TrackingCategoryReference(id=dimension_id(field, values[field]))
        for field in dimensions
        if isinstance(values.get(field), str) and values[field]
    ]


def dimension_id(field: str, name: str) -> str:
    """Our id of a dimension's value, which is a document of the dimension's DocType."""
    return f"dimension:{field}:{name}"
