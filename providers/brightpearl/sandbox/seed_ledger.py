"""What a year's books hold beside trade: the opening balance, rent, bank charges, interest, transfers."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from providers.brightpearl.sandbox.books import BANK_CHARGES, BANKS, BASE, RATES
from providers.brightpearl.sandbox.journals import Header, Line, book
from providers.brightpearl.sandbox.store import Store, cents

MONTHS = 12


def fill_ledger(store: Store, draw: random.Random, start: datetime) -> None:
    """Book them, month by month. Some were entered weeks after the day they are booked on."""
    _entry(store, "OB", start, start, "Opening balance", ("1200", "3000", Decimal("250000.00")))
    for month in range(MONTHS):
        moment = start + timedelta(days=30 * month + 14, hours=draw.randrange(20))
        entered = moment + timedelta(days=draw.choice((0, 0, 1, 40)))
        charge = Decimal(draw.randrange(100, 9_000)) / 100
        _entry(store, "BP", moment, entered, "Charges = month", (BANK_CHARGES, "1200", charge))
        _entry(store, "BR", moment, entered, "Interest “paid”", ("1200", "4040", charge / 2))
        _entry(store, "BT", moment, entered, "To the euro account", (BANKS["EUR"], "1200", Decimal("1000.00")))
        _entry(store, "JJ", moment, entered, f"Rent {month + 1}", ("7100", "2100", Decimal("1850.50")))
    _euro_charge(store, start + timedelta(days=200))
    _split_payment(store, start + timedelta(days=210))


def _entry(
    store: Store, code: str, booked: datetime, made: datetime, text: str, entry: tuple[str, str, Decimal]
) -> None:
    debit, credit, amount = entry[0], entry[1], cents(entry[2])
    header = Header(
        code=code,
        made=made,
        day=booked.astimezone(store.zone).date(),
        currency=BASE,
        rate=RATES[BASE],
        description=text,
        assignment={"projectId": 1} if code == "JJ" else None,
    )
    book(store, header, [Line(debit, amount, amount, True), Line(credit, amount, amount, False)])


def _euro_charge(store: Store, moment: datetime) -> None:
    """A charge in euros: the books hold dollars."""
    amount, rate = Decimal("9.21"), RATES["EUR"]
    base = cents(amount / Decimal(rate))
    day = moment.astimezone(store.zone).date()
    header = Header(code="BP", made=moment, day=day, currency="EUR", rate=rate, description="Euro charge")
    book(store, header, [Line(BANK_CHARGES, base, amount, True), Line(BANKS["EUR"], base, amount, False)])


def _split_payment(store: Store, moment: datetime) -> None:
    """One payment from the bank for rent and charges."""
    day = moment.astimezone(store.zone).date()
    header = Header(code="BP", made=moment, day=day, currency=BASE, rate=RATES[BASE], assignment={"channelId": 1})
    rent, charge = Decimal("100.00"), Decimal("0.75")
    lines = [Line("7100", rent, rent, True, "T"), Line(BANK_CHARGES, charge, charge, True)]
    book(store, header, [*lines, Line("1200", rent + charge, rent + charge, False)])
