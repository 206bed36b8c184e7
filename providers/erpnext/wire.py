"""ERPNext's records under its own names, as Frappe lists and documents carry them (measured on version 15).

Only `name` is sure to be there: lists hold the fields that were asked for, documents leave nulls out. Money and
quantities are JSON floats; checks are 0 or 1; instants are naive text in the site's zone.
"""

from __future__ import annotations

from providers.kit.resource import Wire


class Document(Wire, frozen=True, kw_only=True, gc=False):
    """What every document has."""

    name: str
    creation: str | None = None
    modified: str | None = None


class Child(Wire, frozen=True, kw_only=True, gc=False):
    """A row of a child table."""

    name: str
    idx: int | None = None
    parent: str | None = None
