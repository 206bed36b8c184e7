"""Journal entries: what was booked, as debits and credits."""

from __future__ import annotations

from datetime import date as DateValue
from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import CustomFields, Part, UnifiedModel
from unified_models.parts import ContactReference, LineType, PaymentFor, TrackingCategoryReference
from unified_models.units import count, date, flag, money, parts, rate, text

JournalType = Literal["ACCOUNTS_RECEIVABLE", "ACCOUNTS_PAYABLE", "GENERAL", "STATISTICAL"]
JournalStatus = Literal["draft", "posted", "voided"]


class JournalPayment(Part, frozen=True, kw_only=True, gc=False):
    """A payment that a journal entry books."""

    id: Annotated[str | None, text("Its id in `payments`.")] = None
    payment_for: Annotated[PaymentFor | None, text("Which kind of document it pays.")] = None
    contact: Annotated[ContactReference | None, parts("Who paid or was paid.")] = None


class JournalLine(Part, frozen=True, kw_only=True, gc=False):
    """One line: an account with either a debit or a credit."""

    id: Annotated[str | None, text("The provider's id of the line.")] = None
    sequence: Annotated[int | None, count("Its place in the entry.")] = None
    account: Annotated[str | None, text("The account's id in `accounts`.")] = None
    account_code: Annotated[str | None, text("The account's code, where the line carries it.")] = None
    name: Annotated[str | None, text("What the line is called, where it has a name.")] = None
    description: Annotated[str | None, text("A note on the line.")] = None
    item: Annotated[str | None, text("The item's id in `items`, where the line is of one.")] = None
    quantity: Annotated[Decimal | None, count("How many, where the line counts something.")] = None
    unit_price: Annotated[Decimal | None, money("Price of one, where the line counts something.")] = None
    type: Annotated[LineType | None, text("What the line is of, where it is told.")] = None
    debit: Annotated[Decimal | None, money("Debited, in the books' currency; null or 0 on a credit.")] = None
    credit: Annotated[Decimal | None, money("Credited, in the books' currency; null or 0 on a debit.")] = None
    debit_in_currency: Annotated[Decimal | None, money("Debited, in `currency`.")] = None
    credit_in_currency: Annotated[Decimal | None, money("Credited, in `currency`.")] = None
    total_line_amount: Annotated[
        Decimal | None, money("Debit less credit, in the books' currency: negative on a credit.")
    ] = None
    currency: Annotated[str | None, text("ISO 4217 code of the line's own amounts.")] = None
    exchange_rate: Annotated[
        Decimal | None, rate("The books' currency for one unit of `currency`, where the line has one.")
    ] = None
    tax_rate: Annotated[str | None, text("The tax rate's id in `tax_rates`.")] = None
    tax_code: Annotated[str | None, text("The tax's code as the line carries it.")] = None
    contact: Annotated[ContactReference | None, parts("The party on the line.")] = None
    document: Annotated[
        str | None, text("The id, in its own resource, of the document the line settles or belongs to.")
    ] = None
    document_type: Annotated[
        str | None, text("The unified resource that document is in; null where it is none.")
    ] = None
    remote_document: Annotated[str | None, text("The document as the provider names it, kind and id.")] = None
    reference: Annotated[str | None, text("An invoice number or other reference on the line.")] = None
    tracking_categories: Annotated[list[TrackingCategoryReference], parts("Dimensions of the line.")] = []
    custom_fields: Annotated[
        CustomFields, parts("The customer's own fields of the line, by the provider's field name.")
    ] = {}


class JournalEntry(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A balanced entry in the ledger."""

    number: Annotated[str | None, text("Its number.")] = None
    type: Annotated[JournalType | None, text("The side of the books it comes from.")] = None
    remote_type: Annotated[str | None, text("The provider's own word for the type.")] = None
    status: Annotated[JournalStatus | None, text("Whether it is booked.")] = None
    remote_status: Annotated[str | None, text("The provider's own word for the status.")] = None
    transaction_date: Annotated[DateValue | None, date("The day it is booked on.")] = None
    due_date: Annotated[DateValue | None, date("When what it books is due.")] = None
    memo: Annotated[str | None, text("A note.")] = None
    reference: Annotated[str | None, text("A cheque number or other reference.")] = None
    reference_date: Annotated[DateValue | None, date("The date of that reference.")] = None
    company: Annotated[str | None, text("The company whose books it is in.")] = None
    currency: Annotated[str | None, text("ISO 4217 code of the transaction.")] = None
    base_currency: Annotated[str | None, text("ISO 4217 code of the books.")] = None
    exchange_rate: Annotated[
        Decimal | None, rate("As the provider states it; the description of its source tells the direction.")
    ] = None
    total_debit: Annotated[Decimal | None, money("The sum of debits, in the books' currency.")] = None
    total_credit: Annotated[Decimal | None, money("The sum of credits, in the books' currency.")] = None
    contact: Annotated[ContactReference | None, parts("The party of the whole entry, where it has one.")] = None
    payments: Annotated[list[JournalPayment], parts("Payments that the entry books, where told.")] = []
    reverses: Annotated[str | None, text("The id of the entry it reverses.")] = None
    tax_reconciled_on: Annotated[DateValue | None, date("The day its tax was reconciled.")] = None
    is_system_generated: Annotated[bool | None, flag("Made by the provider itself, such as an exchange gain.")] = (
        None
    )
    is_multi_currency: Annotated[bool | None, flag("Holds lines in several currencies.")] = None
    is_opening_balance: Annotated[bool | None, flag("Opens the books.")] = None
    lines: Annotated[list[JournalLine], parts("The lines; debits equal credits.")] = []
