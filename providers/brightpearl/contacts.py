"""Reads Brightpearl's contacts: search, then whole contacts by id set, joined with their addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from providers.brightpearl.dates import instant
from providers.brightpearl.idsets import read_set, sole
from providers.brightpearl.plain import number_of
from providers.brightpearl.site import Site
from providers.brightpearl.walks import Search, cautions_of, next_ids, passes
from providers.brightpearl.wire_contacts import Contact, ContactRecord, PostalAddress
from providers.kit.client import Client
from providers.kit.errors import Forbidden, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.references import meet
from providers.kit.resource import Record, Rows

CONTACTS = "contact-service/contact"
ADDRESSES = "contact-service/postal-address"
OPTIONAL = (("includeOptional", "customFields,postalAddresses"),)
SEARCH = Search(
    path="contact-service/contact-search",
    id_column="contactId",
    fixed=(),
    date_columns={},
    # All but the type are searched for as parts of a text: asked so, and compared whole here.
    exact_columns={
        "email": "allEmail",
        "company_name": "companyName",
        "first_name": "firstName",
        "last_name": "lastName",
    },
)
TYPE_COLUMNS = {"customer": "isCustomer", "vendor": "isSupplier", "employee": "isStaff"}


async def list_contacts(client: Client, site: Site, query: Query) -> Rows[ContactRecord]:
    """One page, in the order of ids unless asked otherwise."""
    page = await next_ids(client, _search_of(query), query)
    if not page.ids:
        return Rows(records=[], next=page.next, cautions=(*site.cautions, *page.cautions))
    found = await read_set(
        client, CONTACTS, page.ids, Contact, _id_of, "contactId", OPTIONAL, with_raw=query.remote_data
    )
    contacts = [found.records[number] for number in page.ids if number in found.records]
    email = str(query.filter("email") or "")
    contacts = [contact for contact in contacts if passes(query.filters, _values(contact, email))]
    await meet(client, site.currencies, map(_currency_of, contacts))
    records, cautions = await _join(client, contacts)
    return Rows(
        records=records,
        next=page.next,
        remote_data=[found.raws[contact.contactId] for contact in contacts] if query.remote_data else (),
        cautions=(*site.cautions, *cautions_of(page, found), *cautions),
    )


async def get_contact(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[ContactRecord]:
    """One contact by its number."""
    del expand
    number = number_of(record_id)
    if number is None:
        raise NotFound("there is no such contact")
    found = await read_set(client, CONTACTS, [number], Contact, _id_of, "contactId", OPTIONAL, with_raw=True)
    contact = sole(found, number, "contact")
    await meet(client, site.currencies, [_currency_of(contact)])
    records, cautions = await _join(client, [contact])
    return Record(wire=records[0], remote_data=found.raws.get(number), cautions=(*site.cautions, *cautions))


def _search_of(query: Query) -> Search:
    kind = query.filter("contact_type")
    return replace(SEARCH, fixed=((TYPE_COLUMNS[str(kind)], "true"),)) if kind is not None else SEARCH


async def _join(client: Client, contacts: Sequence[Contact]) -> tuple[list[ContactRecord], list[Caution]]:
    """Contacts with their addresses: those that came along, and for the others those read by id."""
    along = {contact.contactId: _addresses_along(contact) for contact in contacts}
    wanted = [
        number
        for contact in contacts
        if along[contact.contactId] is None
        for number in contact.postAddressIds.values()
        if number > 0
    ]
    read: Mapping[int, PostalAddress] = {}
    cautions: list[Caution] = []
    if wanted:
        try:
            found = await read_set(
                client, ADDRESSES, wanted, PostalAddress, lambda address: address.addressId or 0, "addressId"
            )
            read, cautions = found.records, found.cautions
        except Forbidden:
            cautions = [Caution(code="not_permitted", field="addresses")]
    records = []
    for contact in contacts:
        known = along[contact.contactId]
        addresses = known if known is not None else read
        numbers = {number for number in contact.postAddressIds.values() if number > 0}
        if numbers - addresses.keys() and not any(item.code == "not_permitted" for item in cautions):
            cautions.append(Caution(code="not_found", id=str(contact.contactId), field="addresses"))
        records.append(
            ContactRecord(
                contact=contact,
                addresses={number: addresses[number] for number in numbers & addresses.keys()},
            )
        )
    return records, cautions


def _addresses_along(contact: Contact) -> Mapping[int, PostalAddress] | None:
    """The addresses inside a contact, by id, whether they came as a list or as a map; None where they did not."""
    if contact.postalAddresses is None:
        return None
    try:
        listed = msgspec.convert(contact.postalAddresses, list[PostalAddress])
    except msgspec.ValidationError:
        try:
            mapped = msgspec.convert(contact.postalAddresses, dict[str, PostalAddress])
        except msgspec.ValidationError:
            return None
        return {
            number: address
            for key, address in mapped.items()
            if (number := address.addressId or (int(key) if key.isdigit() else contact.postAddressIds.get(key)))
        }
    return {address.addressId: address for address in listed if address.addressId}


def _id_of(contact: Contact) -> int:
    return contact.contactId


def _currency_of(contact: Contact) -> int | None:
    return (contact.financialDetails.currencyId if contact.financialDetails else None) or None


def _values(contact: Contact, email: str) -> Mapping[str, Callable[[], Any]]:
    """What filters are checked against once the whole contact is at hand; `email` is the one asked for."""
    reach = contact.communication
    mine = {(entry.email or "").casefold() for entry in reach.emails.values()} if reach else set()
    return {
        "updated_at": lambda: instant(contact.updatedOn or contact.createdOn),
        "created_at": lambda: instant(contact.createdOn),
        "email": lambda: email if email.casefold() in mine else None,
        "company_name": lambda: contact.organisation.name if contact.organisation else None,
        "first_name": lambda: contact.firstName,
        "last_name": lambda: contact.lastName,
    }
