"""A year of trade made from a number: parties, items, invoices in three currencies, payments, corrections.

Every document adds up: a line is quantity times rate, tax is the sum of the lines' tax, the total is what is
left to pay and what was paid. Amounts are floats, as Frappe's are, each rounded where Frappe rounds.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from providers.erpnext.sandbox.store import Row, Store

CUSTOMERS, SUPPLIERS, ITEMS, SALES, PURCHASES = 60, 40, 130, 420, 260
START = date(2025, 11, 1)
ODD_NAMES = (
    "O'Brien & Daughters",
    "50% Off / Sons",
    "Hash #1 Ltd",
    "naïve café",
    "EMOJI 🚀 labs",
    "東京商事",
    "Null",
    "0",
    'Quote "Q" GmbH',
    "Back\\slash; Co",
    "Plus + Minus",
    "Ümläut ÄG",
)
COMPANIES = {"Acme Trading Ltd": ("ATL", "GBP"), "Acme US Inc": ("AUS", "USD")}
RATES = {("USD", "GBP"): "0.7725", ("EUR", "GBP"): "0.8541", ("GBP", "USD"): "1.2945", ("EUR", "USD"): "1.1056"}
CENT = Decimal("0.01")

CUSTOM: Mapping[str, tuple[str, ...]] = {
    "Sales Invoice": ("gateway_ref", "is_priority", "account_manager_user", "delivery_meta"),
    "Sales Invoice Item": ("line_ref",),
    "Purchase Invoice": ("approval_notes", "approved_on"),
    "Customer": ("external_crm_id", "loyalty_tier"),
    "Supplier": ("risk_score",),
    "Payment Entry": ("psp_fee",),
}


@dataclass(frozen=True, slots=True)
class Side:
    """What differs between selling and buying."""

    doctype: str
    party: str
    control: str
    line_account: str
    account: str
    payment: str


SALE = Side("Sales Invoice", "customer", "debit_to", "income_account", "Sales", "Receive")
PURCHASE = Side("Purchase Invoice", "supplier", "credit_to", "expense_account", "Cost of Goods Sold", "Pay")


def fill(store: Store, number: int) -> None:
    """Fill an empty store."""
    draw = random.Random(number)
    parties = {
        SALE: _parties(store, draw, "Customer", CUSTOMERS),
        PURCHASE: _parties(store, draw, "Supplier", SUPPLIERS),
    }
    items = [_item(store, draw, index) for index in range(ITEMS)]
    for side, count in ((SALE, SALES), (PURCHASE, PURCHASES)):
        for index in range(count):
            _invoice(store, draw, side, index, draw.choice(parties[side]), items)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="microseconds")


def _moment(draw: random.Random, day: date) -> datetime:
    """A moment of that day. Batches share one stamp, as rows written together do."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    if draw.random() < 0.15:
        return start + timedelta(hours=12)
    return start + timedelta(microseconds=draw.randrange(86_400_000_000))


def _parties(store: Store, draw: random.Random, doctype: str, count: int) -> list[str]:
    names = [*ODD_NAMES, *(f"{doctype} {index:03d} Ltd" for index in range(count - len(ODD_NAMES)))]
    for name in names:
        made = _stamp(_moment(draw, START - timedelta(days=30)))
        field = f"{doctype.lower()}_name"
        store.add(doctype, {"name": name, field: name, "creation": made, "modified": made, "disabled": 0})
    return names


def _item(store: Store, draw: random.Random, index: int) -> Row:
    made = _moment(draw, START - timedelta(days=20))
    code = ("CAFÉ #1", "WIDGET/L", "O'RING", "CONS-DAY")[index] if index < 4 else f"PART-{index:03d}"
    return store.add(
        "Item",
        {
            "item_code": code,
            "item_name": f"Part {index} ☕" if index % 9 == 0 else f"Part {index}",
            "item_group": draw.choice(["Products", "Services"]),
            "stock_uom": draw.choice(["Nos", "Hour", "Kg"]),
            "description": f"Part {index}<br>line two &amp; more",
            "standard_rate": float(Decimal(draw.randrange(100, 50_000)) / 100),
            "last_purchase_rate": float(Decimal(draw.randrange(100, 40_000)) / 100),
            "disabled": int(index % 25 == 24),
            "is_stock_item": int(index % 3 == 0),
            "is_sales_item": 1,
            "is_purchase_item": 1,
            "has_variants": 0,
            "creation": _stamp(made),
            "modified": _stamp(made + timedelta(days=draw.randrange(0, 300))),
        },
    )


