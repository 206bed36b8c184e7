"""A get gives the list's entry, field for field, and its custom fields are those of the provider's metadata."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from providers.kit.registry import all_providers
from tests.proofs.store import store_in
from tests.world import World, gateway, served

DESCRIPTION = "every resource: get equals the list's entry, field for field; custom fields as the metadata has them"
RECORDS = 150


async def prove(scale: float) -> dict[str, float | int | str]:
    """At full scale the full sandboxes, 150 records of each resource, spread over all of it."""
    size = "full" if scale >= 1 else "small"
    count = max(5, round(RECORDS * scale))
    figures: dict[str, float | int | str] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with store_in(Path(folder)) as settings, gateway(settings) as world:
            box = erpnext.create_sandbox(size=size)
            async with served(box.app) as url:
                figures |= await _compare(world, "erpnext", await world.erpnext(url), count)
            other = brightpearl.create_sandbox(size=size, requests_per_minute=None)
            async with served(other.app) as url:
                figures |= await _compare(world, "brightpearl", await world.brightpearl(url), count)
    return figures


async def _compare(world: World, slug: str, account: str, count: int) -> dict[str, int]:
    figures = {}
    for resource, row in all_providers()[slug].resources.items():
        for expand in ("", ",".join(row.expands)) if row.expands else ("",):
            more = {"expand": expand} if expand else {}
            listed = await world.walk(resource, account, limit=500, **more)
            chosen = listed[:: max(1, len(listed) // count)]
            for record in chosen:
                answer = await world.unified(f"{resource}/{quote(record['id'], safe='')}", account, **more)
                assert answer.status_code == 200, (slug, resource, record["id"], answer.text[:300])
                found = answer.json()["result"]
                assert found == record, (slug, resource, record["id"], differences(found, record))
        if slug == "erpnext":
            figures[f"{slug}_{resource}_custom_fields"] = await _assert_complete(world, resource, account, listed)
        figures[f"{slug}_{resource}"] = len(chosen)
    return figures


def differences(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The fields that differ, with both values."""
    return [f"{key}: {one.get(key)!r} {other.get(key)!r}" for key in one if one.get(key) != other.get(key)][:5]


# Which DocType each record of a resource is one of, by the kind that its id begins with.
_DOCTYPES: Mapping[str, Mapping[str, str]] = {
    "accounts": {"": "Account"},
    "contacts": {"customer:": "Customer", "supplier:": "Supplier"},
    "credit_notes": {"": "Sales Invoice"},
    "invoices": {"invoice:": "Sales Invoice", "bill:": "Purchase Invoice"},
    "items": {"": "Item"},
    "journal_entries": {"": "Journal Entry"},
    "payments": {"": "Payment Entry"},
    "purchase_orders": {"": "Purchase Order"},
    "sales_orders": {"": "Sales Order"},
    "transactions": {"": "GL Entry"},
    "vendor_credits": {"": "Purchase Invoice"},
}


async def _assert_complete(world: World, resource: str, account: str, listed: Iterable[Mapping[str, Any]]) -> int:
    """Each record has each custom field that its DocType's metadata names, set or not, and no other."""
    kinds = _DOCTYPES.get(resource, {})
    fields = {kind: await _custom_fields(world, account, doctype) for kind, doctype in kinds.items()}
    for record in listed:
        for kind, wanted in fields.items():
            if record["id"].startswith(kind):
                assert set(record["custom_fields"]) == wanted, (resource, record["id"], record["custom_fields"])
    return sum(map(len, fields.values()))


async def _custom_fields(world: World, account: str, doctype: str) -> set[str]:
    """As the metadata names them, asked through the proxy."""
    answer = await world.http.get(
        "/proxy/api/method/frappe.desk.form.load.getdoctype",
        params={"doctype": doctype},
        headers={"X-Integrated-Account-Id": account},
    )
    assert answer.status_code == 200, answer.text[:300]
    [found] = [each for each in answer.json()["docs"] if each["name"] == doctype]
    return {
        field["fieldname"]
        for field in found["fields"]
        if field.get("is_custom_field") and field["fieldtype"] not in LAYOUT
    }


LAYOUT = frozenset({"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Table"})
"""Kinds of field that hold no value of their own."""
