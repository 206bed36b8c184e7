"""The DocTypes of payments and of ways to pay, and what they are filtered by."""

from __future__ import annotations

from providers.erpnext.conditions import DOCSTATUS, by_party, is_enabled, is_set, one_of
from providers.erpnext.mappers.payment import DIRECTIONS
from providers.erpnext.mappers.references import SIDES
from providers.erpnext.source import STAMPS, Source, Table
from providers.erpnext.wire_payments import DeductionRow, ModeAccount, ModeOfPayment, PaymentEntry, ReferenceRow

PAYMENTS = Source(
    doctype="Payment Entry",
    wire=PaymentEntry,
    tables=(
        Table(field="references", ours="allocations", doctype="Payment Entry Reference", wire=ReferenceRow),
        Table(field="deductions", ours="deductions", doctype="Payment Entry Deduction", wire=DeductionRow),
    ),
    company="company",
    filters={
        **STAMPS,
        "transaction_date": "posting_date",
        "status": one_of("docstatus", DOCSTATUS),
        "direction": one_of("payment_type", {ours: (theirs,) for theirs, ours in DIRECTIONS.items()}),
        "payment_for": one_of("party_type", {ours: (theirs,) for theirs, ours in SIDES.items()}),
        "contact": by_party,
        "number": "name",
        "reference": "reference_no",
        "payment_method": "mode_of_payment",
        "currency": "paid_from_account_currency",
        "company": "company",
        "is_reconciled": is_set("clearance_date"),
    },
    sorts={**STAMPS, "transaction_date": "posting_date"},
)
MODES = Source(
    doctype="Mode of Payment",
    wire=ModeOfPayment,
    tables=(Table(field="accounts", ours="accounts", doctype="Mode of Payment Account", wire=ModeAccount),),
    filters={**STAMPS, "name": "mode_of_payment", "status": is_enabled},
)
