"""A walk in pages of 37 gives each sandbox record once, money to the last digit, at the published cost."""

from __future__ import annotations

import math
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from tests.world import World, gateway, served, settings_in

DESCRIPTION = "each sandbox record exactly once in pages of 37, exact money, calls per page by the formula"
LIMIT = 37

_exact = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal).decode


async def prove(scale: float) -> dict[str, float | int | str]:
    """Walk all of it, whatever the scale."""
    del scale
    figures: dict[str, float | int | str] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with gateway(settings_in(Path(folder))) as world:
            figures |= await _erpnext(world)
            figures |= await _brightpearl(world)
    return figures


async def _pages(world: World, resource: str, account_id: str) -> list[list[dict[str, Any]]]:
    """The pages of a walk, numbers exact."""
    pages: list[list[dict[str, Any]]] = []
    cursor: str | None = None
    while True:
        more = {"next_cursor": cursor} if cursor else {}
        answer = await world.unified(resource, account_id, limit=LIMIT, **more)
        assert answer.status_code == 200, answer.text[:300]
        body = _exact(answer.content)
        assert body["warnings"] == [], body["warnings"][:3]
        pages.append(body["result"])
        cursor = body["next_cursor"]
        if cursor is None:
            return pages


def _money(value: Any) -> str:
    """A number as its JSON digits: floats as Python writes them, which is how ERPNext does."""
    return str(Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value)))


async def _erpnext(world: World) -> dict[str, float | int | str]:
    box = erpnext.create_sandbox()
    async with served(box.app) as url:
        account_id = await world.erpnext(url)
        await world.unified("invoices", account_id, limit=1, type="invoice")
        await world.unified("invoices", account_id, limit=1, type="bill")
        box.calls.clear()
        pages = await _pages(world, "invoices", account_id)
        calls = len(box.calls)
        items = await _pages(world, "items", account_id)
    records = [record for page in pages for record in page]
    truth = {
        f"{kind}:{name}": row
        for kind, doctype in (("invoice", "Sales Invoice"), ("bill", "Purchase Invoice"))
        for name, row in box.store.documents[doctype].items()
    }
    _assert_once([record["id"] for record in records], truth)
    for record in records:
        row = truth[record["id"]]
        pairs = (
            ("unrounded_total_amount", "grand_total"),
            ("sub_total", "net_total"),
            ("total_tax_amount", "total_taxes_and_charges"),
        )
        for ours, theirs in pairs:
            assert str(record[ours]) == _money(row[theirs]), (record["id"], ours)
        assert [str(line["net_amount"]) for line in record["line_items"]] == [
            _money(line["net_amount"]) for line in row["items"]
        ], record["id"]
    _assert_once([record["id"] for page in items for record in page], box.store.documents["Item"])
    allowed = len(pages) * 5
    assert calls <= allowed, f"{calls} calls for {len(pages)} pages"
    return {
        "erpnext_invoices": len(records),
        "erpnext_pages": len(pages),
        "erpnext_calls": calls,
        "erpnext_calls_allowed": allowed,
    }


async def _brightpearl(world: World) -> dict[str, float | int | str]:
    box = brightpearl.create_sandbox(requests_per_minute=None)
    figures: dict[str, float | int | str] = {}
    async with served(box.app) as url:
        account_id = await world.brightpearl(url)
        for resource, type_code in (("purchase_orders", "PO"), ("sales_orders", "SO")):
            await world.unified(resource, account_id, limit=1)
            box.calls.clear()
            pages = await _pages(world, resource, account_id)
            truth = {
                str(number): order
                for number, order in box.store.orders.items()
                if order["orderTypeCode"] == type_code
            }
            records = [record for page in pages for record in page]
            _assert_once([record["id"] for record in records], truth)
            for record in records:
                totals = truth[record["id"]]["totalValue"]
                assert str(record["total_amount"]) == str(totals["total"]), record["id"]
                assert str(record["sub_total"]) == str(totals["net"]), record["id"]
            figures |= _calls(resource, pages, len(box.calls), joined=2)
        await world.unified("contacts", account_id, limit=1)
        box.calls.clear()
        pages = await _pages(world, "contacts", account_id)
        _assert_once(
            [record["id"] for page in pages for record in page],
            {str(number): contact for number, contact in box.store.contacts.items()},
        )
        figures |= _calls("contacts", pages, len(box.calls), joined=1)
    return figures


def _calls(
    resource: str, pages: list[list[dict[str, Any]]], calls: int, joined: int
) -> dict[str, float | int | str]:
    allowed = sum(math.ceil(len(page) / 500) + 1 + joined * math.ceil(len(page) / 200) for page in pages)
    assert calls <= allowed, f"{resource}: {calls} calls, {allowed} allowed"
    return {
        f"brightpearl_{resource}": sum(map(len, pages)),
        f"brightpearl_{resource}_calls": calls,
        f"brightpearl_{resource}_calls_allowed": allowed,
    }


def _assert_once(ids: list[str], truth: Any) -> None:
    assert len(ids) == len(set(ids)), "a record came twice"
    assert set(ids) == {str(key) for key in truth}, "a record is missing, or one too many came"
