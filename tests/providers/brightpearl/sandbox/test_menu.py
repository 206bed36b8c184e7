"""The whole menu of the API through the gateway's proxy: every resource answers, searches with their metaData."""

from __future__ import annotations

import pytest

from providers.brightpearl.sandbox import create_sandbox
from providers.brightpearl.sandbox.menu import MENU, Entry, ids_in, nothing
from providers.brightpearl.sandbox.routes import find
from tests.world import World, served

SERVICES = {"accounting", "contact", "integration", "order", "pricing", "product", "warehouse"}
WITH_ROWS = 60
"""Of the lists and searches, how many at least are not empty."""


async def test_every_resource_of_the_menu_answers_through_the_proxy(light: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    ids = ids_in(box.store)
    with_rows = 0
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        headers = {"X-Integrated-Account-Id": account_id}
        for entry in MENU:
            answer = await light.http.get(f"/proxy/{entry.path_in(ids)}", headers=headers)

            assert answer.status_code == 200, (entry, answer.text)
            body = answer.json()
            assert "response" in body, entry
            if entry.kind == "search":
                found = body["response"]
                columns, meta = found["metaData"]["columns"], found["metaData"]
                assert len(found["results"]) == meta["resultsReturned"], entry
                assert all(len(row) == len(columns) for row in found["results"]), entry
                assert meta["sorting"][0]["filterable"]["name"] in {column["name"] for column in columns}, entry
            rows = body["response"]["results"] if entry.kind == "search" else body["response"]
            with_rows += bool(rows)

    assert with_rows >= WITH_ROWS


def test_the_menu_is_whole_and_says_what_it_cannot_answer() -> None:
    assert {entry.service for entry in MENU} == SERVICES
    assert len({(entry.service, entry.title) for entry in MENU}) >= 100
    assert len({entry.pattern() for entry in MENU if entry.kind == "search"}) >= 30
    unknown = {entry.title for entry in MENU if entry.kind == "unknown"}
    assert unknown == {
        "Contact Note",
        "Contact Status",
        "Customer Product Price",
        "Discount contact usage",
        "Discount total usage",
        "Fulfilment Source",
        "Integration Instance",
        "Order fulfilment status",
        "Product Group",
        "Product Type Option Association",
        "Reservation",
        "Reservation Row",
        "Reservations",
        "Stock Correction",
        "Stock Transfer",
        "Warehouse Defaults",
    }


@pytest.mark.parametrize("entry", [each for each in MENU if each.kind == "write"], ids=lambda each: str(each.title))
def test_a_read_of_what_is_only_written_to_finds_nothing_and_hides_no_other_resource(entry: Entry) -> None:
    found = find("GET", entry.pattern().replace("*", "1").split("/"))

    assert found is not None
    assert found[0].answer is nothing
