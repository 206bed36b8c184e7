"""Purchase and sales orders of Brightpearl as unified orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from msgspec import UNSET, UnsetType

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.mappers.order_parts import addresses, contact, delivery_lines, lines, tracking
from providers.brightpearl.site import Site
from providers.brightpearl.wire import (
    Assigned,
    Order,
    OrderCurrency,
    OrderInvoice,
    OrderRecord,
    OrderStatus,
    Payment,
    TotalValue,
)
from providers.kit.exact import exact
from unified_models.order import (
    Employee,
    FulfilmentStatus,
    PaymentStatus,
    PurchaseOrder,
    SalesOrder,
)
from unified_models.order import Order as UnifiedOrder
from unified_models.order import OrderStatus as UnifiedStatus

PAYMENT_STATUSES: dict[str, PaymentStatus] = {
    "UNPAID": "unpaid",
    "PARTIALLY_PAID": "partially_paid",
    "PAID": "paid",
    "AUTHORIZED": "authorised",
    "NOT_APPLICABLE": "not_applicable",
}
RECEIVED: dict[str, FulfilmentStatus] = {
    "PON": "none",
    "POP": "partial",
    "POA": "complete",
    "NON": "not_applicable",
}
SHIPPED: dict[str, FulfilmentStatus] = {
    "NST": "not_applicable",
    "SNS": "none",
    "SPS": "partial",
    "ASS": "complete",
}
# What a payment does to cash: paid to a supplier or back from one; received from a customer or given back.
SUPPLIER_SIGNS = {"PAYMENT": 1, "RECEIPT": -1}
CUSTOMER_SIGNS = {"RECEIPT": 1, "CAPTURE": 1, "PAYMENT": -1}

O = TypeVar("O", bound=UnifiedOrder)  # noqa: E741 - an order


def to_purchase_order(record: OrderRecord, site: Site) -> PurchaseOrder:
    """An order placed with a supplier."""
    return _to_unified(
        PurchaseOrder, record, site, SUPPLIER_SIGNS, "supplier", RECEIVED, record.order.stockStatusCode
    )


def to_sales_order(record: OrderRecord, site: Site) -> SalesOrder:
    """An order taken from a customer."""
    return _to_unified(
        SalesOrder, record, site, CUSTOMER_SIGNS, "customer", SHIPPED, record.order.shippingStatusCode
    )


def _to_unified(
    model: type[O],
    record: OrderRecord,
    site: Site,
    signs: dict[str, int],
    payment_kind: str,
    fulfilments: dict[str, FulfilmentStatus],
    fulfilment: str | None,
) -> O:
    order = record.order
    currency = order.currency or OrderCurrency()
    invoice = order.invoices[0] if order.invoices else OrderInvoice()
    totals = order.totalValue or TotalValue()
    assigned = (order.assignment.current if order.assignment else None) or Assigned()
    with_whom = contact(order)
    return model(
        id=str(order.id),
        remote_id=str(order.id),
        created_at=instant(order.createdOn),
        updated_at=instant(order.updatedOn or order.createdOn),
        custom_fields=custom_fields(order),
        number=str(order.id),
        reference=order.reference or None,
        external_reference=order.externalRef or None,
        status=status_of(order, site),
        remote_status=order.orderStatus.name if order.orderStatus else None,
        payment_status=PAYMENT_STATUSES.get(order.orderPaymentStatus or ""),
        remote_payment_status=order.orderPaymentStatus,
        fulfilment_status=fulfilments.get(fulfilment or ""),
        remote_fulfilment_status=fulfilment,
        issue_date=calendar_date(order.placedOn),
        delivery_date=calendar_date(order.delivery.deliveryDate) if order.delivery else None,
        due_date=calendar_date(invoice.dueDate),
        tax_date=calendar_date(invoice.taxDate),
        contact=with_whom,
        vendor=with_whom.id if with_whom and with_whom.type == "vendor" else None,
        customer=with_whom.id if with_whom and with_whom.type == "customer" else None,
        # 0 says none, here and in every id of an assignment.
        employee=Employee(id=str(assigned.staffOwnerContactId)) if assigned.staffOwnerContactId else None,
        warehouse=str(order.warehouseId) if order.warehouseId else None,
        delivery_address=delivery_lines(order),
        addresses=addresses(order),
        currency=currency.orderCurrencyCode,
        base_currency=currency.accountingCurrencyCode,
        exchange_rate=exact(currency.exchangeRate),
        sub_total=exact(totals.net),
        total_tax_amount=exact(totals.taxAmount),
        total_amount=exact(totals.total),
        base_total_amount=exact(totals.baseTotal),
        amount_paid=amount_paid(record.payments, signs, currency.orderCurrencyCode),
        remote_amount_paid=UNSET if isinstance(record.reported, UnsetType) else exact(record.reported),
        payments=[f"{payment_kind}:{payment.paymentId}" for payment in record.payments or ()],
        is_price_including_tax={"INC": True, "EXC": False}.get(order.priceModeCode or ""),
        is_invoiced=order.state.tax == "INVOICED" if order.state and order.state.tax else None,
        invoice_reference=invoice.invoiceReference or None,
        parent_order=str(order.parentOrderId) if order.parentOrderId else None,
        line_items=lines(order),
        tracking_categories=tracking(assigned),
    )


def status_of(order: Order, site: Site) -> UnifiedStatus | None:
    """Ours where Brightpearl is sure: its statuses are the account's own, but for those its settings name."""
    if order.state and order.state.tax == "INVOICED":
        return "billed"
    number = (order.orderStatus or OrderStatus()).orderStatusId
    if number is None:
        return None
    if number == site.status_id("cancelledOrderStatusId"):
        return "cancelled"
    return "draft" if site.status_states.get(number) == "draft" else "submitted"


def amount_paid(payments: list[Payment] | None, signs: dict[str, int], currency: str | None) -> Decimal | None:
    """The sum of what moved cash in the order's own currency; authorisations move none."""
    if payments is None:
        return None
    return sum(
        (
            signs.get(payment.paymentType or "", 0) * amount
            for payment in payments
            if payment.currencyCode == currency and (amount := exact(payment.amountPaid)) is not None
        ),
        Decimal(0),
    )


def custom_fields(order: Order) -> dict[str, Any]:
    """Set fields with their values, and unset ones as null; the latter come as codes, in a list or a map."""
    unset = order.nullCustomFields if isinstance(order.nullCustomFields, (list, dict)) else ()
    return {**{str(code): None for code in unset}, **(order.customFields or {})}
