"""What the ledger adds up to: balances and the trial balance, from the sandbox's GL Entries alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from providers.erpnext.sandbox.store import Row, Store

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """An account's debits and credits, in the company's currency and in the account's own."""

    account: str
    account_currency: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    debit_in_account_currency: Decimal = ZERO
    credit_in_account_currency: Decimal = ZERO

    @property
    def net(self) -> Decimal:
        """Debit less credit, in the company's currency."""
        return self.debit - self.credit

    @property
    def net_in_account_currency(self) -> Decimal:
        """Debit less credit, in the account's currency."""
        return self.debit_in_account_currency - self.credit_in_account_currency

    def plus(self, row: Row) -> Balance:
        """The balance after this row of the ledger."""
        return Balance(
            account=self.account,
            account_currency=self.account_currency,
            debit=self.debit + money(row["debit"]),
            credit=self.credit + money(row["credit"]),
            debit_in_account_currency=self.debit_in_account_currency + money(row["debit_in_account_currency"]),
            credit_in_account_currency=self.credit_in_account_currency + money(row["credit_in_account_currency"]),
        )


def money(amount: float) -> Decimal:
    """A float as the digits it is written with."""
    return Decimal(repr(amount))


def entries(
    store: Store, company: str | None = None, since: str | None = None, until: str | None = None
) -> Iterator[Row]:
    """The rows of the ledger that count, of these days."""
    for row in store.documents["GL Entry"].values():
        if row["is_cancelled"] or (company is not None and row["company"] != company):
            continue
        if (since is None or row["posting_date"] >= since) and (until is None or row["posting_date"] <= until):
            yield row


def trial_balance(
    store: Store, company: str, since: str | None = None, until: str | None = None
) -> dict[tuple[str, str], Balance]:
    """Each account's balance, by account and its currency."""
    found: dict[tuple[str, str], Balance] = {}
    for row in entries(store, company, since, until):
        key = (row["account"], row["account_currency"])
        found[key] = found.get(key, Balance(account=key[0], account_currency=key[1])).plus(row)
    return found


def balance_on(store: Store, account: Row, date: str, *, in_account_currency: bool) -> Decimal:
    """An account's balance at the end of a day; of income and expense, since the year's start (measured)."""
    accounts = {account["name"]}
    if account["is_group"]:
        accounts = {
            row["name"]
            for row in store.documents["Account"].values()
            if row["company"] == account["company"] and account["lft"] <= row["lft"] <= account["rgt"]
        }
        company = store.documents["Company"].get(account["company"], {})
        in_account_currency &= account["account_currency"] != company.get("default_currency")
    since = f"{date[:4]}-01-01" if account["report_type"] == "Profit and Loss" else None
    rows = [row for row in entries(store, account["company"], since, date) if row["account"] in accounts]
    more = "_in_account_currency" if in_account_currency else ""
    return sum((money(row[f"debit{more}"]) - money(row[f"credit{more}"]) for row in rows), ZERO)


def report(store: Store, company: str, since: str, until: str) -> list[Row]:
    """The rows of the report Trial Balance: the accounts that moved, each with all below it, and the total."""
    accounts = sorted(
        (row for row in store.documents["Account"].values() if row["company"] == company),
        key=lambda row: row["lft"],
    )
    before, within = _split(store, company, since, until)
    currency = store.documents["Company"][company]["default_currency"]
    parents = {row["name"]: row["parent_account"] for row in accounts}
    found = []
    for account in accounts:
        below = [row["name"] for row in accounts if account["lft"] <= row["lft"] <= account["rgt"]]
        opening_debit, debit = (
            sum((each[name].debit for name in below if name in each), ZERO) for each in (before, within)
        )
        opening_credit, credit = (
            sum((each[name].credit for name in below if name in each), ZERO) for each in (before, within)
        )
        amounts = {
            "opening_debit": opening_debit,
            "opening_credit": opening_credit,
            "debit": debit,
            "credit": credit,
            "closing_debit": opening_debit + debit,
            "closing_credit": opening_credit + credit,
        }
        if not any(amounts.values()):
            continue
        found.append(
            {
                "account": account["name"],
                "parent_account": account["parent_account"],
                "indent": _depth(account["name"], parents),
                "from_date": since,
                "to_date": until,
                "currency": currency,
                "account_name": " - ".join(filter(None, (account["account_number"], account["account_name"]))),
                **{name: float(amount) for name, amount in amounts.items()},
                "has_value": True,
            }
        )
    top = [row for row in found if not row["parent_account"]]
    totals = {name: sum(row[name] for row in top) for name in _AMOUNTS}
    named = {"account": "'Total'", "account_name": "'Total'", "parent_account": None, "indent": 0}
    return [*found, {**named, "currency": currency, "has_value": True, **totals}]


_AMOUNTS = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")


def _split(store: Store, company: str, since: str, until: str) -> tuple[dict[str, Balance], dict[str, Balance]]:
    """Each account's balance before these days, or by opening entries, and of these days."""
    before: dict[str, Balance] = {}
    within: dict[str, Balance] = {}
    for row in entries(store, company, None, until):
        found = before if row["posting_date"] < since or row["is_opening"] == "Yes" else within
        account = row["account"]
        empty = Balance(account=account, account_currency=row["account_currency"])
        found[account] = found.get(account, empty).plus(row)
    return before, within


def _depth(account: str, parents: dict[str, str | None]) -> int:
    parent = parents.get(account)
    return 0 if not parent else 1 + _depth(parent, parents)
