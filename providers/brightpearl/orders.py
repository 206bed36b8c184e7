"""Reads Brightpearl's orders: search, then whole orders by id set, joined with their payments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from msgspec import UNSET

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.idsets import read_set, sole
from providers.brightpearl.payments import read_payments, read_totals
from providers.brightpearl.plain import number_of
from providers.brightpearl.site import Site
from providers.brightpearl.walks import Search, cautions_of, next_ids, passes
from providers.brightpearl.wire import Order, OrderRecord, Payment
from providers.kit.client import Client
from providers.kit.errors import Forbidden, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.resource import GetRecord, ListRecords, Record, Rows

ORDERS = "order-service/order"
OPTIONAL = (("includeOptional", "customFields,nullCustomFields"),)
REPORTED = "remote_amount_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderKind:
    """One type of order, and where its payments are."""

    type_code: str
    type_id: int
    payments: str
    totals: str

    @property
    def search(self) -> Search:
        """The search that finds orders of this type."""
        return Search(
            path="order-service/order-search",
            id_column="orderId",
            fixed=(("orderTypeId", str(self.type_id)),),
            date_columns={"tax_date": "taxDate", "delivery_date": "deliveryDate"},
            exact_columns={"contact": "contactId", "vendor": "contactId", "reference": "customerRef"},
        )


PURCHASES = OrderKind(
    type_code="PO",
    type_id=2,
    payments="accounting-service/supplier-payment-search",
    totals="accounting-service/purchase-payment-total",
)
SALES = OrderKind(
    type_code="SO",
    type_id=1,
    payments="accounting-service/customer-payment-search",
    totals="accounting-service/sale-payment-total",
)
SALES_CREDITS = replace(SALES, type_code="SC", type_id=3)
PURCHASE_CREDITS = replace(PURCHASES, type_code="PC", type_id=4)


def list_orders(kind: OrderKind) -> ListRecords[Site, OrderRecord]:
    """How orders of this type are listed."""

    async def list_page(client: Client, site: Site, query: Query) -> Rows[OrderRecord]:
        page = await next_ids(client, kind.search, query)
        if not page.ids:
            return Rows(records=[], next=page.next, cautions=(*site.cautions, *page.cautions))
        found = await read_set(client, ORDERS, page.ids, Order, _id_of, "id", OPTIONAL, with_raw=query.remote_data)
        orders = [found.records[number] for number in page.ids if number in found.records]
        orders = [order for order in orders if passes(query.filters, _values(order))]
        records, cautions = await _join(client, kind, orders, query.expand)
        return Rows(
            records=records,
            next=page.next,
            remote_data=[found.raws[order.id] for order in orders] if query.remote_data else (),
            cautions=(*site.cautions, *cautions_of(page, found), *cautions),
        )

    return list_page


def get_order(kind: OrderKind) -> GetRecord[Site, OrderRecord]:
    """How one order of this type is read."""

    async def get_one(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[OrderRecord]:
        number = number_of(record_id)
        if number is None:
            raise NotFound("there is no such order")
        found = await read_set(client, ORDERS, [number], Order, _id_of, "id", OPTIONAL, with_raw=True)
        # A missing order is an empty list to Brightpearl, and one of another type is not one of ours.
        order = sole(found, number, "order")
        if order.orderTypeCode != kind.type_code:
            raise NotFound("there is no such order")
        records, cautions = await _join(client, kind, [order], expand)
        return Record(wire=records[0], remote_data=found.raws.get(number), cautions=(*site.cautions, *cautions))

    return get_one


async def _join(
    client: Client, kind: OrderKind, orders: Sequence[Order], expand: frozenset[str]
) -> tuple[list[OrderRecord], list[Caution]]:
    numbers = [order.id for order in orders]
    if not numbers:
        return [], []
    cautions: list[Caution] = []
    payments: Mapping[int, list[Payment]] | None = None
    try:
        payments = await read_payments(client, kind.payments, numbers)
    except Forbidden:
        cautions.append(Caution(code="not_permitted", field="amount_paid"))
    totals = await read_totals(client, kind.totals, numbers) if REPORTED in expand else None
    cautions += [
        Caution(code="payment_currency_differs", id=str(order.id), field="amount_paid")
        for order in orders
        if payments and _has_foreign_payment(order, payments[order.id])
    ]
    return [
        OrderRecord(
            order=order,
            payments=payments[order.id] if payments is not None else None,
            reported=UNSET if totals is None else totals[order.id].amountPaid if order.id in totals else None,
        )
        for order in orders
    ], cautions


def _has_foreign_payment(order: Order, payments: Sequence[Payment]) -> bool:
    code = order.currency.orderCurrencyCode if order.currency else None
    return any(payment.currencyCode != code for payment in payments)


def _id_of(order: Order) -> int:
    return order.id


def _values(order: Order) -> Mapping[str, Callable[[], Any]]:
    """What filters are checked against once the whole order is at hand."""

    def tax_date() -> date | None:
        return calendar_date(order.invoices[0].taxDate) if order.invoices else None

    return {
        "updated_at": lambda: instant(order.updatedOn or order.createdOn),
        "created_at": lambda: instant(order.createdOn),
        "tax_date": tax_date,
        "delivery_date": lambda: calendar_date(order.delivery.deliveryDate) if order.delivery else None,
    }
