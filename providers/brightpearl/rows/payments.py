"""The row of payments, of customers and of suppliers."""

from __future__ import annotations

from providers.brightpearl.mappers import payment
from providers.brightpearl.payment_lists import SIDES, get_payment, list_payments, payment_id, payment_site
from providers.brightpearl.rows.common import DATE, INSTANT, RATE, TEXT
from providers.brightpearl.site import Site
from providers.brightpearl.wire_payments import PaymentRecord
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.payment import Payment

_BANK = "the journal's one line on a bank nominal, where it is of this amount"

PAYMENTS: Resource[PaymentRecord, Site, Payment] = Resource(
    model=Payment,
    site=payment_site,
    to_unified=payment.to_unified,
    id_of=payment_id,
    list=list_payments,
    get=get_payment,
    list_rules=ListRules(
        filters={
            "created_at": INSTANT,
            "updated_at": INSTANT,
            "transaction_date": DATE,
            "payment_for": FilterRule(values=tuple(SIDES)),
            "order": TEXT,
            "reference": TEXT,
        },
        calls=(
            "1 customer-payment-search or supplier-payment-search + ceil(o/200) orders + ceil(j/200) journals, for "
            "the o orders and j journals of the page; customers' payments come first, then suppliers'"
        ),
    ),
    get_calls=(
        "1 payment search + 1 order + 1 journal; for a supplier's payment, whose search cannot be asked for it, "
        "up to log2(id) searches beyond the first 500; both sides are searched where the id names none"
    ),
    unstamped=("nothing of a payment changes; one that is deleted is no longer listed",),
    sources={
        "id": "`customer:` or `supplier:`, and paymentId",
        "remote_id": "paymentId",
        "created_at": "createdOn",
        "updated_at": "createdOn: payments do not change",
        "deleted_at": None,
        "custom_fields": None,
        "number": "paymentId",
        "payment_for": "which of the two searches it is in",
        "direction": (
            "paymentType: of customers RECEIPT, CAPTURE in, PAYMENT out, AUTH, VOID none; "
            "of suppliers PAYMENT out, RECEIPT in"
        ),
        "status": "paymentType AUTH, VOID; posted with a journalId; null without, since nothing is booked",
        "remote_status": None,
        "remote_type": "paymentType",
        "transaction_date": "paymentDate",
        "contact": "the order's parties",
        "contact.id": "order: parties.supplier or customer.contactId",
        "contact.name": "order: parties.supplier or customer.companyName, else addressFullName",
        "contact.type": "which of the order's parties",
        "account": f"{_BANK}: nominalCode by nominal-code",
        "account_to": None,
        "control_account": "the journal's one other line: nominalCode by nominal-code",
        "payment_method": "paymentMethodCode by payment-method",
        "invoice": None,
        "invoice.id": None,
        "invoice.type": None,
        "order": "orderId",
        "allocations": "one, to the order; none for AUTH and VOID",
        "allocations.id": None,
        "allocations.document": "orderId",
        "allocations.document_type": "order: orderTypeCode",
        "allocations.remote_document": "`order:` and orderId",
        "allocations.amount": "amountPaid",
        "allocations.currency": "currencyCode",
        "allocations.document_total": "order: totalValue.total",
        "allocations.document_outstanding": None,
        "allocations.due_date": None,
        "deductions": None,
        "deductions.account": None,
        "deductions.amount": None,
        "deductions.description": None,
        "currency": "currencyCode",
        "exchange_rate": f"the journal's exchangeRate ({RATE})",
        "company": None,
        "total_amount": "amountPaid",
        "received_amount": None,
        "received_currency": None,
        "authorised_amount": "amountAuthorized",
        "base_total_amount": f"{_BANK}: change.value",
        "unallocated_amount": None,
        "unallocated_currency": None,
        "reference": "transactionRef",
        "reference_date": None,
        "journal_entry": "journalId",
        "memo": "the journal's description",
        "is_refund": "paymentType: PAYMENT to a customer, RECEIPT from a supplier",
        "is_reconciled": None,
        "tracking_categories": None,
        "tracking_categories.id": None,
        "tracking_categories.name": None,
        "tracking_categories.option": None,
    },
)
