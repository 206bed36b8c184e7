"""Journal Entries: opening, accruals, wages, corrections, and the exchange differences that ERPNext books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from providers.erpnext.sandbox.amounts import ZERO, cents, number
from providers.erpnext.sandbox.ledger import post, reverse, written
from providers.erpnext.sandbox.seed.accounts import bank_of
from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.sizes import BRANCHES, COMPANIES, CURRENCIES, START, rate_of
from providers.erpnext.sandbox.sides import SALE, Side
from providers.erpnext.sandbox.store import Row
from providers.erpnext.sandbox.totals import completed

Given = dict[str, Any]


def add_opening(books: Books) -> None:
    """What each company had when its books were opened."""
    for index, (company, (abbreviation, base)) in enumerate(COMPANIES.items()):
        amount = Decimal("25000.00") * (index + 1)
        capital = [_account(f"Opening Balance Equity - {abbreviation}", -amount, base)]
        bank = _account(bank_of(base, base, abbreviation), amount, base)
        entry = {"voucher_type": "Opening Entry", "is_opening": "Yes", "title": "Opening"}
        _keep(books, company, entry, [bank, *capital], books.moment(START))


def add_journals(books: Books) -> None:
    """Journals that people made."""
    kinds = (_accrual, _wages, _twins, _foreign, _write_off, _contra)
    for index in range(books.size.journals):
        company = tuple(COMPANIES)[index % 3 % 2]
        entry, accounts = kinds[index % len(kinds)](books, company)
        _keep(
            books, company, entry, accounts, books.moment(books.day()), docstatus=(1, 1, 1, 1, 0, 1, 2)[index % 7]
        )


def add_exchange_difference(
    books: Books, side: Side, payment: Row, reference: Row, rate: Decimal, moment: datetime
) -> None:
    """The journal that ERPNext makes where a payment's rate is not its invoice's: 0 in the party's currency."""
    amount = number(reference["allocated_amount"])
    difference = cents(amount * number(reference["exchange_rate"])) - cents(amount * rate)
    company = payment["company"]
    abbreviation, base = COMPANIES[company]
    if not difference or reference["exchange_rate"] == 1.0:
        return
    reference["exchange_gain_loss"] = float(-difference * side.sign)
    owed = {"party_type": side.party_type, "party": payment["party"], "account_type": side.account_type}
    bound = {"reference_type": side.doctype, "reference_name": reference["reference_name"]}
    paid = {"reference_type": "Payment Entry", "reference_name": payment["name"], "reference_detail_no": "1"}
    currency = payment["paid_from_account_currency" if side is SALE else "paid_to_account_currency"]
    base_amount = -difference * side.sign
    party = _account(reference["account"], base_amount, currency, in_account=ZERO, rate=rate, **owed, **bound)
    result = _account(f"Exchange Gain/Loss - {abbreviation}", -base_amount, base, in_account=ZERO, **paid)
    entry = {"voucher_type": "Exchange Gain Or Loss", "is_system_generated": 1, "multi_currency": 1}
    _keep(books, company, entry | {"title": payment["party"]}, [party, result], moment)


def _account(
    name: str,
    amount: Decimal,
    currency: str,
    *,
    in_account: Decimal | None = None,
    rate: Decimal | None = None,
    **more: Any,
) -> Given:
    """A row: a debit, or, negative, a credit, in the company's currency and the account's."""
    own = amount if in_account is None else in_account
    return {
        "account": name,
        "account_currency": currency,
        "exchange_rate": float(rate or 1),
        "debit": float(max(amount, ZERO)),
        "credit": float(max(-amount, ZERO)),
        "debit_in_account_currency": float(max(own, ZERO)),
        "credit_in_account_currency": float(max(-own, ZERO)),
        "is_advance": "No",
        **more,
    }


Made = tuple[Given, list[Given]]


def _amount(books: Books) -> Decimal:
    return Decimal(books.draw.randrange(500, 400_000)) / 100


