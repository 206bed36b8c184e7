"""Payments: of one invoice or several, with fees, with some left over, in advance, and between banks."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from providers.erpnext.sandbox.amounts import ZERO, cents
from providers.erpnext.sandbox.ledger import post, reverse, written
from providers.erpnext.sandbox.seed.accounts import bank_of
from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.journals import add_exchange_difference
from providers.erpnext.sandbox.seed.masters import MODES
from providers.erpnext.sandbox.seed.sizes import BRANCHES, COMPANIES, CURRENCIES, START, rate_of
from providers.erpnext.sandbox.sides import PURCHASE, SALE, Side
from providers.erpnext.sandbox.store import Row
from providers.erpnext.sandbox.totals import completed, payable

Given = dict[str, Any]
TOGETHER_MAX = 4


def pay(books: Books, side: Side, invoice: Row, amount: Decimal, moment: datetime) -> None:
    """Pay an invoice: most at once, some together with others of the same party, account and company."""
    if books.draw.random() < 0.8:
        _pay(books, side, [(invoice, amount)], moment)
        return
    # A party's invoices are paid together: whoever it was made out to, the account says which party's turn it is.
    key = f"{invoice['company']}/{invoice[side.control]}/{invoice[side.party]}"
    books.open.setdefault(key, []).append((side, invoice, amount))


def pay_open(books: Books) -> None:
    """Pay what was left to be paid together."""
    for waiting in books.open.values():
        for start in range(0, len(waiting), TOGETHER_MAX):
            together = waiting[start : start + TOGETHER_MAX]
            latest = max(datetime.fromisoformat(row["creation"]) for _, row, _ in together)
            _pay(books, together[0][0], [(row, amount) for _, row, amount in together], latest)
    books.open.clear()


def _pay(
    books: Books, side: Side, of: list[tuple[Row, Decimal]], moment: datetime, *, is_last: bool = False
) -> None:
    """One payment; now and then of a half, after the other half was paid."""
    draw, first = books.draw, of[0][0]
    company = first["company"]
    base = COMPANIES[company][1]
    currency = first["party_account_currency"]
    moment += timedelta(days=draw.randrange(1, 30))
    rate = rate_of(currency, base, (moment.date() - START).days // 31)
    allocated = sum((amount for _, amount in of), ZERO)
    kind = (
        draw.choice(("plain", "plain", "plain", "fee", "over", "half"))
        if allocated > 1 and not is_last
        else "plain"
    )
    amounts = [amount for _, amount in of]
    if kind == "half" and len(of) == 1:
        amounts = [cents(allocated / 2)]
        _pay(books, side, [(first, allocated - amounts[0])], moment, is_last=True)
    fee = cents(sum(amounts, ZERO) * rate / 100) if kind == "fee" and currency == base else ZERO
    over = Decimal("10.00") if kind == "over" else ZERO
    references = [_reference(side, row, amount) for (row, _), amount in zip(of, amounts, strict=True)]
    named = {"party_type": side.party_type, "party": first[side.party], "references": references}
    named |= {"party_name": first[side.party], "title": first[side.party]}
    row = _keep(books, _sums(books, side, company, currency, sum(amounts, ZERO) + over, rate, fee) | named, moment)
    for each in row["references"]:
        add_exchange_difference(books, side, row, each, rate, moment)


def _reference(side: Side, invoice: Row, amount: Decimal) -> Given:
    is_own = invoice["party_account_currency"] == invoice["currency"]
    return {
        "reference_doctype": side.doctype,
        "reference_name": invoice["name"],
        "due_date": invoice["due_date"],
        "bill_no": invoice.get("bill_no"),
        "total_amount": float(payable(invoice)) if is_own else invoice["base_grand_total"],
        "outstanding_amount": invoice["outstanding_amount"],
        "allocated_amount": float(amount),
        "exchange_rate": invoice["conversion_rate"] if is_own else 1.0,
        "account": invoice[side.control],
        "account_type": side.account_type,
    }


def _sums(
    books: Books,
    side: Side,
    company: str,
    currency: str,
    amount: Decimal,
    rate: Decimal,
    fee: Decimal,
    account_of: Side | None = None,
) -> Given:
    """What is paid from where: the party's account in its currency, a bank in the same or in the company's."""
    abbreviation, base = COMPANIES[company]
    owed = account_of or side
    control = f"{owed.control_account}{'' if currency == base else f' {currency}'} - {abbreviation}"
    is_base_bank = currency != base and books.draw.random() < 0.3
    bank_currency = base if is_base_bank else currency
    bank = bank_of(bank_currency, base, abbreviation)
    at_party = amount + fee if side is PURCHASE else amount - fee
    at_bank = cents(at_party * rate) if is_base_bank else at_party
    party = {"account": control, "currency": currency, "amount": float(at_party), "rate": float(rate)}
    other = {"account": bank, "currency": bank_currency, "amount": float(at_bank)}
    other["rate"] = 1.0 if is_base_bank else float(rate)
    source, target = (party, other) if side is SALE else (other, party)
    deductions = [{"account": f"6030 - Bank Charges & Card Fees - {abbreviation}", "amount": float(fee)}]
    deductions[0] |= {"cost_center": f"Main - {abbreviation}", "branch": BRANCHES[0]}
    return {
        "payment_type": side.payment,
        "company": company,
        "paid_from": source["account"],
        "paid_from_account_currency": source["currency"],
        "paid_from_account_type": owed.account_type if side is SALE else "Bank",
        "paid_to": target["account"],
        "paid_to_account_currency": target["currency"],
        "paid_to_account_type": "Bank" if side is SALE else owed.account_type,
        "paid_amount": source["amount"],
        "received_amount": target["amount"],
        "source_exchange_rate": source["rate"],
        "target_exchange_rate": target["rate"],
        "deductions": deductions if fee else [],
    }


def _keep(books: Books, given: Given, moment: datetime, docstatus: int = 1) -> Row:
    draw, store = books.draw, books.store
    number = len(store.documents["Payment Entry"])
    abbreviation = COMPANIES[given["company"]][0]
    document = {
        "posting_date": moment.date().isoformat(),
        "reference_no": f"TXN{number:07d}",
        "reference_date": moment.date().isoformat(),
        "mode_of_payment": draw.choice(MODES)[0],
        "cost_center": f"Main - {abbreviation}",
        "branch": draw.choice((None, *BRANCHES)),
        "project": books.project(),
        "psp_fee": 1.25 if number % 9 == 0 else 0.0,
        "is_opening": "No",
        "naming_series": "ACC-PAY-.YYYY.-",
        "payment_order_status": "Initiated",
        "docstatus": docstatus,
        "status": ("Draft", "Submitted", "Cancelled")[docstatus],
        "remarks": f"Transaction reference no TXN{number:07d}",
        "creation": written(moment),
        "modified": written(books.later(moment, 5)),
        **given,
    }
    row = store.add("Payment Entry", completed(store, "Payment Entry", document))
    if docstatus:
        rows = post(store, "Payment Entry", row, moment)
        if docstatus == 2:
            reverse(store, rows, moment + timedelta(hours=2))
    return row


def add_other_payments(books: Books) -> None:
    """Advances that settle nothing yet, drafts and cancelled ones, and transfers between banks."""
    for index in range(books.size.advances):
        side = SALE if index % 2 == 0 else PURCHASE
        company = tuple(COMPANIES)[index % 3 % 2]
        currency = books.draw.choice(CURRENCIES)
        party = books.draw.choice(books.parties[side.party_type])
        moment = books.moment(books.day())
        rate = rate_of(currency, COMPANIES[company][1], (moment.date() - START).days // 31)
        amount = Decimal(books.draw.randrange(1_000, 90_000)) / 100
        given = _sums(books, side, company, currency, amount, rate, ZERO)
        named = {"party_type": side.party_type, "party": party, "party_name": party, "title": party}
        _keep(books, given | named, moment, docstatus=(1, 1, 0, 2)[index % 4])
    for side in (SALE, PURCHASE):
        _pay_orders(books, side)
        _give_back(books, side)
    for index in range(books.size.transfers):
        _transfer(books, index)


def _pay_orders(books: Books, side: Side) -> None:
    """A part of some orders is paid before there is an invoice."""
    for order in list(books.store.documents[side.order].values())[::6]:
        if order["docstatus"] != 1:
            continue
        asked = payable(order)
        amount = cents(asked / 4)
        reference = {
            "reference_doctype": side.order,
            "reference_name": order["name"],
            "total_amount": float(asked),
            "outstanding_amount": float(asked),
            "allocated_amount": float(amount),
            "exchange_rate": order["conversion_rate"],
        }
        _settle(books, side, order, reference, datetime.fromisoformat(order["creation"]) + timedelta(days=1))
        order["advance_paid"] = float(amount)


def _give_back(books: Books, side: Side) -> None:
    """Some credit notes are paid out: a customer is paid, a supplier pays."""
    rows = books.store.documents[side.doctype].values()
    open_ones = [row for row in rows if row["is_return"] and row["outstanding_amount"] and row["docstatus"] == 1]
    for row in open_ones[::3]:
        left = row["outstanding_amount"]
        reference = _reference(side, row, Decimal(str(left)))
        _settle(
            books, side, row, reference, datetime.fromisoformat(row["creation"]) + timedelta(days=2), is_back=True
        )
        row["outstanding_amount"] = 0.0


def _settle(
    books: Books, side: Side, of: Row, reference: Given, moment: datetime, *, is_back: bool = False
) -> None:
    """A payment of one document, at that document's own rate."""
    amount, rate = abs(Decimal(str(reference["allocated_amount"]))), Decimal(str(of["conversion_rate"]))
    currency = of["party_account_currency"]
    if currency == COMPANIES[of["company"]][1]:
        rate = Decimal("1.0")
    way = {SALE: PURCHASE, PURCHASE: SALE}[side] if is_back else side
    given = _sums(books, way, of["company"], currency, amount, rate, ZERO, account_of=side)
    party = of[side.party]
    named = {"party_type": side.party_type, "party": party, "party_name": party, "title": party}
    _keep(books, given | named | {"references": [reference]}, moment)


def _transfer(books: Books, index: int) -> None:
    company, (abbreviation, base) = tuple(COMPANIES.items())[index % 2]
    currency = next(each for each in CURRENCIES if each != base)
    moment = books.moment(books.day())
    rate = rate_of(currency, base, (moment.date() - START).days // 31)
    received = Decimal(books.draw.randrange(10_000, 500_000)) / 100
    is_foreign = index % 3 != 2
    base_amount = cents(received * rate) if is_foreign else received
    source = bank_of(base, base, abbreviation)
    target = bank_of(currency, base, abbreviation) if is_foreign else f"Cash - {abbreviation}"
    _keep(
        books,
        {
            "payment_type": "Internal Transfer",
            "company": company,
            "paid_from": source,
            "paid_from_account_currency": base,
            "paid_from_account_type": "Bank",
            "paid_to": target,
            "paid_to_account_currency": currency if is_foreign else base,
            "paid_to_account_type": "Bank" if is_foreign else "Cash",
            "paid_amount": float(base_amount),
            "received_amount": float(received),
            "source_exchange_rate": 1.0,
            "target_exchange_rate": float(rate) if is_foreign else 1.0,
            "title": f"{source} - {target}",
        },
        moment,
    )
