"""ERPNext's table: which unified resources it feeds. What each row can do is in `rows/`."""

from __future__ import annotations

from collections.abc import Mapping

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

RESOURCES: Mapping[str, AnyResource] = {
    "accounts": ACCOUNTS,
    "attachments": ATTACHMENTS,
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
