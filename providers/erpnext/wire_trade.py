"""What invoices and orders have in common under ERPNext's own names: amounts, lines, taxes, instalments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from providers.erpnext.wire import Child, Document


class Trade(Document, frozen=True, kw_only=True, gc=False):
    """A document of trade: what is bought or sold, from or to whom, and what it comes to."""

    docstatus: int | None = None
    status: str | None = None
    company: str | None = None
    currency: str | None = None
    conversion_rate: Decimal | None = None
    party_account_currency: str | None = None
    net_total: Decimal | None = None
    discount_amount: Decimal | None = None
    total_taxes_and_charges: Decimal | None = None
    grand_total: Decimal | None = None
    base_grand_total: Decimal | None = None
    rounded_total: Decimal | None = None
    base_rounded_total: Decimal | None = None
    disable_rounded_total: int | None = None
    cost_center: str | None = None
    project: str | None = None
    address_display: str | None = None


class TradeLine(Child, frozen=True, kw_only=True, gc=False):
    """What the lines of all of them have in common."""

    item_code: str | None = None
    item_name: str | None = None
    description: str | None = None
    qty: Decimal | None = None
    uom: str | None = None
    rate: Decimal | None = None
    discount_percentage: Decimal | None = None
    discount_amount: Decimal | None = None
    amount: Decimal | None = None
    net_amount: Decimal | None = None
    item_tax_template: str | None = None
    warehouse: str | None = None
    cost_center: str | None = None
    project: str | None = None


class TaxRow(Child, frozen=True, kw_only=True, gc=False):
    """A row of taxes and charges."""

    charge_type: str | None = None
    account_head: str | None = None
    description: str | None = None
    rate: Decimal | None = None
    tax_amount: Decimal | None = None
    tax_amount_after_discount_amount: Decimal | None = None
    total: Decimal | None = None
    included_in_print_rate: int | None = None


class PurchaseTaxRow(TaxRow, frozen=True, kw_only=True, gc=False):
    """A row of purchase taxes, which may also be taken off."""

    add_deduct_tax: str | None = None


class ScheduleRow(Child, frozen=True, kw_only=True, gc=False):
    """An instalment."""

    due_date: date | None = None
    payment_amount: Decimal | None = None
    base_payment_amount: Decimal | None = None
    invoice_portion: Decimal | None = None
