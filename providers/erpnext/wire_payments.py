"""Payments and ways to pay under ERPNext's own names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from providers.erpnext.wire import Child, Document


class PaymentEntry(Document, frozen=True, kw_only=True, gc=False):
    """A Payment Entry. `paid_amount` is in the currency of `paid_from`, `received_amount` in that of `paid_to`."""

    docstatus: int | None = None
    status: str | None = None
    payment_type: str | None = None
    posting_date: date | None = None
    company: str | None = None
    mode_of_payment: str | None = None
    party_type: str | None = None
    party: str | None = None
    party_name: str | None = None
    paid_from: str | None = None
    paid_from_account_currency: str | None = None
    paid_to: str | None = None
    paid_to_account_currency: str | None = None
    paid_amount: Decimal | None = None
    source_exchange_rate: Decimal | None = None
    base_paid_amount: Decimal | None = None
    received_amount: Decimal | None = None
    unallocated_amount: Decimal | None = None
    reference_no: str | None = None
    reference_date: date | None = None
    clearance_date: date | None = None
    remarks: str | None = None
    cost_center: str | None = None
    project: str | None = None


class ReferenceRow(Child, frozen=True, kw_only=True, gc=False):
    """What a payment settles of one document, in the party account's currency."""

    reference_doctype: str | None = None
    reference_name: str | None = None
    due_date: date | None = None
    total_amount: Decimal | None = None
    outstanding_amount: Decimal | None = None
    allocated_amount: Decimal | None = None


class DeductionRow(Child, frozen=True, kw_only=True, gc=False):
    """A fee or a difference within a payment, in the company's currency."""

    account: str | None = None
    amount: Decimal | None = None
    description: str | None = None


class ModeOfPayment(Document, frozen=True, kw_only=True, gc=False):
    """A Mode of Payment."""

    mode_of_payment: str | None = None
    enabled: int | None = None
    type: str | None = None


class ModeAccount(Child, frozen=True, kw_only=True, gc=False):
    """Where a mode of payment lands in one company's books."""

    company: str | None = None
    default_account: str | None = None
