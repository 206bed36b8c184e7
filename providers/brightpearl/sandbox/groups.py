"""Contact groups: made, joined, and their members told as a list or as an id set."""

from __future__ import annotations

from providers.brightpearl.sandbox.calls import STAFF_ID, Call
from providers.brightpearl.sandbox.idsets import text_of, within
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, refused, unexplained
from providers.brightpearl.sandbox.store import Store

NAME_LENGTHS = range(4, 65)
DESCRIPTION_LENGTH_MAX = 255


def new_group(store: Store, number: int, name: str, description: str) -> Row:
    """A group as a GET gives it."""
    return {
        "id": number,
        "name": name,
        "description": description,
        "isReadOnly": False,
        "createdBy": STAFF_ID,
        "createdOn": store.stamp(),
    }


def post_group(call: Call) -> Reply:
    """A new group without members."""
    given, store = call.body(), call.store
    name, description = given.get("name", ""), given.get("description", "")
    if len(name) not in NAME_LENGTHS or len(description) > DESCRIPTION_LENGTH_MAX:
        raise unexplained()
    rows = store.lists["contact-group"]
    number = store.next_id("group", (row["id"] for row in rows))
    rows.append(new_group(store, number, name, description))
    return Reply({"response": number})


def get_groups(call: Call) -> Reply:
    """Groups by id set, or all; less what is asked to be left out."""
    parts = call.id_set(None)
    rows = [row for row in call.store.lists["contact-group"] if parts is None or within(row["id"], parts)]
    if parts is not None and not rows:
        raise nothing_found("No Contact Groups Found")
    left_out = _left_out(call)
    return Reply({"response": [{key: row[key] for key in row if key not in left_out} for row in rows]})


def put_group(call: Call) -> Reply:
    """Another name or description."""
    group, given = _group(call), call.given()
    name, description = (str(given.get(key, group[key])) for key in ("name", "description"))
    if group["isReadOnly"] or len(name) not in NAME_LENGTHS or len(description) > DESCRIPTION_LENGTH_MAX:
        raise unexplained()
    group |= {"name": name, "description": description}
    return Reply({})


def _left_out(call: Call) -> frozenset[str]:
    return frozenset(",".join(value for name, value in call.params if name == "excludeOptional").split(","))


def get_members(call: Call) -> Reply:
    """The members' numbers, in the form that was asked for."""
    members = sorted(call.store.members.get(_group(call)["id"], ()))
    found: Row = {}
    if "contactMemberIds" not in _left_out(call):
        found["contactMemberIds"] = members
    if "contactMemberIdSet" in call.optional():
        found["contactMemberIdSet"] = text_of(members)
    return Reply({"response": found})


def post_members(call: Call) -> Reply:
    """More members; nobody joins twice, nor a group that is not made by hand."""
    group, wanted = _group(call), call.body().get("contactMemberIds")
    members = call.store.members.setdefault(group["id"], set())
    if group["isReadOnly"] or not isinstance(wanted, list) or members & set(wanted):
        raise refused("CONC-001", "The contacts cannot be added to the group")
    members |= set(wanted)
    return Reply({})


def _group(call: Call) -> Row:
    number = call.number()
    found = next((row for row in call.store.lists["contact-group"] if row["id"] == number), None)
    if found is None:
        raise nothing_found("No Contact Groups Found")
    return found
