"""The pieces that invoices, credits and orders share: lines, taxes, instalments, totals turned round."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, text, tracking
from providers.erpnext.site import Site
from providers.erpnext.wire_trade import PurchaseTaxRow, ScheduleRow, TaxRow, TradeLine
from providers.kit.exact import exact
from unified_models.parts import LineItem, LineType, PaymentTerm, Tax

# Rows of these say an amount and no rate, so that prices cannot hold them.
_AMOUNTS = frozenset({"Actual", "On Item Quantity"})


def line_of(
    line: TradeLine,
    site: Site,
    unread: frozenset[str],
    *,
    account: str | None = None,
    order_id: str | None = None,
    order_line_id: str | None = None,
    delivery_date: date | None = None,
    received: Decimal | None = None,
) -> LineItem:
    """A line; what each DocType names its own way is given."""
    return LineItem(
        id=line.name,
        sequence=line.idx,
        item=text(line.item_code),
        sku=text(line.item_code),
        name=text(line.item_name),
        description=text(line.description),
        account=text(account),
        quantity=exact(line.qty),
        unit=text(line.uom),
        unit_price=exact(line.rate),
        discount_rate=exact(line.discount_percentage),
        discount_amount=exact(line.discount_amount),
        net_amount=exact(line.net_amount),
        total_line_amount=exact(line.amount),
        tax_rate=f"item:{line.item_tax_template}" if line.item_tax_template else None,
        type=_line_type(line, unread),
        tracking_categories=tracking(line, site),
        warehouse=text(line.warehouse),
        delivery_date=delivery_date,
        quantity_received=exact(received),
        order_id=text(order_id),
        order_line_id=text(order_line_id),
        custom_fields=custom_fields(line),
    )


def _line_type(line: TradeLine, unread: frozenset[str]) -> LineType | None:
    if "items.item_code" in unread:
        return None
    return "item" if line.item_code else "text"


def tax_of(row: TaxRow, unread: frozenset[str]) -> Tax:
    """A row of taxes and charges."""
    return Tax(
        id=row.name,
        name=text(row.description),
        account=text(row.account_head),
        rate=exact(row.rate),
        tax_amount=exact(_charged(row, unread)),
        total_amount=exact(row.total),
        calculation=text(row.charge_type),
        is_included_in_price=flag(row.included_in_print_rate),
        is_deducted=is_deducted(row),
    )


def is_deducted(row: TaxRow) -> bool | None:
    """Whether the row is taken off, where the DocType knows such rows."""
    if not isinstance(row, PurchaseTaxRow) or row.add_deduct_tax is None:
        return None
    return row.add_deduct_tax == "Deduct"


def _charged(row: TaxRow, unread: frozenset[str]) -> Decimal | None:
    """The tax that is booked: `tax_amount` is what it would be without the document's discount."""
    if row.tax_amount_after_discount_amount is None and "taxes.tax_amount_after_discount_amount" not in unread:
        return row.tax_amount
    return row.tax_amount_after_discount_amount


def is_price_including_tax(rows: Sequence[TaxRow] | None) -> bool | None:
    """Whether prices include a tax; null where there is none, or where one of the rows does not tell."""
    charged = [row.included_in_print_rate for row in rows or () if row.charge_type not in _AMOUNTS]
    if any(charged):
        return True
    return False if charged and None not in charged else None


def term_of(row: ScheduleRow) -> PaymentTerm:
    """An instalment. What is left of it ERPNext does not keep."""
    return PaymentTerm(
        due_date=row.due_date,
        amount=exact(row.payment_amount),
        portion=exact(row.invoice_portion),
    )