def _accrual(books: Books, company: str) -> Made:
    abbreviation, base = COMPANIES[company]
    amount = _amount(books)
    debit = _account(
        f"6020 - Software #1 Subscriptions - {abbreviation}", amount, base, branch=books.draw.choice(BRANCHES)
    )
    credit = _account(f"6040 - Null - {abbreviation}", -amount, base)
    return {"voucher_type": "Journal Entry", "user_remark": "Accrual “Sept” 100%"}, [debit, credit]


def _wages(books: Books, company: str) -> Made:
    abbreviation, base = COMPANIES[company]
    amount = _amount(books)
    wages = _account(f"Wages - {abbreviation}", amount, base, project=books.project())
    entry = {"voucher_type": "Bank Entry", "cheque_no": "BACS/1", "cheque_date": START.isoformat()}
    return entry, [wages, _account(bank_of(base, base, abbreviation), -amount, base)]


def _twins(books: Books, company: str) -> Made:
    """Two lines that are equal in all but the moment they were written."""
    abbreviation, base = COMPANIES[company]
    amount = _amount(books)
    line = _account(f"O'Neill\\Sundry 🚚 - {abbreviation}", amount, base)
    return {"voucher_type": "Journal Entry"}, [
        line,
        dict(line),
        _account(f"Cash - {abbreviation}", -2 * amount, base),
    ]


def _foreign(books: Books, company: str) -> Made:
    abbreviation, base = COMPANIES[company]
    currency = next(each for each in CURRENCIES if each != base)
    rate, own = rate_of(currency, base), _amount(books)
    amount = cents(own * rate)
    bank = _account(bank_of(currency, base, abbreviation), -amount, currency, in_account=-own, rate=rate)
    cost = _account(f"研究開発費 - {abbreviation}", amount, base)
    return {"voucher_type": "Journal Entry", "multi_currency": 1, "source_system": "payroll"}, [bank, cost]


def _write_off(books: Books, company: str) -> Made:
    """What a customer is let off without naming the invoice."""
    abbreviation, base = COMPANIES[company]
    amount = _amount(books) / 100
    amount = cents(amount)
    party: Given = {
        "party_type": "Customer",
        "party": books.draw.choice(books.parties["Customer"]),
        "account_type": "Receivable",
    }
    owed = _account(f"Debtors - {abbreviation}", -amount, base, **party)
    return {"voucher_type": "Credit Note"}, [owed, _account(f"Write Off - {abbreviation}", amount, base)]


def _contra(books: Books, company: str) -> Made:
    abbreviation, base = COMPANIES[company]
    amount = _amount(books)
    cash = _account(f"Cash - {abbreviation}", amount, base)
    return {"voucher_type": "Contra Entry"}, [cash, _account(bank_of(base, base, abbreviation), -amount, base)]


def _keep(
    books: Books, company: str, entry: Given, accounts: Sequence[Given], moment: datetime, docstatus: int = 1
) -> Row:
    abbreviation = COMPANIES[company][0]
    names = [each["account"] for each in accounts]
    for each in accounts:
        each["cost_center"] = f"Main - {abbreviation}"
        each["against_account"] = next(name for name in reversed(names) if name != each["account"])
    document = {
        "company": company,
        "title": names[0],
        "posting_date": moment.date().isoformat(),
        "is_opening": "No",
        "naming_series": "ACC-JV-.YYYY.-",
        "write_off_based_on": "Accounts Receivable",
        "docstatus": docstatus,
        "creation": written(moment),
        "modified": written(moment),
        "accounts": list(accounts),
        **entry,
    }
    row = books.store.add("Journal Entry", completed(books.store, "Journal Entry", document))
    if docstatus:
        rows = post(books.store, "Journal Entry", row, moment)
        if docstatus == 2:
            reverse(books.store, rows, moment + timedelta(hours=1))
    return row
