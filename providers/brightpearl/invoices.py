"""Reads invoices and bills: journals of types SI and PI, joined with the orders they book and their payments.

What changes of an invoice, changes on its order: "changed since" takes journals made since, then the older ones of
orders that were changed since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.idsets import Found, id_set, read_set, sole
from providers.brightpearl.journals import (
    SEARCH,
    Position,
    dates_of,
    lines_of,
    look_up,
    next_journals,
    read_journals,
)
from providers.brightpearl.orders import OPTIONAL, ORDERS, PURCHASES, SALES, OrderKind
from providers.brightpearl.payments import read_payments
from providers.brightpearl.plain import number_of
from providers.brightpearl.search import PAGE_SIZE_MAX, numbers_of, period, search
from providers.brightpearl.site import Site, ledger_site
from providers.brightpearl.walks import Ids, bounds, cautions_of, passes
from providers.brightpearl.wire import Order, Payment
from providers.brightpearl.wire_invoices import InvoiceRecord
from providers.brightpearl.wire_journals import Journal
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.resource import Record, Rows

CODES = {"invoice": "SI", "bill": "PI"}
ORDER_KINDS: Mapping[str, OrderKind] = {"SI": SALES, "PI": PURCHASES}
ORDERS_MAX = 100
SEARCHES_MAX = 50

_decode_position = msgspec.json.Decoder(Position).decode


async def invoice_site(client: Client) -> Site:
    """What invoices need: what journals do, and which day it is where the books are kept."""
    site = await ledger_site(client)
    try:
        today = client.clock.now().astimezone(ZoneInfo(site.configuration["timeZone"])).date()
    except (KeyError, ValueError, ZoneInfoNotFoundError):
        return site
    return replace(site, today=today)


async def list_invoices(client: Client, site: Site, query: Query) -> Rows[InvoiceRecord]:
    """One page: invoices, then bills, each in the order of ids."""
    wanted = query.filter("type")
    codes = [CODES[str(wanted)]] if wanted is not None else list(CODES.values())
    since, _ = bounds(query, "updated_at")
    phases = codes * 2 if since is not None else codes
    position = _decode_position(query.position) if query.position else Position()
    is_by_order = position.phase >= len(codes)
    if is_by_order:
        page = await _next_by_order(client, query, phases, position)
    else:
        page = await next_journals(client, query, phases)
    found = await read_journals(client, page.ids)
    journals = [found.records[number] for number in page.ids if number in found.records]
    if since is not None:
        # First those made since, by their own date; then, by their orders, the older ones alone.
        journals = [journal for journal in journals if _is_made_since(journal, since) is not is_by_order]
    records, cautions = await _join(client, site, journals)
    records = [record for record in records if passes(query.filters, _values(record))]
    return Rows(
        records=records,
        next=page.next,
        remote_data=[_raw(found, record) for record in records] if query.remote_data else (),
        cautions=(*site.cautions, *cautions_of(page, found), *cautions),
    )


async def get_invoice(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[InvoiceRecord]:
    """One by the number of its journal."""
    del expand
    number = number_of(record_id)
    if number is None:
        raise NotFound("there is no such invoice")
    found = await read_journals(client, [number])
    journal = sole(found, number, "invoice")
    if journal.journalTypeCode not in ORDER_KINDS:
        raise NotFound("there is no such invoice")
    records, cautions = await _join(client, site, [journal])
    return Record(
        wire=records[0], remote_data=_raw(found, records[0]), cautions=(*site.cautions, *found.cautions, *cautions)
    )


def _raw(found: Found[Journal], record: InvoiceRecord) -> object:
    return found.raws[record.journal.id]


async def _next_by_order(client: Client, query: Query, phases: Sequence[str], position: Position) -> Ids:
    """The journals of one page of orders that were changed since."""
    code = phases[position.phase]
    page = await search(
        client,
        "order-service/order-search",
        [
            ("orderTypeId", str(ORDER_KINDS[code].type_id)),
            ("updatedOn", period(*bounds(query, "updated_at")) or ""),
            ("sort", "orderId.ASC"),
        ],
        position.first_result,
        min(query.limit, ORDERS_MAX),
    )
    orders, cautions = numbers_of(page.rows, "orderId")
    journals = [each for each in await _journals_of(client, orders, code) if each > position.last_id]
    following: Position | None = None
    if len(journals) > query.limit:
        journals = journals[: query.limit]
        following = Position(position.phase, position.first_result, journals[-1])
    elif page.next_result is not None:
        following = Position(position.phase, page.next_result)
    elif position.phase + 1 < len(phases):
        following = Position(position.phase + 1)
    return Ids(journals, msgspec.json.encode(following).decode() if following else None, (), cautions)


async def _journals_of(client: Client, orders: Sequence[int], code: str) -> list[int]:
    """The ids of the journals that book these orders, ascending."""
    if not orders:
        return []
    wanted, ids = set(orders), set[int]()
    first: int | None = 1
    params = [("journalType", code), ("orderId", id_set(orders)), ("sort", "journalId.ASC")]
    for _ in range(SEARCHES_MAX):
        if first is None:
            return sorted(ids)
        page = await search(client, SEARCH, params, first, PAGE_SIZE_MAX)
        ids |= {row["journalId"] for row in page.rows if row.get("orderId") in wanted}
        first = page.next_result
    raise BadAnswer("Brightpearl's journal search does not end for these orders")


async def _join(
    client: Client, site: Site, journals: Sequence[Journal]
) -> tuple[list[InvoiceRecord], list[Caution]]:
    """Invoices with their orders and payments; all of a page are of one type, and so on one side of trade."""
    await look_up(client, site, journals)
    numbers = [number for journal in journals if (number := order_of(journal)) is not None]
    orders: Mapping[int, Order] = {}
    payments: dict[int, list[Payment]] = {}
    cautions: list[Caution] = []
    may_read_payments = True
    if numbers:
        try:
            orders = (
                await read_set(client, ORDERS, numbers, Order, lambda order: order.id, "id", OPTIONAL)
            ).records
        except Forbidden:
            cautions.append(Caution(code="not_permitted", field="line_items"))
        try:
            for code, kind in ORDER_KINDS.items():
                mine = [order_of(journal) for journal in journals if journal.journalTypeCode == code]
                known = [number for number in mine if number is not None and number in orders]
                if known:
                    payments |= await read_payments(client, kind.payments, known)
        except Forbidden:
            may_read_payments = False
            cautions.append(Caution(code="not_permitted", field="balance"))
    return [
        InvoiceRecord(
            journal=journal,
            order=_order_for(journal, orders),
            payments=payments.get(order_of(journal) or 0, []) if may_read_payments else None,
        )
        for journal in journals
    ], cautions


def _order_for(journal: Journal, orders: Mapping[int, Order]) -> Order | None:
    """The order that the journal books; one of another type is not it."""
    order = orders.get(order_of(journal) or 0)
    kind = ORDER_KINDS.get(journal.journalTypeCode or "")
    return order if order is not None and kind is not None and order.orderTypeCode == kind.type_code else None


def order_of(journal: Journal) -> int | None:
    """The one order that its lines name."""
    numbers = {line.orderId for line in lines_of(journal) if line.orderId}
    return numbers.pop() if len(numbers) == 1 else None


def _is_made_since(journal: Journal, since: datetime) -> bool:
    made = instant(journal.createdOn)
    return made is not None and made >= since


def changed_at(record: InvoiceRecord) -> datetime | None:
    """When the journal was made or, later, its order changed."""
    moments = [instant(record.journal.createdOn), instant(record.order.updatedOn) if record.order else None]
    return max((moment for moment in moments if moment is not None), default=None)


def reference_of(journal: Journal) -> str | None:
    """The number that its lines carry, where it is one."""
    references = {line.invoiceReference for line in lines_of(journal) if line.invoiceReference}
    return references.pop() if len(references) == 1 else None


def _values(record: InvoiceRecord) -> Mapping[str, Callable[[], Any]]:
    journal = record.journal
    kinds = {code: kind for kind, code in CODES.items()}
    return {
        **dates_of(journal),
        "updated_at": lambda: changed_at(record),
        "due_date": lambda: calendar_date(journal.dueDate),
        "type": lambda: kinds.get(journal.journalTypeCode or ""),
        "number": lambda: reference_of(journal),
    }
