"""Every unified answer has one shape, and a list's record is the whole record."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest

from app.main import control_app
from tests.app.erpnext_books import Books, erpnext_books, sale
from tests.world import World
from unified_models.catalogue import MODELS

LIST_KEYS = ["result", "next_cursor", "prev_cursor", "result_count", "is_partial_response", "warnings"]
RESOURCES = ("invoices", "items")


def _strict(segment: str) -> jsonschema_rs.Validator:
    """The schema of a whole record: every field of the OpenAPI's model, and no other."""
    schemas = control_app().openapi()["components"]["schemas"]
    name = MODELS[segment].__name__
    closed = {key: {**schema, "additionalProperties": False} for key, schema in schemas.items() if key != name}
    return jsonschema_rs.validator_for(
        {**schemas[name], "additionalProperties": False, "components": {"schemas": closed}},
        validate_formats=True,
    )


@pytest.mark.parametrize("resource", RESOURCES)
async def test_a_list_has_exactly_the_keys_of_the_envelope(books: Books, resource: str) -> None:
    first = await books.page(resource, limit=7)
    whole = await books.page(resource, limit=500)

    assert list(first) == list(whole) == LIST_KEYS
    assert first["result_count"] == len(first["result"]) == 7
    assert isinstance(first["next_cursor"], str)
    assert first["prev_cursor"] is None
    assert first["is_partial_response"] is False
    assert first["warnings"] == []


async def test_a_list_without_records_has_the_same_envelope(books: Books) -> None:
    body = await books.page("invoices", ("number", "NO-SUCH-NUMBER"), type="bill")

    assert body == dict(zip(LIST_KEYS, ([], None, None, 0, False, []), strict=True))


@pytest.mark.parametrize("resource", RESOURCES)
async def test_a_get_has_exactly_a_result_and_warnings(books: Books, resource: str) -> None:
    record_id = (await books.ids(resource, limit=1))[0]

    answer = await books.ask(f"{resource}/{record_id}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["result", "warnings"]
    assert answer.json()["result"]["id"] == record_id


@pytest.mark.parametrize("resource", RESOURCES)
async def test_every_record_is_as_the_openapi_says_to_the_last_field(books: Books, resource: str) -> None:
    schema = _strict(resource)

    body = await books.page(resource, limit=200)

    for record in body["result"]:
        schema.validate(record)
        assert list(record) == [name for name in MODELS[resource].__struct_fields__ if name != "remote_data"]


@pytest.mark.parametrize("resource", RESOURCES)
async def test_a_get_gives_the_same_object_as_the_list(books: Books, resource: str) -> None:
    listed = (await books.page(resource, limit=40))["result"]
    if resource == "invoices":
        listed += (await books.page(resource, limit=20, type="bill"))["result"]

    for record in listed[::4]:
        got = await books.world.http.get(
            f"/unified/accounting/{resource}/{quote(record['id'], safe='')}",
            params={"integrated_account_id": books.account},
        )
        assert got.json()["result"] == record


async def test_a_row_that_cannot_be_mapped_is_a_warning_and_the_others_are_there(light: World) -> None:
    odd = sale("ODD", posting_date="on Tuesday")
    async with erpnext_books(light, {"Sales Invoice": [sale("A"), odd, sale("B")]}) as books:
        body = await books.page("invoices")

        assert [record["remote_id"] for record in body["result"]] == ["A", "B"]
        assert body["result_count"] == 2
        assert body["warnings"] == [
            {"code": "wrong_type", "id": "invoice:ODD", "field": "posting_date", "detail": None}
        ]


async def test_the_raw_record_of_a_row_that_cannot_be_mapped_is_given_where_asked(light: World) -> None:
    odd = sale("ODD", posting_date="on Tuesday")
    async with erpnext_books(light, {"Sales Invoice": [sale("A"), odd]}) as books:
        body = await books.page("invoices", remote_data="true")

        (warning,) = body["warnings"]
        assert warning["id"] == "invoice:ODD"
        assert warning["remote_data"]["posting_date"] == "on Tuesday"
        assert [record["remote_id"] for record in body["result"]] == ["A"]


async def test_a_document_with_a_line_that_cannot_be_read_is_a_warning_and_not_a_lesser_document(
    light: World,
) -> None:
    lines = [*sale("ODD")["items"], {"item_name": "Odd", "qty": "many"}]
    async with erpnext_books(light, {"Sales Invoice": [sale("A"), sale("ODD", items=lines)]}) as books:
        body = await books.page("invoices", remote_data="true")
        await books.problem(502, "provider_bad_answer", "invoices/invoice:ODD")

        assert [record["remote_id"] for record in body["result"]] == ["A"]
        (warning,) = body["warnings"]
        assert (warning["code"], warning["id"], warning["field"]) == ("wrong_type", "invoice:ODD", "items.qty")
        assert warning["remote_data"]["name"] == "ODD"


async def test_an_item_that_cannot_be_mapped_is_a_warning_too(light: World) -> None:
    documents: dict[str, Any] = {
        "Item": [{"name": "X", "item_code": "X", "disabled": "perhaps"}, {"item_code": "Y"}]
    }
    async with erpnext_books(light, documents) as books:
        body = await books.page("items")

        assert [record["id"] for record in body["result"]] == ["Y"]
        assert body["warnings"] == [{"code": "wrong_type", "id": "X", "field": "disabled", "detail": None}]


async def test_a_get_of_a_record_that_cannot_be_mapped_says_which_field(light: World) -> None:
    async with erpnext_books(light, {"Sales Invoice": [sale("ODD", posting_date="on Tuesday")]}) as books:
        problem = await books.problem(502, "provider_bad_answer", "invoices/invoice:ODD")

        assert "posting_date" in problem["provider"]["code"]
        assert "Tuesday" not in str(problem)


async def test_a_whole_walk_with_a_row_that_cannot_be_mapped_still_gives_all_the_others(light: World) -> None:
    rows = [sale(f"S{index:02d}", posting_date="never" if index == 9 else "2026-03-01") for index in range(20)]
    async with erpnext_books(light, {"Sales Invoice": rows}) as books:
        seen: list[str] = []
        warned: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            body = await books.page("invoices", limit=10, next_cursor=cursor)
            seen += [record["remote_id"] for record in body["result"]]
            warned += [warning["id"] for warning in body["warnings"]]
            cursor = body["next_cursor"]

        assert seen == [row["name"] for row in rows if row["name"] != "S09"]
        assert warned == ["invoice:S09"]
