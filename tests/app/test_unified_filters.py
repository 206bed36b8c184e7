"""Filters and orders: each operator, dates apart from instants, whatever the site's time zone."""

from __future__ import annotations

import pytest

from tests.app.erpnext_books import Books, bill, erpnext_books, item, sale
from tests.world import World

BAD = (400, "invalid_request")


def _dated(name: str, day: str) -> dict[str, object]:
    stamp = f"{day} 23:30:00.000000"
    return sale(name, posting_date=day, due_date=day, creation=stamp, modified=stamp)


@pytest.fixture
async def days(light: World) -> object:
    """Three invoices of three days, each made half an hour before midnight in Kolkata (18:00 UTC)."""
    rows = [_dated("A", "2026-03-01"), _dated("B", "2026-03-02"), _dated("C", "2026-03-03")]
    async with erpnext_books(light, {"Sales Invoice": rows}) as found:
        yield found


async def _names(books: Books, *pairs: tuple[str, str]) -> str:
    return "".join(record_id.removeprefix("invoice:") for record_id in await books.ids("invoices", *pairs))


async def test_each_operator_compares_a_date(days: Books) -> None:
    for operator, wanted in (("", "B"), ("[gt]", "C"), ("[gte]", "BC"), ("[lt]", "A"), ("[lte]", "AB")):
        assert await _names(days, (f"issue_date{operator}", "2026-03-02")) == wanted, operator
    assert await _names(days, ("issue_date[gt]", "2026-03-01"), ("issue_date[lt]", "2026-03-03")) == "B"
    assert await _names(days, ("due_date[gte]", "2026-03-03")) == "C"


async def test_each_operator_compares_an_instant(days: Books) -> None:
    at = "2026-03-02T18:00:00Z"
    for operator, wanted in (("[gt]", "C"), ("[gte]", "BC"), ("[lt]", "A"), ("[lte]", "AB")):
        for field in ("updated_at", "created_at"):
            assert await _names(days, (f"{field}{operator}", at)) == wanted, (field, operator)


async def test_an_instant_may_name_any_zone(days: Books) -> None:
    for text in (
        "2026-03-02T18:00:00Z",
        "2026-03-02T18:00:00+00:00",
        "2026-03-02T23:30:00+05:30",
        "20260302T130000-0500",
    ):
        assert await _names(days, ("updated_at[gte]", text)) == "BC", text
        assert await _names(days, ("updated_at[gt]", text)) == "C", text


async def test_an_instant_to_the_microsecond_is_told_from_the_next(days: Books) -> None:
    assert await _names(days, ("updated_at[gt]", "2026-03-02T17:59:59.999999Z")) == "BC"
    assert await _names(days, ("updated_at[gt]", "2026-03-02T18:00:00.000000Z")) == "C"


async def test_a_bare_day_as_an_instant_is_its_midnight_in_utc(days: Books) -> None:
    assert await _names(days, ("updated_at[gte]", "2026-03-02")) == "BC"
    assert await _names(days, ("updated_at[lt]", "2026-03-02")) == "A"


async def test_a_date_is_never_shifted_by_a_zone(light: World) -> None:
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        async with erpnext_books(light, {"Sales Invoice": [_dated("A", "2026-03-01")]}, time_zone=zone) as books:
            (record,) = (await books.page("invoices", issue_date="2026-03-01"))["result"]
            assert record["issue_date"] == record["due_date"] == "2026-03-01"
            assert record["payment_terms"] == []
            await books.problem(*BAD, "invoices", issue_date="2026-03-01T00:00:00Z")


async def test_what_is_no_date_or_instant_is_refused(days: Books) -> None:
    for text in ("", "yesterday", "2026-02-30", "2026-3-1", "2026-03-01 ", "01/03/2026", "2026-03-02T18:00:00"):
        for name in ("issue_date", "updated_at[gte]"):
            problem = await days.problem(*BAD, "invoices", (name, text))
            assert problem["errors"][0]["field"] == name
            assert not text.strip() or text not in problem["detail"]


async def test_the_ends_of_time_are_no_error(days: Books) -> None:
    assert await _names(days, ("updated_at[gte]", "0001-01-01T00:00:00Z")) == "ABC"
    assert await _names(days, ("updated_at[lte]", "9999-12-31T23:59:59Z")) == "ABC"
    for text in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert (await days.ask("invoices", ("updated_at[gte]", text))).status_code in (200, 400)


async def test_ne_and_in_choose_among_texts(light: World) -> None:
    rows = [sale("A", currency="GBP"), sale("B", currency="EUR"), sale("C", currency="USD")]
    async with erpnext_books(light, {"Sales Invoice": rows}) as books:
        assert await _names(books, ("currency", "EUR")) == "B"
        assert await _names(books, ("currency[ne]", "EUR")) == "AC"
        assert await _names(books, ("currency[in]", "EUR,USD")) == "BC"
        assert await _names(books, ("currency[in]", "EUR,USD"), ("currency[ne]", "USD")) == "B"
        for spelled in (
            [("currency[]", "EUR"), ("currency[]", "USD")],
            [("currency[0]", "EUR"), ("currency[1]", "USD")],
        ):
            assert await _names(books, *spelled) == "BC"
        assert await _names(books, ("currency[in]", "XXX")) == ""


