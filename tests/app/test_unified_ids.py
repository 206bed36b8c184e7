"""Ids in a path: percent-encoded whole, read from the raw path, bare where that is clear."""

from __future__ import annotations

from urllib.parse import quote

import httpx2

from tests.app.erpnext_books import Books, bill, erpnext_books, item, sale
from tests.world import World

ODD = (
    "50% Off",
    "%41",
    "%2F",
    "WIDGET/L",
    "a/b/c",
    "/",
    "O'RING",
    "CAFÉ #1",
    "what?",
    "a&b=c",
    "plus + minus",
    "semi;colon",
    "back\\slash",
    'quote"d',
    "東京",
    "🚀 labs",
    "x:y",
    "invoice:",
    "~tilde",
    "<b>",
    "null",
    "0",
)


async def _get(books: Books, path: str) -> httpx2.Response:
    """A call whose path goes out exactly as written here."""
    return await books.world.http.get(
        f"/unified/accounting/{path}", params={"integrated_account_id": books.account}
    )


async def test_an_id_of_any_characters_is_found_when_encoded_whole(light: World) -> None:
    async with erpnext_books(light, {"Item": [item(name) for name in ODD]}) as books:
        assert set(await books.ids("items", limit=100)) == set(ODD)
        for name in ODD:
            got = await _get(books, f"items/{quote(name, safe='')}")
            assert got.status_code == 200, (name, got.text)
            assert got.json()["result"]["id"] == name


async def test_a_lists_own_ids_lead_back_to_their_records(light: World) -> None:
    async with erpnext_books(light, {"Sales Invoice": [sale(name) for name in ODD]}) as books:
        for record in (await books.page("invoices", limit=100))["result"]:
            got = await _get(books, f"invoices/{quote(record['id'], safe='')}")
            assert got.json()["result"] == record


async def test_a_slash_that_is_not_encoded_parts_the_path(light: World) -> None:
    async with erpnext_books(light, {"Item": [item("WIDGET/L")]}) as books:
        action = await _get(books, "items/WIDGET/L")
        deeper = await _get(books, "items/WIDGET/L/x")

        assert (action.status_code, action.headers["allow"]) == (405, "")
        assert (deeper.status_code, deeper.json()["code"]) == (404, "not_found")


async def test_an_id_is_decoded_once(light: World) -> None:
    async with erpnext_books(light, {"Item": [item("%41"), item("A")]}) as books:
        assert (await _get(books, "items/%2541")).json()["result"]["id"] == "%41"
        assert (await _get(books, "items/%41")).json()["result"]["id"] == "A"


async def test_a_plus_in_a_path_is_a_plus(light: World) -> None:
    async with erpnext_books(light, {"Item": [item("a+b")]}) as books:
        assert (await _get(books, "items/a+b")).json()["result"]["id"] == "a+b"


async def test_a_bare_provider_id_is_found_where_one_kind_has_it(light: World) -> None:
    documents = {"Sales Invoice": [sale("ONE"), sale("BOTH")], "Purchase Invoice": [bill("TWO"), bill("BOTH")]}
    async with erpnext_books(light, documents) as books:
        assert (await _get(books, "invoices/ONE")).json()["result"]["id"] == "invoice:ONE"
        assert (await _get(books, "invoices/TWO")).json()["result"]["id"] == "bill:TWO"
        both = await _get(books, "invoices/BOTH")
        assert (both.status_code, both.json()["code"]) == (409, "conflict")
        assert "invoice:" in both.json()["detail"]
        assert (await _get(books, "invoices/bill%3ABOTH")).json()["result"]["type"] == "bill"
        assert (await _get(books, "invoices/invoice:BOTH")).json()["result"]["type"] == "invoice"


async def test_an_id_that_nobody_has_is_404(books: Books) -> None:
    for path in ("invoices/NOPE", "invoices/bill%3ANOPE", "invoices/customer%3AACME", "items/NOPE", "items/%20"):
        got = await _get(books, path)
        assert (got.status_code, got.json()["code"]) == (404, "not_found"), path


async def test_an_id_of_another_kind_is_404(light: World) -> None:
    async with erpnext_books(light, {"Sales Invoice": [sale("ONE")]}) as books:
        assert (await _get(books, "invoices/bill%3AONE")).status_code == 404


async def test_a_path_that_is_no_text_is_refused(books: Books) -> None:
    for path in ("items/%FF", "items/%00", "items/a%00b", "items/%ED%A0%80"):
        got = await _get(books, path)
        assert (got.status_code, got.json()["code"]) == (400, "invalid_request"), path


async def test_a_very_long_id_is_no_fault_of_ours(books: Books) -> None:
    for size in (300, 5_000, 20_000):
        got = await _get(books, f"items/{'x' * size}")
        assert got.status_code in (404, 422), (size, got.text)
        assert got.json()["code"] in ("not_found", "provider_rejected")


async def test_an_id_of_dots_leads_nowhere_else(light: World) -> None:
    async with erpnext_books(light, {"Item": [item("..")]}) as books:
        for path in ("items/%2E%2E", "items/%2E", "items/..%2F..", "items/%2E%2E%2FCustomer"):
            got = await _get(books, path)
            assert got.status_code in (200, 404), path
            assert not [call for call in books.box.calls if "/api/resource/Customer" in call[1]]


async def test_a_slash_at_the_end_is_the_list(books: Books) -> None:
    assert (await _get(books, "items/")).json()["result_count"] == 50
