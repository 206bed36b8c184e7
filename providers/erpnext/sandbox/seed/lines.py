"""The lines, taxes and due dates of orders and invoices."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.sizes import BRANCHES, DEPARTMENTS
from providers.erpnext.sandbox.sides import SALE, Side
from providers.erpnext.sandbox.store import Row

Given = dict[str, Any]
_ACCOUNTS = {
    True: ("Sales", "Sales", "Sales", "4010 - Consulting / Services", '4020 - Sales "Online" 50% off'),
    False: (
        "Cost of Goods Sold",
        "Cost of Goods Sold",
        "6010 - Café & Staff — Entertainment",
        "6020 - Software #1 Subscriptions",
        "6040 - Null",
        "0",
        "研究開発費",
        "O'Neill\\Sundry 🚚",
    ),
}


def lines(books: Books, side: Side, abbreviation: str) -> list[Given]:
    """One to five lines."""
    found = [_line(books, side, abbreviation, index) for index in range(books.draw.choice([1, 1, 2, 3, 5]))]
    if side is SALE:
        found[0]["line_ref"] = "L0"
    return found


def _line(books: Books, side: Side, abbreviation: str, index: int) -> Given:
    draw = books.draw
    item = draw.choice(books.items)
    rate = item["standard_rate"]
    discount = 10.0 if draw.random() < 0.08 else 0.0
    asked = rate if not discount else _less(rate)
    is_reduced = draw.random() < 0.05
    return {
        "item_code": item["item_code"] if draw.random() > 0.1 else None,
        "item_name": item["item_name"],
        "item_group": item["item_group"],
        "description": item["description"],
        "qty": float(draw.choice(["1", "2", "5", "0.5", "1.235", "12"])),
        "uom": item["stock_uom"],
        "stock_uom": item["stock_uom"],
        "price_list_rate": rate,
        "discount_percentage": discount,
        "rate": asked,
        side.line_account: f"{draw.choice(_ACCOUNTS[side is SALE])} - {abbreviation}",
        "cost_center": draw.choice([f"Main - {abbreviation}", f"R&D 研究 - {abbreviation}"]),
        "project": books.project(),
        "branch": draw.choice((None, None, *BRANCHES)),
        "department": f"{draw.choice(DEPARTMENTS)} - {abbreviation}" if index == 1 else None,
        "item_tax_template": f"Reduced 5% - {abbreviation}" if is_reduced else None,
        "item_tax_rate": f'{{"VAT 20% - {abbreviation}": 5.0}}' if is_reduced else "{}",
    }


def _less(rate: float) -> float:
    return float((Decimal(str(rate)) * 9 / 10).quantize(Decimal("0.01"), ROUND_HALF_UP))


def turned(line: Row, side: Side) -> Given:
    """A line given back: the same, the other way."""
    kept = {name: line.get(name) for name in (*_KEPT, side.line_account)}
    return {**kept, "qty": -line["qty"]}


_KEPT = (
    "item_code",
    "item_name",
    "item_group",
    "description",
    "uom",
    "stock_uom",
    "price_list_rate",
    "rate",
    "cost_center",
    "project",
    "branch",
    "department",
    "item_tax_template",
    "item_tax_rate",
)


def taxes(books: Books, side: Side, abbreviation: str, kind: str) -> list[Given]:
    """The rows of a kind of tax: none, a rate on the net total, with a levy on top, with carriage."""
    if kind == "none":
        return []
    percent = "5" if kind == "5" else "20"
    more: Given = {"included_in_print_rate": 0} if side is SALE else {"add_deduct_tax": "Add", "category": "Total"}
    center: Given = {"cost_center": f"Main - {abbreviation}", "branch": BRANCHES[0] if kind == "levy" else None}
    rows: list[Given] = [
        {
            "charge_type": "On Net Total",
            "account_head": f"VAT {percent}% - {abbreviation}",
            "description": f"VAT @ {percent}.0",
            "rate": float(percent),
            **center,
            **more,
        }
    ]
    if kind == "levy":
        levy: Given = {"charge_type": "On Previous Row Total", "row_id": "1", "rate": 1.0, "description": "Levy"}
        rows.append({**levy, "account_head": f"Import Levy - {abbreviation}", **center, **more})
    if kind == "carriage":
        carriage: Given = {"charge_type": "Actual", "description": "Carriage", "rate": 0.0}
        amount = float(Decimal(books.draw.randrange(100, 2_000)) / 100)
        account = f"6010 - Café & Staff — Entertainment - {abbreviation}"
        rows.append({**carriage, "account_head": account, "tax_amount": amount, **center, **more})
    return rows


TAXES = ("20", "20", "20", "5", "5", "none", "none", "levy", "carriage")


def schedule(due: date, payable: Decimal, left: Decimal, rate: Decimal, *, is_split: bool) -> list[Given]:
    """When what is asked for is due: all at once, or in two halves that add up."""
    half = (payable / 2).quantize(Decimal("0.01"), ROUND_HALF_UP)
    parts = [(due, payable, 100.0)]
    if is_split:
        parts = [(due - timedelta(days=15), half, 50.0), (due, payable - half, 50.0)]
    found, paid = [], payable - left
    for day, amount, portion in parts:
        settled = min(paid, amount) if payable > 0 else max(paid, amount)
        paid -= settled
        found.append(
            {
                "due_date": day.isoformat(),
                "payment_term": f"{portion:.0f}% in {30 if portion == 100 else 45}",
                "invoice_portion": portion,
                "payment_amount": float(amount),
                "base_payment_amount": float((amount * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)),
                "paid_amount": float(settled),
                "outstanding": float(amount - settled),
            }
        )
    return found
