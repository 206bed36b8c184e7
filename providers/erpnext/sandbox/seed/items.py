"""Items, with their prices, units, taxes and defaults."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from providers.erpnext.sandbox.ledger import written
from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.names import ITEMS
from providers.erpnext.sandbox.seed.sizes import COMPANIES, START
from providers.erpnext.sandbox.store import Row


def add_items(books: Books) -> None:
    """Goods and services, the odd codes first."""
    books.items = [_item(books, index) for index in range(books.size.items)]


def _item(books: Books, index: int) -> Row:
    draw = books.draw
    made = books.moment(START - timedelta(days=20))
    company, (abbreviation, _) = next(iter(COMPANIES.items()))
    defaults = {"company": company, "income_account": f"Sales - {abbreviation}"}
    defaults |= {"expense_account": f"Cost of Goods Sold - {abbreviation}"}
    unit = draw.choice(["Nos", "Hour", "Kg"])
    return books.store.add(
        "Item",
        {
            "item_code": ITEMS[index] if index < len(ITEMS) else f"PART-{index:03d}",
            "item_name": f"Part {index} ☕" if index % 9 == 0 else f"Part {index}",
            "item_group": draw.choice(["Products", "Services"]),
            "stock_uom": unit,
            "description": f"Part {index}<br>line two &amp; more",
            "standard_rate": float(Decimal(draw.randrange(100, 50_000)) / 100),
            "last_purchase_rate": float(Decimal(draw.randrange(100, 40_000)) / 100),
            "disabled": int(index % 25 == 24),
            "is_stock_item": int(index % 3 == 0),
            "is_sales_item": 1,
            "is_purchase_item": 1,
            "has_variants": 0,
            "item_defaults": [defaults] if index % 2 == 0 else [],
            "uoms": [{"uom": unit, "conversion_factor": 1.0}],
            "taxes": [{"item_tax_template": f"VAT 5% - {abbreviation}"}] if index % 8 == 0 else [],
            "creation": written(made),
            "modified": written(books.later(made, 300)),
        },
    )
