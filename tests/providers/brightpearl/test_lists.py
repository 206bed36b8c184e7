"""Whole lists: paged and filtered here, each record once, what cannot be read told, what is new looked up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from providers.brightpearl.resources import (
    ACCOUNTS,
    COMPANY_INFO,
    CONTACT_GROUPS,
    CONTACTS,
    CURRENCIES,
    EXCHANGE_RATES,
    PAYMENT_METHODS,
    TAX_RATES,
    TRACKING_CATEGORIES,
)
from providers.kit.errors import NotFound, UnsupportedFilter
from providers.kit.pages import Filter, Query
from providers.kit.resource import AnyResource
from tests.providers.brightpearl.account import Account, nominal, recorded, refusal
from tests.providers.brightpearl.test_golden import account
from tests.providers.fake_send import Reply, walk

NOMINALS = "accounting-service/nominal-code"
METHODS = "accounting-service/payment-method"
GROUPS = "contact-service/contact-group"
MEMBERS = "contact-service/contact-group-member-search"
LIMITS = [1, 2, 3, 500]


def ledger(*codes: str, **more: Any) -> Account:
    rows = [nominal(number, code, **more) for number, code in enumerate(codes, 1)]
    return Account(lists={NOMINALS: rows})


async def ids(books: Account, resource: AnyResource, *filters: tuple[str, str, Any], **asked: Any) -> list[str]:
    wanted = tuple(Filter(name=name, operator=operator, value=value) for name, operator, value in filters)  # type: ignore[arg-type]
    return await walk(books.client(), resource, Query(**{"limit": 2, "filters": wanted, **asked}))


@pytest.mark.parametrize("limit", LIMITS)
async def test_a_walk_gives_each_record_of_a_list_once_in_the_order_of_ids(limit: int) -> None:
    books = account()
    books.lists[NOMINALS].reverse()

    assert await ids(books, ACCOUNTS, limit=limit) == ["1", "10", "11", "12", "21", "23"]
    assert await ids(books, TAX_RATES, limit=limit) == [
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "8",
        "9",
        "10",
        "11",
        "12",
        "20",
    ]
    assert await ids(books, EXCHANGE_RATES, limit=limit) == ["2@1970-01-01T00:00:00Z", "2@2014-01-01T00:00:00Z"]
    assert await ids(books, CURRENCIES, limit=limit) == ["1", "2"]
    assert await ids(books, TRACKING_CATEGORIES, limit=limit) == [
        "channel:3",
        *("project:1", "project:3"),
        *("lead_source:1", "lead_source:3"),
    ]
    assert await ids(books, COMPANY_INFO, limit=limit) == ["acme"]


async def test_a_walk_goes_on_after_the_record_it_stopped_at_is_gone() -> None:
    books = ledger("1", "2", "3", "4")
    page = await books.listed(ACCOUNTS, limit=2)
    del books.lists[NOMINALS][1]

    following = await books.listed(ACCOUNTS, limit=2, position=page.next)

    assert [record.id for record in (*page.records, *following.records)] == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("resource", "filters", "expected"),
    [
        (ACCOUNTS, [("code", "eq", "1200")], ["10"]),
        (ACCOUNTS, [("code", "eq", "120")], []),
        (ACCOUNTS, [("is_bank", "eq", False)], ["1", "11", "12", "21", "23"]),
        (ACCOUNTS, [("status", "eq", "archived")], []),
        (TAX_RATES, [("code", "eq", "VAT")], ["4"]),
        (TAX_RATES, [("name", "eq", "IVA 2%")], ["6", "11"]),
        (PAYMENT_METHODS, [("code", "eq", "ACME_PAY"), ("status", "eq", "active")], ["2"]),
        (CURRENCIES, [("is_base", "eq", True)], ["1"]),
        (CURRENCIES, [("code", "eq", "USD")], ["2"]),
        (
            EXCHANGE_RATES,
            [("to_currency", "eq", "USD"), ("date", "gt", date(1970, 1, 1))],
            ["2@2014-01-01T00:00:00Z"],
        ),
        (EXCHANGE_RATES, [("to_currency", "eq", "EUR")], []),
        (TRACKING_CATEGORIES, [("category_type", "eq", "project")], ["project:1", "project:3"]),
        (TRACKING_CATEGORIES, [("name", "eq", "Word of mouth")], ["lead_source:1"]),
        (CONTACT_GROUPS, [("name", "eq", "VIP")], ["1"]),
        (CONTACT_GROUPS, [("created_at", "gte", datetime(2013, 5, 28, 20, 35, 27, tzinfo=UTC))], []),
    ],
)
async def test_a_list_is_filtered_here_since_it_is_whole(
    resource: AnyResource, filters: list[tuple[str, str, Any]], expected: list[str]
) -> None:
    assert await ids(account(), resource, *filters) == expected


async def test_a_list_too_long_to_filter_here_says_so_and_is_still_walked() -> None:
    books = ledger(*(f"{number:04d}" for number in range(1, 2002)))

    with pytest.raises(UnsupportedFilter):
        await ids(books, ACCOUNTS, ("code", "eq", "0001"))

    assert len(await ids(books, ACCOUNTS, limit=500)) == 2001


async def test_a_row_that_cannot_be_read_is_told_once_and_the_others_go_on() -> None:
    books = ledger("1", "2", "3")
    books.lists[NOMINALS].append({"id": 9, "code": {"odd": True}})

    first = await books.listed(ACCOUNTS, limit=2)
    second = await books.listed(ACCOUNTS, limit=2, position=first.next)

    assert [(caution.code, caution.id, caution.field) for caution in first.cautions] == [
        ("wrong_type", "9", "code")
    ]
    assert list(second.cautions) == []
    assert [record.id for record in (*first.records, *second.records)] == ["1", "2", "3"]


async def test_nothing_found_is_an_empty_list_and_a_path_that_is_not_there_is_not() -> None:
    assert await ids(Account(), ACCOUNTS) == []
    books = Account()
    books.send.on(NOMINALS, refusal("CMNC-404", "Cannot find the resource /app/nominal-code", 404))

    with pytest.raises(NotFound):
        await ids(books, ACCOUNTS)


@pytest.mark.parametrize("record_id", ["0", "7", "-1", "x", "1/2", "٣", "channel:7", "staff:1", ":1", "1@x"])
@pytest.mark.parametrize(
    "resource",
    [
        ACCOUNTS,
        TAX_RATES,
        PAYMENT_METHODS,
        CURRENCIES,
        EXCHANGE_RATES,
        CONTACT_GROUPS,
        TRACKING_CATEGORIES,
        COMPANY_INFO,
    ],
    ids=lambda resource: resource.model.__name__,
)
async def test_what_is_not_there_is_not_found(resource: AnyResource, record_id: str) -> None:
    books = account()
    books.lists["accounting-service/tax-code"] = []

    with pytest.raises(NotFound):
        await books.got(resource, record_id)


async def test_a_bank_account_is_told_by_its_flag_and_kept_in_its_currency() -> None:
    record, _ = await ledger("1210", bank=True, currencyId=2, taxCode=7, active=False).got(ACCOUNTS, "1")

    assert (record.type, record.classification, record.is_bank, record.currency) == ("bank", "bank", True, "USD")
    assert (record.tax_rate, record.status) == ("7", "archived")


async def test_a_tax_code_without_a_rate_has_none_and_is_not_called_zero() -> None:
    record, _ = await account().got(TAX_RATES, "10")

    # Recorded so: a code that is plainly 1 % carries no rate.
    assert (record.code, record.name, record.total_tax_rate) == ("I1", "IVA 1%", None)


@pytest.mark.parametrize(("foreign", "base"), [("130.70", "100.00"), ("1.307", "1")])
async def test_a_rate_is_foreign_units_for_one_of_the_base(foreign: str, base: str) -> None:
    record, _ = await account().got(EXCHANGE_RATES, "2@2014-01-01T00:00:00Z")

    # The documented sample, 1.307 between GBP (the base) and USD, is what a pound was worth in dollars.
    assert (record.from_currency, record.to_currency) == ("GBP", "USD")
    assert Decimal(base) * record.rate == Decimal(foreign)


async def test_a_currency_that_is_new_is_looked_up_once_more_and_then_not_again() -> None:
    books = ledger("1210", currencyId=3)
    before, _ = await books.got(ACCOUNTS, "1")
    again, _ = await books.got(ACCOUNTS, "1")
    calls = len(books.calls_to("accounting-service/currency-search"))
    answer = recorded("currency_search")
    answer["response"]["results"].append([4, "Euro", "EUR", "€", "0.900000", False, "7700"])
    books.send.on("accounting-service/currency-search", Reply(answer))
    books.lists[NOMINALS].append(nominal(2, "1220", currencyId=4))
    after = await books.listed(ACCOUNTS)

    assert (before.currency, again.currency, calls) == (None, None, 2)
    assert [record.currency for record in after.records] == [None, "EUR"]  # type: ignore[attr-defined]


async def test_a_contacts_new_currency_is_looked_up_too() -> None:
    books = Account(contacts={7: {"contactId": 7, "financialDetails": {"currencyId": 9}}})

    page = await books.listed(CONTACTS)

    assert page.records[0].currency is None  # type: ignore[attr-defined]
    assert len(books.calls_to("accounting-service/currency-search")) == 2


async def test_a_list_of_references_that_may_not_be_read_is_told() -> None:
    books = account()
    books.forbidden = (NOMINALS,)

    page = await books.listed(PAYMENT_METHODS)

    assert [(caution.code, caution.field) for caution in page.cautions] == [("reference_unknown", "accounts")]
    assert page.records[0].accounts[0].account is None  # type: ignore[attr-defined]


async def test_a_method_without_a_bank_account_has_its_id_from_the_search() -> None:
    books = account()
    books.lists[METHODS].append({"name": "Cash", "code": "CASH", "isActive": True})
    books.lists["accounting-service/payment-method-search"] = [
        {"id": 6, "code": "CASH", "name": "Cash", "active": True, "currency": "GBP", "bank_account": ""}
    ]

    assert await ids(books, PAYMENT_METHODS) == ["2", "6"]
    record, _ = await books.got(PAYMENT_METHODS, "6")
    assert (record.code, record.accounts) == ("CASH", [])


async def test_a_method_whose_id_nobody_tells_is_reported() -> None:
    books = account()
    books.lists[METHODS] = [{"name": "Cash", "code": "CASH"}]

    page = await books.listed(PAYMENT_METHODS)

    assert list(page.records) == []
    assert [caution.code for caution in page.cautions] == ["wrong_type"]
