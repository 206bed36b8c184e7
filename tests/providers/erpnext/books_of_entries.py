"""Ledgers in memory, and the hourly job that gives their rows other names."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from providers.kit.pages import Sort
from tests.providers.erpnext.frappe import Frappe

DOCTYPE = "GL Entry"
BY_CHANGE = {"sort": Sort(name="updated_at")}


def entry(number: int, creation: str, voucher: str = "V1", **fields: Any) -> dict[str, Any]:
    """A row under a name as ERPNext makes it."""
    name = f"{random.Random(number).getrandbits(40):010x}"  # noqa: S311
    usual = {"voucher_type": "Journal Entry", "company": "Acme", "debit": Decimal("1.0"), "credit": Decimal("0.0")}
    return {
        "name": name,
        "creation": creation,
        "modified": creation,
        "account": f"A{number % 3}",
        "voucher_no": voucher,
        "is_cancelled": 0,
        **usual,
        **fields,
    }


def moments(count: int) -> list[str]:
    """A moment of its own for each row, as ERPNext writes them."""
    return [f"2026-11-21 10:00:{n // 10:02}.{n % 10}00001" for n in range(count)]


def ledger(*rows: dict[str, Any]) -> Frappe:
    site = Frappe()
    site.add(DOCTYPE, rows)
    return site


def plain(count: int = 11) -> Frappe:
    """Rows of several vouchers, each made at its own moment."""
    return ledger(*(entry(n, at, f"V{n // 3}") for n, at in enumerate(moments(count))))


def twins(count: int = 11) -> Frappe:
    """Rows that were brought in: all of one second, some alike in all they hold."""
    return ledger(*(entry(n, "2026-11-21 10:00:00", f"V{n // 6}") for n in range(count)))


def rename(site: Frappe, *, seed: int = 0, share: float = 1.0) -> None:
    """What the hourly job does: rows get another name once, and `modified` now, each its own; nothing else changes.

    It goes by creation; how it orders rows that share theirs, nobody knows.
    """
    chance = random.Random(seed)  # noqa: S311
    rows = list(site.documents[DOCTYPE].values())
    chance.shuffle(rows)
    rows.sort(key=lambda row: row["creation"])
    site.documents[DOCTYPE] = {}
    number = sum(row["name"].startswith("ACC") for row in rows)
    for row in rows:
        if not row["name"].startswith("ACC") and chance.random() < share:
            new = {"name": f"ACC-GLE-2026-{number:05}", "modified": f"2026-11-22 11:30:00.{number:06}"}
            number += 1
        else:
            new = {}
        site.add(DOCTYPE, [{**row, **new}])


def told(found: list[Any]) -> dict[str, tuple[Any, ...]]:
    """What a row holds, by its id."""
    held = {each.id: (each.number, each.account, each.debit, each.created_at) for each in found}
    assert len(held) == len(found)
    return held
