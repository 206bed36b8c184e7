"""The capability matrix as screens, told from the providers' rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from app.capabilities import capabilities_of, field_paths
from providers.kit.provider import Provider
from providers.kit.registry import all_providers


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one integration can do with one resource, in short."""

    operations: Sequence[str]
    filters: int
    fields: int
    """How many of the model's fields the provider has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Resource × integration; each cell holds the operations that exist."""

    template: ClassVar[str] = "capabilities.html"

    integrations: Sequence[tuple[str, str]]
    """Slug and name."""
    rows: Sequence[tuple[str, Sequence[Cell | None]]]
    """A resource, and its cell for each integration; None where there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSource:
    """One field of a model, and the provider's own that it comes from."""

    name: str
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What one integration can do with one resource."""

    template: ClassVar[str] = "capability.html"

    integration_name: str
    resource: str
    operations: Mapping[str, Any]
    expands: Mapping[str, str]
    unstamped: Sequence[str]
    fields: Sequence[FieldSource]
    others: Sequence[tuple[str, str]]
    """The same resource at other integrations: name and address."""

    @property
    def provided_count(self) -> int:
        """How many of the fields the provider has."""
        return sum(field.source is not None for field in self.fields)


def matrix() -> Matrix:
    """All of it."""
    providers = all_providers()
    segments = sorted({segment for provider in providers.values() for segment in provider.resources})
    return Matrix(
        integrations=[(provider.slug, provider.name) for provider in providers.values()],
        rows=[(segment, [_cell(provider, segment) for provider in providers.values()]) for segment in segments],
    )


def capability(slug: str, segment: str) -> Capability | None:
    """One cell; None where there is none."""
    provider = all_providers().get(slug)
    row = provider.resource(segment) if provider is not None else None
    if provider is None or row is None:
        return None
    told = capabilities_of(provider)["resources"][segment]
    return Capability(
        integration_name=provider.name,
        resource=segment,
        operations=told["operations"],
        expands=told["expand"],
        unstamped=told["unstamped"],
        fields=[FieldSource(name=name, source=row.sources.get(name)) for name in field_paths(row.model)],
        others=[
            (other.name, f"/console/capabilities/{other.slug}/{segment}")
            for other in all_providers().values()
            if other.slug != slug and other.resource(segment) is not None
        ],
    )


def _cell(provider: Provider, segment: str) -> Cell | None:
    row = provider.resource(segment)
    if row is None:
        return None
    return Cell(
        operations=row.operations,
        filters=len(row.list_rules.filters),
        fields=sum(source is not None for source in row.sources.values()),
    )
