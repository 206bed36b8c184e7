"""A year of sales and purchase invoices: drafts, open, paid, cancelled, returned and credited ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from providers.erpnext.sandbox.amounts import ZERO, cents
from providers.erpnext.sandbox.ledger import post, reverse, written
from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.head import head
from providers.erpnext.sandbox.seed.lines import TAXES, lines, schedule, taxes, turned
from providers.erpnext.sandbox.seed.payments import pay
from providers.erpnext.sandbox.seed.sizes import BRANCHES, COMPANIES, START, rate_of
from providers.erpnext.sandbox.sides import PURCHASE, SALE, Side
from providers.erpnext.sandbox.store import Row
from providers.erpnext.sandbox.totals import completed, payable

Given = dict[str, Any]
_FATES = ("draft", "unpaid", "overdue", "part", "paid", "paid", "paid", "cancelled", "return", "credited")
_STATUSES = {
    "draft": "Draft",
    "unpaid": "Unpaid",
    "overdue": "Overdue",
    "part": "Partly Paid",
    "paid": "Paid",
    "cancelled": "Cancelled",
    "return": "Return",
}


def add_invoices(books: Books) -> None:
    """The invoices of both sides, and what was paid of them."""
    for side, count in ((SALE, books.size.sales), (PURCHASE, books.size.purchases)):
        made: list[Row] = []
        while len(books.store.documents[side.doctype]) < count:
            fate = books.draw.choice(_FATES)
            if fate in ("return", "credited") and (
                not made or count - len(books.store.documents[side.doctype]) < 2
            ):
                fate = "unpaid"
            if fate == "return":
                _returned(books, side, books.draw.choice(made), is_allocated=False)
                continue
            row = _invoice(books, side, fate)
            if fate in ("unpaid", "overdue", "part", "paid"):
                made.append(row)


def _invoice(books: Books, side: Side, fate: str) -> Row:
    index = len(books.store.documents[side.doctype])
    draw, company = books.draw, books.draw.choice([*COMPANIES, "Acme Trading Ltd"])
    abbreviation, base = COMPANIES[company]
    currency = draw.choice([base, base, "USD", "EUR", "GBP"])
    posted = books.day()
    rate = rate_of(currency, base, (posted - START).days // 31)
    due = posted + timedelta(days=30 if fate != "overdue" else 5)
    # A party's account may be in the company's currency whatever the invoice is in.
    account_currency = currency if currency == base or index % 10 else base
    moment = books.moment(posted)
    given = {
        **head(books, side, side.doctype, draw.choice(books.parties[side.party_type])),
        "company": company,
        "remarks": "No Remarks",
        "update_outstanding_for_self": 1,
        "set_posting_time": 1,
        "posting_time": f"{moment:%H:%M:%S.%f}",
        "is_opening": "No",
        "posting_date": posted.isoformat(),
        "due_date": due.isoformat(),
        "docstatus": {"draft": 0, "cancelled": 2}.get(fate, 1),
        "status": _STATUSES.get(fate),
        "currency": currency,
        "conversion_rate": float(rate),
        "party_account_currency": account_currency,
        side.control: _control(side, account_currency, base, abbreviation),
        "disable_rounded_total": int(index % 6 == 5),
        "cost_center": f"Main - {abbreviation}",
        "branch": draw.choice((None, *BRANCHES)),
        "project": books.project(),
        "items": lines(books, side, abbreviation),
        "taxes": taxes(books, side, abbreviation, draw.choice(TAXES)),
        **_extras(books, side, index),
    }
    return _kept(books, side, given, fate, moment)


def _kept(books: Books, side: Side, given: Given, fate: str, moment: datetime) -> Row:
    """Keep an invoice with its ledger, and settle what its fate says."""
    store = books.store
    document = dict(completed(store, side.doctype, given))
    asked = Decimal(str(document["outstanding_amount"]))
    paid = {"paid": asked, "part": cents(asked / 3), "credited": asked}.get(fate, ZERO)
    left = asked - paid
    if fate == "part" and books.draw.random() < 0.5:
        document["status"] = "Overdue"  # Which hides that it is partly paid.
    in_own = payable(document) if paid in (ZERO, asked) else payable(document) / 3 * 2
    due = datetime.fromisoformat(document["due_date"]).date()
    document |= {
        "outstanding_amount": float(left),
        "payment_schedule": schedule(
            due,
            payable(document),
            cents(in_own) if left else ZERO,
            Decimal(str(document["conversion_rate"])),
            is_split=len(store.documents[side.doctype]) % 9 == 0,
        ),
        "creation": written(moment),
        "modified": written(books.later(moment, 20)),
    }
    if fate == "credited":
        document["status"] = "Credit Note Issued" if side is SALE else "Debit Note Issued"
    row = store.add(side.doctype, document)
    if fate != "draft":
        rows = post(store, side.doctype, row, moment)
        if fate == "cancelled":
            reverse(store, rows, moment + timedelta(hours=3))
    if fate in ("paid", "part"):
        pay(books, side, row, paid, moment)
    if fate == "credited":
        _returned(books, side, row, is_allocated=True)
    return row


def _returned(books: Books, side: Side, of: Row, *, is_allocated: bool) -> Row:
    """A credit or debit note. Allocated, it leaves nothing open on either; else it keeps what it owes."""
    posted = min(datetime.fromisoformat(of["posting_date"]) + timedelta(days=3), _last())
    given = {
        **{name: of[name] for name in (*_KEPT, side.party, f"{side.party}_name", side.control) if name in of},
        "posting_date": posted.date().isoformat(),
        "due_date": posted.date().isoformat(),
        "docstatus": 1,
        "status": "Return",
        "is_return": 1,
        "return_against": of["name"],
        "update_outstanding_for_self": int(not is_allocated),
        "items": [turned(line, side) for line in (of["items"] if is_allocated else of["items"][:1])],
        "taxes": [_tax_back(tax) for tax in of["taxes"] if is_allocated or tax["charge_type"] != "Actual"],
    }
    document = dict(completed(books.store, side.doctype, given))
    moment = books.moment(posted.date())
    document |= {"creation": written(moment), "modified": written(books.later(moment, 20)), "payment_schedule": []}
    if is_allocated:
        document["outstanding_amount"] = 0.0
    row = books.store.add(side.doctype, document)
    post(books.store, side.doctype, row, moment)
    return row


_KEPT = (
    "title",
    "naming_series",
    "language",
    "is_opening",
    "posting_time",
    "set_posting_time",
    "customer_group",
    "supplier_group",
    "territory",
    "company",
    "currency",
    "conversion_rate",
    "party_account_currency",
    "disable_rounded_total",
    "cost_center",
    "branch",
    "project",
    "remarks",
)
_KEPT_OF_TAX = (
    "charge_type",
    "row_id",
    "account_head",
    "description",
    "rate",
    "cost_center",
    "branch",
    "included_in_print_rate",
    "add_deduct_tax",
    "category",
)


def _tax_back(tax: Row) -> Given:
    found = {name: tax[name] for name in _KEPT_OF_TAX if name in tax}
    return {**found, "tax_amount": -tax["tax_amount"]} if tax["charge_type"] == "Actual" else found


def _last() -> datetime:
    return datetime(START.year + 1, START.month, START.day) - timedelta(days=1)  # noqa: DTZ001 - a day, no instant


def _control(side: Side, currency: str, base: str, abbreviation: str) -> str:
    return f"{side.control_account}{'' if currency == base else f' {currency}'} - {abbreviation}"


def _extras(books: Books, side: Side, index: int) -> Given:
    make: Callable[[Books, int], Given] = _sale_extras if side is SALE else _purchase_extras
    return make(books, index)


def _sale_extras(books: Books, index: int) -> Given:
    del books
    return {
        "po_no": f"PO/{index}" if index % 4 == 0 else "",
        "gateway_ref": f"gw_{index:05d}" if index % 3 == 0 else None,
        "is_priority": int(index % 5 == 0),
        "delivery_meta": '{"carrier": "DHL", "note": "“fragile”"}' if index % 7 == 0 else None,
        "remarks": "line1\nline2 100% / &amp; &lt;tag&gt;" if index % 11 == 0 else "No Remarks",
    }


def _purchase_extras(books: Books, index: int) -> Given:
    approved = START + timedelta(days=books.draw.randrange(300))
    return {
        "bill_no": f"BILL-{index}" if index % 2 == 0 else None,
        "bill_date": approved.isoformat() if index % 4 == 0 else None,
        "approval_notes": "ok ✔ by the buyer’s desk" if index % 5 == 0 else None,
        "approved_on": f"{approved.isoformat()} 10:00:00" if index % 5 == 0 else None,
    }
