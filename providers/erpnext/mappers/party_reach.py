"""A party's people, and how it can be reached: e-mail addresses and telephone numbers, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from providers.erpnext.mappers.parts import text
from providers.erpnext.mappers.party_stamp import ADDRESSES, CONTACTS
from providers.erpnext.source import Joined
from providers.erpnext.wire_contacts import Address, ContactPhone, Customer, Party, Reachable, Supplier
from unified_models.contact import Person
from unified_models.parts import Email, Phone, PhoneType

Reach = TypeVar("Reach", Email, Phone)


def main_person(record: Joined[Party]) -> Reachable | None:
    """Whom the party names; else the one that is marked, or the only one there is."""
    people: Sequence[Reachable] = record.table(CONTACTS)
    named = _primary_contact(record.head)
    marked = [person for person in people if person.contact.is_primary_contact]
    for candidates in ([person for person in people if person.name == named], marked, people):
        if len(candidates) == 1:
            return candidates[0]
    return None


def _primary_contact(head: Party) -> str | None:
    if isinstance(head, Customer):
        return head.customer_primary_contact
    return head.supplier_primary_contact if isinstance(head, Supplier) else None


def people_of(record: Joined[Party]) -> list[Person]:
    """The party's people, the main one first."""
    main = main_person(record)
    return [_person(person, is_main=person is main) for person in _in_order(record, main)]


def _in_order(record: Joined[Party], main: Reachable | None) -> list[Reachable]:
    return sorted(record.table(CONTACTS), key=lambda person: person is not main)


def _person(person: Reachable, *, is_main: bool) -> Person:
    contact = person.contact
    parts = (contact.first_name, contact.last_name)
    return Person(
        id=contact.name,
        name=text(contact.full_name) or " ".join(part for part in parts if part) or None,
        first_name=text(contact.first_name),
        last_name=text(contact.last_name),
        salutation=text(contact.salutation),
        role=text(contact.designation),
        is_primary=is_main,
        emails=_emails(person),
        phones=_phones(person),
    )


def _emails(person: Reachable) -> list[Email]:
    """The person's rows; a Contact that was brought in from elsewhere may have but the one beside them."""
    rows = [
        Email(email=row.email_id, type="primary" if row.is_primary else None)
        for row in person.emails
        if row.email_id
    ]
    mine = person.contact.email_id
    return once([*rows, *([Email(email=mine, type="primary")] if mine else [])])


def _phones(person: Reachable) -> list[Phone]:
    rows = [Phone(number=row.phone, type=_phone_type(row)) for row in person.phones if row.phone]
    contact = person.contact
    beside: list[tuple[str | None, PhoneType]] = [(contact.mobile_no, "mobile"), (contact.phone, "primary")]
    return once([*rows, *(Phone(number=number, type=kind) for number, kind in beside if number)])


def _phone_type(row: ContactPhone) -> PhoneType | None:
    if row.is_primary_mobile_no:
        return "mobile"
    return "primary" if row.is_primary_phone else None


def emails_of(record: Joined[Party]) -> list[Email]:
    """Those of its people, the main person's first, and those of its addresses.

    Where the people may not be read, the party's own copy of the main person's is what there is.
    """
    main = main_person(record)
    people = [
        email if person is main else Email(email=email.email)
        for person in _in_order(record, main)
        for email in _emails(person)
    ]
    addresses = [Email(email=address.email_id) for address in _addresses(record) if address.email_id]
    copied = record.head.email_id if CONTACTS not in record.rows else None
    return once([*([Email(email=copied, type="primary")] if copied else []), *people, *addresses])


def phones_of(record: Joined[Party]) -> list[Phone]:
    """As the e-mail addresses. A number is `primary` where it is the main person's."""
    main = main_person(record)
    people = [
        phone if person is main or phone.type == "mobile" else Phone(number=phone.number)
        for person in _in_order(record, main)
        for phone in _phones(person)
    ]
    addresses = [phone for address in _addresses(record) for phone in _at(address)]
    copied = record.head.mobile_no if CONTACTS not in record.rows else None
    return once([*([Phone(number=copied, type="mobile")] if copied else []), *people, *addresses])


def _addresses(record: Joined[Party]) -> list[Address]:
    return [address for address in record.table(ADDRESSES) if not address.disabled]


def _at(address: Address) -> list[Phone]:
    phones = [Phone(number=address.phone)] if address.phone else []
    return [*phones, *([Phone(number=address.fax, type="fax")] if address.fax else [])]


def once(found: Iterable[Reach]) -> list[Reach]:
    """Each address or number once, as it comes first; e-mail addresses compare without case."""
    kept: dict[str, Reach] = {}
    for each in found:
        kept.setdefault(each.email.casefold() if isinstance(each, Email) else each.number, each)
    return list(kept.values())
