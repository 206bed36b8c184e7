"""Purchase and sales orders of ERPNext as unified orders."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import UNSET, UnsetType

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.address import addresses, lines
from providers.erpnext.mappers.order_status import (
    WHOLE,
    amount_paid,
    fulfilment_of,
    payment_status_of,
    payments_of,
    status_of,
)
from providers.erpnext.mappers.parts import customer, supplier, text, tracking
from providers.erpnext.mappers.totals import base_payable, payable
from providers.erpnext.mappers.trade import is_price_including_tax, line_of, tax_of, term_of
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_orders import Order, PurchaseOrder, PurchaseOrderLine, SalesOrder, SalesOrderLine
from providers.kit.exact import exact
from unified_models.order import PurchaseOrder as UnifiedPurchase
from unified_models.order import SalesOrder as UnifiedSale
from unified_models.parts import LineItem


def to_purchase_order(record: Joined[PurchaseOrder], site: Site) -> UnifiedPurchase:
    """An order placed with a supplier."""
    head = record.head
    with_whom = supplier(head.supplier, head.supplier_name)
    return UnifiedPurchase(
        **_common(record, site),
        reference=text(head.order_confirmation_no),
        delivery_date=head.schedule_date,
        contact=with_whom,
        vendor=with_whom.id if with_whom else None,
        delivery_address=lines(head.shipping_address_display),
        line_items=[_purchase_line(line, site, record.unread) for line in record.table("items")],
    )


def to_sales_order(record: Joined[SalesOrder], site: Site) -> UnifiedSale:
    """An order taken from a customer."""
    head = record.head
    with_whom = customer(head.customer, head.customer_name)
    return UnifiedSale(
        **_common(record, site),
        reference=text(head.po_no),
        remote_fulfilment_status=text(head.delivery_status),
        delivery_date=head.delivery_date,
        contact=with_whom,
        customer=with_whom.id if with_whom else None,
        delivery_address=lines(head.shipping_address),
        line_items=[_sales_line(line, site, record.unread) for line in record.table("items")],
    )


def _common(record: Joined[Any], site: Site) -> Mapping[str, Any]:
    head: Order = record.head
    return {
        "id": record.id,
        "remote_id": head.name,
        "created_at": site.to_utc(head.creation),
        "updated_at": site.to_utc(head.modified),
        "custom_fields": custom_fields(head),
        "number": head.name,
        "status": status_of(head, record.unread),
        "remote_status": text(head.status),
        "payment_status": payment_status_of(record),
        "fulfilment_status": fulfilment_of(head),
        "issue_date": head.transaction_date,
        "company": text(head.company),
        "warehouse": text(head.set_warehouse),
        "addresses": addresses(head),
        "memo": text(head.terms),
        "currency": text(head.currency),
        "exchange_rate": exact(head.conversion_rate),
        "sub_total": exact(head.net_total),
        "total_discount": exact(head.discount_amount),
        "total_tax_amount": exact(head.total_taxes_and_charges),
        "total_amount": exact(payable(head, record.unread)),
        "unrounded_total_amount": exact(head.grand_total),
        "base_total_amount": exact(base_payable(head, record.unread)),
        "amount_paid": exact(amount_paid(record)),
        "remote_amount_paid": _reported(record),
        "payments": payments_of(record),
        "is_price_including_tax": is_price_including_tax(record.rows.get("taxes")),
        "is_invoiced": None if head.per_billed is None else head.per_billed >= WHOLE,
        "parent_order": text(head.amended_from),
        "taxes": [tax_of(row, record.unread) for row in record.table("taxes")],
        "payment_terms": [term_of(row) for row in record.table("payment_schedule")],
        "tracking_categories": tracking(head, site),
    }


def _reported(record: Joined[Order]) -> Decimal | UnsetType | None:
    reported = record.rows.get("reported")
    return UNSET if reported is None else exact(reported[0] if reported else None)


def _purchase_line(line: PurchaseOrderLine, site: Site, unread: frozenset[str]) -> LineItem:
    return line_of(
        line,
        site,
        unread,
        account=line.expense_account,
        delivery_date=line.schedule_date,
        received=line.received_qty,
    )


def _sales_line(line: SalesOrderLine, site: Site, unread: frozenset[str]) -> LineItem:
    return line_of(line, site, unread, delivery_date=line.delivery_date, received=line.delivered_qty)
