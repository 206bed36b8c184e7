"""The answers of the fast upstream: what ERPNext would say, written once into files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]

ROWS = 100
LINES = 5
SMALL_SIZE = 1_000
LIST_SIZE = 66_000
SITE_ZONE = "Asia/Kolkata"
CUSTOM = {"Item": (), "Sales Invoice": ("gateway_ref", "is_priority"), "Sales Invoice Item": ("line_ref",)}
WORDS = "Stainless steel hinge with two ball bearings, brushed finish, left and right hand, boxed in pairs"
FIRST = datetime(2026, 1, 5, 9, 15, 22, 123456)  # noqa: DTZ001 - a site writes instants without their zone


def tables() -> Mapping[str, Sequence[Row]]:
    """The rows of each DocType's list."""
    return {
        "Item": _items(),
        "Sales Invoice": [_invoice(number) for number in range(ROWS)],
        "Sales Invoice Item": [_line(number, idx) for number in range(ROWS) for idx in range(1, LINES + 1)],
        "Sales Taxes and Charges": [_tax(number, idx) for number in range(ROWS) for idx in (1, 2)],
        "Payment Schedule": [_instalment(number) for number in range(ROWS)],
        "Payment Entry Reference": [_payment(number) for number in range(0, ROWS, 2)],
    }


def write_books(folder: Path) -> None:
    """Write every answer: each list as a resource and as a method tells it, one document, and the metadata."""
    for doctype, rows in tables().items():
        _write(folder / "resource" / doctype, {"data": rows})
        _write(folder / "list" / doctype, {"message": rows})
    _write(folder / "document", _document())
    _write(folder / "zone", {"message": {"time_zone": SITE_ZONE}})
    _write(folder / "doctype", {"docs": [_doctype(name, fields) for name, fields in CUSTOM.items()]})


