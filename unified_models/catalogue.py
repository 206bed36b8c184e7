"""The unified resources by their path segment, spelled as Truto spells them."""

from __future__ import annotations

from collections.abc import Mapping

from unified_models.account import Account
from unified_models.attachment import Attachment
from unified_models.base import UnifiedModel
from unified_models.company_info import CompanyInfo
from unified_models.contact import Contact
from unified_models.contact_group import ContactGroup
from unified_models.credit_note import CreditNote, VendorCredit
from unified_models.currency import Currency, ExchangeRate
from unified_models.invoice import Invoice
from unified_models.item import Item
from unified_models.journal_entry import JournalEntry
from unified_models.order import PurchaseOrder, SalesOrder
from unified_models.payment import Payment
from unified_models.payment_method import PaymentMethod
from unified_models.tax_rate import TaxRate
from unified_models.tracking_category import TrackingCategory
from unified_models.transaction import Transaction

MODELS: Mapping[str, type[UnifiedModel]] = {
    "accounts": Account,
    "attachments": Attachment,
    "company_info": CompanyInfo,
    "contact_groups": ContactGroup,
    "contacts": Contact,
    "credit_notes": CreditNote,
    "currencies": Currency,
    "exchange_rates": ExchangeRate,
    "invoices": Invoice,
    "items": Item,
    "journal_entries": JournalEntry,
    "payment_method": PaymentMethod,
    "payments": Payment,
    "purchase_orders": PurchaseOrder,
    "sales_orders": SalesOrder,
    "tax_rates": TaxRate,
    "tracking_categories": TrackingCategory,
    "transactions": Transaction,
    "vendor_credits": VendorCredit,
}

ALIASES: Mapping[str, str] = {"payment_methods": "payment_method"}
"""Other spellings of path segments that are accepted."""
