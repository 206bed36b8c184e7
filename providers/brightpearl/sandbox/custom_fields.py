"""Custom fields of orders and contacts: the set ones as a map, changed by patch."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from providers.brightpearl.sandbox.calls import Call
from providers.brightpearl.sandbox.orders import FIELD_SETS, order_of
from providers.brightpearl.sandbox.patches import Operation, steps
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, refused, unexplained

Owner = Callable[[Call], tuple[Row, str]]


def of_order(call: Call) -> tuple[Row, str]:
    """The order, and which fields it can have."""
    order = order_of(call)
    return order, FIELD_SETS[order["orderTypeCode"]]


def of_contact(call: Call) -> tuple[Row, str]:
    """The contact, and which fields it can have."""
    contact = call.store.contacts.get(call.number())
    if contact is None:
        raise nothing_found("No Contact Found")
    return contact, "supplier" if contact["relationshipToAccount"]["isSupplier"] else "customer"


def get(owner: Owner) -> Callable[[Call], Reply]:
    """The fields that are set."""

    def handler(call: Call) -> Reply:
        return Reply({"response": owner(call)[0].get("customFields", {})})

    return handler


def patch(owner: Owner) -> Callable[[Call], Reply]:
    """Change fields; the answer is all that are set. The record's updatedOn does not move."""

    def handler(call: Call) -> Reply:
        record, kind = owner(call)
        defined = call.store.custom_fields.get(kind, {})
        fields = dict(record.get("customFields", {}))
        for step in steps(call.body()):
            _apply(step, fields, defined)
        record["customFields"] = fields
        if not fields:
            del record["customFields"]
        return Reply({"response": fields})

    return handler


def _apply(step: Operation, fields: Row, defined: dict[str, Row]) -> None:
    code, _, rest = step.path.strip("/").partition("/")
    if code not in defined or rest not in ("", "id"):
        raise refused("CMNC-043", f"Patch is not supported for given path ({step.path})")
    if step.op in ("replace", "remove") and code not in fields:
        raise refused("CMNC-038", f"There is nothing at the given path ({step.path})")
    if step.op == "remove":
        del fields[code]
    elif step.op in ("add", "replace"):
        fields[code] = _value(defined[code], {"id": step.value} if rest else step.value)
    else:
        raise refused("CMNC-044", f"Invalid patch operation ({step.op}) for given path ({step.path})", 500)


def _value(field: Row, given: Any) -> Any:
    """The value as it will be given; one of the wrong JSON type is an internal error, as recorded."""
    kind = field["customFieldType"]
    if kind == "SELECT":
        option = field["options"].get(str(given.get("id"))) if isinstance(given, dict) else None
        if option is None:
            raise unexplained()
        return dict(option)
    if kind == "INTEGER":
        if isinstance(given, bool) or not str(given).lstrip("-").isdigit():
            raise unexplained()
        return int(given)
    wanted = bool if kind == "YESNO" else str
    if not isinstance(given, wanted) or isinstance(given, Decimal):
        raise unexplained()
    return given


def meta_data(kind: str) -> Callable[[Call], Reply]:
    """The definitions of fields, all or by id."""

    def handler(call: Call) -> Reply:
        fields = call.store.custom_fields.get(kind, {}).values()
        wanted = {call.number()} if call.parts else {field["id"] for field in fields}
        found = [field for field in fields if field["id"] in wanted]
        if not found:
            raise nothing_found("No Custom Field Meta Data Found")
        return Reply({"response": found})

    return handler
