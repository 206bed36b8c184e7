"""Reads payments: customers', then suppliers', joined with the orders they settle and their journals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.idsets import read_set
from providers.brightpearl.journals import read_journals
from providers.brightpearl.ledger_lists import read_method_ids
from providers.brightpearl.orders import ORDERS
from providers.brightpearl.plain import number_of
from providers.brightpearl.search import PAGE_SIZE_MAX, period, remote_query, search, widened
from providers.brightpearl.site import NOMINALS, Site
from providers.brightpearl.walks import bounds, passes
from providers.brightpearl.wire import Order
from providers.brightpearl.wire_journals import Journal
from providers.brightpearl.wire_payments import PaymentRecord, PaymentRow
from providers.kit.client import Client, Params
from providers.kit.errors import BadAnswer, Forbidden, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.references import Reference, meet, table
from providers.kit.resource import Record, Rows

CUSTOMER, SUPPLIER = "customer", "supplier"
PATHS = {
    CUSTOMER: "accounting-service/customer-payment-search",
    SUPPLIER: "accounting-service/supplier-payment-search",
}
SIDES = {"invoice": CUSTOMER, "bill": SUPPLIER}
METHODS = Reference("payment_methods", read_method_ids)
PROBES_MAX = 60
_SORT = ("sort", "paymentId.ASC")
_DAY = timedelta(days=1)


class Position(msgspec.Struct, frozen=True, array_like=True):
    """The side, the row its page starts at, and the payment before."""

    side: str = CUSTOMER
    first_result: int = 1
    last_id: int = 0


_decode_position = msgspec.json.Decoder(Position).decode


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows of a search as they came, and read."""

    payments: list[PaymentRow]
    raws: list[Mapping[str, Any]]
    cautions: list[Caution]


async def payment_site(client: Client) -> Site:
    """What payments need."""
    cautions: list[Caution] = []
    nominals = await table(client, NOMINALS, "account", cautions)
    methods = await table(client, METHODS, "payment_method", cautions)
    return Site(nominals=nominals, methods=methods, cautions=tuple(cautions))


def payment_id(record: PaymentRecord) -> str:
    """Both sides count their payments from one."""
    return f"{record.side}:{record.payment.paymentId}"


async def list_payments(client: Client, site: Site, query: Query) -> Rows[PaymentRecord]:
    """One page, in the order of ids: customers' payments, then suppliers'."""
    wanted = query.filter("payment_for")
    sides = [SIDES[str(wanted)]] if wanted is not None else list(PATHS)
    position = _decode_position(query.position) if query.position else Position(sides[0])
    params = _params(query)
    page = await search(
        client,
        PATHS[position.side],
        [*params, _SORT, *remote_query(query, params)],
        position.first_result,
        query.limit,
        # It always claims 500 results, and no further pages.
        while_full=position.side == SUPPLIER,
    )
    found = _read(page.rows)
    last = max((payment.paymentId for payment in found.payments), default=position.last_id)
    if page.next_result is not None and found.payments and last <= position.last_id:
        raise BadAnswer("Brightpearl's payment search repeats itself")
    following: Position | None = None
    if page.next_result is not None:
        following = Position(position.side, page.next_result, last)
    elif position.side != sides[-1]:
        following = Position(sides[-1])
    kept = [
        (payment, raw)
        for payment, raw in zip(found.payments, found.raws, strict=True)
        if payment.paymentId > position.last_id and passes(query.filters, _values(payment))
    ]
    records, cautions = await _join(client, site, position.side, [payment for payment, _ in kept])
    return Rows(
        records=records,
        next=msgspec.json.encode(following).decode() if following else None,
        remote_data=[raw for _, raw in kept] if query.remote_data else (),
        cautions=(*site.cautions, *found.cautions, *cautions),
    )


