"""What the rows of a tax template come to: their rates as a sum, and what they add to a net amount together.

ERPNext charges a row on the net amount, or on an earlier row's tax or running total; a row that is taken off
counts in the running total with a minus, one for valuation alone not at all. Amounts and quantities are no rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from providers.erpnext.wire_taxes import PurchaseTemplateRow, TemplateRow

AMOUNT, QUANTITY = "Actual", "On Item Quantity"
_ON_NET, _ON_AMOUNT, _ON_TOTAL = "On Net Total", "On Previous Row Amount", "On Previous Row Total"
_NET = Decimal(100)


def total_rate(rows: Sequence[TemplateRow]) -> Decimal | None:
    """The rates' sum, those taken off with a minus; null where a row is no rate or may not be read."""
    total = Decimal(0)
    for row in rows:
        if row.rate is None or row.charge_type is None or is_amount(row):
            return None
        total += -row.rate if is_taken_off(row) else row.rate
    return total


def effective_rate(rows: Sequence[TemplateRow]) -> Decimal | None:
    """What a net amount of 100 grows by; null where that is not a matter of rates alone."""
    amounts: list[Decimal] = []
    totals: list[Decimal] = []
    added = Decimal(0)
    for row in rows:
        amount = _charged(row, amounts, totals)
        if amount is None:
            return None
        added += _counted(row, amount)
        amounts.append(amount)
        totals.append(_NET + added)
    return added


def _charged(row: TemplateRow, amounts: Sequence[Decimal], totals: Sequence[Decimal]) -> Decimal | None:
    """The row's tax on a net amount of 100."""
    if row.rate is None:
        return None
    if row.charge_type == _ON_NET:
        return row.rate
    bases = {_ON_AMOUNT: amounts, _ON_TOTAL: totals}.get(row.charge_type or "")
    earlier = int(row.row_id) if row.row_id and row.row_id.isdecimal() else 0
    if bases is None or not 0 < earlier <= len(bases):
        return None
    return row.rate * bases[earlier - 1].scaleb(-2)


def _counted(row: TemplateRow, amount: Decimal) -> Decimal:
    if isinstance(row, PurchaseTemplateRow) and row.category == "Valuation":
        return Decimal(0)
    return -amount if is_taken_off(row) else amount


def is_amount(row: TemplateRow) -> bool:
    """Whether the row says an amount: one for the document, or one for each unit."""
    return row.charge_type in (AMOUNT, QUANTITY)


def is_taken_off(row: TemplateRow) -> bool | None:
    """Whether the row lowers the total; null where the DocType has no such rows, or does not tell."""
    if not isinstance(row, PurchaseTemplateRow) or row.add_deduct_tax is None:
        return None
    return row.add_deduct_tax == "Deduct"
