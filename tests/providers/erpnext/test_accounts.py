"""Accounts with what they stand at, currencies, and rates with their direction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from providers.erpnext.rows.ledger import ACCOUNTS, CURRENCIES, EXCHANGE_RATES
from providers.kit.pages import Query
from tests.providers.erpnext.asking import cautions, one, records, where
from tests.providers.erpnext.frappe import FORBIDDEN, Frappe
from tests.providers.fake_send import Call, Reply

STAMP = "2026-11-21 10:00:00.000000"
BALANCE = "api/method/erpnext.accounts.utils.get_balance_on"
EXPAND = {"expand": frozenset({"balance"}), "limit": 500}


def account(name: str, parent: str | None = None, **fields: Any) -> dict[str, Any]:
    """An account of Acme's, whose books are in pounds."""
    usual = {"company": "Acme", "account_currency": "GBP", "is_group": 0, "root_type": "Asset", "disabled": 0}
    return {"name": name, "modified": STAMP, "account_name": name, "parent_account": parent, **usual, **fields}


def entry(name: str, on: str, debit: str, own: str | None = None, **fields: Any) -> dict[str, Any]:
    """A row of the ledger; a credit is a negative debit."""
    amounts = {
        field.format(suffix): value
        for suffix, amount in (("", Decimal(debit)), ("_in_account_currency", Decimal(own or debit)))
        for field, value in (("debit{}", max(amount, Decimal(0))), ("credit{}", max(-amount, Decimal(0))))
    }
    usual = {"company": "Acme", "is_cancelled": 0, "posting_date": "2026-11-01"}
    return {"name": name, "modified": STAMP, "account": on, **amounts, **usual, **fields}


def books() -> Frappe:
    """A chart with a group of two accounts, one of them in dollars, and one that nothing is booked to."""
    site = Frappe()
    site.add("Company", [{"name": "Acme", "default_currency": "GBP"}])
    site.add(
        "Account",
        [
            account("Assets", is_group=1),
            account("Banks", "Assets", is_group=1),
            account("HSBC", "Banks", account_type="Bank", account_number="0012"),
            account("Wise", "Banks", account_type="Bank", account_currency="USD"),
            account("Unused", "Assets"),
        ],
    )
    site.add(
        "GL Entry",
        [
            entry("1", "HSBC", "100.10"),
            entry("2", "HSBC", "-0.20", "-0.30"),
            entry("3", "HSBC", "7", posting_date="2026-11-24"),
            entry("4", "HSBC", "1000", posting_date="2026-11-25"),
            entry("5", "HSBC", "500", is_cancelled=1),
            entry("6", "Wise", "79", "100"),
        ],
    )
    return site


async def balances(site: Frappe, **asked: Any) -> dict[str, Decimal | None]:
    """Each account's balance as the list tells it; a get must tell the same."""
    listed = await records(site, ACCOUNTS, **{**EXPAND, **asked})
    for record in listed:
        assert (await one(site, ACCOUNTS, record.id, "balance")).current_balance == record.current_balance
    return {record.id: record.current_balance for record in listed}


async def test_a_balance_is_what_was_booked_until_today_in_the_accounts_currency() -> None:
    found = await balances(books())

    # It is the 24th there: what is posted on the 25th does not count yet, nor does what was cancelled.
    assert found["HSBC"] == Decimal("106.90")
    assert found["Wise"] == 100
    assert found["Unused"] == 0


async def test_a_groups_balance_is_that_of_all_below_it_in_the_currency_of_the_books() -> None:
    found = await balances(books())

    assert found["Banks"] == found["Assets"] == Decimal("106.90") + 79


async def test_a_group_in_a_currency_that_its_books_are_not_in_has_no_balance() -> None:
    site = books()
    site.documents["Account"]["Banks"]["account_currency"] = "USD"

    assert (await balances(site))["Banks"] is None


async def test_a_chart_that_runs_in_a_circle_ends() -> None:
    site = books()
    site.documents["Account"]["Assets"]["parent_account"] = "Banks"

    assert (await balances(site))["Banks"] == Decimal("106.90") + 79


@pytest.mark.parametrize(("is_group", "calls"), [(False, 2), (True, 3)])
async def test_balances_cost_one_call_a_page_and_groups_one_more(is_group: bool, calls: int) -> None:
    site = books()
    known = await ACCOUNTS.site(site.client())
    assert ACCOUNTS.list is not None
    query = Query(**EXPAND, **where("is_group", is_group))
    await ACCOUNTS.list(site.client(), known, query)
    site.send.calls.clear()

    await ACCOUNTS.list(site.client(), known, query)

    assert len(site.send.calls) == calls


async def test_unasked_there_is_no_balance_and_no_call_for_one() -> None:
    site = books()

    found = await records(site, ACCOUNTS, limit=500)

    assert {record.current_balance for record in found} == {msgspec.UNSET}
    assert site.lists("GL Entry") == []


async def test_balances_that_may_not_be_read_are_null_with_a_warning() -> None:
    site = books()
    site.forbidden = {"GL Entry"}

    assert set((await balances(site)).values()) == {None}
    assert [(each.code, each.field) for each in await cautions(site, ACCOUNTS, **EXPAND)] == [
        ("not_permitted", "current_balance")
    ]


def refusing(site: Frappe, *kinds: type) -> None:
    """The site refuses fields of these kinds that sum."""
    path = "api/resource/GL Entry"

    def answer(call: Call) -> Reply:
        if isinstance(call.argument("fields")[1], kinds):
            return Reply({"exc_type": "ValidationError", "exception": "x: no such syntax"}, 417)
        return Reply({"data": [{"account": "HSBC", "debit": 5.5, "credit": 1}]})

    site.send.on(path, answer)


