"""The tax of an order or invoice: each row of its table, and what each item has of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from providers.erpnext.sandbox.amounts import ZERO, cents, number, total

Document = Mapping[str, Any]


def taxed(rows: Sequence[Document], lines: Sequence[Document], rate: Decimal) -> list[Document]:
    """The rows with their amounts. An item's own template may have another rate for a row's account."""
    nets = [number(line["net_amount"]) for line in lines]
    own = [_rates(line) for line in lines]
    net = sum(nets, ZERO)
    running, base_running = net, total(lines, "base_net_amount")
    found: list[Document] = []
    for row in rows:
        percents = [number(rates.get(str(row.get("account_head")), row.get("rate"))) for rates in own]
        amount = _amount(row, nets, percents, running)
        base_amount = cents(amount * rate)
        running, base_running = running + amount, base_running + base_amount
        shares = [each * percent / 100 for each, percent in zip(nets, percents, strict=True)]
        if row.get("charge_type") != "On Net Total":
            shares = [each * amount / net if net else ZERO for each in nets]
        found.append(
            {
                "tax_amount": float(amount),
                "base_tax_amount": float(base_amount),
                "tax_amount_after_discount_amount": float(amount),
                "base_tax_amount_after_discount_amount": float(base_amount),
                "total": float(running),
                "base_total": float(base_running),
                "item_wise_tax_detail": _detail(lines, percents, shares, rate),
                **row,
            }
        )
    return found


def _rates(line: Document) -> dict[str, Any]:
    """The rates of a line's own template, by account."""
    text = line.get("item_tax_rate")
    if text in (None, "", "{}"):
        return {}
    try:
        found = json.loads(str(text))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _amount(row: Document, nets: Sequence[Decimal], percents: Sequence[Decimal], running: Decimal) -> Decimal:
    if row.get("charge_type") == "Actual" or "tax_amount" in row:
        return number(row.get("tax_amount"))
    if row.get("charge_type") == "On Previous Row Total":
        return cents(running * number(row.get("rate")) / 100)
    return cents(sum((net * percent for net, percent in zip(nets, percents, strict=True)), ZERO) / 100)


def _detail(
    lines: Sequence[Document], percents: Sequence[Decimal], shares: Sequence[Decimal], rate: Decimal
) -> str:
    """By item: its rate, and its tax in the company's currency, not rounded."""
    found: dict[str, list[float]] = {}
    for line, percent, share in zip(lines, percents, shares, strict=True):
        item = str(line.get("item_code") or line.get("item_name"))
        before = found[item][1] if item in found else 0.0
        found[item] = [float(percent), before + float(share * rate)]
    return json.dumps(found, ensure_ascii=False)
