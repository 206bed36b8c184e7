"""The books add up: what unified records come to is the trial balance of the sandboxes and of recorded books."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from providers.brightpearl import sandbox as brightpearl
from providers.erpnext import sandbox as erpnext
from tests.conformance.erpnext import recorded_documents
from tests.proofs.store import store_in
from tests.providers.erpnext.frappe import recorded_documents as whole_documents
from tests.providers.fake_send import exact_json
from tests.world import World, gateway, served

DESCRIPTION = "unified invoices, credits, payments, journals and ledger entries sum to the trial balance"

Key = tuple[str, str]
"""An account and a currency."""
Record = Mapping[str, Any]
Figures = dict[str, float | int | str]
ZERO = Decimal(0)


async def prove(scale: float) -> Figures:
    """The full sandboxes at full scale, else the small ones; the recorded documents at any."""
    size = "full" if scale >= 1 else "small"
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        async with store_in(Path(folder)) as settings, gateway(settings) as world:
            box = erpnext.create_sandbox(size=size)
            async with served(box.app) as url:
                figures |= await _erpnext(Books(world, await world.erpnext(url)), box)
            other = brightpearl.create_sandbox(size=size, requests_per_minute=None)
            async with served(other.app) as url:
                figures |= await _brightpearl(Books(world, await world.brightpearl(url)), other)
            documents = recorded_documents()
            recorded = erpnext.create_sandbox(documents=documents)
            async with served(recorded.app) as url:
                figures |= await _recorded(Books(world, await world.erpnext(url)), documents)
    return figures


class Books:
    """One account behind a gateway."""

    def __init__(self, world: World, account: str) -> None:
        self._world = world
        self._account = account

    async def all(self, resource: str, **params: str) -> list[Record]:
        """Every record of a list, numbers exact."""
        return [*await self._world.walk(resource, self._account, decode=exact_json, limit=500, **params)]


class Sums(defaultdict[Key, Decimal]):
    """Debit less credit, by account and currency."""

    def __init__(self) -> None:
        super().__init__(Decimal)

    def book(self, account: str | None, currency: str | None, amount: Decimal | int | None) -> None:
        """Debit the account; a credit is negative."""
        if account is not None and amount is not None:
            self[account, str(currency)] += amount

    def beside(self, others: Mapping[Key, Decimal], keys: Iterable[Key]) -> list[str]:
        """Where two disagree."""
        pairs = [(key, self.get(key, ZERO), others.get(key, ZERO)) for key in sorted(set(keys))]
        return [f"{key}: {mine} for {theirs}" for key, mine, theirs in pairs if mine != theirs]


async def _erpnext(books: Books, box: Any) -> Figures:
    entries = accounts = control = 0
    today = datetime.now(box.store.zone).date().isoformat()
    for company, of in box.store.documents["Company"].items():
        trial = box.trial_balance(company)
        in_books, in_own, until_today = Sums(), Sums(), Sums()
        ledger = await books.all("transactions", company=company, is_cancelled="false")
        for entry in ledger:
            in_books.book(entry["account"], entry["currency"], entry["debit"] - entry["credit"])
            own = entry["debit_in_currency"] - entry["credit_in_currency"]
            in_own.book(entry["account"], entry["currency"], own)
            if entry["transaction_date"] <= today:
                # The site's own journals of exchange differences are 0 in the account's currency (measured).
                is_domestic = entry["currency"] == of["default_currency"]
                amount = entry["debit"] - entry["credit"] if is_domestic else own
                until_today.book(entry["account"], entry["currency"], amount)
        wanted = {key: balance.net for key, balance in trial.items()}
        wanted_own = {key: balance.net_in_account_currency for key, balance in trial.items()}
        assert sum(wanted.values()) == 0, (company, "the sandbox's trial balance is not balanced")
        told = [*in_books.beside(wanted, (*wanted, *in_books)), *in_own.beside(wanted_own, (*wanted, *in_own))]
        assert not told, (company, told[:5])
        balances = {
            (record["id"], record["currency"]): record["current_balance"]
            for record in await books.all("accounts", company=company, expand="balance", is_group="false")
        }
        told = until_today.beside(balances, (*until_today, *balances))
        assert not told, (company, "current balances", told[:5])
        documents = await _erpnext_documents(books, company)
        keys = [key for key in wanted if key in documents]
        told = documents.beside(wanted_own, keys)
        assert not told, (company, "documents", told[:5])
        entries, accounts, control = entries + len(ledger), accounts + len(balances), control + len(keys)
    return {"erpnext_entries": entries, "erpnext_balances": accounts, "erpnext_document_accounts": control}


async def _erpnext_documents(books: Books, company: str) -> Sums:
    """What documents book on receivables, payables and banks, in the accounts' own currencies."""
    sums = Sums()
    for record in await books.all("invoices", company=company):
        if record["status"] not in ("draft", "voided"):
            currency = record["balance_currency"]
            is_foreign = record["currency"] != currency
            amount = record["base_total_amount"] if is_foreign else record["total_amount"]
            sums.book(record["account"], currency, amount if record["type"] == "invoice" else -amount)
    for record in await books.all("payments", company=company, status="posted"):
        _book_payment(sums, record)
    documents = set(sums)
    for record in await books.all("journal_entries", company=company, status="posted"):
        for line in record["lines"]:
            if (line["account"], line["currency"]) in documents:
                own = line["debit_in_currency"] - line["credit_in_currency"]
                sums.book(line["account"], line["currency"], own)
    return sums


