"""What accounts stand at today: sums of the ledger, for a page of accounts in one call, or two with groups."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from providers.erpnext.questions import Asked, Condition, ask
from providers.erpnext.site import SITE_SECONDS, Site
from providers.erpnext.source import Joining, Source
from providers.erpnext.wire import Document
from providers.erpnext.wire_ledger import Account
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, Forbidden, Rejected
from providers.kit.pages import Caution, chunks

AT_ONCE = 8
_SUMMED = ("debit", "credit", "debit_in_account_currency", "credit_in_account_currency")
# Version 15 takes a sum as a text, version 16 as an object.
_SYNTAXES: Mapping[str, Sequence[Any]] = {
    "text": [f"sum({name}) as {name}" for name in _SUMMED],
    "object": [{"SUM": name, "as": name} for name in _SUMMED],
}
_NONE = Decimal(0)


class _Sums(msgspec.Struct, frozen=True):
    """What the entries of one account come to, in the books' currency and in the account's own."""

    account: str
    debit: Decimal | None = None
    credit: Decimal | None = None
    debit_in_account_currency: Decimal | None = None
    credit_in_account_currency: Decimal | None = None

    def in_books(self) -> Decimal:
        """Debit less credit in the books' currency."""
        return (self.debit or _NONE) - (self.credit or _NONE)

    def in_own(self) -> Decimal:
        """Debit less credit in the account's currency."""
        return (self.debit_in_account_currency or _NONE) - (self.credit_in_account_currency or _NONE)


class _Answer(msgspec.Struct, frozen=True):
    data: list[_Sums] | None = None
    message: list[_Sums] | None = None


class _Balance(msgspec.Struct, frozen=True):
    message: Decimal


class _Tree(msgspec.Struct, frozen=True):
    class Node(msgspec.Struct, frozen=True):
        name: str
        parent_account: str | None = None

    data: list[Node] | None = None
    message: list[Node] | None = None


_decode_sums = msgspec.json.Decoder(_Answer, float_hook=Decimal).decode
_decode_balance = msgspec.json.Decoder(_Balance, float_hook=Decimal).decode


async def read_balances(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """Each account's balance. An account without entries is at 0, a group at what those below it come to."""
    del source
    accounts = [head for head in heads if isinstance(head, Account)]
    try:
        found = await _balances(client, site, accounts)
    except Forbidden:
        return Joining(
            rows={each.name: [None] for each in accounts},
            cautions=(Caution(code="not_permitted", field="current_balance"),),
        )
    return Joining(rows={each.name: [found.get(each.name)] for each in accounts})


async def _balances(client: Client, site: Site, accounts: Sequence[Account]) -> Mapping[str, Decimal | None]:
    if any(each.is_group for each in accounts):
        companies = sorted({each.company for each in accounts if each.company})
        sums, tree = await asyncio.gather(
            _sums(client, site, ["company", "in", companies]), _tree(client, companies)
        )
    else:
        sums, tree = await _sums(client, site, ["account", "in", [each.name for each in accounts]]), {}
    if sums is None:
        return await _one_by_one(client, site, accounts)
    return {each.name: balance(each, site, sums, tree) for each in accounts}


def balance(
    account: Account, site: Site, sums: Mapping[str, _Sums], tree: Mapping[str, Sequence[str]]
) -> Decimal | None:
    """Debit less credit in the account's currency: a group's is its books', so it must be theirs."""
    if account.company is None:
        return None
    base_currency = site.base_currency(account.company)
    is_own = account.account_currency not in (None, "", base_currency)
    if account.is_group:
        if is_own and base_currency is not None:
            return None
        return sum((sums[name].in_books() for name in below(account.name, tree) if name in sums), _NONE)
    if account.name not in sums:
        return _NONE
    # In the books' own currency both are told, and only the books' are rounded to what that currency has.
    return sums[account.name].in_own() if is_own else sums[account.name].in_books()


def below(name: str, tree: Mapping[str, Sequence[str]]) -> Collection[str]:
    """The account and all below it, each once."""
    found, left = dict[str, None](), [name]
    while left:
        each = left.pop()
        if each not in found:
            found[each] = None
            left += tree.get(each, ())
    return found


async def _sums(client: Client, site: Site, narrowed: Condition) -> Mapping[str, _Sums] | None:
    """The sums by account until today; None where the site lets nobody sum."""
    asked = Asked(
        doctype="GL Entry",
        filters=[narrowed, ["is_cancelled", "=", 0], ["posting_date", "<=", site.today.isoformat()]],
        order_by="account asc",
        group_by="account",
        limit=0,
    )
    refused = await client.references.get("sums_refused", SITE_SECONDS, _none_refused)
    for syntax, fields in _SYNTAXES.items():
        if syntax in refused:
            continue
        try:
            return _by_account(await ask(client, asked, ["account", *fields]))
        except Rejected:
            refused.add(syntax)
    return None


async def _none_refused() -> set[str]:
    return set()


def _by_account(body: bytes) -> Mapping[str, _Sums]:
    try:
        told = _decode_sums(body)
    except msgspec.DecodeError:
        raise BadAnswer("ERPNext's sums of the ledger are not what was asked for") from None
    rows = told.data if told.data is not None else told.message
    if rows is None:
        raise BadAnswer("ERPNext's answer holds no rows")
    return {row.account: row for row in rows}


async def _tree(client: Client, companies: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The accounts directly below each account of the companies."""
    asked = Asked(doctype="Account", filters=[["company", "in", list(companies)]], order_by="name asc", limit=0)
    try:
        told = msgspec.json.decode(await ask(client, asked, ["name", "parent_account"]), type=_Tree)
    except msgspec.DecodeError:
        raise BadAnswer("ERPNext's accounts are not what was asked for") from None
    tree: dict[str, list[str]] = {}
    for node in told.data or told.message or ():
        tree.setdefault(node.parent_account or "", []).append(node.name)
    return tree


async def _one_by_one(client: Client, site: Site, accounts: Sequence[Account]) -> Mapping[str, Decimal | None]:
    """What ERPNext itself says of each account, on a site that does not let the ledger be summed."""
    found: dict[str, Decimal | None] = {}
    for chunk in chunks([each.name for each in accounts], AT_ONCE):
        told = await asyncio.gather(*(_balance_on(client, site, name) for name in chunk))
        found |= dict(zip(chunk, told, strict=True))
    return found


async def _balance_on(client: Client, site: Site, account: str) -> Decimal:
    params = (("account", account), ("date", site.today.isoformat()))
    try:
        return _decode_balance(await client.get("api/method/erpnext.accounts.utils.get_balance_on", params)).message
    except msgspec.DecodeError:
        raise BadAnswer("ERPNext's balance of an account is not a number") from None