async def test_a_site_of_version_16_is_asked_in_its_own_syntax_and_once_refused_is_not_asked_again() -> None:
    site = books()
    refusing(site, str)
    only = where("name", "HSBC")

    assert (await records(site, ACCOUNTS, **EXPAND, **only))[0].current_balance == Decimal("4.5")
    assert (await records(site, ACCOUNTS, **EXPAND, **only))[0].current_balance == Decimal("4.5")

    asked = [type(call.argument("fields")[1]) for call in site.lists("GL Entry")]
    assert asked == [str, dict, dict]


async def test_a_site_that_lets_nobody_sum_is_asked_for_each_accounts_balance() -> None:
    site = books()
    refusing(site, str, dict)
    asked: list[tuple[str, str]] = []

    def balance(call: Call) -> Reply:
        asked.append((call.params["account"], call.params["date"]))
        return Reply({"message": 12.5})

    site.send.on(BALANCE, balance)

    found = {record.id: record.current_balance for record in await records(site, ACCOUNTS, **EXPAND)}

    assert found == dict.fromkeys(("Assets", "Banks", "HSBC", "Wise", "Unused"), Decimal("12.5"))
    assert sorted(asked) == sorted((name, "2026-11-24") for name in found)


async def test_without_a_right_to_companies_an_accounts_own_currency_counts() -> None:
    site = books()
    site.forbidden = {"Company"}

    assert (await balances(site, **where("name", "Wise")))["Wise"] is not None
    assert (await balances(site, **where("name", "HSBC")))["HSBC"] == Decimal("106.80")


@pytest.mark.parametrize(
    ("fields", "classification", "kind"),
    [
        ({"root_type": "Asset", "account_type": "Bank"}, "bank", "bank"),
        ({"root_type": "Asset", "account_type": "Receivable"}, "asset", "accounts_receivable"),
        ({"root_type": "Liability", "account_type": "Tax"}, "liability", "tax"),
        ({"root_type": "Income", "account_type": ""}, "revenue", None),
        ({"root_type": "Equity", "account_type": "Temporary"}, "equity", None),
        ({"root_type": "Expense", "account_type": "Of their own"}, "expense", None),
    ],
)
async def test_an_account_says_its_side_of_the_books_and_its_use(
    fields: dict[str, Any], classification: str, kind: str | None
) -> None:
    site = Frappe()
    site.add("Account", [account("X", account_number="0012", tax_rate=Decimal("20.0"), **fields)])

    record = await one(site, ACCOUNTS, "X")

    assert (record.classification, record.remote_classification) == (classification, fields["root_type"])
    assert (record.type, record.remote_type) == (kind, fields["account_type"] or None)
    assert record.is_bank is (kind == "bank")
    assert record.tax_percentage == (20 if kind == "tax" else None)
    assert record.code == "0012"


async def test_a_type_that_may_not_be_read_makes_no_bank_of_an_account_and_no_other() -> None:
    site = Frappe(guarded={"Account": {"account_type"}}, hidden={"account_type"})
    site.add("Account", [account("X", account_type="Bank")])
    site.metadata = {"Account": {"Account": []}}

    [record] = await records(site, ACCOUNTS)

    assert (record.classification, record.type, record.is_bank) == (None, None, None)


async def test_banks_and_what_is_none_can_be_asked_for() -> None:
    banks = await records(books(), ACCOUNTS, **where("classification", "bank"))
    others = await records(books(), ACCOUNTS, **where("classification", "asset"))

    assert {each.id for each in banks} == {"HSBC", "Wise"}
    assert {each.id for each in others} == {"Assets", "Banks", "Unused"}


@pytest.mark.parametrize(("reply", "is_base"), [(None, {"GBP": True, "USD": False}), (FORBIDDEN, None)])
async def test_a_currency_of_any_companys_books_is_a_base_one(
    reply: Reply | None, is_base: dict[str, bool] | None
) -> None:
    site = books()
    stamps = {"modified": STAMP, "enabled": 1, "smallest_currency_fraction_value": Decimal("0.0")}
    site.add("Currency", [{"name": code, **stamps} for code in ("GBP", "USD")])
    if reply is not None:
        site.send.on("api/resource/Company", reply)

    found = {record.code: record.is_base for record in await records(site, CURRENCIES)}

    assert found == (is_base or {"GBP": None, "USD": None})


async def test_companies_of_which_only_names_are_told_say_nothing_of_bases() -> None:
    site = books()
    site.send.on("api/resource/Company", Reply({"data": [{"name": "Acme"}]}))
    site.add("Currency", [{"name": "GBP", "modified": STAMP, "enabled": 1}])

    [record] = await records(site, CURRENCIES)

    assert record.is_base is None


async def test_a_rate_is_units_of_the_second_currency_for_one_of_the_first() -> None:
    site = Frappe()
    site.add(
        "Currency Exchange",
        [
            {
                "name": "X",
                "modified": STAMP,
                "date": "2026-01-01",
                "from_currency": "USD",
                "to_currency": "GBP",
                "exchange_rate": Decimal("0.8"),
                "for_buying": 1,
                "for_selling": 0,
            }
        ],
    )

    record = await one(site, EXCHANGE_RATES, "X")

    assert (record.from_currency, record.to_currency, record.rate) == ("USD", "GBP", Decimal("0.8"))
    assert (record.is_for_buying, record.is_for_selling) == (True, False)
