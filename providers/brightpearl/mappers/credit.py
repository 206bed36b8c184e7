"""Sales and purchase credits of Brightpearl, which are orders there, as unified credits."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.mappers.order import (
    CUSTOMER_SIGNS,
    SUPPLIER_SIGNS,
    amount_paid,
    custom_fields,
    status_of,
)
from providers.brightpearl.mappers.order_parts import addresses, contact, lines, tracking
from providers.brightpearl.mappers.settling import left_open
from providers.brightpearl.site import Site
from providers.brightpearl.wire import Assigned, Order, OrderCurrency, OrderInvoice, OrderRecord, TotalValue
from providers.kit.exact import exact
from unified_models.credit_note import CreditNote, CreditStatus, VendorCredit
from unified_models.parts import ContactReference, LineItem

STATUSES: dict[str, CreditStatus] = {"draft": "draft", "submitted": "submitted", "cancelled": "voided"}
USED: dict[str, CreditStatus] = {"PAID": "paid", "PARTIALLY_PAID": "partially_paid"}


def to_credit_note(record: OrderRecord, site: Site) -> CreditNote:
    """A credit given to a customer."""
    with_whom = contact(record.order) or ContactReference()
    return CreditNote(
        **_common(record, site, CUSTOMER_SIGNS, "customer"),
        contact=with_whom.id,
        contact_name=with_whom.name,
    )


def to_vendor_credit(record: OrderRecord, site: Site) -> VendorCredit:
    """A credit given by a supplier."""
    with_whom = contact(record.order) or ContactReference()
    return VendorCredit(
        **_common(record, site, SUPPLIER_SIGNS, "supplier"),
        vendor=with_whom.id,
        vendor_name=with_whom.name,
    )


def _common(record: OrderRecord, site: Site, signs: dict[str, int], side: str) -> Mapping[str, Any]:
    order = record.order
    currency = (order.currency or OrderCurrency()).orderCurrencyCode
    invoice = order.invoices[0] if order.invoices else OrderInvoice()
    totals = order.totalValue or TotalValue()
    sign = -1 if totals.total is not None and totals.total < 0 else 1
    status = _status(order, site)
    return {
        "id": str(order.id),
        "remote_id": str(order.id),
        "created_at": instant(order.createdOn),
        "updated_at": instant(order.updatedOn or order.createdOn),
        "custom_fields": custom_fields(order),
        "number": invoice.invoiceReference or str(order.id),
        "reference": order.reference or None,
        "status": status,
        "remote_status": order.orderStatus.name if order.orderStatus else None,
        "transaction_date": calendar_date(invoice.taxDate or order.placedOn),
        "due_date": calendar_date(invoice.dueDate),
        "currency": currency,
        "exchange_rate": exact(order.currency.exchangeRate) if order.currency else None,
        "sub_total": _times(sign, totals.net),
        "total_tax_amount": _times(sign, totals.taxAmount),
        "total_amount": _times(sign, totals.total),
        "base_total_amount": _times(sign, totals.baseTotal),
        "remaining_credit": _remaining(record, signs, currency, _times(sign, totals.total), status),
        "remaining_credit_currency": currency,
        "payments": [f"{side}:{payment.paymentId}" for payment in record.payments or ()],
        "is_price_including_tax": {"INC": True, "EXC": False}.get(order.priceModeCode or ""),
        "line_items": [_line(sign, line) for line in lines(order)],
        "addresses": addresses(order),
        "tracking_categories": tracking(order.assignment.current or Assigned()) if order.assignment else [],
    }


def _times(sign: int, amount: Decimal | None) -> Decimal | None:
    """No source shows whether credits carry a minus; ours carry none."""
    found = exact(amount)
    return -found if found is not None and sign < 0 else found


def _line(sign: int, line: LineItem) -> LineItem:
    if sign > 0:
        return line
    return msgspec.structs.replace(
        line,
        quantity=_times(sign, line.quantity),
        net_amount=_times(sign, line.net_amount),
        tax_amount=_times(sign, line.tax_amount),
        total_line_amount=_times(sign, line.total_line_amount),
    )


def _status(order: Order, site: Site) -> CreditStatus | None:
    """An invoiced credit stands; how far it is used up, its payment status tells."""
    status = status_of(order, site)
    if status == "billed":
        return USED.get(order.orderPaymentStatus or "", "authorised")
    return STATUSES.get(status or "")


def _remaining(
    record: OrderRecord,
    signs: dict[str, int],
    currency: str | None,
    total: Decimal | None,
    status: CreditStatus | None,
) -> Decimal | None:
    """The total less what was given back."""
    paid = amount_paid(record.payments, signs, currency)
    if paid is None or status not in ("authorised", "partially_paid", "paid"):
        return None
    return left_open(total, -paid, record.order.orderPaymentStatus)
