"""Journals posted by hand: the deprecated way in the books' currency, and entries in any."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.journals import NO_TAX, Header, Line, book
from providers.brightpearl.sandbox.replies import Reply, Row, unexplained
from providers.brightpearl.sandbox.store import SIX, Store, cents

DIMENSIONS = ("channelId", "projectId", "leadSourceId")


def post_journal(call: Call) -> Reply:
    """A journal in the books' own currency."""
    given, store = call.given(), call.store
    lines = [
        _old_line(store, line, is_debit=side == "debits")
        for side in ("credits", "debits")
        for line in required(given, side)
    ]
    header = Header(
        code=str(required(given, "journalTypeCode")),
        made=store.now().replace(microsecond=0),
        day=open_day(store, required(given, "taxDate")),
        currency=base_code(store),
        rate="1.000000",
        description=str(given.get("description", "")),
    )
    return booked(store, header, lines)


def _old_line(store: Store, given: Row, *, is_debit: bool) -> Line:
    amount = amount_of(required(given, "change").get("value"))
    nominal = nominal_of(store, given)
    return Line(
        nominal, amount, amount, is_debit, str(given.get("taxCode", NO_TAX)), _assigned(given.get("assignment", {}))
    )


def post_entry(call: Call) -> Reply:
    """An entry. No source shows the keys of its rows: they are taken as the likeliest."""
    given, store = call.given(), call.store
    head = required(given, "header")
    code, rate = currency_and_rate(store, head)
    lines = [_entry_line(store, row, rate) for row in required(given, "rows")]
    due = head.get("dateDue")
    header = Header(
        code=str(required(head, "journalType")),
        made=store.now().replace(microsecond=0),
        day=open_day(store, required(head, "journalDate")),
        currency=code,
        rate=str(rate),
        description=str(head.get("description", "")),
        contact_id=head.get("contactId"),
        due=store.utc_midnight(day_of(due)) if due else None,
    )
    return booked(store, header, lines)


def _entry_line(store: Store, given: Row, rate: Decimal) -> Line:
    is_debit = "debit" in given
    amount = amount_of(given.get("debit", given.get("credit")))
    nominal = nominal_of(store, given)
    if is_bank(store, nominal) and not given.get("taxCode"):
        raise unexplained()  # Documented: a line on a bank nominal needs a tax code.
    tax = str(given.get("taxCode", NO_TAX))
    return Line(nominal, cents(amount / rate), amount, is_debit, tax, _assigned(given))


def booked(store: Store, header: Header, lines: list[Line]) -> Reply:
    """The new journal's number; what does not balance is refused."""
    try:
        return Reply({"response": book(store, header, lines)})
    except ValueError:
        raise unexplained() from None


def required(given: Any, name: str) -> Any:
    """A value that must be there."""
    if not isinstance(given, dict) or not given.get(name):
        raise unexplained()
    return given[name]


def amount_of(value: Any) -> Decimal:
    """An amount of no more than two places, as a number or its text."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise unexplained() from None
    if not found.is_finite() or found != cents(found):
        raise unexplained()
    return cents(found)


def day_of(value: Any) -> date:
    """A day, whatever time is written after it."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise unexplained() from None


def open_day(store: Store, value: Any) -> date:
    """A day on which may be booked: in no period that was closed."""
    day = day_of(value)
    for period in store.lists["accounting-period"]:
        start, end = (day_of(period[name]) for name in ("startDate", "endDate"))
        if "closedDate" in period and start <= day <= end:
            raise unexplained()
    return day


def nominal_of(store: Store, given: Mapping[str, Any]) -> str:
    """An active nominal code of the account."""
    code = str(given.get("nominalCode"))
    if not any(row["code"] == code and row["active"] for row in store.lists["nominal-code"]):
        raise unexplained()
    return code


def is_bank(store: Store, nominal: str) -> bool:
    """Whether a nominal code is that of a bank account."""
    return any(row["code"] == nominal and row["bank"] for row in store.lists["nominal-code"])


def base_code(store: Store) -> str:
    """The books' own currency."""
    return str(next(row["code"] for row in store.currencies if row["isDefault"]))


def currency_and_rate(store: Store, head: Mapping[str, Any]) -> tuple[str, Decimal]:
    """The currency that a header names, and its rate, which for the books' own is one."""
    currency = next((row for row in store.currencies if row["id"] == head.get("currencyId")), None)
    if currency is None:
        raise unexplained()
    try:
        rate = Decimal(str(head.get("exchangeRate", 1))).quantize(SIX)
    except InvalidOperation:
        raise unexplained() from None
    is_plain = rate == 1 if currency["isDefault"] else "exchangeRate" in head
    if rate <= 0 or not is_plain:
        raise unexplained()
    return currency["code"], rate


def _assigned(given: Mapping[str, Any]) -> Row:
    return {name: given[name] for name in DIMENSIONS if given.get(name)}


def moment(store: Store, value: Any) -> str:
    """An instant as the account shows it; without an offset it is the account's own time."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise unexplained() from None
    return store.written(found if found.tzinfo else found.replace(tzinfo=store.zone))


ROUTES: Routes = (
    ("POST", "accounting-service/journal", post_journal, "post-journal"),
    ("POST", "accounting-service/journal-entry", post_entry, "post-journal-entry"),
)
