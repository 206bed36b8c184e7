"""What a large account's books hold besides: expenses, stock corrections, costs spread over the dimensions."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from providers.brightpearl.sandbox.books import BASE, RATES
from providers.brightpearl.sandbox.journals import Header, Line, book
from providers.brightpearl.sandbox.store import Store, cents

MONTHS = 12
SPREADS = (
    {"channelId": 1, "projectId": 1, "leadSourceId": 1},
    {"channelId": 3, "projectId": 3},
    {"leadSourceId": 3},
)


def widen_ledger(store: Store, draw: random.Random, start: datetime) -> None:
    """Book them, and reconcile the tax of the first quarter."""
    for month in range(MONTHS):
        moment = start + timedelta(days=30 * month + 20, hours=draw.randrange(20))
        amount = Decimal(draw.randrange(2_000, 90_000)) / 100
        _two(store, "EX", moment, ("7400", "2100", amount), "Travel = claim")
        _two(store, "IA", moment, ("5200", "1001", cents(amount / 7)), "Stock count")
        _two(store, "SG", moment, ("1001", "5200", cents(amount / 9)), "")
        _two(store, "LC", moment, ("5300", "2050", cents(amount / 3)), "Freight")
        _spread(store, moment, amount)
    _reconcile(store, start + timedelta(days=92))
    opening = next(row for row in store.journals.values() if row["journalTypeCode"] == "OB")
    # Seen on old journals in the books' own currency: a rate that nothing can be divided by.
    opening["exchangeRate"] = "0"


def _two(store: Store, code: str, moment: datetime, entry: tuple[str, str, Decimal], text: str) -> None:
    debit, credit, amount = entry
    _book(store, code, moment, [Line(debit, amount, amount, True), Line(credit, amount, amount, False)], text)


def _spread(store: Store, moment: datetime, amount: Decimal) -> None:
    """Rent by channel, project and lead source: on the lines of cost, and none on the bank's."""
    parts = [cents(amount / 3), cents(amount / 3)]
    parts.append(amount - sum(parts))
    lines = [
        Line("7100", part, part, True, "T", assignment) for part, assignment in zip(parts, SPREADS, strict=True)
    ]
    _book(store, "JJ", moment, [*lines, Line("1200", amount, amount, False, assignment={})], "Rent, spread")


def _book(store: Store, code: str, moment: datetime, lines: Sequence[Line], text: str) -> None:
    header = Header(
        code=code,
        made=moment,
        day=moment.astimezone(store.zone).date(),
        currency=BASE,
        rate=RATES[BASE],
        description=text,
    )
    book(store, header, lines)


def _reconcile(store: Store, until: datetime) -> None:
    reconciled = {"date": store.local_midnight(until.astimezone(store.zone).date()), "taxPeriodId": 1}
    for journal in store.journals.values():
        if datetime.fromisoformat(journal["taxDate"]) < until:
            journal["taxReconciliation"] = dict(reconciled)
