"""What is tied to contacts: addresses by use, tags, and members that leave a group."""

from __future__ import annotations

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.contacts import new_address, stamp_contact
from providers.brightpearl.sandbox.idsets import known, within
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, unexplained

USES = ("DEF", "BIL", "DEL")


def put_address_uses(call: Call) -> Reply:
    """Give a contact's addresses their uses; one without a use is only the contact's."""
    store, contact = call.store, call.store.contacts.get(call.number())
    given = call.body()
    if contact is None:
        raise nothing_found("No Contact Found")
    if not isinstance(given, list) or any(each.get("postalAddressId") not in store.addresses for each in given):
        raise unexplained()
    for each in given:
        number, use = each["postalAddressId"], each.get("type")
        if use is not None and use not in USES:
            raise unexplained()
        store.addresses[number] = {"addressId": number, **store.addresses[number], "contactId": call.number()}
        if use is not None:
            contact["postAddressIds"][use] = number
    stamp_contact(contact, store.stamp())
    return Reply({})


def put_address(call: Call) -> Reply:
    """Write an address anew. It carries no stamp, and its contact's does not move."""
    number, given = call.number(), call.given()
    old = call.store.addresses.get(number)
    if old is None:
        raise nothing_found("No Postal Addresses Found")
    if not given.get("addressLine1"):
        raise unexplained()
    call.store.addresses[number] = new_address(number, old.get("contactId"), given)
    return Reply({})


def change_tags(call: Call) -> Reply:
    """Add tags to contacts, or take them away: told contact by contact, 207 where one is not there."""
    return _tagged(call, is_added=True)


def remove_tags(call: Call) -> Reply:
    """Take tags away."""
    return _tagged(call, is_added=False)


def _tagged(call: Call, *, is_added: bool) -> Reply:
    store, parts, tags = call.store, call.id_set() or [], call.id_set(None, 1) or []
    wanted = {row["tagId"] for row in store.lists["tag"] if within(row["tagId"], tags)}
    asked = [number for low, high in parts for number in range(low, high + 1)]
    there = set(known(store.contacts, parts))
    errors: dict[str, list[Row]] = {}
    for number in asked:
        errors[str(number)] = [] if number in there else [{"code": "CMNC-404", "message": "No Contact Found"}]
        if number in there:
            contact = store.contacts[number]
            mine = {int(text) for text in contact["contactTags"].split(",") if text}
            mine = mine | wanted if is_added else mine - wanted
            contact["contactTags"] = ",".join(str(tag) for tag in sorted(mine))
    statuses = {number: 404 if told else 200 for number, told in errors.items()}
    body = {"response": {"resourceErrors": errors, "resourceStatuses": statuses}}
    return Reply(body, 200 if len(there) == len(asked) else 207)


def delete_members(call: Call) -> Reply:
    """Take contacts out of a group."""
    members = call.store.members.get(call.number(), set())
    members -= set(known(members, call.id_set(None, 1)))
    return Reply({})


_CONTACT = "contact-service/contact"
ROUTES: Routes = (
    ("PUT", f"{_CONTACT}/*/postal-address", put_address_uses, "put-contact-postal-address"),
    ("PUT", "contact-service/postal-address/*", put_address, "put-postal-address"),
    ("POST", f"{_CONTACT}/*/tag/*", change_tags, "post-contact-tag"),
    ("DELETE", f"{_CONTACT}/*/tag/*", remove_tags, "delete-contact-tag"),
    ("DELETE", "contact-service/contact-group/*/member/*", delete_members, "delete-contact-group-member"),
)
