"""Gets one of ERPNext's invoices: by our id, or by its bare name where only one of the DocTypes has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import quote

import msgspec

from providers.erpnext.decode import field_names, read_document, read_one, with_custom
from providers.erpnext.invoice_kinds import KINDS, SCHEDULE, Kind
from providers.erpnext.invoice_rows import allowed, payments_by_document, read_payments
from providers.erpnext.metadata import custom_of
from providers.erpnext.questions import Asked
from providers.erpnext.rights import field_cautions, refused_fields, without
from providers.erpnext.site import Site
from providers.erpnext.wire import InvoiceRecord, ScheduleRow
from providers.kit.client import Client
from providers.kit.errors import Conflict, Forbidden, NotFound
from providers.kit.pages import Caution
from providers.kit.resource import Record, Wire

W = TypeVar("W", bound=Wire)


async def get_invoice(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[InvoiceRecord]:
    """One invoice. What reads as an id of ours and is none may still be a name that holds a colon."""
    del expand
    kind_name, _, name = record_id.partition(":")
    if kind_name in KINDS and name:
        try:
            body = await _document(client, KINDS[kind_name], name)
        except NotFound:
            pass
        else:
            return await _record(client, site, KINDS[kind_name], body)
    return await _record(client, site, *await _named(client, record_id))


async def _named(client: Client, name: str) -> tuple[Kind, bytes]:
    """The one document of this name. One that is there and may not be read is not the same as none."""
    found: list[tuple[Kind, bytes]] = []
    refusal: Forbidden | None = None
    for kind in KINDS.values():
        try:
            found.append((kind, await _document(client, kind, name)))
        except NotFound:
            continue
        except Forbidden as error:
            refusal = error
    if len(found) > 1:
        raise Conflict("an invoice and a bill have this name: say invoice:… or bill:…")
    if found:
        return found[0]
    if refusal is not None:
        raise refusal
    raise NotFound("there is no such invoice")


async def _document(client: Client, kind: Kind, name: str) -> bytes:
    return await client.get(f"api/resource/{quote(kind.doctype, safe='')}/{quote(name, safe='')}")


class _Tables(msgspec.Struct, frozen=True):
    """The child tables inside a document."""

    items: list[msgspec.Raw] = []
    taxes: list[msgspec.Raw] = []
    payment_schedule: list[msgspec.Raw] = []


async def _record(client: Client, site: Site, kind: Kind, body: bytes) -> Record[InvoiceRecord]:
    raw = read_document(body)
    customs = await custom_of(client, kind.doctype, kind.line_doctype)
    [head], unread = await _readable(
        client, kind, kind.doctype, with_custom(kind.head, customs[0] if customs else ()), [raw]
    )
    company = client.settings.get("company")
    if company is not None and head.company != company:
        raise NotFound("the invoice is another company's")
    tables = msgspec.json.decode(raw, type=_Tables)
    line = with_custom(kind.line, customs[1] if customs else ())
    lines, unread_lines = await _readable(client, kind, kind.line_doctype, line, tables.items)
    taxes, unread_taxes = await _readable(client, kind, kind.tax_doctype, kind.tax, tables.taxes)
    schedule, unread_terms = await _readable(client, kind, SCHEDULE, ScheduleRow, tables.payment_schedule)
    cautions = [
        *field_cautions(unread),
        *field_cautions(unread_lines, "items"),
        *field_cautions(unread_taxes, "taxes"),
        *field_cautions(unread_terms, "payment_schedule"),
    ]
    unread_fields = frozenset(caution.field for caution in cautions if caution.field)
    if customs is None:
        cautions.append(Caution(code="custom_fields_unknown", field="custom_fields"))
    if site.zone is None:
        cautions.append(Caution(code="time_zone_unknown", field="updated_at"))
    payments = await allowed(read_payments(client, kind, [head.name]))
    if payments is None:
        cautions.append(Caution(code="not_permitted", field="payments"))
    return Record(
        wire=InvoiceRecord(
            kind=kind.name,
            head=head,
            lines=lines,
            taxes=taxes,
            schedule=schedule,
            payments=payments_by_document(payments.records).get(head.name, []) if payments else [],
            unread=unread_fields,
        ),
        remote_data=raw,
        cautions=tuple(cautions),
    )


async def _readable(
    client: Client, kind: Kind, doctype: str, wire: type[W], raws: Sequence[msgspec.Raw]
) -> tuple[list[W], tuple[str, ...]]:
    """The document or its rows without what this user may not read, and which fields those are."""
    if not raws:
        return [], ()
    asked = Asked(
        doctype=doctype,
        parent=kind.doctype if doctype != kind.doctype else None,
        described_by=kind.doctype,
        filters=(),
        order_by="name asc",
        limit=1,
    )
    refused = await refused_fields(client, asked, field_names(wire))
    return [read_one(without(raw, refused), wire) for raw in raws], tuple(refused)