def _write(path: Path, answer: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(json_of(answer))


def json_of(answer: Any) -> bytes:
    """As ERPNext writes it."""
    return json.dumps(answer, separators=(",", ":")).encode()


def _items() -> list[Row]:
    """A hundred items; their descriptions are as long as makes the whole answer the size it is named for."""
    rows = [item(number, "") for number in range(ROWS)]
    room = (LIST_SIZE - len(json_of({"data": rows}))) // ROWS
    return [item(number, words(room)) for number in range(ROWS)]


def words(size: int) -> str:
    """So many characters of a description."""
    repeated = f"{WORDS}. " * (size // len(WORDS) + 1)
    return repeated[: max(size, 0)]


def _document() -> Row:
    row = item(1, "")
    return {"data": item(1, words(SMALL_SIZE - len(json_of({"data": row}))))}


def _stamps(number: int) -> Row:
    made = FIRST + timedelta(hours=number * 7, microseconds=number * 137)
    changed = made + timedelta(days=3, minutes=number)
    return {"creation": _instant(made), "modified": _instant(changed)}


def _instant(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="microseconds")


def item(number: int, description: str) -> Row:
    """One item."""
    name = f"HINGE-{number:05d}"
    return {
        "name": name,
        **_stamps(number),
        "item_code": name,
        "item_name": f"Hinge, {40 + number} mm",
        "item_group": "Door furniture",
        "stock_uom": "Nos",
        "description": description,
        "disabled": 0,
        "is_stock_item": 1,
        "is_sales_item": 1,
        "is_purchase_item": 1,
        "has_variants": 0,
        "variant_of": None,
        "brand": "Northgate" if number % 3 else None,
        "standard_rate": round(4.25 + number * 0.37, 2),
        "last_purchase_rate": round(2.1 + number * 0.191, 3),
    }


def _invoice_name(number: int) -> str:
    return f"ACC-SINV-2026-{number + 1:05d}"


def _invoice(number: int) -> Row:
    net = round(LINES * 3 * (4.25 + number * 0.37), 2)
    tax = round(net * 0.2, 2)
    posted = date(2026, 1, 5) + timedelta(days=number % 28)
    return {
        "name": _invoice_name(number),
        **_stamps(number),
        "docstatus": 1,
        "status": ("Unpaid", "Paid", "Overdue", "Partly Paid")[number % 4],
        "title": "Harbour Hotels Ltd",
        "company": "Acme Trading Ltd",
        "posting_date": posted.isoformat(),
        "due_date": (posted + timedelta(days=30)).isoformat(),
        "is_return": 0,
        "return_against": None,
        "currency": "GBP",
        "conversion_rate": 1.0,
        "party_account_currency": "GBP",
        "net_total": net,
        "discount_amount": 0.0,
        "total_taxes_and_charges": tax,
        "grand_total": round(net + tax, 2),
        "base_grand_total": round(net + tax, 2),
        "rounded_total": round(net + tax, 2),
        "base_rounded_total": round(net + tax, 2),
        "disable_rounded_total": 0,
        "outstanding_amount": 0.0 if number % 4 == 1 else round(net + tax, 2),
        "remarks": "No Remarks",
        "cost_center": "Main - ATL",
        "project": None,
        "address_display": "1 Quay Street<br>\nBristol<br>\nBS1 4QA<br>United Kingdom<br>\n",
        "shipping_address": None,
        "customer": "Harbour Hotels Ltd",
        "customer_name": "Harbour Hotels Ltd",
        "debit_to": "Debtors - ATL",
        "po_no": f"PO-{7000 + number}",
        "customer_address": "Harbour Hotels Ltd-Billing",
        "shipping_address_name": None,
        "gateway_ref": f"gw-{number}",
        "is_priority": number % 2,
    }


def _line(number: int, idx: int) -> Row:
    rate = round(4.25 + number * 0.37, 2)
    return {
        "name": f"{number:05x}{idx:05x}",
        "idx": idx,
        "parent": _invoice_name(number),
        "item_code": f"HINGE-{number:05d}",
        "item_name": f"Hinge, {40 + number} mm",
        "description": "Stainless steel hinge with two ball bearings, brushed finish",
        "qty": 3.0,
        "uom": "Nos",
        "rate": rate,
        "discount_percentage": 0.0,
        "discount_amount": 0.0,
        "amount": round(3 * rate, 2),
        "net_amount": round(3 * rate, 2),
        "item_tax_template": None,
        "warehouse": "Stores - ATL",
        "cost_center": "Main - ATL",
        "project": None,
        "income_account": "Sales - ATL",
        "sales_order": f"SAL-ORD-2026-{number + 1:05d}",
        "so_detail": f"{number:05x}{idx:04x}",
        "line_ref": None,
    }


def _tax(number: int, idx: int) -> Row:
    amount = round(LINES * 3 * (4.25 + number * 0.37) * 0.1, 2)
    return {
        "name": f"t{number:05x}{idx:04x}",
        "idx": idx,
        "parent": _invoice_name(number),
        "charge_type": "On Net Total",
        "account_head": "VAT - ATL",
        "description": "VAT 10%",
        "rate": 10.0,
        "tax_amount": amount,
        "tax_amount_after_discount_amount": amount,
        "total": round(amount * (10 + idx), 2),
        "included_in_print_rate": 0,
    }


def _instalment(number: int) -> Row:
    invoice = _invoice(number)
    return {
        "name": f"s{number:09x}",
        "idx": 1,
        "parent": invoice["name"],
        "due_date": invoice["due_date"],
        "payment_amount": invoice["grand_total"],
        "base_payment_amount": invoice["base_grand_total"],
        "invoice_portion": 100.0,
    }


def _payment(number: int) -> Row:
    return {
        "name": f"p{number:09x}",
        "idx": 1,
        "parent": f"ACC-PAY-2026-{number + 1:05d}",
        "reference_name": _invoice_name(number),
    }


def _doctype(name: str, custom: Sequence[str]) -> Row:
    fields = [{"fieldname": field, "fieldtype": "Data", "is_custom_field": 1} for field in custom]
    return {"name": name, "doctype": "DocType", "fields": fields}
