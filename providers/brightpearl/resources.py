"""Brightpearl's table: which unified resources it feeds. What each row can do is in `rows/`."""

from __future__ import annotations

from collections.abc import Mapping

from providers.brightpearl.rows.bank import TRANSACTIONS
from providers.brightpearl.rows.contacts import CONTACT_GROUPS, CONTACTS
from providers.brightpearl.rows.credits import CREDIT_NOTES, VENDOR_CREDITS
from providers.brightpearl.rows.dimensions import COMPANY_INFO, TRACKING_CATEGORIES
from providers.brightpearl.rows.invoices import INVOICES
from providers.brightpearl.rows.journals import JOURNAL_ENTRIES
from providers.brightpearl.rows.ledger_lists import (
    ACCOUNTS,
    CURRENCIES,
    EXCHANGE_RATES,
    PAYMENT_METHODS,
    TAX_RATES,
)
from providers.brightpearl.rows.orders import PURCHASE_ORDERS, SALES_ORDERS
from providers.brightpearl.rows.payments import PAYMENTS
from providers.brightpearl.rows.products import ITEMS
from providers.kit.resource import AnyResource

RESOURCES: Mapping[str, AnyResource] = {
    "accounts": ACCOUNTS,
    "company_info": COMPANY_INFO,
    "contact_groups": CONTACT_GROUPS,
    "contacts": CONTACTS,
    "credit_notes": CREDIT_NOTES,
    "currencies": CURRENCIES,
    "exchange_rates": EXCHANGE_RATES,
    "invoices": INVOICES,
    "items": ITEMS,
    "journal_entries": JOURNAL_ENTRIES,
    "payment_method": PAYMENT_METHODS,
    "payments": PAYMENTS,
    "purchase_orders": PURCHASE_ORDERS,
    "sales_orders": SALES_ORDERS,
    "tax_rates": TAX_RATES,
    "tracking_categories": TRACKING_CATEGORIES,
    "transactions": TRANSACTIONS,
    "vendor_credits": VENDOR_CREDITS,
}