def _round(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def _lines(draw: random.Random, side: Side, items: list[Row], abbreviation: str, sign: int) -> list[Row]:
    lines: list[Row] = []
    for index in range(draw.choice([1, 1, 2, 3, 5])):
        item = draw.choice(items)
        rate = _round(Decimal(str(item["standard_rate"])))
        quantity = Decimal(draw.choice(["1", "2", "5", "0.5", "1.235", "12"])) * sign
        amount = float(_round(rate * quantity))
        lines.append(
            {
                "item_code": item["item_code"] if draw.random() > 0.1 else None,
                "item_name": item["item_name"],
                "description": item["description"],
                "qty": float(quantity),
                "uom": item["stock_uom"],
                "rate": float(rate),
                "amount": amount,
                "net_amount": amount,
                "base_amount": amount,
                "base_net_amount": amount,
                "discount_percentage": 0.0,
                side.line_account: f"{side.account} - {abbreviation}",
                "cost_center": draw.choice([f"Main - {abbreviation}", f"R&D 研究 - {abbreviation}"]),
                **({"line_ref": f"L{index}"} if side is SALE and index == 0 else {}),
            }
        )
    return lines


def _invoice(store: Store, draw: random.Random, side: Side, index: int, party: str, items: list[Row]) -> None:
    company = draw.choice([*COMPANIES, "Acme Trading Ltd"])
    abbreviation, base = COMPANIES[company]
    currency = draw.choice([base, base, "USD", "EUR", "GBP"])
    rate = Decimal("1.0") if currency == base else Decimal(RATES[currency, base])
    fate = draw.choice(["draft", "unpaid", "overdue", "part", "paid", "paid", "cancelled", "return", "credited"])
    posted = START + timedelta(days=draw.randrange(365))
    lines = _lines(draw, side, items, abbreviation, -1 if fate == "return" else 1)
    net = sum((Decimal(str(line["net_amount"])) for line in lines), Decimal(0))
    percent = Decimal(draw.choice(["20", "5", "0"]))
    tax = _round(net * percent / 100)
    grand = net + tax
    rounded = grand.quantize(Decimal(1), ROUND_HALF_UP) if base == currency == "GBP" else grand
    paid = {"paid": rounded, "credited": rounded, "part": _round(rounded / 3)}.get(fate, Decimal(0))
    due = posted + timedelta(days=30 if fate != "overdue" else 5)
    docstatus = {"draft": 0, "cancelled": 2}.get(fate, 1)
    created = _moment(draw, posted)
    document: dict[str, Any] = {
        "title": party,
        side.party: party,
        f"{side.party}_name": party,
        "company": company,
        "posting_date": posted.isoformat(),
        "due_date": due.isoformat(),
        "is_return": int(fate == "return"),
        "docstatus": docstatus,
        "status": _status(side, fate),
        "currency": currency,
        "conversion_rate": float(rate),
        "party_account_currency": currency,
        side.control: f"{'Debtors' if side is SALE else 'Creditors'}{'' if currency == base else f' {currency}'}"
        f" - {abbreviation}",
        "total": float(net),
        "net_total": float(net),
        "total_taxes_and_charges": float(tax),
        "grand_total": float(grand),
        "base_grand_total": float(_round(grand * rate)),
        "rounded_total": float(rounded),
        "disable_rounded_total": 0,
        "outstanding_amount": float(rounded - paid),
        "discount_amount": 0.0,
        "remarks": "No Remarks",
        "cost_center": lines[0]["cost_center"],
        "creation": _stamp(created),
        "modified": _stamp(created + timedelta(days=draw.randrange(0, 20))),
        "items": lines,
        "taxes": _taxes(side, abbreviation, percent, tax, grand),
        "payment_schedule": [
            {
                "due_date": due.isoformat(),
                "invoice_portion": 100.0,
                "payment_amount": float(rounded),
                "outstanding": float(rounded - paid),
            }
        ],
        **_extras(draw, side, index),
    }
    made = store.add(side.doctype, document)
    if paid and fate != "credited":
        _payment(store, draw, side, made, paid, created)


def _extras(draw: random.Random, side: Side, index: int) -> dict[str, Any]:
    if side is SALE:
        return {
            "po_no": f"PO/{index}" if index % 4 == 0 else "",
            "gateway_ref": f"gw_{index:05d}" if index % 3 == 0 else None,
            "is_priority": int(index % 5 == 0),
            "delivery_meta": '{"carrier": "DHL", "note": "“fragile”"}' if index % 7 == 0 else None,
        }
    approved = START + timedelta(days=draw.randrange(300))
    return {
        "bill_no": f"BILL-{index}" if index % 2 == 0 else None,
        "approval_notes": "ok ✔ by J. O'Neill" if index % 5 == 0 else None,
        "approved_on": f"{approved.isoformat()} 10:00:00" if index % 5 == 0 else None,
    }


def _status(side: Side, fate: str) -> str:
    return {
        "draft": "Draft",
        "unpaid": "Unpaid",
        "overdue": "Overdue",
        "part": "Partly Paid",
        "paid": "Paid",
        "cancelled": "Cancelled",
        "return": "Return",
        "credited": "Credit Note Issued" if side is SALE else "Debit Note Issued",
    }[fate]


def _taxes(side: Side, abbreviation: str, percent: Decimal, tax: Decimal, grand: Decimal) -> list[Row]:
    if not percent:
        return []
    return [
        {
            "charge_type": "On Net Total",
            "account_head": f"VAT {percent}% - {abbreviation}",
            "description": f"VAT @ {percent}.0",
            "rate": float(percent),
            "tax_amount": float(tax),
            "total": float(grand),
            **({"included_in_print_rate": 0} if side is SALE else {"add_deduct_tax": "Add"}),
        }
    ]


def _payment(store: Store, draw: random.Random, side: Side, invoice: Row, paid: Decimal, created: datetime) -> None:
    stamp = _stamp(created + timedelta(days=draw.randrange(1, 30)))
    store.add(
        "Payment Entry",
        {
            "payment_type": side.payment,
            "party_type": side.party.title(),
            "party": invoice[side.party],
            "company": invoice["company"],
            "paid_amount": float(paid),
            "received_amount": float(paid),
            "docstatus": 1,
            "status": "Submitted",
            "creation": stamp,
            "modified": stamp,
            "references": [
                {
                    "reference_doctype": side.doctype,
                    "reference_name": invoice["name"],
                    "allocated_amount": float(paid),
                    "total_amount": invoice["rounded_total"],
                    "outstanding_amount": invoice["outstanding_amount"],
                    "exchange_rate": invoice["conversion_rate"],
                }
            ],
        },
    )
