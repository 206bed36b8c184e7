"""Companies, their charts of accounts and cost centers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.names import ACCOUNTS
from providers.erpnext.sandbox.seed.sizes import COMPANIES, CURRENCIES, START

Given = dict[str, Any]
Node = tuple[str, str, str, str]
"""Number, name, type, currency."""


def add_companies(books: Books) -> None:
    """Two companies, each with all that is named after it."""
    stamps = books.stamps(START - timedelta(days=60))
    for index, (company, (abbreviation, base)) in enumerate(COMPANIES.items()):
        books.store.add("Company", _company(company, abbreviation, base, index) | stamps)
        for account in _chart(company, abbreviation, base):
            books.store.add("Account", account | stamps)
        for center in _centers(company, abbreviation):
            books.store.add("Cost Center", center | stamps)


def bank_of(currency: str, base: str, abbreviation: str) -> str:
    """The bank account in a currency."""
    return f"{'Current Account' if currency == base else f'1201 - Account {currency}'} - {abbreviation}"


def _company(company: str, abbreviation: str, base: str, index: int) -> Given:
    def of(name: str) -> str:
        return f"{name} - {abbreviation}"

    return {
        "name": company,
        "company_name": company,
        "abbr": abbreviation,
        "default_currency": base,
        "country": "United Kingdom" if base == "GBP" else "United States",
        "is_group": 0,
        "lft": 2 * index + 1,
        "rgt": 2 * index + 2,
        "old_parent": "",
        "create_chart_of_accounts_based_on": "Standard Template",
        "chart_of_accounts": "Standard",
        "default_bank_account": of("Current Account"),
        "default_cash_account": of("Cash"),
        "default_receivable_account": of("Debtors"),
        "default_payable_account": of("Creditors"),
        "default_income_account": of("Sales"),
        "default_expense_account": of("Cost of Goods Sold"),
        "write_off_account": of("Write Off"),
        "exchange_gain_loss_account": of("Exchange Gain/Loss"),
        "round_off_account": of("Round Off"),
        "round_off_cost_center": of("Main"),
        "cost_center": of("Main"),
        "tax_id": f"GB{index + 1:09d}" if base == "GBP" else None,
        "phone_no": "+44 20 7946 0100" if base == "GBP" else "+1 202 555 0100",
        "email": f"books@{abbreviation.lower()}.example",
        "website": f"https://{abbreviation.lower()}.example",
        "enable_perpetual_inventory": 1,
    }


def _tree(base: str) -> list[tuple[str, str, list[tuple[str, list[Node]]]]]:
    """Root, its type, and its groups with their accounts."""
    foreign = [currency for currency in CURRENCIES if currency != base]
    income = [node for node in ACCOUNTS if node[2] == "Income Account"]
    expense = [node for node in ACCOUNTS if node[2] == "Expense Account"]
    assets = [
        (
            "Accounts Receivable",
            [("", "Debtors", "Receivable", base)]
            + [("", f"Debtors {each}", "Receivable", each) for each in foreign],
        ),
        (
            "Bank Accounts",
            [("", "Current Account", "Bank", base)]
            + [("1201", f"Account {each}", "Bank", each) for each in foreign],
        ),
        ("Cash In Hand", [("", "Cash", "Cash", base), ("1299", "Card Clearing", "", base)]),
    ]
    liabilities = [
        (
            "Accounts Payable",
            [("", "Creditors", "Payable", base)] + [("", f"Creditors {each}", "Payable", each) for each in foreign],
        ),
        (
            "Duties and Taxes",
            [("", f"VAT {each}%", "Tax", base) for each in (20, 5)] + [("", "Import Levy", "Tax", base)],
        ),
    ]
    return [
        ("Application of Funds (Assets)", "Asset", assets),
        ("Source of Funds (Liabilities)", "Liability", liabilities),
        (
            "Equity",
            "Equity",
            [("Capital", [("", "Capital Stock", "Equity", base), ("", "Opening Balance Equity", "Equity", base)])],
        ),
        (
            "Income",
            "Income",
            [("Direct Income", [("", "Sales", "Income Account", base), *((*node, base) for node in income)])],
        ),
        (
            "Expenses",
            "Expense",
            [
                ("Direct Expenses", [("", "Cost of Goods Sold", "Cost of Goods Sold", base)]),
                (
                    "Indirect Expenses",
                    [
                        *((*node, base) for node in expense),
                        ("", "Exchange Gain/Loss", "", base),
                        ("", "Round Off", "Round Off", base),
                        ("", "Write Off", "", base),
                        ("", "Wages", "Expense Account", base),
                        ("9999", "Suspense (closed)", "", base),
                    ],
                ),
            ],
        ),
    ]


def _chart(company: str, abbreviation: str, base: str) -> Iterator[Given]:
    at = 0

    def node(number: str, name: str, kind: str, currency: str, parent: str | None, root: str, inside: int) -> Given:
        nonlocal at
        at += 1
        left = at
        if not inside:
            at += 1
        return {
            "name": " - ".join(filter(None, (number, name, abbreviation))),
            "account_name": name,
            "account_number": number or None,
            "account_type": kind,
            "account_currency": currency,
            "company": company,
            "parent_account": parent,
            "old_parent": parent or "",
            "root_type": root,
            "report_type": "Balance Sheet" if root in ("Asset", "Liability", "Equity") else "Profit and Loss",
            "is_group": int(bool(inside)),
            "disabled": int(number == "9999"),
            "tax_rate": float(name[4:-1]) if name.startswith("VAT ") else 0.0,
            "freeze_account": "No",
            "balance_must_be": "",
            "lft": left,
            "rgt": left + 2 * inside + 1,
        }

    for root, root_type, groups in _tree(base):
        inside = sum(1 + len(accounts) for _, accounts in groups)
        top = node("", root, "", base, None, root_type, inside)
        yield top
        for group, accounts in groups:
            below = node("", group, "", base, top["name"], root_type, len(accounts))
            yield below
            for account in accounts:
                yield node(*account, below["name"], root_type, 0)
            at += 1
        at += 1


def _centers(company: str, abbreviation: str) -> Iterator[Given]:
    top = f"{company} - {abbreviation}"
    yield {
        "name": top,
        "cost_center_name": company,
        "company": company,
        "parent_cost_center": "",
        "is_group": 1,
        "lft": 1,
        "rgt": 8,
    }
    for index, name in enumerate(("Main", "R&D 研究", "Closed / Nord")):
        yield {
            "name": f"{name} - {abbreviation}",
            "cost_center_name": name,
            "company": company,
            "parent_cost_center": top,
            "old_parent": top,
            "is_group": 0,
            "disabled": int(name.startswith("Closed")),
            "lft": 2 * index + 2,
            "rgt": 2 * index + 3,
        }
