"""Invoices, credits and payments of the sandbox through the gateway: each once, and the control accounts agree."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from providers.brightpearl.sandbox import create_sandbox
from tests.world import World, served


def total(records: Iterable[dict[str, Any]], name: str = "base_total_amount") -> Decimal:
    return sum((Decimal(record[name]) for record in records if record[name] is not None), Decimal(0))


async def test_all_invoices_come_once_and_each_is_of_its_whole_order(light: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        records = await light.walk("invoices", account_id, limit=37)
        bills = await light.walk("invoices", account_id, type="bill", limit=500)
        since = await light.walk("invoices", account_id, limit=37, **{"updated_at[gte]": "2026-06-01T00:00:00Z"})
        got = await light.unified(f"invoices/{records[0]['id']}", account_id)

    journals = {str(n): row["journalTypeCode"] for n, row in box.store.journals.items()}
    assert [record["id"] for record in records] == [
        number for code in ("SI", "PI") for number, kind in journals.items() if kind == code
    ]
    assert [record["id"] for record in bills] == [number for number, kind in journals.items() if kind == "PI"]
    assert {record["id"] for record in since} == {
        record["id"] for record in records if record["updated_at"] >= "2026-06-01"
    }
    assert len(since) == len({record["id"] for record in since})
    assert got.json()["result"] == records[0]
    for record in records:
        assert record["status"] in ("authorised", "partially_paid", "paid")
        assert (record["balance"] == 0) is (record["status"] == "paid")
        assert record["line_items"]


async def test_the_control_accounts_are_what_invoices_credits_and_payments_come_to(light: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        invoices = await light.walk("invoices", account_id, decimals="string", limit=500)
        payments = await light.walk("payments", account_id, decimals="string", limit=500)
        credits = {
            name: await light.walk(name, account_id, decimals="string", limit=500)
            for name in ("credit_notes", "vendor_credits")
        }
        entries = await light.walk("journal_entries", account_id, decimals="string", limit=500)

    for side, kind, credit, control in (
        ("customer", "invoice", "credit_notes", "1100"),
        ("supplier", "bill", "vendor_credits", "2100"),
    ):
        mine = [payment for payment in payments if payment["id"].startswith(side) and payment["journal_entry"]]
        settled = total(each for each in mine if not each["is_refund"]) - total(
            each for each in mine if each["is_refund"]
        )
        posted = [each for each in credits[credit] if each["status"] in ("authorised", "partially_paid", "paid")]
        open_balance = total(each for each in invoices if each["type"] == kind) - total(posted) - settled
        lines = [
            Decimal(line["total_line_amount"])
            for entry in entries
            # Rent that is owed is no bill.
            if entry["remote_type"] != "JJ"
            for line in entry["lines"]
            if line["account_code"] == control
        ]
        assert lines
        assert open_balance == (sum(lines) if side == "customer" else -sum(lines))
