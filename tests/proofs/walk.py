"""A walk in pages of 37 gives each record of the sandboxes once, what changed since too, at the published cost."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from providers.erpnext.sandbox.seed.books import repeated_hour
from providers.kit.registry import all_providers
from tests import truths
from tests.proofs.store import store_in
from tests.providers.fake_send import exact_json
from tests.truths import brightpearl as brightpearl_truth
from tests.truths import erpnext as erpnext_truth
from tests.world import World, gateway, served

DESCRIPTION = "each record of each resource once in pages of 37, all that changed since, calls by the formula"
LIMIT = 37


@dataclass(frozen=True, slots=True)
class Books:
    """One provider's sandbox behind a gateway, and what it is known to hold."""

    world: World
    slug: str
    account: str
    box: Any
    truth: Mapping[str, truths.Changes]
    calls: Mapping[str, Callable[[int], int]]

    async def pages(self, resource: str, limit: int = LIMIT, **params: str) -> list[list[dict[str, Any]]]:
        """The pages of a walk, numbers exact. Fails on an error or a warning."""
        pages = self.world.pages(resource, self.account, decode=exact_json, limit=limit, **params)
        return [page async for page in pages]


async def prove(scale: float) -> dict[str, float | int | str]:
    """Walk all of it: the full sandboxes at full scale, else the small ones."""
    size = "full" if scale >= 1 else "small"
    figures: dict[str, float | int | str] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with store_in(Path(folder)) as settings, gateway(settings) as world:
            box = erpnext.create_sandbox(size=size)
            async with served(box.app) as url:
                account, truth = await world.erpnext(url), erpnext_truth.records(box.store)
                figures |= await _walk(Books(world, "erpnext", account, box, truth, erpnext_truth.CALLS))
            figures |= await _repeated(world)
            other = brightpearl.create_sandbox(size=size, requests_per_minute=None)
            async with served(other.app) as url:
                account, truth = await world.brightpearl(url), brightpearl_truth.records(other.store)
                figures |= await _walk(Books(world, "brightpearl", account, other, truth, brightpearl_truth.CALLS))
    return figures


async def _walk(books: Books) -> dict[str, float | int | str]:
    figures: dict[str, float | int | str] = {}
    for resource, row in all_providers()[books.slug].resources.items():
        await books.pages(resource, 500)  # What is kept of the account is read once.
        books.box.calls.clear()
        pages = await books.pages(resource)
        calls, allowed = len(books.box.calls), sum(books.calls[resource](len(page)) for page in pages)
        records = [record for page in pages for record in page]
        _assert_once(books, resource, [record["id"] for record in records], set(books.truth[resource]))
        assert calls <= allowed, f"{books.slug} {resource}: {calls} calls for {len(pages)} pages, {allowed} allowed"
        for record in records:
            _assert_money(books, resource, record)
        figures |= {
            f"{books.slug}_{resource}": len(records),
            f"{books.slug}_{resource}_calls": calls,
            f"{books.slug}_{resource}_calls_allowed": allowed,
        }
        if "updated_at" in row.list_rules.filters:
            figures[f"{books.slug}_{resource}_changed"] = await _changed(books, resource)
    return figures


async def _changed(books: Books, resource: str) -> int:
    """What changed since: all of it, and nothing else."""
    truth = books.truth[resource]
    stamps = sorted(stamp for stamp in truth.values() if stamp is not None)
    since: datetime = stamps[len(stamps) * 4 // 5]
    wanted = _since(truth, since)
    pages = await books.pages(resource, **{"updated_at[gte]": _written(since)})
    _assert_once(books, f"{resource} since {since}", [record["id"] for page in pages for record in page], wanted)
    return len(wanted)


async def _repeated(world: World) -> dict[str, int]:
    """Within an hour that a site's clock shows twice, no change is missed; what comes too often is of that hour."""
    box = erpnext.create_sandbox(time_zone="America/New_York")
    shown = repeated_hour(box.store.zone)
    assert shown is not None
    first, second = (shown.replace(tzinfo=box.store.zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    early, late = erpnext_truth.records(box.store), erpnext_truth.records(box.store, fold=1)
    extras = 0
    async with served(box.app) as url:
        books = Books(world, "erpnext", await world.erpnext(url), box, early, erpnext_truth.CALLS)
        for resource, row in all_providers()["erpnext"].resources.items():
            if "updated_at" not in row.list_rules.filters:
                continue
            for since in (first, first + timedelta(minutes=25), second, second + timedelta(minutes=25)):
                wanted = _since(late[resource], since)
                of_hour = _since(early[resource], first) - _since(early[resource], second)
                pages = await books.pages(resource, 500, **{"updated_at[gte]": _written(since)})
                ids = [record["id"] for page in pages for record in page]
                found = set(ids)
                _assert_once(books, f"{resource} since {since}", ids, wanted | (found & of_hour))
                extras += len(found - _since(early[resource], since))
    assert extras, "the seed wrote nothing in the repeated hour"
    return {"erpnext_repeated_hour_extras": extras}


def _since(changes: truths.Changes, moment: datetime) -> set[str]:
    return {number for number, stamp in changes.items() if stamp is not None and stamp >= moment}


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _assert_once(books: Books, what: str, ids: list[str], wanted: set[str]) -> None:
    label = f"{books.slug} {what}"
    assert len(ids) == len(set(ids)), f"{label}: a record came twice"
    missing, more = wanted - set(ids), set(ids) - wanted
    assert not missing, f"{label}: {len(missing)} of {len(wanted)} are missing: {sorted(missing)[:5]}"
    assert not more, f"{label}: {len(more)} too many: {sorted(more)[:5]}"


_ERPNEXT_MONEY = {
    "unrounded_total_amount": "grand_total",
    "sub_total": "net_total",
    "total_tax_amount": "total_taxes_and_charges",
}


def _assert_money(books: Books, resource: str, record: dict[str, Any]) -> None:
    """Invoices and orders to the last digit."""
    if (books.slug, resource) == ("erpnext", "invoices"):
        doctype = "Sales Invoice" if record["type"] == "invoice" else "Purchase Invoice"
        row = books.box.store.documents[doctype][record["remote_id"]]
        for ours, theirs in _ERPNEXT_MONEY.items():
            assert str(record[ours]) == _digits(row[theirs]), (record["id"], ours)
        lines = [str(line["net_amount"]) for line in record["line_items"]]
        assert lines == [_digits(line["net_amount"]) for line in row["items"]], record["id"]
    elif books.slug == "brightpearl" and resource in ("purchase_orders", "sales_orders"):
        totals = books.box.store.orders[int(record["id"])]["totalValue"]
        assert str(record["total_amount"]) == str(totals["total"]), record["id"]
        assert str(record["sub_total"]) == str(totals["net"]), record["id"]


def _digits(value: Any) -> str:
    """A number as its JSON digits: floats as Python writes them, which is how ERPNext does."""
    return str(Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value)))
