"""What orders and invoices say of their party: who, where, in which terms."""

from __future__ import annotations

from typing import Any

from providers.erpnext.sandbox.doctypes import COLUMNS
from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.sides import SALE, Side

Given = dict[str, Any]
_GROUPS = {"Customer": ("customer_group", "territory"), "Supplier": ("supplier_group",)}
_SERIES = {
    "Sales Invoice": "ACC-SINV-.YYYY.-",
    "Purchase Invoice": "ACC-PINV-.YYYY.-",
    "Sales Order": "SAL-ORD-.YYYY.-",
    "Purchase Order": "PUR-ORD-.YYYY.-",
}


def head(books: Books, side: Side, doctype: str, party: str) -> Given:
    """The fields that ERPNext fills in once it knows the party."""
    row = books.store.documents[side.party_type][party]
    contact = books.store.documents["Contact"].get(row[f"{side.party}_primary_contact"] or "")
    address = row[f"{side.party}_primary_address"]
    reach: Given = {}
    if contact is not None:
        reach = {
            "contact_person": contact["name"],
            "contact_display": contact["full_name"],
            "contact_email": contact["email_id"],
            "contact_mobile": contact["mobile_no"],
        }
    groups = {name: row[name] for name in _GROUPS[side.party_type]} if side is SALE or "Invoice" in doctype else {}
    prices = "selling_price_list" if side is SALE else "buying_price_list"
    return {
        side.party: party,
        f"{side.party}_name": party,
        "title": party,
        "naming_series": _SERIES[doctype],
        "language": "en",
        **({"tax_id": row["tax_id"]} if "tax_id" in COLUMNS[doctype] else {}),
        prices: "Standard Selling" if side is SALE else "Standard Buying",
        "price_list_currency": "GBP",
        "plc_conversion_rate": 1.0,
        "apply_discount_on": "Grand Total",
        f"{side.party}_address": address,
        "address_display": row["primary_address"] if address else None,
        **groups,
        **reach,
    }
