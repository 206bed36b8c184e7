"""Movements of bank accounts: which journals they are, what received and sent, and what the rest was for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from providers.brightpearl.resources import TRANSACTIONS
from providers.kit.errors import NotFound
from providers.kit.pages import Filter, Query
from tests.providers.brightpearl.account import Account, nominal
from tests.providers.brightpearl.lines import journal, line
from tests.providers.fake_send import walk

NOMINALS = {
    "accounting-service/nominal-code": [
        nominal(1, "1200", bank=True),
        nominal(2, "1210", bank=True),
        nominal(3, "7100"),
        nominal(4, "7901"),
    ]
}


def books(**journals: dict[str, Any]) -> Account:
    return Account(
        journals={number: row | {"id": number} for number, row in enumerate(journals.values(), 1)},
        lists={name: list(rows) for name, rows in NOMINALS.items()},
    )


async def ids(account: Account, *filters: tuple[str, str, Any]) -> list[str]:
    wanted = tuple(Filter(name=name, operator=operator, value=value) for name, operator, value in filters)  # type: ignore[arg-type]
    return await walk(account.client(), TRANSACTIONS, Query(limit=1, filters=wanted))


async def test_only_the_banks_own_journals_are_movements_and_payments_of_documents_are_not() -> None:
    codes = ["BT", "SR", "BP", "JJ", "BR", "PP", "BP"]
    account = books(**{f"{code}{index}": journal(1, code) for index, code in enumerate(codes)})

    assert await ids(account) == ["3", "7", "5", "1"]
    assert await ids(account, ("transaction_type", "eq", "spend")) == ["3", "7"]
    for other in ("2", "4", "6", "9", "x"):
        with pytest.raises(NotFound):
            await account.got(TRANSACTIONS, other)


async def test_movements_are_found_by_when_they_were_booked_and_made() -> None:
    account = books(one=journal(1, "BP"), two=journal(1, "BP", taxDate="2026-02-01T00:00:00.000Z"))
    account.journals[2]["createdOn"] = "2026-04-01T00:00:00.000Z"

    assert await ids(account, ("transaction_date", "lte", date(2026, 2, 1))) == ["2"]
    assert await ids(account, ("updated_at", "gte", datetime(2026, 4, 1, tzinfo=UTC))) == ["2"]
    assert await ids(account, ("contact", "eq", "7")) == []


async def test_a_payment_from_the_bank_is_for_all_its_other_lines() -> None:
    debits = [line("7100", "100.00", taxCode="T", assignment={"channelId": 3}), line("7901", "0.75")]
    account = books(one=journal(1, "BP", debits=debits, credits=[line("1200", "100.75")], description="Rent"))

    record, cautions = await account.got(TRANSACTIONS, "1")

    assert list(cautions) == []
    assert (record.kind, record.transaction_type, record.remote_type) == ("bank", "spend", "BP")
    assert (record.account, record.account_from, record.total_amount) == (None, "1", Decimal("100.75"))
    assert (record.debit, record.credit, record.memo) == (None, Decimal("100.75"), "Rent")
    assert [(each.account, str(each.net_amount)) for each in record.line_items] == [
        ("7100", "100.00"),
        ("7901", "0.75"),
    ]
    assert [each.id for each in record.line_items[0].tracking_categories] == ["channel:3"]


async def test_a_receipt_is_to_the_bank_and_what_it_lost_on_the_way_is_negative() -> None:
    debits = [line("1200", "99.25"), line("7901", "0.75")]
    account = books(one=journal(1, "BR", debits=debits, credits=[line("7100", "100.00")]))

    record, _ = await account.got(TRANSACTIONS, "1")

    assert (record.account, record.account_from, record.total_amount) == ("1", None, Decimal("99.25"))
    assert [(each.account, str(each.net_amount)) for each in record.line_items] == [
        ("7901", "-0.75"),
        ("7100", "100.00"),
    ]


async def test_a_transfer_names_both_accounts() -> None:
    account = books(one=journal(1, "BT", debits=[line("1210", "5.00")], credits=[line("1200", "5.00")]))

    record, _ = await account.got(TRANSACTIONS, "1")

    assert (record.account, record.account_from, record.total_amount) == ("2", "1", Decimal("5.00"))
    assert (record.debit, record.credit, record.line_items) == (Decimal("5.00"), Decimal("5.00"), [])


async def test_a_movement_between_accounts_that_nobody_knows_has_no_amount_rather_than_a_wrong_one() -> None:
    account = books(one=journal(1, "BP", debits=[line("7100", "5.00")], credits=[line("1299", "5.00")]))

    record, _ = await account.got(TRANSACTIONS, "1")

    assert (record.account_from, record.total_amount) == (None, None)


async def test_several_banks_that_sent_are_named_in_the_journal_only() -> None:
    credits = [line("1200", "2.00"), line("1210", "3.00")]
    account = books(one=journal(1, "BP", debits=[line("7100", "5.00")], credits=credits))

    record, _ = await account.got(TRANSACTIONS, "1")

    assert (record.account_from, record.total_amount) == (None, Decimal("5.00"))
