"""Sales and purchase orders, from drafts to closed ones, and a few quotations and bank lines."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from providers.erpnext.sandbox.ledger import written
from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.head import head
from providers.erpnext.sandbox.seed.lines import TAXES, lines, schedule, taxes
from providers.erpnext.sandbox.seed.sizes import BRANCHES, COMPANIES, START, rate_of
from providers.erpnext.sandbox.sides import PURCHASE, SALE, Side
from providers.erpnext.sandbox.totals import completed, payable

Given = dict[str, Any]
_STATUSES = {
    "Sales Order": (
        "Draft",
        "To Deliver and Bill",
        "To Bill",
        "To Deliver",
        "Completed",
        "Closed",
        "On Hold",
        "Cancelled",
    ),
    "Purchase Order": (
        "Draft",
        "To Receive and Bill",
        "To Bill",
        "To Receive",
        "Completed",
        "Closed",
        "On Hold",
        "Cancelled",
    ),
}
_BILLED = ("To Deliver", "To Receive", "Completed")
_MOVED = ("To Bill", "Completed")


def add_orders(books: Books) -> None:
    """The orders of both sides."""
    for side, count in ((SALE, books.size.sales_orders), (PURCHASE, books.size.purchase_orders)):
        for index in range(count):
            books.store.add(side.order, _order(books, side, index))
    for index in range(5):
        books.store.add("Quotation", _offer(books, _order(books, SALE, index)))
    _bank_lines(books)


def _order(books: Books, side: Side, index: int) -> Given:
    draw, company = books.draw, books.draw.choice([*COMPANIES, "Acme Trading Ltd"])
    abbreviation, base = COMPANIES[company]
    currency = draw.choice([base, base, "USD", "EUR", "GBP"])
    day = books.day()
    party = draw.choice(books.parties[side.party_type])
    status = draw.choice(_STATUSES[side.order])
    wanted = "delivery_date" if side is SALE else "schedule_date"
    date_wanted = (day + timedelta(days=draw.randrange(3, 60))).isoformat()
    moment = books.moment(day)
    made = lines(books, side, abbreviation)
    rows = [_of(books, f"{side.order} Item", {**line, wanted: date_wanted}) for line in made]
    rate = rate_of(currency, base, (day - START).days // 31)
    given = completed(
        books.store,
        side.order,
        {
            **head(books, side, side.order, party),
            "title": party if index % 3 else f"{{{side.party}_name}}",
            "company": company,
            "transaction_date": day.isoformat(),
            wanted: date_wanted,
            "status": status,
            "docstatus": {"Draft": 0, "Cancelled": 2}.get(status, 1),
            "per_billed": 100.0 if status in _BILLED else 0.0,
            "per_delivered" if side is SALE else "per_received": 100.0 if status in _MOVED else 0.0,
            "currency": currency,
            "conversion_rate": float(rate),
            "cost_center": f"Main - {abbreviation}",
            "project": books.project(),
            "branch": draw.choice((None, *BRANCHES)),
            **(_sold(index, status) if side is SALE else _bought(index)),
            "items": rows,
            "taxes": taxes(books, side, abbreviation, draw.choice(TAXES)),
            "creation": written(moment),
            "modified": written(books.later(moment, 40)),
        },
    )
    asked = payable(given)
    terms = schedule(day + timedelta(days=30), asked, asked, Decimal(rate), is_split=index % 7 == 0)
    return {**given, "payment_schedule": terms}


def _sold(index: int, status: str) -> Given:
    billing = "Fully Billed" if status in _BILLED else "Not Billed"
    delivery = "Fully Delivered" if status in _MOVED else "Not Delivered"
    number = f"CPO #{index}" if index % 3 == 0 else None
    return {"order_type": "Sales", "po_no": number, "billing_status": billing, "delivery_status": delivery}


def _bought(index: int) -> Given:
    return {"order_confirmation_no": f"OC/{index}" if index % 3 == 0 else None}


def _offer(books: Books, order: Given) -> Given:
    """A quotation with what an order has in common with it."""
    party = {"quotation_to": "Customer", "party_name": order["customer"], "status": "Open", "docstatus": 1}
    named = {"naming_series": "SAL-QTN-.YYYY.-", "order_type": "Sales"}
    items = [_of(books, "Quotation Item", line) for line in order["items"]]
    tables = {"items": items, "taxes": order["taxes"], "payment_schedule": order["payment_schedule"]}
    return {**_of(books, "Quotation", order), **party, **named, **tables}


def _of(books: Books, doctype: str, given: Given) -> Given:
    """Of these values, those that the DocType has columns for."""
    known = books.store.columns(doctype)
    return {name: value for name, value in given.items() if name in known}


def _bank_lines(books: Books) -> None:
    """What a bank says: lines of a statement, some matched to payments."""
    payments = [row for row in books.store.documents["Payment Entry"].values() if row["docstatus"] == 1][:10]
    for payment in payments:
        amount = payment["received_amount"]
        is_in = payment["payment_type"] == "Receive"
        matched = [
            {"payment_document": "Payment Entry", "payment_entry": payment["name"], "allocated_amount": amount}
        ]
        books.store.add(
            "Bank Transaction",
            {
                "date": payment["posting_date"],
                "company": payment["company"],
                "deposit": amount if is_in else 0.0,
                "withdrawal": 0.0 if is_in else amount,
                "description": "card & wire",
                "status": "Reconciled",
                "docstatus": 1,
                "currency": payment["paid_to_account_currency"],
                "payment_entries": matched,
                "creation": payment["creation"],
                "modified": payment["modified"],
            },
        )