def _book_payment(sums: Sums, record: Record) -> None:
    """A bank gets or gives what was paid; a party's account what was allocated, which fees may have made more."""
    paid, received = record["total_amount"], record["received_amount"]
    if record["direction"] == "transfer":
        sums.book(record["account"], record["currency"], -paid)
        sums.book(record["account_to"], record["received_currency"], received)
        return
    # What is given back on a credit is allocated to it as a negative amount.
    sign = -1 if record["is_refund"] else 1
    settled = sum((sign * each["amount"] for each in record["allocations"]), record["unallocated_amount"])
    if record["direction"] == "in":
        sums.book(record["control_account"], record["unallocated_currency"], -settled)
        sums.book(record["account"], record["received_currency"], received)
    else:
        sums.book(record["account"], record["currency"], -paid)
        sums.book(record["control_account"], record["unallocated_currency"], settled)


async def _brightpearl(books: Books, box: Any) -> Figures:
    trial = box.store.trial_balance()
    base, own = Sums(), Sums()
    journals = await books.all("journal_entries")
    for journal in journals:
        for line in journal["lines"]:
            base.book(line["account_code"], journal["currency"], _net(line, ""))
            own.book(line["account_code"], journal["currency"], _net(line, "_in_currency"))
    told = base.beside({key: each.base for key, each in trial.items()}, (*trial, *base))
    told += own.beside({key: each.own for key, each in trial.items()}, (*trial, *own))
    assert not told, told[:5]
    assert sum(base.values()) == 0
    documents = await _brightpearl_documents(books, journals)
    told = documents.beside({key: each.own for key, each in trial.items()}, documents)
    assert not told, ("documents", told[:5])
    return {
        "brightpearl_journals": len(journals),
        "brightpearl_balances": len(trial),
        "brightpearl_document_accounts": len(documents),
    }


_DOCUMENTS = frozenset({"SI", "PI", "SC", "PC", "SR", "PP"})
_POSTED = frozenset({"authorised", "partially_paid", "paid"})


