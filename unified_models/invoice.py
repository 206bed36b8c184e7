"""Invoices and bills: what customers owe, and what is owed to vendors."""

from __future__ import annotations

from datetime import date as DateValue
from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import UnifiedModel
from unified_models.parts import (
    Address,
    ContactReference,
    LineItem,
    PaymentTerm,
    Tax,
    TrackingCategoryReference,
)
from unified_models.units import date, flag, money, parts, rate, text

InvoiceType = Literal["invoice", "bill"]
InvoiceStatus = Literal[
    "draft", "submitted", "authorised", "partially_paid", "paid", "credited", "voided", "deleted"
]
"""Truto's `draft submitted authorised paid voided deleted`; ours: `partially_paid`, and `credited` for a
document that a credit note settled."""


class Invoice(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A sales invoice (`type` invoice) or a purchase invoice (`type` bill)."""

    type: Annotated[InvoiceType, text("`invoice`: sold. `bill`: bought.")]
    number: Annotated[str | None, text("The document's number.")] = None
    reference: Annotated[
        str | None, text("The other side's number: the customer's order number, the vendor's bill number.")
    ] = None
    status: Annotated[InvoiceStatus | None, text("Where the document stands.")] = None
    remote_status: Annotated[str | None, text("The provider's own word for the status.")] = None
    is_overdue: Annotated[
        bool | None, flag("Open and past its due date today, computed here from due date and balance.")
    ] = None
    is_credit_note: Annotated[bool | None, flag("A return or credit note: totals are negative.")] = None
    credited_invoice: Annotated[str | None, text("The invoice that a credit note takes back.")] = None
    contact: Annotated[ContactReference | None, parts("The customer or vendor.")] = None
    company: Annotated[str | None, text("The company whose books the document is in.")] = None
    account: Annotated[str | None, text("The receivable or payable control account.")] = None
    issue_date: Annotated[DateValue | None, date("The document's date.")] = None
    due_date: Annotated[DateValue | None, date("When it is due.")] = None
    paid_on_date: Annotated[DateValue | None, date("When it was paid in full.")] = None
    memo: Annotated[str | None, text("A note.")] = None
    currency: Annotated[str | None, text("ISO 4217 code of the document.")] = None
    exchange_rate: Annotated[
        Decimal | None, rate("As the provider states it; the description of its source tells the direction.")
    ] = None
    sub_total: Annotated[Decimal | None, money("Without tax, after discounts, in the document's currency.")] = None
    total_discount: Annotated[Decimal | None, money("Discount on the whole document, in its currency.")] = None
    total_tax_amount: Annotated[Decimal | None, money("Taxes and charges, in the document's currency.")] = None
    total_amount: Annotated[
        Decimal | None,
        money("What is to be paid, rounded where the provider rounds, in the document's currency."),
    ] = None
    unrounded_total_amount: Annotated[
        Decimal | None, money("The total before the provider's rounding, in the document's currency.")
    ] = None
    base_total_amount: Annotated[Decimal | None, money("What is to be paid, in the company's currency.")] = None
    balance: Annotated[
        Decimal | None,
        money("What is still open, in `balance_currency`. Null unless the document is posted."),
    ] = None
    balance_currency: Annotated[str | None, text("ISO 4217 code of `balance`.")] = None
    payments: Annotated[list[str], parts("Ids, in `payments`, of what was paid on it.")] = []
    line_items: Annotated[list[LineItem], parts("The lines, in the document's order.")] = []
    taxes: Annotated[list[Tax], parts("The taxes and charges, in the document's order.")] = []
    payment_terms: Annotated[list[PaymentTerm], parts("The instalments, where the provider keeps them.")] = []
    addresses: Annotated[list[Address], parts("Addresses as the document carries them.")] = []
    tracking_categories: Annotated[list[TrackingCategoryReference], parts("Dimensions of the whole document.")] = []
