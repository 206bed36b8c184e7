"""Contacts and their postal addresses: by id set or page by page, made, changed by patch."""

from __future__ import annotations

from decimal import Decimal

from providers.brightpearl.sandbox.calls import STAFF_ID, Call
from providers.brightpearl.sandbox.idsets import get_uris, known, shuffled
from providers.brightpearl.sandbox.parties import COUNTRIES
from providers.brightpearl.sandbox.patches import CONTACT, at, operations, put, take
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, unexplained

PAGE_SIZE_MAX = 200


def get_contacts(call: Call) -> Reply:
    """A page of whole contacts, by number; told beside `response`, and nobody found is a 404."""
    asked = dict(call.params)
    # Documented: a set of more than two hundred is no error here, it gives its first page.
    numbers = known(call.store.contacts, call.id_set(None))
    if asked.get("sort", "contactId.ASC") not in ("contactId.ASC", "contactId.DESC"):
        raise unexplained()
    is_descending = asked.get("sort") == "contactId.DESC"
    if is_descending:
        numbers.reverse()
    first, size = _count(asked, "firstResult", 1), min(_count(asked, "pageSize", PAGE_SIZE_MAX), PAGE_SIZE_MAX)
    page = numbers[first - 1 : first - 1 + size]
    if not page:
        raise nothing_found("No Contact Found")
    return Reply(
        {
            "response": [_shown(call, call.store.contacts[number]) for number in page],
            "pagination": {
                "morePagesAvailable": first - 1 + size < len(numbers),
                "resultsReturned": len(page),
                "firstResult": first,
                "lastResult": first - 1 + len(page),
            },
            "sorting": [{"field": "contactId", "direction": "DESC" if is_descending else "ASC"}],
        }
    )


def _count(asked: dict[str, str], name: str, default: int) -> int:
    text = asked.get(name, str(default))
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) > 0):
        raise unexplained()
    return int(text)


def _shown(call: Call, contact: Row) -> Row:
    optional = call.optional()
    found = {key: value for key, value in contact.items() if key != "customFields" or "customFields" in optional}
    if "postalAddresses" in optional and call.quirks.postal_addresses != "none":
        numbers = dict.fromkeys(contact["postAddressIds"].values())
        addresses = [call.store.addresses[number] for number in numbers if number in call.store.addresses]
        is_map = call.quirks.postal_addresses == "map"
        found["postalAddresses"] = {str(each["addressId"]): each for each in addresses} if is_map else addresses
    return found


def options_contacts(call: Call) -> Reply:
    """The addresses that hold these contacts."""
    numbers = known(call.store.contacts, call.id_set(None))
    return Reply({"response": {"getUris": get_uris("contact", numbers)}})


def post_contact(call: Call) -> Reply:
    """A new contact; its addresses must be there first."""
    given, store = call.body(), call.store
    if not isinstance(given, dict) or not (given.get("firstName") and given.get("lastName")):
        raise unexplained()
    addresses = given.get("postAddressIds", {})
    if "DEF" not in addresses or any(number not in store.addresses for number in addresses.values()):
        raise unexplained()
    number = store.next_id("contact", store.contacts)
    store.contacts[number] = new_contact(number, given, store.stamp())
    for address in set(addresses.values()):
        store.addresses[address] = {"addressId": address, "contactId": number, **store.addresses[address]}
    return Reply({"response": number})


def new_contact(number: int, given: Row, stamp: str) -> Row:
    """A contact with what was given, and everything else as it is at first."""
    reach, terms = given.get("communication", {}), given.get("financialDetails", {})
    flags = given.get("relationshipToAccount", {})
    return {
        "contactId": number,
        "isPrimaryContact": given.get("isPrimaryContact", True),
        "salutation": given.get("salutation", ""),
        "firstName": given["firstName"],
        "lastName": given["lastName"],
        "postAddressIds": given["postAddressIds"],
        "communication": {
            key: dict(reach.get(key, {})) for key in ("emails", "telephones", "messagingVoips", "websites")
        },
        "contactStatus": {"current": {"contactStatusId": 0}},
        "relationshipToAccount": {
            "isSupplier": flags.get("isSupplier", False),
            "isStaff": flags.get("isStaff", False),
        },
        "marketingDetails": {
            "isReceiveEmailNewsletter": given.get("marketingDetails", {}).get("isReceiveEmailNewsletter", False)
        },
        "financialDetails": {
            "priceListId": terms.get("priceListId", 1),
            "nominalCode": str(terms.get("nominalCode", "0")),
            **({"taxCodeId": terms["taxCodeId"]} if "taxCodeId" in terms else {}),
            "creditLimit": terms.get("creditLimit", 0),
            "creditTermDays": terms.get("creditTermDays", 0),
            "currencyId": terms.get("currencyId", 1),
            "discountPercentage": Decimal(terms.get("discountPercentage", 0)).quantize(Decimal("0.01")),
            "creditTermTypeId": 1,
        },
        "assignment": {"current": dict(given.get("assignment", {}).get("current", {}))},
        "organisation": {"organisationId": number, **_named(given)},
        "tradeStatus": "UNKNOWN",
        "createdByid": STAFF_ID,
        "createdOn": stamp,
        "contactTags": given.get("contactTags", ""),
        "aliases": {},
        "companyId": given.get("companyId", 0),
    }


def _named(given: Row) -> Row:
    name = given.get("organisation", {}).get("name")
    return {"name": name} if name else {}


def patch_contact(call: Call) -> Reply:
    """Change what may be changed; the answer is the whole contact, stamped."""
    contact = call.store.contacts.get(call.number())
    if contact is None:
        raise nothing_found("No Contact Found")
    taken = operations(call.body(), CONTACT)
    if any(step.op == "test" and at(contact, step.path) != step.value for step in taken):
        raise unexplained()
    for step in taken:
        if step.op == "remove":
            take(contact, step.path)
        elif step.op != "test":
            put(contact, step.path, step.value)
    stamp_contact(contact, call.store.stamp())
    return Reply({"response": _shown(call, contact)})


def stamp_contact(contact: Row, stamp: str) -> None:
    """Set updatedOn, which stands behind createdOn."""
    stamped: Row = {}
    for key, value in contact.items():
        if key != "updatedOn":
            stamped[key] = value
        if key == "createdOn":
            stamped["updatedOn"] = stamp
    contact.clear()
    contact.update(stamped)


def get_addresses(call: Call) -> Reply:
    """Postal addresses; the set must be given."""
    numbers = known(call.store.addresses, call.id_set())
    if not numbers:
        raise nothing_found("No Postal Addresses Found")
    return Reply({"response": [call.store.addresses[number] for number in shuffled(numbers)]})


def post_address(call: Call) -> Reply:
    """A new postal address, nobody's yet."""
    given = call.body()
    if not isinstance(given, dict) or not given.get("addressLine1"):
        raise unexplained()
    number = call.store.next_id("address", call.store.addresses)
    call.store.addresses[number] = new_address(number, None, given)
    return Reply({"response": number})


def new_address(number: int, contact_id: int | None, given: Row) -> Row:
    """A postal address as it is given."""
    owner = {} if contact_id is None else {"contactId": contact_id}
    lines = {f"addressLine{index}": given.get(f"addressLine{index}", "") for index in (1, 2, 3, 4)}
    found = {"addressId": number, **owner, **lines, "postalCode": given.get("postalCode", "")}
    code = given.get("countryIsoCode")
    if code not in COUNTRIES:
        return found
    _, country_id, short = COUNTRIES[code]
    return {**found, "countryIsoCode": code, "countryIsoCode2": short, "countryId": country_id}
