"""A DocType as a source of a unified resource: its fields, its child tables, and what belongs to it elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.erpnext.wire import Child, Document
from providers.kit.client import Client
from providers.kit.pages import Caution, Filter, Query
from providers.kit.resource import Wire

H = TypeVar("H", bound=Document)

Conditions = Callable[[Site, Query, Filter], Iterable[Condition]]
"""What a filter comes to, where it is more than a comparison of one field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A child table that is joined to the records of a page, in one call.

    `field` is where a document has it, `ours` where the unified record has it. A table that several fields
    of a document share is told apart by `parentfield`.
    """

    field: str
    ours: str
    doctype: str
    wire: type[Child]
    has_custom_fields: bool = False
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Rows of other documents by the record they belong to, and what is to be said of them."""

    rows: Mapping[str, list[Any]] = field(default_factory=dict)
    refused: Collection[str] = ()
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """What other documents hold of a page's records. It may be forbidden where the records are not.

    `expand` names the option that asks for it; without one it is always read. A join of several calls raises
    `Forbidden` only where it can tell nothing at all.
    """

    field: str
    ours: str
    read: Callable[[Client, Site, Source, Sequence[Document]], Awaitable[Joining]]
    expand: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One DocType that feeds a resource.

    `kind` begins our ids; it is empty where the resource has one DocType, whose names are the ids. `fixed` are
    the values that make a document one of the resource's. `company` is the field that an account's company is
    held against. `filters` say which field or conditions each filter comes to, `sorts` which field each order.
    """

    kind: str = ""
    doctype: str
    wire: type[Document]
    tables: tuple[Table, ...] = ()
    joins: tuple[Join, ...] = ()
    fixed: Mapping[str, str | int] = field(default_factory=dict)
    company: str | None = None
    filters: Mapping[str, str | Conditions] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=lambda: STAMPS)
    reaches: Callable[[Source, Query], bool] = lambda _source, _query: True
    """Whether the query can find any of this DocType."""
    keeps: Callable[[Query, Any, frozenset[str]], bool] | None = None
    """Whether a row is asked for, where ERPNext cannot tell by itself; the set is of fields that are not told."""

    def id_of(self, name: str) -> str:
        """Our id of the document of that name."""
        return f"{self.kind}:{name}" if self.kind else name


STAMPS: Mapping[str, str] = {"updated_at": "modified", "created_at": "creation"}
"""What every document can be ordered and filtered by."""


class Joined(Wire, Generic[H], frozen=True, kw_only=True, gc=False):
    """A document with the rows that were joined to it, under the names a document has them.

    `unread` names the fields that may not be read, those of a table as `items.rate`: their null says nothing.
    """

    kind: str
    head: H
    rows: Mapping[str, list[Any]] = {}
    unread: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Our id."""
        return f"{self.kind}:{self.head.name}" if self.kind else self.head.name

    def table(self, field: str) -> list[Any]:
        """The rows under that name; none where they may not be read."""
        return self.rows.get(field, [])

    def named_parts(self) -> Sequence[tuple[str, Any]]:
        """The document's parts as ERPNext names them, so that a field that is wrong is named so."""
        return (("", self.head), *self.rows.items())


def source_of(sources: Sequence[Source], record_id: str) -> Source | None:
    """The source whose ids begin so."""
    return next(
        (source for source in sources if source.kind and _begins(record_id, f"{source.kind}:")),
        None,
    )


def _begins(record_id: str, kind: str) -> bool:
    return record_id.startswith(kind) and record_id != kind
