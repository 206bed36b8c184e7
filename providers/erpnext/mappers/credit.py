"""Returns of ERPNext, which are invoices there, as unified credits: every amount and quantity turned round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.address import addresses
from providers.erpnext.mappers.allocation import allocations_of
from providers.erpnext.mappers.credit_status import negated, remaining, status_of
from providers.erpnext.mappers.invoice import (
    contact_of,
    control_account_of,
    invoice_line,
    memo_of,
    reference_of,
)
from providers.erpnext.mappers.parts import text, tracking
from providers.erpnext.mappers.totals import base_payable, payable
from providers.erpnext.mappers.trade import is_price_including_tax, tax_of
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_invoices import Invoice, PurchaseInvoice, SalesInvoice
from providers.kit.exact import exact
from unified_models.credit_note import CreditNote, VendorCredit
from unified_models.parts import ContactReference, LineItem, Tax


def to_credit_note(record: Joined[SalesInvoice], site: Site) -> CreditNote:
    """A credit given to a customer."""
    with_whom = contact_of(record.head) or ContactReference()
    return CreditNote(**_common(record, site, "invoice"), contact=with_whom.id, contact_name=with_whom.name)


def to_vendor_credit(record: Joined[PurchaseInvoice], site: Site) -> VendorCredit:
    """A credit given by a supplier."""
    with_whom = contact_of(record.head) or ContactReference()
    return VendorCredit(**_common(record, site, "bill"), vendor=with_whom.id, vendor_name=with_whom.name)


def _common(record: Joined[Any], site: Site, kind: str) -> Mapping[str, Any]:
    head: Invoice = record.head
    return {
        "id": record.id,
        "remote_id": head.name,
        "created_at": site.to_utc(head.creation),
        "updated_at": site.to_utc(head.modified),
        "custom_fields": custom_fields(head),
        "number": head.name,
        "reference": reference_of(head),
        "status": status_of(head, record.unread),
        "remote_status": head.status,
        "transaction_date": head.posting_date,
        "due_date": head.due_date,
        "company": head.company,
        "account": control_account_of(head),
        "memo": memo_of(head),
        "currency": head.currency,
        "exchange_rate": exact(head.conversion_rate),
        "sub_total": negated(head.net_total),
        "total_discount": negated(head.discount_amount),
        "total_tax_amount": negated(head.total_taxes_and_charges),
        "total_amount": negated(payable(head, record.unread)),
        "unrounded_total_amount": negated(head.grand_total),
        "base_total_amount": negated(base_payable(head, record.unread)),
        "remaining_credit": remaining(head),
        "remaining_credit_currency": text(head.party_account_currency),
        "credited_invoice": f"{kind}:{head.return_against}" if head.return_against else None,
        "allocations": allocations_of(head.name, record.table("uses")),
        "payments": record.table("payments"),
        "is_price_including_tax": is_price_including_tax(record.rows.get("taxes")),
        "line_items": [_line(invoice_line(line, site, record.unread)) for line in record.table("items")],
        "taxes": [_tax(tax_of(row, record.unread)) for row in record.table("taxes")],
        "addresses": addresses(head),
        "tracking_categories": tracking(head, site),
    }


def _line(line: LineItem) -> LineItem:
    return msgspec.structs.replace(
        line,
        quantity=negated(line.quantity),
        net_amount=negated(line.net_amount),
        total_line_amount=negated(line.total_line_amount),
    )


def _tax(tax: Tax) -> Tax:
    return msgspec.structs.replace(tax, tax_amount=negated(tax.tax_amount), total_amount=negated(tax.total_amount))
