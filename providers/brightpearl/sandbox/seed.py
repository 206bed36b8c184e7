"""A year of trade made from a number: contacts, orders in three currencies that add up, and their payments."""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from providers.brightpearl.sandbox.contacts import new_address, new_contact, stamp_contact
from providers.brightpearl.sandbox.odd_names import OddName
from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.seed_deposits import take_deposits
from providers.brightpearl.sandbox.seed_ledger import fill_ledger
from providers.brightpearl.sandbox.seed_notes import fill_notes
from providers.brightpearl.sandbox.seed_orders import make_order
from providers.brightpearl.sandbox.seed_payments import pay
from providers.brightpearl.sandbox.seed_rates import vary_rates
from providers.brightpearl.sandbox.seed_stock import fill_stock
from providers.brightpearl.sandbox.seed_wide_ledger import widen_ledger
from providers.brightpearl.sandbox.sizes import SMALL, Size
from providers.brightpearl.sandbox.store import TYPES, Store

DAYS = 365
START = datetime(2025, 10, 1, 6, tzinfo=ZoneInfo("UTC"))
PLACES = (
    ("34 Sample St", "Barton", "Sheffield", "South Yorkshire", "ZZ1 1ZZ", "GBR"),
    ("100 Something St", "", "Springfield", "IL", "00000", "USA"),
    ("Musterstraße 1", "", "Musterstadt", "", "00000", "DEU"),
    ("見本町1-1", "", "東京", "", "000-0000", "JPN"),
    ("1 Nowhere", "", "", "", "", None),
)


