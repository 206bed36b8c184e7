"""Payments and payment methods: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import payment, payment_method
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import (
    COMMON,
    DATE,
    DIMENSION_IDS,
    DIMENSIONS,
    FLAG,
    INSTANT,
    STATE,
    TEXT,
    WORD,
)
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources import payments
from providers.erpnext.wire_payments import ModeOfPayment, PaymentEntry
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.payment import Payment
from unified_models.payment_method import PaymentMethod

_BANK = "paid_to of Receive, paid_from of Pay and Internal Transfer"
_PARTY_CURRENCY = "paid_from_account_currency of Receive, paid_to_account_currency of Pay"

PAYMENTS: Resource[Joined[PaymentEntry], Site, Payment] = Resource(
    model=Payment,
    site=read_site,
    to_unified=payment.to_unified,
    id_of=lambda record: record.id,
    list=list_of(payments.PAYMENTS),
    get=get_of(payments.PAYMENTS),
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "transaction_date": DATE,
            "status": FilterRule(operators=("eq", "in"), values=("draft", "posted", "voided")),
            "direction": FilterRule(operators=("eq", "in"), values=("in", "out", "transfer")),
            "payment_for": FilterRule(values=("invoice", "bill")),
            "contact": TEXT,
            "number": WORD,
            "reference": TEXT,
            "payment_method": WORD,
            "currency": WORD,
            "company": WORD,
            "is_reconciled": FLAG,
        },
        sorts=("updated_at", "created_at", "transaction_date"),
        calls="1 list + 2 joined (references, deductions); none joined to an empty page",
    ),
    get_calls="1",
    unstamped=(
        "changes of the documents it settles, and of the customer's or supplier's own record, its name included",
    ),
    sources={
        "id": "name",
        **COMMON,
        "number": "name",
        "payment_for": "party_type: Customer or Supplier",
        "direction": "payment_type: Receive in, Pay out, Internal Transfer transfer",
        "status": "docstatus",
        "remote_status": "status",
        "remote_type": "payment_type",
        "transaction_date": "posting_date",
        "contact": "party_type, party",
        "contact.id": "`customer:` or `supplier:`, and party; null of any other party_type",
        "contact.name": "party_name",
        "contact.type": "party_type: Customer, Supplier or Employee",
        "account": _BANK,
        "account_to": "paid_to of Internal Transfer",
        "control_account": "paid_from of Receive, paid_to of Pay",
        "payment_method": "mode_of_payment",
        "invoice": "references, where all of them are of one Sales Invoice or Purchase Invoice",
        "invoice.id": "`invoice:` or `bill:`, and references.reference_name",
        "invoice.type": "references.reference_doctype",
        "order": "references, where all of them are of one Sales Order or Purchase Order",
        "allocations": "references",
        "allocations.id": "references.name",
        "allocations.document": "references.reference_doctype, references.reference_name",
        "allocations.document_type": "references.reference_doctype",
        "allocations.remote_document": "references.reference_doctype, `:` and references.reference_name",
        "allocations.amount": "references.allocated_amount; negative of a credit note",
        "allocations.currency": _PARTY_CURRENCY,
        "allocations.document_total": "references.total_amount",
        "allocations.document_outstanding": "references.outstanding_amount",
        "allocations.due_date": "references.due_date",
        "deductions": "deductions",
        "deductions.account": "deductions.account",
        "deductions.amount": "deductions.amount",
        "deductions.description": "deductions.description",
        "currency": "paid_from_account_currency",
        "exchange_rate": "source_exchange_rate (company units per unit of `currency`)",
        "company": "company",
        "total_amount": "paid_amount",
        "received_amount": "received_amount",
        "received_currency": "paid_to_account_currency",
        "authorised_amount": None,
        "base_total_amount": "base_paid_amount",
        "unallocated_amount": "unallocated_amount of submitted payments",
        "unallocated_currency": _PARTY_CURRENCY,
        "reference": "reference_no",
        "reference_date": "reference_date",
        "journal_entry": None,
        "memo": "remarks",
        "is_refund": "payment_type and party_type: Pay to a Customer, Receive from a Supplier",
        "is_reconciled": "clearance_date: set or not",
        "tracking_categories": DIMENSIONS,
        "tracking_categories.id": DIMENSION_IDS,
        "tracking_categories.name": "cost_center",
        "tracking_categories.option": None,
    },
)
PAYMENT_METHODS: Resource[Joined[ModeOfPayment], Site, PaymentMethod] = Resource(
    model=PaymentMethod,
    site=read_site,
    to_unified=payment_method.to_unified,
    id_of=lambda record: record.id,
    list=list_of(payments.MODES),
    get=get_of(payments.MODES),
    list_rules=ListRules(
        filters={"updated_at": INSTANT, "created_at": INSTANT, "name": WORD, "status": STATE},
        sorts=("updated_at", "created_at"),
        calls="1 list + 1 joined (accounts); none joined to an empty page",
    ),
    get_calls="1",
    sources={
        "id": "name",
        **COMMON,
        "name": "mode_of_payment",
        "code": "name",
        "status": "enabled",
        "type": None,
        "remote_type": "type",
        "accounts": "accounts",
        "accounts.account": "accounts.default_account",
        "accounts.currency": None,
        "accounts.company": "accounts.company",
    },
)
