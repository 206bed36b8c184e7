"""Gets one record: by our id, or by its bare name where only one of the resource's DocTypes has it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from providers.erpnext.decode import field_names, read_document, read_one, with_custom
from providers.erpnext.joins import allowed, wanted_joins
from providers.erpnext.metadata import doctypes
from providers.erpnext.questions import Asked
from providers.erpnext.reads import TIME_ZONE_UNKNOWN
from providers.erpnext.rights import field_cautions, refused_fields, without
from providers.erpnext.site import Site
from providers.erpnext.source import Joined, Source, source_of
from providers.erpnext.walk import CUSTOM_FIELDS_UNKNOWN
from providers.erpnext.wire import Document
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Conflict, Forbidden, NotFound, Unreadable
from providers.kit.pages import Caution
from providers.kit.resource import GetRecord, Record, Wire

W = TypeVar("W", bound=Wire)
Found = tuple[Source, msgspec.Raw]
_decode_rows = msgspec.json.Decoder(list[msgspec.Raw] | None).decode


def get_of(*sources: Source) -> GetRecord[Site, Joined[Any]]:
    """The resource's get."""

    async def get_record(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[Joined[Any]]:
        source, raw = await _find(client, sources, record_id)
        _refuse_others(client, source, raw)
        return await _record(client, site, source, raw, expand)

    return get_record


async def _find(client: Client, sources: Sequence[Source], record_id: str) -> Found:
    """The document. What reads as an id of ours and is none may still be a name that holds a colon."""
    source = source_of(sources, record_id)
    if source is not None:
        try:
            return source, await _document(client, source, record_id.removeprefix(f"{source.kind}:"))
        except NotFound:
            pass
    return await _named(client, sources, record_id)


async def _named(client: Client, sources: Sequence[Source], name: str) -> Found:
    """The one document of this name. One that is there and may not be read is not the same as none."""
    found: list[Found] = []
    refusal: Forbidden | None = None
    for source in sources:
        try:
            found.append((source, await _document(client, source, name)))
        except NotFound:
            continue
        except Forbidden as error:
            refusal = error
    if len(found) > 1:
        ids = " or ".join(f"{source.kind}:…" for source, _ in found)
        raise Conflict(f"several records have this name: say {ids}")
    if found:
        return found[0]
    if refusal is not None:
        raise refusal
    raise NotFound("there is no such record")


async def _document(client: Client, source: Source, name: str) -> msgspec.Raw:
    path = f"api/resource/{quote(source.doctype, safe='')}/{quote(name, safe='')}"
    return read_document(await client.get(path))


def _refuse_others(client: Client, source: Source, raw: msgspec.Raw) -> None:
    """Refuse a document that is none of the resource's, or not of the account's company."""
    company = client.settings.get("company")
    held = source.company if company is not None else None
    if not source.fixed and held is None:
        return
    try:
        told = msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.DecodeError:
        raise BadAnswer("ERPNext's answer is not the JSON of a document") from None
    if any(told.get(field) != value for field, value in source.fixed.items()):
        raise NotFound("there is no such record")
    if held is not None and told.get(held) != company:
        raise NotFound("the record is another company's")


async def _record(
    client: Client, site: Site, source: Source, raw: msgspec.Raw, expand: frozenset[str]
) -> Record[Joined[Any]]:
    known = await doctypes(client, source.doctype)
    customs = {name: doctype.custom for name, doctype in known.items()}
    head_wire = with_custom(source.wire, customs.get(source.doctype, ()))
    [head], unread = await _readable(client, source, source.doctype, head_wire, [raw])
    cautions = field_cautions(unread)
    tables = msgspec.json.decode(raw, type=dict[str, msgspec.Raw]) if source.tables else {}
    rows: dict[str, list[Any]] = {}
    for table in source.tables:
        custom = customs.get(table.doctype, ()) if table.has_custom_fields else ()
        wire = with_custom(table.wire, custom)
        raws = _rows(table.field, tables.get(table.field))
        rows[table.field], unread = await _readable(client, source, table.doctype, wire, raws)
        cautions += field_cautions(unread, table.field)
    joined, more = await _joined(client, site, source, head, expand)
    cautions += more
    unread_fields = frozenset(caution.field for caution in cautions if caution.field)
    if source.doctype not in known:
        cautions.append(CUSTOM_FIELDS_UNKNOWN)
    if site.zone is None:
        cautions.append(TIME_ZONE_UNKNOWN)
    return Record(
        wire=Joined(kind=source.kind, head=head, rows={**rows, **joined}, unread=unread_fields),
        remote_data=raw,
        cautions=tuple(cautions),
    )


def _rows(field: str, table: msgspec.Raw | None) -> list[msgspec.Raw]:
    """The rows of a table in a document; what is no table is named."""
    try:
        return _decode_rows(table) or [] if table is not None else []
    except msgspec.DecodeError:
        raise Unreadable("the record is not as ERPNext's should be", provider_code=f"wrong_type: {field}") from None


async def _joined(
    client: Client, site: Site, source: Source, head: Document, expand: frozenset[str]
) -> tuple[Mapping[str, list[Any]], list[Caution]]:
    """What other documents hold of the record."""
    joins = wanted_joins(source, expand)
    found = await asyncio.gather(*(allowed(each.read(client, site, source, [head])) for each in joins))
    rows: dict[str, list[Any]] = {}
    cautions: list[Caution] = []
    for each, joining in zip(joins, found, strict=True):
        if joining is None:
            cautions.append(Caution(code="not_permitted", field=each.ours))
            continue
        rows[each.field] = joining.rows.get(head.name, [])
        cautions += [*joining.cautions, *field_cautions(joining.refused, each.field)]
    return rows, cautions


async def _readable(
    client: Client, source: Source, doctype: str, wire: type[W], raws: Sequence[msgspec.Raw]
) -> tuple[list[W], tuple[str, ...]]:
    """The document or its rows without what this user may not read, and which fields those are."""
    if not raws:
        return [], ()
    asked = Asked(
        doctype=doctype,
        parent=source.doctype if doctype != source.doctype else None,
        described_by=source.doctype,
        filters=(),
        order_by="name asc",
        limit=1,
    )
    refused = await refused_fields(client, asked, field_names(wire))
    return [read_one(without(raw, refused), wire) for raw in raws], tuple(refused)
