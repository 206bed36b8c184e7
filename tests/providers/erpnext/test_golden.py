"""Recorded documents as the unified records that were checked by hand against the recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from providers.erpnext.rows.attachments import ATTACHMENTS
from providers.erpnext.rows.company_info import COMPANY_INFO
from providers.erpnext.rows.contact_groups import CONTACT_GROUPS
from providers.erpnext.rows.contacts import CONTACTS
from providers.erpnext.rows.credits import CREDIT_NOTES, VENDOR_CREDITS
from providers.erpnext.rows.dimensions import TRACKING_CATEGORIES
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.rows.items import ITEMS
from providers.erpnext.rows.journals import JOURNAL_ENTRIES
from providers.erpnext.rows.ledger import ACCOUNTS, CURRENCIES, EXCHANGE_RATES
from providers.erpnext.rows.orders import PURCHASE_ORDERS, SALES_ORDERS
from providers.erpnext.rows.payments import PAYMENT_METHODS, PAYMENTS
from providers.erpnext.rows.taxes import TAX_RATES
from providers.erpnext.rows.transactions import TRANSACTIONS
from providers.kit.resource import AnyResource
from tests.providers.erpnext.frappe import recorded_site
from tests.providers.fake_send import exact_json, written

GOLDEN = Path(__file__).parent / "golden"
CASES: dict[str, tuple[AnyResource, str]] = {
    "overdue_gbp_with_tax": (INVOICES, "invoice:ACC-SINV-2026-00002"),
    "usd_with_discount_paid": (INVOICES, "invoice:ACC-SINV-2026-00011"),
    "credit_note": (INVOICES, "invoice:ACC-SINV-2026-00021"),
    "cancelled": (INVOICES, "invoice:ACC-SINV-2026-00004"),
    "draft": (INVOICES, "invoice:ACC-SINV-2026-00001"),
    "partly_paid": (INVOICES, "invoice:ACC-SINV-2026-00581"),
    "bill_with_several_lines": (INVOICES, "bill:ACC-PINV-2026-00023"),
    "bill_partly_paid_with_discount": (INVOICES, "bill:ACC-PINV-2026-00419"),
    "item_with_slash": (ITEMS, "WIDGET/L"),
    "credit_of_a_sale": (CREDIT_NOTES, "ACC-SINV-2026-00021"),
    "credit_of_a_purchase": (VENDOR_CREDITS, "ACC-PINV-2026-00044"),
    "purchase_order_billed": (PURCHASE_ORDERS, "PUR-ORD-2026-00003"),
    "purchase_order_closed_with_tax": (PURCHASE_ORDERS, "PUR-ORD-2026-00004"),
    "sales_order_paid_in_advance": (SALES_ORDERS, "SAL-ORD-2026-00014"),
    "sales_order_with_advance_taken_over": (SALES_ORDERS, "SAL-ORD-2026-00045"),
    "tax_with_freight": (TAX_RATES, "sales:VAT + Freight - ATL"),
    "tax_of_purchases": (TAX_RATES, "purchase:UK Input VAT 20% - ATL"),
    "tax_of_items": (TAX_RATES, "item:Reduced 5% - ATL"),
    "customer_with_terms": (CONTACTS, "customer:Terms & Limits Ltd"),
    "customer_with_shared_contacts": (CONTACTS, "customer:A / B"),
    "supplier_on_hold": (CONTACTS, "supplier:Held Supplies"),
    "customer_of_one_currency": (CONTACTS, "customer:Emoji 🚀 Labs"),
    "customer_group": (CONTACT_GROUPS, "customer_group:Group 0"),
    "supplier_group_root": (CONTACT_GROUPS, "supplier_group:All Supplier Groups"),
    "company": (COMPANY_INFO, "Acme Ltd"),
    "file_of_an_invoice": (ATTACHMENTS, "99d4541933"),
    "file_elsewhere": (ATTACHMENTS, "e2cc180a42"),
    "folder": (ATTACHMENTS, "Home/Attachments"),
    "payment_in_usd": (PAYMENTS, "ACC-PAY-2026-00010"),
    "payment_draft": (PAYMENTS, "ACC-PAY-2026-00018"),
    "mode_of_payment": (PAYMENT_METHODS, "Wise – USD/EUR"),
    "account_in_usd": (ACCOUNTS, "1201 - Wise USD - ATL"),
    "currency": (CURRENCIES, "JPY"),
    "exchange_rate": (EXCHANGE_RATES, "2024-01-01-USD-GBP-Selling-Buying"),
    "cost_center": (TRACKING_CATEGORIES, "cost_center:Manchester / Nord - ATL"),
    "project": (TRACKING_CATEGORIES, "project:PROJ-0003"),
    "journal_exchange_difference": (JOURNAL_ENTRIES, "ACC-JV-2026-00001"),
    "journal_debit_note": (JOURNAL_ENTRIES, "ACC-JV-2026-00236"),
    "journal_contra": (JOURNAL_ENTRIES, "ACC-JV-2026-00237"),
    "ledger_customer": (TRANSACTIONS, "ACC-SINV-2026-00542:20261121T151157707346"),
    "ledger_supplier_in_usd": (TRANSACTIONS, "ACC-PINV-2026-00226:20261121T151020132624"),
    "ledger_cancelled": (TRANSACTIONS, "ACC-PINV-2026-00379:20261121T151110343841"),
}


@pytest.mark.parametrize("name", CASES)
async def test_a_recorded_record_becomes_exactly_the_unified_record_checked_by_hand(name: str) -> None:
    # Arrange
    resource, record_id = CASES[name]
    client = recorded_site().client()
    assert resource.get is not None

    # Act
    site = await resource.site(client)
    record = await resource.get(client, site, record_id, frozenset())
    unified = exact_json(written(resource.to_unified(record.wire, site)))

    # Assert
    assert record.cautions == ()
    assert unified == exact_json((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_the_golden_records_hold_every_field_of_the_model(name: str) -> None:
    resource, _ = CASES[name]
    golden = exact_json((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))

    unasked = {"remote_data", "current_balance", *resource.expands}
    assert set(golden) == set(resource.model.__struct_fields__) - unasked
