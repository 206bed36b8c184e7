"""Customers and suppliers, with the contacts and addresses that are linked to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.masters import CUSTOMER_GROUPS, SUPPLIER_GROUPS, TERMS
from providers.erpnext.sandbox.seed.names import PARTIES
from providers.erpnext.sandbox.seed.sizes import COMPANIES, CURRENCIES, START
from providers.erpnext.sandbox.sides import PURCHASE, SALE, Side
from providers.erpnext.sandbox.store import Row

Given = dict[str, Any]
_DESKS = (
    ("Accounts", "Desk"),
    ("Purchasing", "Büro"),
    ("Front", "Office"),
    ("Night", "Shift’s Lead"),
    ("倉庫", None),
)
_CITIES = (
    ("Leeds", "West Yorkshire", "LS1 4AP", "United Kingdom"),
    ("Lyon", None, "69001", "France"),
    ("Springfield", "IL", "62701", "United States"),
    ("København Ø", None, "2100", "Denmark"),
    ("東京", "東京都", "100-0001", "Japan"),
)
_BEFORE = START - timedelta(days=30)


def add_parties(books: Books) -> None:
    """The parties of both sides. The odd names are on both: a customer that is a supplier, too."""
    for side, count in ((SALE, books.size.customers), (PURCHASE, books.size.suppliers)):
        kind = side.party_type
        names = [*PARTIES[:count], *(f"{kind} {index:04d} Ltd" for index in range(count - len(PARTIES)))]
        books.parties[kind] = names
        rows = [_party(books, side, index, name) for index, name in enumerate(names)]
        for index, row in enumerate(rows):
            _reach(books, side, index, row)
    _link_parties(books)
    _share(books)


def _party(books: Books, side: Side, index: int, name: str) -> Row:
    draw, kind = books.draw, side.party_type
    given: Given = {
        "name": name,
        f"{side.party}_name": name,
        f"{side.party}_type": draw.choice(["Company", "Individual"]),
        "default_currency": draw.choice([None, *CURRENCIES]),
        "payment_terms": draw.choice([None, *TERMS]),
        "tax_id": f"GB{index:09d}" if index % 3 == 0 else None,
        "website": f"https://example.com/{kind.lower()}/{index}" if index % 4 == 0 else None,
        "language": "en",
        "naming_series": "CUST-.YYYY.-" if side is SALE else "SUP-.YYYY.-",
        "disabled": int(index % 31 == 30),
        **books.stamps(_BEFORE, 300),
    }
    if index % 5 == 0:
        given["accounts"] = [
            {"company": company, "account": f"{side.control_account} - {abbreviation}"}
            for company, (abbreviation, _) in COMPANIES.items()
        ]
    return books.store.add(kind, {**given, **(_customer if side is SALE else _supplier)(books, index)})


def _customer(books: Books, index: int) -> Given:
    limit = [{"company": next(iter(COMPANIES)), "credit_limit": float(1_000 * (index % 9 + 1))}]
    return {
        "customer_group": books.draw.choice(CUSTOMER_GROUPS),
        "territory": "United Kingdom" if index % 2 else "Rest Of The World",
        "default_price_list": "Standard Selling" if index % 6 == 0 else None,
        "credit_limits": limit if index % 4 == 0 else [],
        "external_crm_id": f"CRM-{10_000 + index}" if index % 2 == 0 else None,
        "loyalty_tier": books.draw.choice(["", "Bronze", "Silver", "Gold"]),
    }


def _supplier(books: Books, index: int) -> Given:
    return {
        "supplier_group": books.draw.choice(SUPPLIER_GROUPS),
        "country": "United Kingdom" if index % 2 else "Germany",
        "default_price_list": "Standard Buying" if index % 6 == 0 else None,
        "risk_score": round(books.draw.random() * 5, 2),
        "hold_type": "",
    }


def _reach(books: Books, side: Side, index: int, party: Row) -> None:
    """Up to three contacts and two addresses; the first of each is the primary one of most parties."""
    contacts = [_contact(books, side, index, place, party["name"]) for place in range((1, 2, 0, 1, 3)[index % 5])]
    addresses = [_address(books, side, index, place, party["name"]) for place in range((1, 2, 1, 0)[index % 4])]
    if index % 3 == 0:
        return
    if contacts:
        first = contacts[0]
        reach = {"email_id": first["email_id"], "mobile_no": first["mobile_no"]}
        party.update({f"{side.party}_primary_contact": first["name"], **reach})
    if addresses:
        lines = ("address_line1", "address_line2", "city", "pincode", "country")
        shown = "<br>\n".join(str(addresses[0][line]) for line in lines if addresses[0][line])
        party.update({f"{side.party}_primary_address": addresses[0]["name"], "primary_address": f"{shown}<br>\n"})


def _contact(books: Books, side: Side, index: int, place: int, party: str) -> Row:
    first, last = _DESKS[(index + place) % len(_DESKS)]
    last = f"{last} {place}" if last and place else last
    full = " ".join(filter(None, (first, last)))
    email = f"{side.party}{index}.{place}@example.com"
    emails = [{"email_id": email, "is_primary": 1}, {"email_id": f"alt.{email}", "is_primary": 0}]
    mobile, phone = f"+44 7700 90{index:04d}", f"+44 20 7946 {index:04d}"
    phones = [
        {"phone": mobile, "is_primary_mobile_no": 1, "is_primary_phone": 0},
        {"phone": phone, "is_primary_mobile_no": 0, "is_primary_phone": 1},
    ]
    numbers, addresses = (index + place) % 3, (index + place) % 4
    return books.store.add(
        "Contact",
        {
            "name": f"{full}-{party}"[:140] if not place else f"{full}-{side.party_type} {index}",
            "first_name": first,
            "last_name": last,
            "full_name": full,
            "company_name": party if index % 7 == 0 else None,
            "designation": "Buyer" if index % 6 == 0 else None,
            "status": "Passive",
            "email_id": email if addresses else None,
            "mobile_no": mobile if numbers else None,
            "phone": phone if numbers == 2 else None,
            "email_ids": emails[: 0 if not addresses else 1 + addresses % 2],
            "phone_nos": phones[:numbers],
            "is_primary_contact": int(place == 0),
            "is_billing_contact": int(place == 1 or index % 2 == 0),
            "links": [_link(side, party)],
            **books.stamps(_BEFORE, 330),
        },
    )


def _address(books: Books, side: Side, index: int, place: int, party: str) -> Row:
    city, state, code, country = _CITIES[(index + place) % len(_CITIES)]
    kind = "Billing" if place == 0 else "Shipping"
    title = party[:110] if side is SALE else f"{party[:110]} ({side.party_type})"
    return books.store.add(
        "Address",
        {
            "name": f"{title}-{kind}",
            "address_title": title,
            "address_type": kind,
            "address_line1": f"{index % 300 + 1} High St",
            "address_line2": "Floor 2 / “Rear”" if index % 3 == 0 else None,
            "city": city,
            "state": state,
            "pincode": code,
            "country": country,
            "email_id": f"{kind.lower()}{index}@example.com" if index % 2 else None,
            "phone": f"+44 20 7834 {index:04d}" if index % 5 == 0 else None,
            "is_primary_address": int(place == 0),
            "is_shipping_address": int(place == 1),
            "links": [_link(side, party)],
            **books.stamps(_BEFORE, 330),
        },
    )


def _link(side: Side, party: str) -> Given:
    return {"link_doctype": side.party_type, "link_name": party, "link_title": party}


def _link_parties(books: Books) -> None:
    """Who is on both sides is said to be one, for some."""
    customers = set(books.parties["Customer"])
    both = [name for name in books.parties["Supplier"] if name in customers]
    for name in both[::4]:
        roles = {"primary_role": "Customer", "primary_party": name}
        roles |= {"secondary_role": "Supplier", "secondary_party": name}
        books.store.add("Party Link", {**roles, **books.stamps(_BEFORE)})


def _share(books: Books) -> None:
    """Some contacts and addresses belong to several parties: of the same name on both sides, or to neighbours."""
    for doctype in ("Contact", "Address"):
        rows = list(books.store.documents[doctype].values())
        for row in rows[::11]:
            others = _others(books, row["links"][0])
            books.store.change(
                doctype, row["name"], {"links": [*row["links"], *others], "modified_as": row["modified"]}
            )
    title = {"address_title": "Head Office", "address_type": "Office", "is_your_company_address": 1}
    links = [{"link_doctype": "Company", "link_name": name, "link_title": name} for name in COMPANIES]
    line = {"address_line1": "1 Mill Lane", "city": "Leeds", "country": "United Kingdom"}
    name = {"name": "Head Office-Office"}
    books.store.add("Address", {**name, **title, **line, "links": links, **books.stamps(_BEFORE)})


def _others(books: Books, link: Given) -> Sequence[Given]:
    kind = "Supplier" if link["link_doctype"] == "Customer" else "Customer"
    side = SALE if kind == "Customer" else PURCHASE
    name = link["link_name"] if link["link_name"] in books.store.documents[kind] else books.parties[kind][-1]
    return [_link(side, name)]
