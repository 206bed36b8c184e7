"""What a unified call may ask for: page size, fields, expansions, decimals; and what is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tests.app.erpnext_books import Books, erpnext_books, sale
from tests.world import World

BAD = (400, "invalid_request")
UNSUPPORTED = (400, "unsupported_filter")


def _exact(text: str) -> Any:
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


async def test_a_page_holds_fifty_records_unless_told_otherwise(books: Books) -> None:
    assert len(await books.ids("items")) == 50
    assert len(await books.ids("items", limit=1)) == 1
    assert len(await books.ids("invoices", limit=500, type="invoice")) == 420


async def test_a_limit_outside_1_to_500_is_refused(books: Books) -> None:
    for text in ("0", "501", "-1", "abc", "", "1.0", "1e2", "٣", " 5", "+5", "99999999999999999999"):
        problem = await books.problem(*BAD, "items", limit=text)
        assert problem["errors"] == [{"field": "limit", "message": "must be a whole number from 1 to 500"}]


async def test_a_switch_given_twice_with_two_values_is_refused(books: Books) -> None:
    problem = await books.problem(*BAD, "items", ("limit", "5"), ("limit", "6"))

    assert problem["errors"][0]["field"] == "limit"
    assert len(await books.ids("items", ("limit", "5"), ("limit", "5"))) == 5


async def test_fields_gives_exactly_the_fields_it_names(books: Books) -> None:
    body = await books.page("invoices", limit=3, fields="number, total_amount,line_items")

    assert [set(record) for record in body["result"]] == [{"number", "total_amount", "line_items"}] * 3
    whole = await books.page("invoices", limit=3)
    assert [record["line_items"] for record in body["result"]] == [
        record["line_items"] for record in whole["result"]
    ]


async def test_fields_trims_a_get_too(books: Books) -> None:
    (record_id,) = await books.ids("items", limit=1)

    got = await books.page(f"items/{record_id}", fields="id,name")

    assert set(got["result"]) == {"id", "name"}


async def test_a_field_that_the_model_has_not_is_refused(books: Books) -> None:
    for text in ("id,nope", "line_items.sku", "ID"):
        problem = await books.problem(*BAD, "invoices", fields=text)
        assert problem["errors"][0]["field"] == "fields"


async def test_an_expansion_that_the_resource_has_not_is_refused(books: Books) -> None:
    problem = await books.problem(*BAD, "invoices", expand="members")

    assert problem["errors"] == [{"field": "expand", "message": "must be one of: nothing here"}]


async def test_remote_data_is_off_unless_asked_for(books: Books) -> None:
    plain = await books.page("invoices", limit=5)
    asked = await books.page("invoices", limit=5, remote_data="true")
    refused = await books.page("invoices", limit=5, remote_data="false")

    assert not any("remote_data" in record for record in (*plain["result"], *refused["result"]))
    for record in asked["result"]:
        assert record["remote_data"]["name"] == record["remote_id"]
        assert record["remote_data"]["grand_total"] == record["unrounded_total_amount"]


async def test_remote_data_is_the_providers_own_document_on_a_get(books: Books) -> None:
    (record_id,) = await books.ids("invoices", limit=1)

    got = await books.page(f"invoices/{record_id}", remote_data="1")

    assert got["result"]["remote_data"]["doctype"] == "Sales Invoice"
    assert got["result"]["remote_data"]["items"]


async def test_remote_data_is_there_beside_the_fields_that_are_named(books: Books) -> None:
    body = await books.page("items", limit=2, fields="id", remote_data="true")

    assert [set(record) for record in body["result"]] == [{"id", "remote_data"}] * 2


async def test_a_flag_is_true_or_false(books: Books) -> None:
    for name in ("remote_data", "ignore_unsupported", "truto_ignore_remote_data", "truto_ignore_limit"):
        for text in ("yes", "", "TRUE", "2"):
            problem = await books.problem(*BAD, "items", (name, text), ("limit", "1"))
            assert problem["errors"] == [{"field": name, "message": "must be true or false"}]


async def test_decimals_are_numbers_unless_strings_are_asked_for(books: Books) -> None:
    numbers = _exact((await books.ask("invoices", limit=20)).text)["result"]
    strings = _exact((await books.ask("invoices", limit=20, decimals="string")).text)["result"]
    same = _exact((await books.ask("invoices", limit=20, decimals="number")).text)["result"]

    assert numbers == same
    for number, text in zip(numbers, strings, strict=True):
        assert isinstance(number["total_amount"], Decimal)
        assert isinstance(text["total_amount"], str)
        assert str(number["total_amount"]) == text["total_amount"]
        for line, other in zip(number["line_items"], text["line_items"], strict=True):
            assert str(line["net_amount"]) == other["net_amount"]
            # Places and counts are whole numbers, not decimals.
            assert line["sequence"] == other["sequence"]
    await books.problem(*BAD, "invoices", decimals="float")


async def test_more_than_fifteen_digits_come_through_to_the_last(light: World) -> None:
    total, quantity = b"12345678901234567.123456789", b"0.1234567890123456789"
    edits = {b'"grand_total":777.25': b'"grand_total":' + total, b'"qty":2.0': b'"qty":' + quantity}
    documents = {"Sales Invoice": [sale("BIG", grand_total=777.25)]}
    async with erpnext_books(light, documents, edits=edits) as books:
        for path in ("invoices", "invoices/invoice:BIG"):
            number = await books.ask(path, remote_data="true")
            text = await books.page(path, decimals="string")
            assert number.content.count(b'"unrounded_total_amount":' + total) == 1
            assert number.content.count(b'"quantity":' + quantity) == 1
            assert b'"grand_total":' + total in number.content
            record = text["result"] if path != "invoices" else text["result"][0]
            assert record["unrounded_total_amount"] == total.decode()
            assert record["line_items"][0]["quantity"] == quantity.decode()


async def test_an_unsupported_filter_names_itself_and_what_is_supported(books: Books) -> None:
    problem = await books.problem(*UNSUPPORTED, "items", ("colour", "red"))

    assert problem["errors"] == [{"field": "colour", "message": "not supported"}]
    assert problem["detail"].startswith("colour is not supported here; supported: ")
    for words in ("created_at (gt gte lt lte)", "name (eq ne in)", "status (eq)"):
        assert words in problem["detail"]


async def test_an_operator_that_the_filter_has_not_is_an_unsupported_filter(books: Books) -> None:
    for name in ("status[ne]", "updated_at", "name[like]", "name[gt", "name[]x", "name[eq][in]"):
        problem = await books.problem(*UNSUPPORTED, "items", (name, "2026-01-01"))
        assert problem["errors"][0]["field"] == name


async def test_an_unsupported_order_names_the_supported_ones(books: Books) -> None:
    for text in ("total_amount", "--updated_at", "-", "updated_at,created_at"):
        problem = await books.problem(*UNSUPPORTED, "items", sort_by=text)
        assert problem["detail"].endswith("supported: updated_at, -updated_at, created_at, -created_at")


async def test_what_is_unsupported_may_be_ignored_with_a_warning(books: Books) -> None:
    body = await books.page(
        "items", ("colour", "red"), ("name[like]", "x"), sort_by="price", ignore_unsupported="true", limit=5
    )

    assert body["result"] == (await books.page("items", limit=5))["result"]
    assert [(warning["code"], warning["field"]) for warning in body["warnings"]] == [
        ("unsupported_filter", "colour"),
        ("unsupported_filter", "name[like]"),
        ("unsupported_filter", "sort_by"),
    ]
    assert all(warning["detail"].startswith("ignored; supported: ") for warning in body["warnings"])
    assert all(set(warning) == {"code", "id", "field", "detail"} for warning in body["warnings"])


async def test_a_get_takes_no_filters(books: Books) -> None:
    (record_id,) = await books.ids("items", limit=1)

    problem = await books.problem(*UNSUPPORTED, f"items/{record_id}", ("status", "active"))
    ignored = await books.page(f"items/{record_id}", ("status", "active"), ignore_unsupported="true")

    assert problem["detail"].endswith("supported: none")
    assert ignored["result"]["id"] == record_id
    assert ignored["warnings"][0]["field"] == "status"


async def test_a_query_that_is_not_utf8_is_refused(books: Books) -> None:
    for query in ("fields=%ff", "%e9=1", "fields=%"):
        answer = await books.world.http.get(
            f"/unified/accounting/items?integrated_account_id={books.account}&{query}"
        )
        assert answer.status_code == 400, query


async def test_too_many_parameters_are_refused(books: Books) -> None:
    await books.problem(*BAD, "items", *[("limit", "1")] * 101)


async def test_a_parameters_own_words_are_shown_only_where_they_are_plain(books: Books) -> None:
    for name in ("a\nb", "a\0b", "x" * 500):
        problem = await books.problem(*UNSUPPORTED, "items", (name, "1"))
        assert len(problem["errors"][0]["field"]) <= 60
        assert "\n" not in problem["detail"]
        assert "\0" not in problem["detail"]
