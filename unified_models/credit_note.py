"""Credit notes and vendor credits: what customers are given back, and what vendors give back."""

from __future__ import annotations

from datetime import date as DateValue
from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import Part, UnifiedModel
from unified_models.parts import Address, LineItem, Tax, TrackingCategoryReference
from unified_models.units import date, flag, money, parts, rate, text

CreditStatus = Literal["draft", "submitted", "authorised", "partially_paid", "paid", "voided", "deleted"]
"""Truto's `paid submitted authorised voided`; ours: `draft`, `partially_paid` (a part is used up), `deleted`."""


class CreditAllocation(Part, frozen=True, kw_only=True, gc=False):
    """What of a credit was set against a document."""

    id: Annotated[str | None, text("The document's id in `invoices`.")] = None
    amount: Annotated[Decimal | None, money("How much of it, in `currency`; positive.")] = None
    currency: Annotated[str | None, text("ISO 4217 code of `amount`.")] = None


class Credit(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """What both kinds of credit have in common. Amounts and quantities are positive, whatever their sign there."""

    number: Annotated[str | None, text("The document's number.")] = None
    reference: Annotated[str | None, text("The other side's number.")] = None
    status: Annotated[CreditStatus | None, text("Where the document stands.")] = None
    remote_status: Annotated[str | None, text("The provider's own word for the status.")] = None
    transaction_date: Annotated[DateValue | None, date("The document's date.")] = None
    due_date: Annotated[DateValue | None, date("When it is due.")] = None
    company: Annotated[str | None, text("The company whose books the document is in.")] = None
    account: Annotated[str | None, text("The receivable or payable control account.")] = None
    memo: Annotated[str | None, text("A note.")] = None
    currency: Annotated[str | None, text("ISO 4217 code of the document.")] = None
    exchange_rate: Annotated[
        Decimal | None, rate("As the provider states it; the description of its source tells the direction.")
    ] = None
    sub_total: Annotated[Decimal | None, money("Without tax, in the document's currency.")] = None
    total_discount: Annotated[Decimal | None, money("Discount on the whole document, in its currency.")] = None
    total_tax_amount: Annotated[Decimal | None, money("Taxes and charges, in the document's currency.")] = None
    total_amount: Annotated[
        Decimal | None,
        money("What is credited, with tax, rounded where the provider rounds, in the document's currency."),
    ] = None
    unrounded_total_amount: Annotated[
        Decimal | None, money("The total before the provider's rounding, in the document's currency.")
    ] = None
    base_total_amount: Annotated[Decimal | None, money("What is credited, in the company's currency.")] = None
    remaining_credit: Annotated[
        Decimal | None, money("What is not used up, in `remaining_credit_currency`. Null unless posted.")
    ] = None
    remaining_credit_currency: Annotated[str | None, text("ISO 4217 code of `remaining_credit`.")] = None
    credited_invoice: Annotated[str | None, text("The id, in `invoices`, of the document it takes back.")] = None
    allocations: Annotated[list[CreditAllocation], parts("The documents it was set against, where told.")] = []
    payments: Annotated[list[str], parts("Ids, in `payments`, of refunds and uses.")] = []
    is_price_including_tax: Annotated[bool | None, flag("Whether prices include tax.")] = None
    line_items: Annotated[list[LineItem], parts("The lines, in the document's order.")] = []
    taxes: Annotated[list[Tax], parts("The taxes and charges, in the document's order.")] = []
    addresses: Annotated[list[Address], parts("Addresses as the document carries them.")] = []
    tracking_categories: Annotated[list[TrackingCategoryReference], parts("Dimensions of the whole document.")] = []


class CreditNote(Credit, frozen=True, kw_only=True, gc=False):
    """A credit given to a customer."""

    contact: Annotated[str | None, text("The customer's id in `contacts`.")] = None
    contact_name: Annotated[str | None, text("The customer's name as the document carries it.")] = None


class VendorCredit(Credit, frozen=True, kw_only=True, gc=False):
    """A credit given by a vendor."""

    vendor: Annotated[str | None, text("The vendor's id in `contacts`.")] = None
    vendor_name: Annotated[str | None, text("The vendor's name as the document carries it.")] = None
