"""Money that is no number, and moments in every zone: said exactly, or said to be wrong."""

from __future__ import annotations

import pytest

from tests.app.erpnext_books import erpnext_books, item, sale
from tests.world import World


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity"])
async def test_money_that_is_no_number_is_a_warning_and_the_others_are_there(light: World, word: bytes) -> None:
    edits = {b'"grand_total":777.25': b'"grand_total":' + word}
    documents = {"Sales Invoice": [sale("A"), sale("BAD", grand_total=777.25), sale("B")]}
    async with erpnext_books(light, documents, edits=edits) as books:
        body = await books.page("invoices")
        raw = await books.page("invoices", remote_data="true")
        problem = await books.problem(502, "provider_bad_answer", "invoices/invoice:BAD")

        assert [record["remote_id"] for record in body["result"]] == ["A", "B"]
        (warning,) = body["warnings"]
        assert (warning["id"], warning["field"]) == ("invoice:BAD", "grand_total")
        assert "remote_data" not in warning
        assert raw["warnings"][0]["remote_data"]["name"] == "BAD"
        assert raw["warnings"][0]["remote_data"]["grand_total"] == word.decode()
        assert "grand_total" in problem["provider"]["code"]


async def test_a_number_that_only_an_exponent_can_write_is_a_warning(light: World) -> None:
    edits = {b'"net_total":777.25': b'"net_total":1e+300'}
    documents = {"Sales Invoice": [sale("A"), sale("BAD", net_total=777.25)]}
    async with erpnext_books(light, documents, edits=edits) as books:
        body = await books.page("invoices")

        assert [record["remote_id"] for record in body["result"]] == ["A"]
        assert body["warnings"] == [
            {"code": "not_a_number", "id": "invoice:BAD", "field": "net_total", "detail": None}
        ]


async def test_a_price_that_is_no_number_is_a_warning_of_an_item(light: World) -> None:
    edits = {b'"standard_rate":777.25': b'"standard_rate":NaN'}
    async with erpnext_books(light, {"Item": [item("X", standard_rate=777.25), item("Y")]}, edits=edits) as books:
        body = await books.page("items")

        assert [record["id"] for record in body["result"]] == ["Y"]
        assert [(each["id"], each["field"]) for each in body["warnings"]] == [("X", "standard_rate")]


async def test_digits_are_the_providers_own(light: World) -> None:
    edits = {b'"grand_total":777.25': b'"grand_total":100.10', b'"rate":50.0': b'"rate":-0.000001'}
    async with erpnext_books(light, {"Sales Invoice": [sale("A", grand_total=777.25)]}, edits=edits) as books:
        answer = await books.ask("invoices")

        assert b'"unrounded_total_amount":100.10,' in answer.content
        assert b'"unit_price":-0.000001,' in answer.content


@pytest.mark.parametrize(
    ("zone", "written", "utc"),
    [
        ("Asia/Kolkata", "2026-03-01 04:00:00.000000", "2026-02-28T22:30:00Z"),
        ("America/New_York", "2026-01-15 12:00:00.000000", "2026-01-15T17:00:00Z"),
        ("America/New_York", "2026-07-15 12:00:00.123456", "2026-07-15T16:00:00.123456Z"),
        ("Europe/London", "2026-10-25 01:30:00.000000", "2026-10-25T00:30:00Z"),
        ("Pacific/Kiritimati", "2026-01-01 00:00:00.000000", "2025-12-31T10:00:00Z"),
        ("UTC", "2026-03-01 10:00:00.000000", "2026-03-01T10:00:00Z"),
    ],
)
async def test_an_instant_is_utc_whatever_the_sites_zone(light: World, zone: str, written: str, utc: str) -> None:
    documents = {"Sales Invoice": [sale("A", creation=written, modified=written)]}
    async with erpnext_books(light, documents, time_zone=zone) as books:
        for path in ("invoices", "invoices/invoice:A"):
            result = (await books.page(path))["result"]
            record = result[0] if path == "invoices" else result
            assert (record["created_at"], record["updated_at"]) == (utc, utc)
            assert record["issue_date"] == "2026-03-01"
        assert await books.ids("invoices", ("updated_at[gte]", utc), ("updated_at[lte]", utc)) == ["invoice:A"]
