"""A year of trade made from a number: two companies, three currencies, documents, and a ledger that balances.

Every document adds up: a line is quantity times rate, tax is the sum of the taxes' rows, what is left to pay is
what was asked less what was paid. The ledger has the rows of every document that was ever submitted.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from providers.erpnext.sandbox.ledger import rename_one, written
from providers.erpnext.sandbox.seed.accounts import add_companies
from providers.erpnext.sandbox.seed.attachments import add_files
from providers.erpnext.sandbox.seed.books import Books, repeated_hour
from providers.erpnext.sandbox.seed.invoices import add_invoices
from providers.erpnext.sandbox.seed.items import add_items
from providers.erpnext.sandbox.seed.journals import add_journals, add_opening
from providers.erpnext.sandbox.seed.masters import add_masters
from providers.erpnext.sandbox.seed.orders import add_orders
from providers.erpnext.sandbox.seed.parties import add_parties
from providers.erpnext.sandbox.seed.payments import add_other_payments, pay_open
from providers.erpnext.sandbox.seed.sizes import SIZES
from providers.erpnext.sandbox.store import Store

CUSTOM: Mapping[str, tuple[str, ...]] = {
    "Sales Invoice": (
        "gateway_ref",
        "is_priority",
        "account_manager_user",
        "delivery_meta",
        "exempt_from_sales_tax",
    ),
    "Sales Invoice Item": ("line_ref",),
    "Purchase Invoice": ("approval_notes", "approved_on"),
    "Customer": ("external_crm_id", "loyalty_tier", "exempt_from_sales_tax"),
    "Supplier": ("risk_score", "irs_1099"),
    "Payment Entry": ("psp_fee",),
    "Journal Entry": ("source_system",),
    "Address": ("tax_category", "is_your_company_address"),
    "Contact": ("is_billing_contact",),
}
"""The site's custom fields, some of them made by ERPNext itself."""
UNNAMED = 40
"""How many of the ledger's rows are too new to have their lasting name."""


def fill(store: Store, number: int, size: str = "small") -> None:
    """Fill an empty store. Small books are made once, and copied for whoever wants them again."""
    if size == "small":
        store.take(_made(number, store.zone))
    else:
        _fill(store, number, size)


@lru_cache(maxsize=2)
def _made(number: int, zone: ZoneInfo) -> Store:
    store = Store(zone, lambda: datetime.now(UTC))
    _fill(store, number, "small")
    return store


def _fill(store: Store, number: int, size: str) -> None:
    books = Books(store, random.Random(number), SIZES[size], repeated_hour(store.zone))
    was_enabled = gc.isenabled()
    gc.disable()  # Nothing made here is garbage, and looking for it takes longer than making it.
    try:
        for add in (add_companies, add_masters, add_parties, add_items, add_opening, add_invoices, pay_open):
            add(books)
        for add in (add_orders, add_other_payments, add_journals, add_files):
            add(books)
        _name_ledger(store)
    finally:
        if was_enabled:
            gc.enable()


def _name_ledger(store: Store) -> None:
    """Lasting names for all but the newest rows, given within the hour after they were made."""
    rows = sorted(store.documents["GL Entry"].values(), key=lambda row: row["creation"])
    hours: dict[str, str] = {}
    for index, row in enumerate(rows[:-UNNAMED]):
        made = row["modified"][:13]
        if made not in hours:
            hours[made] = written(datetime.fromisoformat(made) + timedelta(hours=1))[:20]
        rename_one(store, row, f"{hours[made]}{613 * (index % 1_600):06d}")
