"""Transactions: lines of the ledger, and movements of bank accounts."""

from __future__ import annotations

from datetime import date as DateValue
from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import UnifiedModel
from unified_models.parts import ContactReference, LineItem, TrackingCategoryReference
from unified_models.units import date, flag, money, parts, rate, text

TransactionKind = Literal["ledger_entry", "bank"]
TransactionType = Literal[
    "refund",
    "deposit",
    "estimate",
    "transfer",
    "credit_card",
    "spend",
    "receive",
    "receive_overpayment",
    "receive_prepayment",
    "spend_overpayment",
    "spend_prepayment",
]


class Transaction(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """One line of the ledger (`ledger_entry`), or one movement of a bank account (`bank`)."""

    kind: Annotated[TransactionKind, text("Which of the two it is.")]
    number: Annotated[str | None, text("Its number.")] = None
    transaction_type: Annotated[TransactionType | None, text("What happened, for a bank movement.")] = None
    remote_type: Annotated[str | None, text("The provider's own word for it.")] = None
    transaction_date: Annotated[DateValue | None, date("The day it is booked on.")] = None
    due_date: Annotated[DateValue | None, date("When what it books is due.")] = None
    account: Annotated[str | None, text("The account's id in `accounts`: booked to, or receiving.")] = None
    account_from: Annotated[str | None, text("The account that sends, for a bank movement.")] = None
    against_account: Annotated[str | None, text("The other side of the entry, as the provider writes it.")] = None
    contact: Annotated[ContactReference | None, parts("The party.")] = None
    debit: Annotated[Decimal | None, money("Debited, in the books' currency.")] = None
    credit: Annotated[Decimal | None, money("Credited, in the books' currency.")] = None
    debit_in_currency: Annotated[Decimal | None, money("Debited, in `currency`.")] = None
    credit_in_currency: Annotated[Decimal | None, money("Credited, in `currency`.")] = None
    total_amount: Annotated[
        Decimal | None,
        money("Ledger: debit less credit. Bank: what moved, never negative. In `currency`."),
    ] = None
    currency: Annotated[str | None, text("ISO 4217 code of the account's own amounts.")] = None
    exchange_rate: Annotated[
        Decimal | None, rate("As the provider states it; the description of its source tells the direction.")
    ] = None
    company: Annotated[str | None, text("The company whose books it is in.")] = None
    fiscal_year: Annotated[str | None, text("The fiscal year, as the provider names it.")] = None
    memo: Annotated[str | None, text("A note.")] = None
    reference: Annotated[str | None, text("An invoice number or other reference.")] = None
    document: Annotated[str | None, text("The id, in its own resource, of the document that was booked.")] = None
    document_type: Annotated[str | None, text("The unified resource it is in; null where it is none of them.")] = (
        None
    )
    remote_document: Annotated[str | None, text("The document as the provider names it, kind and id.")] = None
    settles: Annotated[
        str | None, text("The document whose balance it moves, as the provider names it, kind and id.")
    ] = None
    is_cancelled: Annotated[bool | None, flag("Taken back: it and its reversal count for nothing together.")] = None
    is_opening: Annotated[bool | None, flag("Opens the books.")] = None
    line_items: Annotated[list[LineItem], parts("The lines, for a bank movement.")] = []
    tracking_categories: Annotated[list[TrackingCategoryReference], parts("Dimensions it is booked on.")] = []
