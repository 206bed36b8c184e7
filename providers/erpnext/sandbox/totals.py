"""What ERPNext works out when a document is saved: line amounts, tax, totals, the company's currency beside them.

Amounts are floats, as Frappe's are, each rounded where Frappe rounds. What was sent stays as it was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from providers.erpnext.sandbox.amounts import ZERO, cents, number, total
from providers.erpnext.sandbox.sides import ORDERS, SIDES
from providers.erpnext.sandbox.store import Store
from providers.erpnext.sandbox.taxes import taxed

WHOLE_CURRENCIES = ("GBP", "JPY")
"""As shipped, their smallest fraction is 0: a total is rounded to whole units."""
Document = Mapping[str, Any]


def completed(store: Store, doctype: str, document: Document) -> Document:
    """The document with what follows from what it says."""
    if doctype in SIDES or doctype in ORDERS:
        return _with_totals(document, company_currency(store, document), is_order=doctype in ORDERS)
    make = _MAKERS.get(doctype)
    return make(document) if make else document


def company_currency(store: Store, document: Document) -> str:
    """The currency of a document's company."""
    company = store.documents["Company"].get(str(document.get("company")), {})
    return str(company.get("default_currency") or document.get("currency") or "GBP")


def _with_totals(document: Document, base: str, *, is_order: bool) -> Document:
    rate = number(document.get("conversion_rate") or 1)
    currency = document.get("currency") or base
    lines = [_line(line, rate) for line in document.get("items") or () if isinstance(line, Mapping)]
    net, base_net = total(lines, "net_amount"), total(lines, "base_net_amount")
    taxes = taxed(document.get("taxes") or (), lines, rate)
    tax, base_tax = total(taxes, "tax_amount"), total(taxes, "base_tax_amount")
    grand, base_grand = net + tax, base_net + base_tax
    rounded = _rounded(grand, str(currency), is_rounded=not document.get("disable_rounded_total"))
    adjustment = rounded - grand if rounded else ZERO
    base_rounded = cents(rounded * rate) if adjustment else (base_grand if rounded else ZERO)
    found = {
        "currency": currency,
        "conversion_rate": float(rate),
        "party_account_currency": currency,
        "total_qty": float(sum((number(line["qty"]) for line in lines), ZERO)),
        "total": float(total(lines, "amount")),
        "base_total": float(total(lines, "base_amount")),
        "net_total": float(net),
        "base_net_total": float(base_net),
        "total_taxes_and_charges": float(tax),
        "base_total_taxes_and_charges": float(base_tax),
        "grand_total": float(grand),
        "base_grand_total": float(base_grand),
        "rounded_total": float(rounded),
        "base_rounded_total": float(base_rounded),
        "rounding_adjustment": float(adjustment),
        "base_rounding_adjustment": float(base_rounded - base_grand) if adjustment else 0.0,
        **document,
        "items": lines,
        "taxes": taxes,
    }
    if not is_order:
        in_account = payable(found) if found["party_account_currency"] == currency else base_payable(found)
        found = {"outstanding_amount": float(in_account), **found}
    return {"payment_schedule": [_schedule(found, is_order=is_order)], **found}


def payable(document: Document) -> Decimal:
    """What a document asks for, in its currency: its rounded total; where it is not rounded, the grand total."""
    return number(document.get("rounded_total") or document.get("grand_total"))


def base_payable(document: Document) -> Decimal:
    """The same in the company's currency."""
    if document.get("base_rounding_adjustment") and document.get("base_rounded_total"):
        return number(document["base_rounded_total"])
    return number(document.get("base_grand_total"))


def _rounded(grand: Decimal, currency: str, *, is_rounded: bool) -> Decimal:
    if not is_rounded:
        return ZERO
    return grand.quantize(Decimal(1), ROUND_HALF_UP) if currency in WHOLE_CURRENCIES else grand


def _line(line: Document, rate: Decimal) -> Document:
    quantity, price = number(line.get("qty", 1)), number(line.get("rate"))
    amount = number(line["amount"]) if "amount" in line else cents(quantity * price)
    net = number(line["net_amount"]) if "net_amount" in line else amount
    return {
        "qty": float(quantity),
        "rate": float(price),
        "base_rate": float(cents(price * rate)),
        "net_rate": float(price),
        "base_net_rate": float(cents(price * rate)),
        "amount": float(amount),
        "base_amount": float(cents(amount * rate)),
        "net_amount": float(net),
        "base_net_amount": float(cents(net * rate)),
        "conversion_factor": 1.0,
        "stock_qty": float(quantity),
        **line,
    }


def _schedule(document: Document, *, is_order: bool) -> Document:
    """One date for all of it, where there are no terms."""
    amount, base_amount = payable(document), base_payable(document)
    left = number(document.get("outstanding_amount")) if not is_order else amount
    due = document.get("due_date") or document.get("posting_date") or document.get("transaction_date")
    return {
        "due_date": due,
        "invoice_portion": 100.0,
        "payment_amount": float(amount),
        "base_payment_amount": float(base_amount),
        "outstanding": float(left),
        "base_outstanding": float(cents(left * number(document.get("conversion_rate") or 1))),
        "paid_amount": float(amount - left),
    }


def _payment(document: Document) -> Document:
    """A Payment Entry: what is allocated and what is left, in the party account's currency and the company's."""
    is_pay = document.get("payment_type") == "Pay"
    rate = number(document.get("target_exchange_rate" if is_pay else "source_exchange_rate") or 1)
    paid, received = number(document.get("paid_amount")), number(document.get("received_amount"))
    base_paid = cents(paid * number(document.get("source_exchange_rate") or 1))
    base_received = cents(received * number(document.get("target_exchange_rate") or 1))
    references = [each for each in document.get("references") or () if isinstance(each, Mapping)]
    allocated = abs(sum((number(each.get("allocated_amount")) for each in references), ZERO))
    base_allocated = abs(sum((cents(number(each.get("allocated_amount")) * rate) for each in references), ZERO))
    deducted = sum((number(each.get("amount")) for each in document.get("deductions") or ()), ZERO)
    base_party = base_received - deducted if is_pay else base_paid + deducted
    is_transfer = document.get("payment_type") == "Internal Transfer"
    left = ZERO if is_transfer else cents((base_party - base_allocated) / rate)
    return {
        "base_paid_amount": float(base_paid),
        "base_received_amount": float(base_received),
        "paid_amount_after_tax": float(paid),
        "base_paid_amount_after_tax": float(base_paid),
        "received_amount_after_tax": float(received),
        "base_received_amount_after_tax": float(base_received),
        "source_exchange_rate": 1.0,
        "target_exchange_rate": 1.0,
        "total_allocated_amount": float(allocated),
        "base_total_allocated_amount": float(base_allocated),
        "unallocated_amount": float(left),
        **document,
    }


def _journal(document: Document) -> Document:
    accounts = [each for each in document.get("accounts") or () if isinstance(each, Mapping)]
    debit = sum((number(each.get("debit")) for each in accounts), ZERO)
    credit = sum((number(each.get("credit")) for each in accounts), ZERO)
    return {
        "total_debit": float(debit),
        "total_credit": float(credit),
        "difference": float(debit - credit),
        **document,
    }


_MAKERS: Mapping[str, Callable[[Document], Document]] = {"Payment Entry": _payment, "Journal Entry": _journal}