async def _brightpearl_documents(books: Books, journals: Iterable[Record]) -> Sums:
    """What documents and payments book on receivables and payables, with what was booked there by hand."""
    codes = {record["id"]: record["code"] for record in await books.all("accounts")}
    sums = Sums()
    controls: dict[str, str] = {}
    for record in await books.all("invoices"):
        controls[record["type"]] = codes[record["account"]]
        sign = 1 if record["type"] == "invoice" else -1
        sums.book(codes[record["account"]], record["currency"], sign * record["total_amount"])
    for resource, kind, sign in (("credit_notes", "invoice", -1), ("vendor_credits", "bill", 1)):
        for record in await books.all(resource):
            if record["status"] in _POSTED:
                sums.book(controls[kind], record["currency"], sign * record["total_amount"])
    for record in await books.all("payments"):
        if record["journal_entry"] is not None:
            sign = -1 if record["direction"] == "in" else 1
            sums.book(codes[record["control_account"]], record["currency"], sign * record["total_amount"])
    for journal in journals:
        for line in journal["lines"]:
            if journal["remote_type"] not in _DOCUMENTS and line["account_code"] in controls.values():
                sums.book(line["account_code"], journal["currency"], _net(line, "_in_currency"))
    return sums


def _net(line: Record, of: str) -> Decimal:
    return Decimal(line[f"debit{of}"] or 0) - Decimal(line[f"credit{of}"] or 0)


_TOTALS = {
    "invoices": (("Sales Invoice", "Purchase Invoice"), "total_amount"),
    "payments": (("Payment Entry",), "total_amount"),
    "journal_entries": (("Journal Entry",), "total_debit"),
    "transactions": (("GL Entry",), "debit"),
}


# These are in the currency of the company's books, whatever the record's own is.
_IN_BOOKS = dict.fromkeys(("total_debit", "debit"), "books")


async def _recorded(books: Books, documents: Mapping[str, list[dict[str, Any]]]) -> Figures:
    """What was recorded of a real site comes to the same, read as unified records and summed as it stands."""
    figures: Figures = {}
    for resource, (doctypes, ours) in _TOTALS.items():
        sums, wanted = Sums(), Sums()
        records = await books.all(resource)
        for record in records:
            sums.book(record["company"], _IN_BOOKS.get(ours, record["currency"]), record[ours])
        for row in (row for doctype in doctypes for row in documents[doctype]):
            wanted.book(row.get("company"), _IN_BOOKS.get(ours, _currency(row)), _total(row))
        told = sums.beside(wanted, (*sums, *wanted))
        assert not told, (resource, told[:5])
        figures[f"recorded_{resource}"] = len(records)
    figures["recorded_booked_invoices"] = await _booked(books)
    assert figures["recorded_booked_invoices"], "no recorded invoice has its ledger recorded"
    return figures


async def _booked(books: Books) -> int:
    """Recorded invoices whose entry on the party's account was recorded too: it books what the invoice comes to."""
    booked = Sums()
    for entry in await books.all("transactions", is_cancelled="false"):
        booked.book(entry["remote_document"], entry["account"], entry["debit"] - entry["credit"])
    sides = {"invoice": ("Sales Invoice", 1), "bill": ("Purchase Invoice", -1)}
    whole = {row["name"] for doctype, _ in sides.values() for row in whole_documents(doctype)}
    count = 0
    for record in await books.all("invoices"):
        doctype, sign = sides[record["type"]]
        key = (f"{doctype}:{record['remote_id']}", record["account"])
        if key in booked and record["remote_id"] in whole and record["status"] not in ("draft", "voided"):
            total = sign * record["base_total_amount"]
            assert booked[key] == total, (key, booked[key], total)
            count += 1
    return count


def _currency(row: Record) -> str:
    return str(row.get("currency") or row.get("paid_from_account_currency"))


def _total(row: Record) -> Decimal:
    for name in ("rounded_total", "grand_total", "paid_amount", "total_debit", "debit"):
        if row.get(name) and not (name == "rounded_total" and row.get("disable_rounded_total")):
            return Decimal(repr(row[name]))
    return ZERO