async def test_a_value_with_a_comma_is_one_value_in_a_list_of_its_own(light: World) -> None:
    async with erpnext_books(light, {"Item": [item("Nut, M6"), item("Nut"), item("M6")]}) as books:
        assert await books.ids("items", ("name[]", "Nut, M6")) == ["Nut, M6"]
        assert sorted(await books.ids("items", ("name[in]", "Nut,M6"))) == ["M6", "Nut"]


async def test_in_takes_1_to_100_values(days: Books) -> None:
    for text in ("", ",", ",".join(f"X{index}" for index in range(101))):
        problem = await days.problem(*BAD, "invoices", ("number[in]", text))
        assert problem["errors"][0]["field"] == "number[in]"


async def test_a_filter_given_twice_is_refused(days: Books) -> None:
    await days.problem(*BAD, "invoices", ("number", "A"), ("number", "B"))
    await days.problem(*BAD, "invoices", ("updated_at[gt]", "2026-03-01"), ("updated_at[gt]", "2026-03-02"))


async def test_an_enum_takes_only_its_own_values(days: Books) -> None:
    for pair in (("status", "Unpaid"), ("status", ""), ("status[in]", "paid,nope"), ("type", "invoices")):
        problem = await days.problem(*BAD, "invoices", pair)
        assert "one of" in problem["detail"]


async def test_a_flag_and_a_type_and_a_status_choose(light: World) -> None:
    documents = {
        "Sales Invoice": [
            sale("PAID", status="Paid", outstanding_amount=0.0),
            sale("PART", status="Partly Paid", outstanding_amount=20.0),
            sale("DRAFT", docstatus=0, status="Draft"),
            sale("RETURN", is_return=1, status="Return"),
        ],
        "Purchase Invoice": [bill("BILL")],
    }
    async with erpnext_books(light, documents) as books:
        assert await books.ids("invoices", status="paid") == ["invoice:PAID"]
        assert await books.ids("invoices", ("status[in]", "draft,partially_paid"), sort_by="updated_at") == [
            "invoice:DRAFT",
            "invoice:PART",
        ]
        assert await books.ids("invoices", type="bill") == ["bill:BILL"]
        assert await books.ids("invoices", is_credit_note="true") == ["invoice:RETURN"]
        assert "invoice:RETURN" not in await books.ids("invoices", is_credit_note="0")
        await books.problem(*BAD, "invoices", is_credit_note="maybe")
        assert await books.ids("invoices", contact="supplier:BOLTS") == ["bill:BILL"]
        assert await books.ids("invoices", reference="B-1", type="bill") == ["bill:BILL"]


async def test_odd_characters_in_a_filter_reach_the_provider_as_they_are(light: World) -> None:
    names = [
        "50% Off / Sons",
        "O'RING #1",
        'Quote "Q"',
        "naïve café",
        "東京 🚀",
        "Plus + Minus; Co",
        "a\\b",
        "x' OR 1=1",
    ]
    async with erpnext_books(light, {"Item": [item(name) for name in names]}) as books:
        for name in names:
            assert await books.ids("items", ("name", name)) == [name]


async def test_a_value_that_holds_a_nul_is_refused(days: Books) -> None:
    await days.problem(*BAD, "invoices", ("number", "A\0B"))


async def test_both_kinds_come_in_one_order_both_ways(light: World) -> None:
    documents = {
        "Sales Invoice": [_dated("A", "2026-03-01"), _dated("C", "2026-03-03")],
        "Purchase Invoice": [
            bill("B", posting_date="2026-03-02", creation="2026-03-02 01:00:00", modified="2026-03-02 01:00:00")
        ],
    }
    async with erpnext_books(light, documents) as books:
        for name in ("updated_at", "created_at", "issue_date"):
            up = await books.ids("invoices", sort_by=name)
            down = await books.ids("invoices", sort_by=f"-{name}")
            assert up == ["invoice:A", "bill:B", "invoice:C"], name
            assert down == up[::-1], name


async def test_a_sorted_walk_in_pages_is_in_order_and_whole(books: Books) -> None:
    for sort_by in ("updated_at", "-issue_date"):
        records = await books.world.walk("invoices", books.account, sort_by=sort_by, limit=270)
        values = [record[sort_by.removeprefix("-")] for record in records]
        assert values == sorted(values, reverse=sort_by.startswith("-"))
        assert len({record["id"] for record in records}) == 680


async def test_a_company_that_the_account_fixes_is_all_that_is_seen(light: World) -> None:
    rows = [sale("A", company="Acme Trading Ltd"), sale("B", company="Acme US Inc")]
    async with erpnext_books(light, {"Sales Invoice": rows}) as both:
        assert {record["company"] for record in (await both.page("invoices"))["result"]} == {
            "Acme Trading Ltd",
            "Acme US Inc",
        }
    async with erpnext_books(light, {"Sales Invoice": rows}, company="Acme US Inc") as one:
        assert await _names(one) == "B"
        await one.problem(404, "not_found", "invoices/invoice:A")
