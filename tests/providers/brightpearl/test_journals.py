"""Journals: a search of lines walked journal by journal, whole journals, both generations of the search."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.brightpearl.resources import JOURNAL_ENTRIES
from providers.kit.errors import BadAnswer, NotFound
from providers.kit.pages import Filter, Query
from tests.providers.brightpearl.account import Account, nominal, recorded
from tests.providers.brightpearl.lines import START, journal, line
from tests.providers.fake_send import Reply, walk

NOMINALS = "accounting-service/nominal-code"


def books(*lines: int, **more: Any) -> Account:
    """Journals numbered from one, with so many lines each."""
    journals = {number: journal(number, lines=count) for number, count in enumerate(lines, 1)}
    return Account(journals=journals, **more)


async def ids(account: Account, *filters: tuple[str, str, Any], limit: int = 2) -> list[str]:
    wanted = tuple(Filter(name=name, operator=operator, value=value) for name, operator, value in filters)  # type: ignore[arg-type]
    return await walk(account.client(), JOURNAL_ENTRIES, Query(limit=limit, filters=wanted))


@settings(max_examples=40, deadline=None)
@given(
    lines=st.lists(st.sampled_from([2, 3, 60, 99, 100, 101, 250]), max_size=9),
    limit=st.integers(1, 6),
    old_metadata=st.booleans(),
)
def test_a_walk_gives_each_journal_once_wherever_pages_cut_its_lines(
    lines: list[int], limit: int, old_metadata: bool
) -> None:
    account = books(*lines, has_old_metadata=old_metadata)

    assert asyncio.run(ids(account, limit=limit)) == [str(number) for number in range(1, len(lines) + 1)]


async def test_a_recorded_search_of_2015_is_read_though_its_totals_are_not_true() -> None:
    account = Account(journals={1: journal(1), 2: journal(2)})
    account.send.on("accounting-service/journal-search", Reply(recorded("journal_search_2015")))

    page = await account.listed(JOURNAL_ENTRIES)

    assert [record.id for record in page.records] == ["1", "2"]
    assert page.next is not None  # It says that there are a million lines.


async def test_a_search_that_is_not_in_order_is_refused_since_the_walk_would_lose_journals() -> None:
    account = Account()
    answer = recorded("journal_search_2015")
    answer["response"]["results"].reverse()
    account.send.on("accounting-service/journal-search", Reply(answer))

    with pytest.raises(BadAnswer, match="order"):
        await account.listed(JOURNAL_ENTRIES)


@pytest.mark.parametrize("old_metadata", [False, True])
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([("created_at", "gte", START + timedelta(minutes=3))], "3 4 5"),
        ([("updated_at", "gt", START + timedelta(minutes=3))], "4 5"),
        ([("transaction_date", "lt", date(2026, 3, 1))], "5"),
        ([("transaction_date", "eq", date(2026, 3, 1)), ("created_at", "lt", START + timedelta(minutes=2))], "1"),
        ([("type", "eq", "ACCOUNTS_RECEIVABLE")], "1 4"),
        ([("type", "eq", "GENERAL")], "2"),
        ([("remote_type", "eq", "XX")], "5"),
        ([("remote_type", "eq", "SI"), ("type", "eq", "GENERAL")], ""),
        ([("contact", "eq", "77")], "3"),
    ],
)
async def test_journals_are_found_by_when_they_were_made_and_booked_and_by_what_they_are(
    filters: list[tuple[str, str, Any]], expected: str, old_metadata: bool
) -> None:
    codes = ["SI", "JJ", "PP", "SR", "XX"]
    account = Account(has_old_metadata=old_metadata)
    account.journals = {number: journal(number, code) for number, code in enumerate(codes, 1)}
    account.journals[3]["contactId"] = 77
    account.journals[5]["taxDate"] = "2026-02-28T00:00:00.000Z"

    assert await ids(account, *filters, limit=1) == expected.split()


async def test_a_page_costs_one_search_and_a_read_for_every_two_hundred_journals() -> None:
    account = books(*[2] * 250)
    await account.listed(JOURNAL_ENTRIES)
    account.send.calls.clear()

    page = await account.listed(JOURNAL_ENTRIES)

    assert len(page.records) == 250
    assert [call.path.split("/")[1] for call in account.send.calls] == ["journal-search", "journal", "journal"]


@pytest.mark.parametrize(
    ("code", "unified", "contact_type", "document_type"),
    [
        ("SI", "ACCOUNTS_RECEIVABLE", "customer", "sales_orders"),
        ("SC", "ACCOUNTS_RECEIVABLE", "customer", "credit_notes"),
        ("SR", "ACCOUNTS_RECEIVABLE", "customer", None),
        ("PI", "ACCOUNTS_PAYABLE", "vendor", "purchase_orders"),
        ("PC", "ACCOUNTS_PAYABLE", "vendor", "vendor_credits"),
        ("PP", "ACCOUNTS_PAYABLE", "vendor", None),
        ("BT", "GENERAL", None, None),
        ("OB", "GENERAL", None, None),
        ("XX", None, None, None),
    ],
)
async def test_the_type_says_the_side_of_the_books_and_what_its_orders_are(
    code: str, unified: str | None, contact_type: str | None, document_type: str | None
) -> None:
    lines = {"debits": [line("1100", "2.00", orderId=9)], "credits": [line("4000", "2.00", orderId=0)]}

    record, _ = await Account(journals={1: journal(1, code, contactId=7, **lines)}).got(JOURNAL_ENTRIES, "1")

    assert (record.type, record.remote_type, record.is_opening_balance) == (unified, code, code == "OB")
    assert (record.contact.id, record.contact.type) == ("7", contact_type)
    debit, credit = record.lines
    assert (debit.document_type, debit.remote_document) == (document_type, "order:9")
    assert debit.document == ("9" if document_type else None)
    assert (credit.document, credit.document_type, credit.remote_document) == (None, None, None)


async def test_a_line_has_its_base_amount_and_its_amount_in_the_currency_of_the_journal() -> None:
    debit = line(
        "5000", "100.00", transactionAmount="130.70", taxCode="T", assignment={"channelId": 3, "projectId": 0}
    )
    credit = line("2100", "100.00", transactionAmount="130.70")
    account = Account(
        journals={1: journal(1, debits=[debit], credits=[credit], currencyId=2, exchangeRate="1.307000")},
        lists={
            NOMINALS: [nominal(40, "5000")],
            "accounting-service/tax-code": recorded("tax_code_get_all")["response"],
        },
    )

    record, _ = await account.got(JOURNAL_ENTRIES, "1")

    first, second = record.lines
    assert (record.currency, record.base_currency, str(record.exchange_rate)) == ("USD", "GBP", "1.307000")
    assert (first.debit, first.debit_in_currency, first.credit) == (Decimal("100.00"), Decimal("130.70"), None)
    assert (second.credit, second.credit_in_currency, second.debit) == (Decimal("100.00"), Decimal("130.70"), None)
    assert (first.total_line_amount, second.total_line_amount) == (Decimal("100.00"), Decimal("-100.00"))
    assert (first.account, first.account_code, second.account) == ("40", "5000", None)
    assert (first.tax_rate, first.tax_code) == ("2", "T")
    assert [each.id for each in first.tracking_categories] == ["channel:3"]
    assert record.total_debit == record.total_credit == Decimal("100.00")
    # The rate is foreign for one of the base, as what the books and the transaction say of one line agrees with.
    assert first.debit * record.exchange_rate == first.debit_in_currency


async def test_a_journal_of_before_2016_has_no_currency_and_none_is_made_up() -> None:
    old = journal(1)
    del old["currencyId"], old["exchangeRate"], old["credits"][0]["transactionAmount"]

    record, _ = await Account(journals={1: old}).got(JOURNAL_ENTRIES, "1")

    assert (record.currency, record.exchange_rate) == (None, None)
    assert record.lines[1].credit_in_currency is None
    assert record.total_credit == Decimal("1.00")


async def test_an_account_made_since_is_looked_up_once_more() -> None:
    account = books(2)
    account.lists[NOMINALS] = [nominal(1, "5000")]
    await account.listed(JOURNAL_ENTRIES)
    account.lists[NOMINALS].append(nominal(2, "7777"))
    account.journals[2] = journal(2, debits=[line("7777", "1.00")])

    page = await account.listed(JOURNAL_ENTRIES)

    assert page.records[1].lines[0].account == "2"  # type: ignore[attr-defined]
    assert len(account.calls_to(NOMINALS)) == 3  # Kept, once for 1200 which is nowhere, once for 7777.


@pytest.mark.parametrize("record_id", ["0", "9", "x", "SI:1"])
async def test_a_journal_that_is_not_there_is_not_found(record_id: str) -> None:
    with pytest.raises(NotFound):
        await books(2).got(JOURNAL_ENTRIES, record_id)