@contextmanager
def _uncollected() -> Iterator[None]:
    """None of what is made is rubbish: the collector would go through all of it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def fill(store: Store, number: int, size: Size = SMALL) -> None:
    """Fill an empty store whose lists are furnished."""
    draw = random.Random(number)
    if size.has_monthly_rates:
        vary_rates(store, draw, START)
    parties, contact_id = _contacts(store, draw, size)
    codes = [code for code, count in size.orders.items() for _ in range(count)]
    draw.shuffle(codes)
    moments = _moments(draw, len(codes))
    order_id, row_id = 99, 300
    for code, placed in zip(codes, moments, strict=True):
        order_id += draw.choice((1, 1, 1, 2, 5))
        party = draw.choice(parties[TYPES[code].party])
        order, row_id = make_order(store, draw, order_id, code, party, placed, row_id)
        store.orders[order_id] = order
        pay(store, draw, order, placed)
    _gather(store)
    fill_ledger(store, draw, START)
    for kind, last in (("contact", contact_id), ("order", order_id), ("row", row_id)):
        store.use_id(kind, last)
    take_deposits(store, draw, size.deposits)
    fill_stock(store, has_journals=size.has_stock_journals)
    fill_notes(store)
    _incorporate(store)
    store.lists["accounting-period-lock"] = [{"lockedBy": 4, "lockedUntil": "2025-09-30"}]
    if size.has_stock_journals:
        widen_ledger(store, draw, START)


def _incorporate(store: Store) -> None:
    """Companies: every fifth contact with a name of its organisation works in one."""
    for number, contact in store.contacts.items():
        name = contact["organisation"].get("name")
        if number % 5 == 0 and name:
            company = {"id": store.next_id("company"), "name": name[:64]}
            store.lists["company"].append(company)
            contact["companyId"] = company["id"]


def _contacts(store: Store, draw: random.Random, size: Size) -> tuple[dict[str, list[Row]], int]:
    """Contacts by what they are to orders, and the number of the last."""
    parties: dict[str, list[Row]] = {"customer": [], "supplier": [], "staff": []}
    kinds = ["customer"] * size.customers + ["supplier"] * size.suppliers
    draw.shuffle(kinds)
    contact_id = 3
    for index, kind in enumerate(["staff"] * size.staff + kinds):
        contact_id += 1 if index < size.staff else draw.choice((1, 1, 1, 2, 7))
        odd_index = index - size.staff
        odd = size.odd_names[odd_index] if 0 <= odd_index < len(size.odd_names) else None
        parties[kind].append(_contact(store, draw, contact_id, kind, index, odd))
    # A contact is a customer or a supplier, never both; but its flag can be changed, and its orders stay.
    turned = {kind: parties[kind][: size.turned] for kind in ("customer", "supplier")}
    parties["customer"] += turned["supplier"]
    parties["supplier"] += turned["customer"]
    return parties, contact_id


def _gather(store: Store) -> None:
    """Groups: those that contacts name, and of the customers every seventh."""
    for number, contact in store.contacts.items():
        group = contact["assignment"]["current"].get("contactGroupId")
        if group is not None:
            store.members.setdefault(group, set()).add(number)
        if not any(contact["relationshipToAccount"].values()) and number % 7 == 0:
            store.members.setdefault(2, set()).add(number)


def _moments(draw: random.Random, count: int) -> list[datetime]:
    """When orders were placed, in turn. Some were imported together, at one second."""
    seconds = sorted(draw.randrange(DAYS * 86_400) for _ in range(count))
    for index in range(1, count):
        if draw.random() < 0.08:
            seconds[index] = seconds[index - 1]
    return [START + timedelta(seconds=each) for each in seconds]


def _contact(store: Store, draw: random.Random, number: int, kind: str, index: int, odd: OddName | None) -> Row:
    plain = (draw.choice(("Alex", "Casey", "Sam", "Robin", "Jo")), f"Sample {index:03d}", f"Sample {index:03d} Ltd")
    first, last, company = odd or plain
    if draw.random() < 0.1:
        company = ""
    made = START - timedelta(days=draw.randrange(1, 900), seconds=draw.randrange(86_400))
    addresses = _addresses(store, draw, number)
    given = {
        "salutation": draw.choice(("", "", "Mr.", "Mx")),
        "firstName": first,
        "lastName": last,
        "isPrimaryContact": draw.random() < 0.9,
        "postAddressIds": addresses,
        "communication": _reach(draw, number),
        "relationshipToAccount": {"isSupplier": kind == "supplier", "isStaff": kind == "staff"},
        "marketingDetails": {"isReceiveEmailNewsletter": draw.random() < 0.5},
        "financialDetails": _terms(draw),
        "assignment": {"current": _assigned(draw)},
        "organisation": {"name": company},
        "contactTags": draw.choice(("", "", "9", "1,2")),
    }
    contact = new_contact(number, given, store.written(made))
    store.contacts[number] = contact
    if draw.random() < 0.7:
        moved = made + timedelta(days=draw.randrange(800), milliseconds=draw.choice((0, 0, 970)))
        stamp_contact(contact, store.written(min(moved, START + timedelta(days=DAYS))))
        if draw.random() < 0.05:
            store.unstamped.add(number)
    if kind == "supplier":
        contact["leadTime"] = draw.choice((1, 7, 21))
    if draw.random() < 0.3:
        contact["customFields"] = {"PCF_CODE": 1_234_567_000 + number, "PCF_NOTE": "a=b & “c”"}
    return contact


def _addresses(store: Store, draw: random.Random, contact_id: int) -> dict[str, int]:
    """One address for all uses, or another for deliveries."""
    numbers = []
    for _ in range(draw.choice((1, 1, 2))):
        number = store.next_id("address", (106,))
        line1, line2, line3, line4, code, country = draw.choice(PLACES)
        lines = {"addressLine1": line1, "addressLine2": line2, "addressLine3": line3, "addressLine4": line4}
        given = {**lines, "postalCode": code, "countryIsoCode": country}
        store.addresses[number] = new_address(number, contact_id, given)
        numbers.append(number)
    return {"DEF": numbers[0], "BIL": numbers[0], "DEL": numbers[-1]}


def _reach(draw: random.Random, number: int) -> Row:
    emails: Row = {"PRI": {"email": f"sample+{number}@example.com"}} if draw.random() < 0.95 else {}
    if draw.random() < 0.1:
        emails["SEC"] = {"email": f"second.{number}@example.com"}
    phones: Row = {"PRI": f"01632 96{number % 10_000:04d}"} if draw.random() < 0.8 else {}
    if draw.random() < 0.2:
        phones |= {"MOB": f"+44 7700 90{number % 10_000:04d}", "FAX": "01632 960999"}
    sites = {"PRI": "http://www.example.com/?a=b"} if draw.random() < 0.1 else {}
    return {"emails": emails, "telephones": phones, "websites": sites}


def _terms(draw: random.Random) -> Row:
    return {
        "priceListId": draw.choice((1, 2)),
        "nominalCode": draw.choice(("0", "4000", "5000")),
        "creditLimit": draw.choice((0, 0, 1000, 25_000)),
        "creditTermDays": draw.choice((0, 14, 30)),
        "currencyId": draw.choice((1, 1, 2, 3)),
        "discountPercentage": draw.choice(("0.00", "0.00", "2.50", "12.50")),
        **({"taxCodeId": 4} if draw.random() < 0.3 else {}),
    }


def _assigned(draw: random.Random) -> Row:
    if draw.random() < 0.5:
        return {}
    return {"staffOwnerContactId": 4, "leadSourceId": 3, "contactGroupId": 1, "accountReference": "ACC/0001"}
