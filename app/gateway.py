"""The one way from a unified request to a provider and back: find the row, read, map, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from app.connections.connection import Connection
from app.connections.meter import Meter
from app.errors import NotFound, UnsupportedOperation
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Unmappable
from providers.kit.exact import Inexact, find_inexact
from providers.kit.pages import Caution, Position, Query
from providers.kit.resource import AnyResource, Record, Rows
from unified_models.base import UnifiedModel

_UNMAPPABLE = (Unmappable, Inexact, LookupError, ValueError, ArithmeticError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of unified records, where the next one starts, and what the caller should know."""

    records: Sequence[UnifiedModel]
    next: Position | None
    cautions: Sequence[Caution]


class Gateway:
    """Answers unified requests for open connections."""

    def __init__(self, deadline_seconds: float) -> None:
        self._deadline_seconds = deadline_seconds

    def resource(self, connection: Connection, segment: str) -> AnyResource:
        """The account's row for a resource; raises `UnsupportedOperation` where its provider has none."""
        resource = connection.provider.resource(segment)
        if resource is None:
            raise UnsupportedOperation(f"{connection.provider.name} has no {segment} here")
        return resource

    def client(self, connection: Connection, meter: Meter) -> Client:
        """A client for one call, whose time runs from now."""
        return connection.client(self._deadline_seconds, meter)

    async def list(self, client: Client, resource: AnyResource, query: Query) -> Page:
        """One page. A record that cannot be mapped becomes a caution; the others go on."""
        if resource.list is None:
            raise UnsupportedOperation("the provider cannot list this", allow=methods_of_collection(resource))
        site = await resource.site(client)
        try:
            rows = await resource.list(client, site, query)
        except RecursionError as error:
            raise BadAnswer("the provider's answer is nested too deeply") from error
        cautions = list(rows.cautions)
        try:
            to_unified = resource.to_unified
            records = [to_unified(record, site) for record in rows.records]
            raws: Sequence[object] = rows.remote_data
        except _UNMAPPABLE:
            records, raws = _map_each(resource, rows, site, cautions)
        if query.remote_data:
            records = [
                msgspec.structs.replace(record, remote_data=raw) for record, raw in zip(records, raws, strict=True)
            ]
        return Page(records, rows.next, cautions)

    async def get(
        self, client: Client, resource: AnyResource, record_id: str, query: Query
    ) -> tuple[UnifiedModel, Sequence[Caution]]:
        """One record, or `NotFound`. One that cannot be mapped is `Unmappable`, with the field's name."""
        if resource.get is None:
            raise UnsupportedOperation("the provider cannot get one of these", allow=methods_of_member(resource))
        if not record_id:
            raise NotFound("no id was given")
        site = await resource.site(client)
        try:
            record: Record[Any] = await resource.get(client, site, record_id, query.expand)
        except RecursionError as error:
            raise BadAnswer("the provider's answer is nested too deeply") from error
        try:
            unified = resource.to_unified(record.wire, site)
        except _UNMAPPABLE as error:
            raise _reason(error, record.wire) from error
        if query.remote_data:
            unified = msgspec.structs.replace(unified, remote_data=record.remote_data)
        return unified, record.cautions


def methods_of_collection(resource: AnyResource | None) -> tuple[str, ...]:
    """The methods that exist on the resource's own path."""
    return ("GET",) if resource is not None and resource.list is not None else ()


def methods_of_member(resource: AnyResource | None) -> tuple[str, ...]:
    """The methods that exist on one of its records."""
    return ("GET",) if resource is not None and resource.get is not None else ()


def _map_each(
    resource: AnyResource, rows: Rows[Any], site: object, cautions: list[Caution]
) -> tuple[list[UnifiedModel], list[object]]:
    records: list[UnifiedModel] = []
    raws: list[object] = []
    for index, wire in enumerate(rows.records):
        raw = rows.remote_data[index] if rows.remote_data else None
        try:
            records.append(resource.to_unified(wire, site))
            raws.append(raw)
        except _UNMAPPABLE as error:
            reason = _reason(error, wire)
            cautions.append(Caution(code=reason.code, id=resource.id_of(wire), field=reason.field, remote_data=raw))
    return records, raws


def _reason(error: Exception, wire: object) -> Unmappable:
    if isinstance(error, Unmappable):
        return error
    inexact = find_inexact(wire)
    return Unmappable(inexact, "not_a_number") if inexact is not None else Unmappable("", "unmappable")