async def get_payment(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[PaymentRecord]:
    """One by `<side>:<id>`; by its bare id, where only one side has it."""
    del expand
    side, colon, text = record_id.rpartition(":")
    number = number_of(text)
    if number is None or (colon and side not in PATHS):
        raise NotFound("there is no such payment")
    hits: list[tuple[str, Mapping[str, Any]]] = []
    for each in [side] if colon else PATHS:
        row = await _find(client, each, number)
        if row is not None:
            hits.append((each, row))
    if len(hits) != 1:
        raise NotFound("there is no such payment" if colon else f"name the side as well: {', '.join(PATHS)}")
    side, row = hits[0]
    found = _read([row])
    if not found.payments:
        raise BadAnswer("the payment is not as Brightpearl's should be")
    records, cautions = await _join(client, site, side, found.payments)
    return Record(wire=records[0], remote_data=row, cautions=(*site.cautions, *cautions))


async def _find(client: Client, side: str, number: int) -> Mapping[str, Any] | None:
    """The row of one payment.

    Suppliers' searches pass over `paymentId` (seen on a live account), so that a full page says nothing. Ids go up
    with the rows and start at one: the row of a payment stands no further than its id, and is found by halving.
    """
    first, least, most = 1, 1, number
    for _ in range(PROBES_MAX):
        page = await search(
            client, PATHS[side], [("paymentId", str(number)), _SORT], first, PAGE_SIZE_MAX, while_full=True
        )
        ids = [row.get("paymentId") for row in page.rows]
        if number in ids:
            return page.rows[ids.index(number)]
        known = [each for each in ids if isinstance(each, int)]
        if first == 1 and page.next_result is None:
            return None
        if not known or number < min(known):
            most = first - 1
        elif number > max(known):
            least = first + len(ids)
        else:
            return None
        if least > most:
            return None
        first = (least + most) // 2
    raise BadAnswer("Brightpearl's payment search is not in the order of payments")


def _params(query: Query) -> Params:
    wanted: dict[str, str] = {}
    for name in ("created_at", "updated_at"):
        written = period(*bounds(query, name))
        if written is not None:
            wanted.setdefault("createdOn", written)
    lower, upper = bounds(query, "transaction_date")
    written = period(lower and widened(lower, -_DAY), upper and widened(upper, _DAY))
    if written is not None:
        wanted["paymentDate"] = written
    for name, column in (("order", "orderId"), ("reference", "transactionRef")):
        value = query.filter(name)
        if value is not None:
            wanted[column] = str(value)
    return list(wanted.items())


def _values(payment: PaymentRow) -> Mapping[str, Callable[[], Any]]:
    return {
        "created_at": lambda: instant(payment.createdOn),
        "updated_at": lambda: instant(payment.createdOn),
        "transaction_date": lambda: calendar_date(payment.paymentDate),
        "order": lambda: str(payment.orderId),
        "reference": lambda: payment.transactionRef,
    }


def _read(rows: Sequence[Mapping[str, Any]]) -> _Found:
    found = _Found([], [], [])
    for row in rows:
        try:
            found.payments.append(msgspec.convert(row, PaymentRow))
        except msgspec.ValidationError as error:
            path = str(error).rpartition("`$.")[2].rstrip("`") if "`$." in str(error) else None
            found.cautions.append(
                Caution(code="wrong_type", id=str(row.get("paymentId")), field=path, remote_data=row)
            )
        else:
            found.raws.append(row)
    return found


async def _join(
    client: Client, site: Site, side: str, payments: Sequence[PaymentRow]
) -> tuple[list[PaymentRecord], list[Caution]]:
    """Payments with their orders, which name the contact, and their journals, which name the bank account."""
    cautions: list[Caution] = []
    orders: Mapping[int, Order] = {}
    journals: Mapping[int, Journal] = {}
    order_ids = [payment.orderId for payment in payments if payment.orderId]
    journal_ids = [payment.journalId for payment in payments if payment.journalId]
    try:
        found = await read_set(client, ORDERS, order_ids, Order, lambda order: order.id, "id")
        orders = found.records
    except Forbidden:
        cautions.append(Caution(code="not_permitted", field="contact"))
    try:
        journals = (await read_journals(client, journal_ids)).records
    except Forbidden:
        cautions.append(Caution(code="not_permitted", field="account"))
    lines = [line for journal in journals.values() for line in (*journal.debits, *journal.credits)]
    await meet(client, site.nominals, [line.nominalCode or None for line in lines])
    await meet(client, site.methods, [payment.paymentMethodCode or None for payment in payments])
    return [
        PaymentRecord(
            side=side,
            payment=payment,
            order=orders.get(payment.orderId or 0),
            journal=journals.get(payment.journalId or 0),
        )
        for payment in payments
    ], cautions
