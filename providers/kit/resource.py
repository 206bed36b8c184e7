"""One row of a provider's table: which calls exist for a unified model, and what they can do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from providers.kit.client import Client
from providers.kit.pages import Caution, FilterRule, Position, Query
from unified_models.base import UnifiedModel


class Wire(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record under the provider's own names. Only fields we map are named; absent and null are None."""


W = TypeVar("W")
"""What is mapped: a wire record, or a record with the rows that were joined to it."""
S = TypeVar("S")
"""What a mapper needs to know of the account: time zone, base currency, custom fields."""
M = TypeVar("M", bound=UnifiedModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Generic[W]):
    """One record read for `get`, with the provider's own object beside it."""

    wire: W
    remote_data: object | None = None
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows(Generic[W]):
    """One page of a list, before mapping.

    `remote_data` runs beside `records`, and is empty unless the query asked for it. `cautions` hold the
    rows that failed the wire check. `next` is None at the end of the list, as the provider tells it.
    """

    records: Sequence[W]
    next: Position | None = None
    remote_data: Sequence[object] = ()
    cautions: tuple[Caution, ...] = ()


ListRecords = Callable[[Client, S, Query], Awaitable[Rows[W]]]
GetRecord = Callable[[Client, S, str, frozenset[str]], Awaitable[Record[W]]]
"""Client, site, id as the caller gave it (ours or a bare remote id), expand → the record; raises NotFound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRules:
    """What a list can do: filters, sorts, and what a page costs in calls to the provider."""

    filters: Mapping[str, FilterRule] = field(default_factory=dict)
    sorts: tuple[str, ...] = ()
    calls: str = "1"
    limit_max: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource(Generic[W, S, M]):
    """One row. An operation left out is unsupported.

    `sources` names, for each field of the model (dotted for lines: `line_items.sku`), the provider's own
    field it comes from; None where the provider has none. `unstamped` lists changes that do not move
    `updated_at`. `site` gathers what the mapper needs, from the client's kept references.
    `id_of` gives our id of a record that may fail to map.
    """

    model: type[M]
    site: Callable[[Client], Awaitable[S]]
    to_unified: Callable[[W, S], M]
    id_of: Callable[[W], str]
    sources: Mapping[str, str | None]
    list: ListRecords[S, W] | None = None
    get: GetRecord[S, W] | None = None
    list_rules: ListRules = field(default_factory=ListRules)
    get_calls: str = "1"
    expands: Mapping[str, str] = field(default_factory=dict)
    unstamped: tuple[str, ...] = ()

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations that exist, by name."""
        return tuple(name for name in ("list", "get") if getattr(self, name) is not None)


AnyResource = Resource[Any, Any, Any]
