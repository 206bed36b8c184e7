"""ERPNext's paths as they may be told: the doctypes and methods that are read here, and no other site's own."""

from __future__ import annotations

from urllib.parse import quote

_DOCTYPES = (
    "Account",
    "Accounting Dimension",
    "Company",
    "Contact",
    "Cost Center",
    "Currency",
    "Currency Exchange",
    "Custom Field",
    "Customer",
    "Customer Group",
    "DefaultValue",
    "File",
    "Fiscal Year",
    "GL Entry",
    "Item",
    "Item Tax Template",
    "Journal Entry",
    "Mode of Payment",
    "Payment Entry",
    "Payment Ledger Entry",
    "Project",
    "Purchase Invoice",
    "Purchase Order",
    "Sales Invoice",
    "Sales Order",
    "Supplier",
    "Supplier Group",
)
_METHODS = (
    "frappe.auth.get_logged_user",
    "frappe.client.get_count",
    "frappe.client.get_list",
    "frappe.client.get_time_zone",
    "frappe.desk.form.load.getdoctype",
    "erpnext.accounts.utils.get_balance_on",
)

PATHS = (
    *(f"api/resource/{quote(doctype)}{rest}" for doctype in _DOCTYPES for rest in ("", "/{name}")),
    *(f"api/method/{method}" for method in _METHODS),
    "api/resource/{doctype}",
    "api/resource/{doctype}/{name}",
    "api/method/{method}",
)
