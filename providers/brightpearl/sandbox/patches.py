"""JSON Patch as far as Brightpearl takes it: a list of paths, each with the operations it allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.brightpearl.sandbox.replies import Row, refused, unexplained

Allowed = Mapping[str, frozenset[str]]
REPLACE = frozenset({"replace"})
REPLACE_REMOVE = frozenset({"replace", "remove"})
ALL = frozenset({"test", "add", "replace", "remove"})

ORDER: Allowed = {
    "/reference": REPLACE_REMOVE,
    "/warehouseId": REPLACE,
    "/delivery/shippingMethodId": REPLACE_REMOVE,
    "/delivery/deliveryDate": REPLACE,
    "/parties/customer/contactId": REPLACE,
    "/parties/billing/contactId": REPLACE,
}
ORDER_ROW: Allowed = dict.fromkeys(
    (
        "/quantity/magnitude",
        "/rowValue/rowNet/value",
        "/rowValue/rowTax/value",
        "/nominalCode",
        "/rowValue/taxCalculator",
        "/orderRowSequence",
    ),
    REPLACE,
)
CONTACT: Allowed = {
    "/salutation": ALL,
    "/firstName": ALL - {"remove"},
    "/lastName": ALL - {"remove"},
    **{f"/communication/telephones/{use}": ALL for use in ("PRI", "SEC", "MOB", "FAX")},
    **{f"/communication/emails/{use}/email": ALL for use in ("PRI", "SEC", "TER")},
    "/marketingDetails/isReceiveEmailNewsletter": frozenset({"test", "replace"}),
    "/leadTime": REPLACE,
    "/companyId": REPLACE,
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a patch."""

    op: str
    path: str
    value: Any


def operations(body: Any, allowed: Allowed) -> list[Operation]:
    """The steps of a patch, all of them checked before any is taken."""
    found = steps(body)
    for step in found:
        if step.path not in allowed:
            raise refused("CMNC-043", f"Patch is not supported for given path ({step.path})")
        if step.op not in allowed[step.path]:
            raise refused("CMNC-044", f"Invalid patch operation ({step.op}) for given path ({step.path})", 500)
    return found


def steps(body: Any) -> list[Operation]:
    """The steps of any patch."""
    if not isinstance(body, list):
        raise unexplained()
    try:
        return [Operation(each["op"], each["path"], each.get("value")) for each in body]
    except (KeyError, TypeError, AttributeError):
        raise unexplained() from None


def put(record: Row, path: str, value: Any) -> None:
    """Write a value at a path, making the maps on the way."""
    *parents, last = path.strip("/").split("/")
    for name in parents:
        record = record.setdefault(name, {})
    record[last] = value


def take(record: Row, path: str) -> None:
    """Remove a path, with a map that it leaves empty."""
    name, _, rest = path.strip("/").partition("/")
    if rest and name in record:
        take(record[name], rest)
        if name in ("PRI", "SEC", "TER") and not record[name]:
            del record[name]
    elif not rest:
        record.pop(name, None)


def at(record: Row, path: str) -> Any:
    """The value at a path; None where there is none."""
    found: Any = record
    for name in path.strip("/").split("/"):
        found = found.get(name) if isinstance(found, dict) else None
    return found
