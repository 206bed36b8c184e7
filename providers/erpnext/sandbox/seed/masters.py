"""The short lists that documents name: groups, terms, taxes, currencies, ways to pay, dimensions and the like."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from providers.erpnext.sandbox.seed.accounts import bank_of
from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.sizes import (
    BRANCHES,
    COMPANIES,
    CURRENCIES,
    DEPARTMENTS,
    RATES,
    START,
    rate_of,
)

Given = dict[str, Any]
CUSTOMER_GROUPS = ("Commercial", "Public / Government", "Export — EU", "0 / Other")
SUPPLIER_GROUPS = ("Services", "Raw Material", "Cloud & Hosting")
ITEM_GROUPS = ("Products", "Services")
TERMS = {"Net 30": [(100.0, 30)], "50/50 in 45": [(50.0, 0), (50.0, 45)]}
MODES = (("Wire Transfer", "Bank"), ("Cash", "Cash"), ("Cheque", "Bank"), ("Card – Visa/Other", "Bank"))
COUNTRIES = {
    "Denmark": "dk",
    "France": "fr",
    "Germany": "de",
    "Japan": "jp",
    "United Kingdom": "gb",
    "United States": "us",
}
TREES = {
    "Customer Group": CUSTOMER_GROUPS,
    "Supplier Group": SUPPLIER_GROUPS,
    "Item Group": ITEM_GROUPS,
    "Territory": ("United Kingdom", "Rest Of The World"),
}


def add_masters(books: Books) -> None:
    """All of them."""
    stamps = books.stamps(START - timedelta(days=50))
    for add in (_trees, _currencies, _terms, _plain, _taxes, _dimensions, _banks, _projects):
        for doctype, given in add(books):
            books.store.add(doctype, {**stamps, **given})


Made = Iterator[tuple[str, Given]]


def _trees(books: Books) -> Made:
    del books
    for doctype, names in TREES.items():
        field = doctype.lower().replace(" ", "_")
        top = "All Territories" if doctype == "Territory" else f"All {doctype}s"
        title = f"{field}_name"
        yield doctype, {"name": top, title: top, "is_group": 1, "lft": 1, "rgt": 2 * len(names) + 2}
        for index, name in enumerate(names):
            place = {f"parent_{field}": top, "old_parent": top, "lft": 2 * index + 2, "rgt": 2 * index + 3}
            yield doctype, {"name": name, title: name, "is_group": 0, **place}


def _currencies(books: Books) -> Made:
    for name, symbol, fraction in (("GBP", "£", 0.0), ("USD", "$", 0.01), ("EUR", "€", 0.01), ("JPY", "¥", 0.0)):
        yield (
            "Currency",
            {
                "name": name,
                "currency_name": name,
                "symbol": symbol,
                "enabled": int(name in CURRENCIES),
                "fraction_units": 100 if name != "JPY" else 0,
                "smallest_currency_fraction_value": fraction,
                "number_format": "#,###.##" if name != "JPY" else "#,###",
            },
        )
    for month in range(12):
        day = _month(month)
        for currency, base in RATES:
            rate = rate_of(currency, base, month)
            yield (
                "Currency Exchange",
                {
                    "name": f"{day}-{currency}-{base}-Selling-Buying",
                    "date": day.isoformat(),
                    "from_currency": currency,
                    "to_currency": base,
                    "exchange_rate": float(rate),
                    "for_buying": 1,
                    "for_selling": 1,
                    **books.stamps(day),
                },
            )


def _month(index: int) -> date:
    month = START.month - 1 + index
    return date(START.year + month // 12, month % 12 + 1, 1)


def _terms(books: Books) -> Made:
    del books
    for name, parts in TERMS.items():
        terms = []
        for portion, days in parts:
            term = f"{portion:.0f}% in {days}"
            detail = {
                "invoice_portion": portion,
                "due_date_based_on": "Day(s) after invoice date",
                "credit_days": days,
                "discount_type": "Percentage",
                "discount_validity_based_on": "Day(s) after invoice date",
            }
            yield "Payment Term", {"name": term, "payment_term_name": term, **detail}
            terms.append({"payment_term": term, **detail})
        yield "Payment Terms Template", {"name": name, "template_name": name, "terms": terms}


def _plain(books: Books) -> Made:
    del books
    for year in (START.year, START.year + 1):
        days = {"year_start_date": f"{year}-01-01", "year_end_date": f"{year}-12-31"}
        yield "Fiscal Year", {"name": str(year), "year": str(year), **days}
    for name, code in COUNTRIES.items():
        yield "Country", {"name": name, "country_name": name, "code": code}
    for name in ("Nos", "Hour", "Kg"):
        yield "UOM", {"name": name, "uom_name": name, "enabled": 1, "must_be_whole_number": int(name == "Nos")}
    for name, kind in (("Standard Selling", "selling"), ("Standard Buying", "buying")):
        yield "Price List", {"name": name, "price_list_name": name, "enabled": 1, kind: 1, "currency": "GBP"}
    for name in ("Reverse / Charge", "Zero"):
        yield "Tax Category", {"name": name, "title": name}
    for name, kind in MODES:
        account = "Cash" if kind == "Cash" else "Current Account"
        accounts = [
            {"company": company, "default_account": f"{account} - {abbreviation}"}
            for company, (abbreviation, _) in COMPANIES.items()
        ]
        given = {"name": name, "mode_of_payment": name, "enabled": int(name != "Cheque"), "type": kind}
        yield "Mode of Payment", {**given, "accounts": accounts}


def _taxes(books: Books) -> Made:
    del books
    for company, (abbreviation, _) in COMPANIES.items():
        for percent in (20, 5):
            title, head = f"VAT {percent}%", f"VAT {percent}% - {abbreviation}"
            named = {"name": f"{title} - {abbreviation}", "title": title, "company": company, "disabled": 0}
            row: Given = {"charge_type": "On Net Total", "account_head": head, "description": f"VAT @ {percent}.0"}
            row |= {"rate": float(percent), "cost_center": f"Main - {abbreviation}"}
            is_default = int(percent == 20)
            yield "Sales Taxes and Charges Template", {**named, "is_default": is_default, "taxes": [row]}
            bought = {**row, "category": "Total", "add_deduct_tax": "Add"}
            levy = {**bought, "charge_type": "On Previous Row Total", "row_id": "1", "rate": 1.0}
            levy |= {"account_head": f"Import Levy - {abbreviation}", "description": "Levy"}
            rows = [bought] if percent == 20 else [bought, levy]
            yield "Purchase Taxes and Charges Template", {**named, "is_default": is_default, "taxes": rows}
            yield "Item Tax Template", {**named, "taxes": [{"tax_type": head, "tax_rate": float(percent)}]}
        reduced = {"name": f"Reduced 5% - {abbreviation}", "title": "Reduced 5%", "company": company}
        rates = [{"tax_type": f"VAT 20% - {abbreviation}", "tax_rate": 5.0}]
        yield (
            "Item Tax Template",
            {**reduced, "taxes": rates},
        )


def _dimensions(books: Books) -> Made:
    del books
    for doctype in ("Branch", "Department", "Price List"):
        defaults = [{"company": company, "reference_document": doctype} for company in COMPANIES]
        given = {
            "name": doctype,
            "label": doctype,
            "document_type": doctype,
            "fieldname": doctype.lower().replace(" ", "_"),
        }
        # A disabled one leaves its fields behind.
        yield (
            "Accounting Dimension",
            {**given, "disabled": int(doctype == "Price List"), "dimension_defaults": defaults},
        )
    for name in BRANCHES:
        yield "Branch", {"name": name, "branch": name}
    for company, (abbreviation, _) in COMPANIES.items():
        for index, name in enumerate(DEPARTMENTS):
            place = {"lft": 2 * index + 1, "rgt": 2 * index + 2, "is_group": 0}
            yield (
                "Department",
                {"name": f"{name} - {abbreviation}", "department_name": name, "company": company, **place},
            )


def _banks(books: Books) -> Made:
    del books
    yield "Bank", {"name": "First / Bank", "bank_name": "First / Bank"}
    for company, (abbreviation, base) in COMPANIES.items():
        for currency in CURRENCIES:
            title = f"{currency} {abbreviation}"
            account = {"account": bank_of(currency, base, abbreviation), "bank": "First / Bank", "company": company}
            named = {"name": f"{title} - First / Bank", "account_name": title, "is_company_account": 1}
            yield "Bank Account", {**named, **account, "is_default": int(currency == base)}


def _projects(books: Books) -> Made:
    for index in range(books.size.projects):
        name = f"PROJ-{index + 1:04d}"
        books.projects.append(name)
        yield (
            "Project",
            {
                "name": name,
                "project_name": f'Refit "{index}" / Phase {index % 3}',
                "status": ("Open", "Completed", "Cancelled")[index % 3],
                "is_active": "Yes",
                "company": next(iter(COMPANIES)),
                "priority": "Medium",
                **books.stamps(START, 300),
            },
        )
