"""Payments: money that came in or went out, and what it settles."""

from __future__ import annotations

from datetime import date as DateValue
from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import Part, UnifiedModel
from unified_models.parts import ContactReference, PaymentFor, TrackingCategoryReference
from unified_models.units import date, flag, money, parts, rate, text

PaymentDirection = Literal["in", "out", "transfer", "none"]
PaymentState = Literal["draft", "posted", "voided", "authorised"]


class PaidDocument(Part, frozen=True, kw_only=True, gc=False):
    """A document that a payment settles."""

    id: Annotated[str | None, text("Its id in `invoices`.")] = None
    type: Annotated[PaymentFor | None, text("Sold (`invoice`) or bought (`bill`).")] = None


class Allocation(Part, frozen=True, kw_only=True, gc=False):
    """What of a payment settles one document."""

    id: Annotated[str | None, text("The allocation's own id, where the provider has one.")] = None
    document: Annotated[str | None, text("The document's id in its own resource.")] = None
    document_type: Annotated[str | None, text("The unified resource it is in; null where it is none of them.")] = (
        None
    )
    remote_document: Annotated[str | None, text("The document as the provider names it, kind and id.")] = None
    amount: Annotated[Decimal | None, money("What is settled, in `currency`.")] = None
    currency: Annotated[str | None, text("ISO 4217 code of the allocation's amounts.")] = None
    document_total: Annotated[Decimal | None, money("The document's total, in `currency`.")] = None
    document_outstanding: Annotated[Decimal | None, money("What was open before, in `currency`.")] = None
    due_date: Annotated[DateValue | None, date("When the document is due.")] = None


class Deduction(Part, frozen=True, kw_only=True, gc=False):
    """A fee, a discount or an exchange difference within a payment."""

    account: Annotated[str | None, text("The account's id in `accounts`.")] = None
    amount: Annotated[Decimal | None, money("In the books' currency; negative for a gain.")] = None
    description: Annotated[str | None, text("What it is for.")] = None


class Payment(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """One payment, refund, transfer or authorisation."""

    number: Annotated[str | None, text("Its number.")] = None
    payment_for: Annotated[
        PaymentFor | None, text("The side of trade: from or to customers (`invoice`), vendors (`bill`).")
    ] = None
    direction: Annotated[PaymentDirection | None, text("Money in, out, between own accounts, or none yet.")] = None
    status: Annotated[PaymentState | None, text("Whether it is booked.")] = None
    remote_status: Annotated[str | None, text("The provider's own word for the status.")] = None
    remote_type: Annotated[str | None, text("The provider's own word for the kind of payment.")] = None
    transaction_date: Annotated[DateValue | None, date("The day it was paid.")] = None
    contact: Annotated[ContactReference | None, parts("Who paid or was paid.")] = None
    account: Annotated[str | None, text("The bank or cash account's id in `accounts`.")] = None
    account_to: Annotated[str | None, text("The account it goes to, for a transfer.")] = None
    control_account: Annotated[str | None, text("The receivable or payable account's id in `accounts`.")] = None
    payment_method: Annotated[str | None, text("The method's id in `payment_method`.")] = None
    invoice: Annotated[PaidDocument | None, parts("The document it settles, where it is just one.")] = None
    order: Annotated[str | None, text("The order's id, where it settles an order.")] = None
    allocations: Annotated[list[Allocation], parts("Everything it settles.")] = []
    deductions: Annotated[list[Deduction], parts("Fees and differences within it.")] = []
    currency: Annotated[str | None, text("ISO 4217 code of `total_amount`.")] = None
    exchange_rate: Annotated[
        Decimal | None, rate("As the provider states it; the description of its source tells the direction.")
    ] = None
    company: Annotated[str | None, text("The company whose books it is in.")] = None
    total_amount: Annotated[Decimal | None, money("What was paid, in `currency`; never negative.")] = None
    received_amount: Annotated[Decimal | None, money("What arrived, in `received_currency`.")] = None
    received_currency: Annotated[str | None, text("ISO 4217 code of `received_amount`.")] = None
    authorised_amount: Annotated[Decimal | None, money("What may be taken, in `currency`.")] = None
    base_total_amount: Annotated[Decimal | None, money("What was paid, in the books' currency.")] = None
    unallocated_amount: Annotated[Decimal | None, money("What settles nothing yet, in `unallocated_currency`.")] = (
        None
    )
    unallocated_currency: Annotated[str | None, text("ISO 4217 code of `unallocated_amount`.")] = None
    reference: Annotated[str | None, text("The bank's or payer's reference.")] = None
    reference_date: Annotated[DateValue | None, date("The date of that reference.")] = None
    journal_entry: Annotated[str | None, text("The id, in `journal_entries`, of the entry that books it.")] = None
    memo: Annotated[str | None, text("A note.")] = None
    is_refund: Annotated[bool | None, flag("Money given back: out to a customer, or in from a vendor.")] = None
    is_reconciled: Annotated[bool | None, flag("Found on a bank statement.")] = None
    tracking_categories: Annotated[list[TrackingCategoryReference], parts("Dimensions of the payment.")] = []
