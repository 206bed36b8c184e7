"""Cursors: opaque, bound to what they were made for, and good for any page size."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import httpx2

from tests.app.clock import VirtualClock
from tests.app.erpnext_books import Books, erpnext_books, sale
from tests.world import World, gateway, settings_in

INVALID = (400, "invalid_cursor")
DAY_SECONDS = 86_400.0


async def _cursor(books: Books, resource: str = "invoices", *pairs: tuple[str, str], **params: Any) -> str:
    return str((await books.page(resource, *pairs, limit=5, **params))["next_cursor"])


async def test_a_walk_gives_each_record_once_and_ends_with_null(books: Books) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        body = await books.page("items", limit=37, next_cursor=cursor)
        seen += [record["id"] for record in body["result"]]
        cursor = body["next_cursor"]

    assert len(seen) == len(set(seen))
    assert set(seen) == set(books.box.store.documents["Item"])


async def test_the_page_size_may_change_between_pages(books: Books) -> None:
    whole = await books.ids("invoices", limit=60)

    first = await books.page("invoices", limit=7)
    second = await books.page("invoices", limit=40, next_cursor=first["next_cursor"])
    third = await books.page("invoices", limit=13, next_cursor=second["next_cursor"])

    assert [record["id"] for page in (first, second, third) for record in page["result"]] == whole


async def test_a_cursor_opens_however_the_same_filters_are_written(books: Books) -> None:
    pairs = [("type", "invoice"), ("updated_at[gte]", "2025-12-01"), ("sort_by", "-updated_at")]
    cursor = await _cursor(books, "invoices", *pairs)

    body = await books.page(
        "invoices", ("updated_at[gte]", "2025-12-01T00:00:00Z"), *pairs[::2], next_cursor=cursor
    )

    assert body["result"]


async def test_how_the_answer_is_written_may_change_between_pages(books: Books) -> None:
    cursor = await _cursor(books)

    body = await books.page("invoices", fields="id", decimals="string", remote_data="true", next_cursor=cursor)

    assert all(set(record) == {"id", "remote_data"} for record in body["result"])


async def test_a_cursor_is_refused_with_other_filters(books: Books) -> None:
    cursor = await _cursor(books, "invoices", type="invoice")

    for more in (
        {},
        {"type": "bill"},
        {"type": "invoice", "status": "paid"},
        {"type": "invoice", "sort_by": "issue_date"},
    ):
        await books.problem(*INVALID, "invoices", next_cursor=cursor, **more)
    await books.problem(*INVALID, "invoices", ("remote_query[x]", "y"), type="invoice", next_cursor=cursor)


async def test_a_cursor_is_refused_at_another_resource(books: Books) -> None:
    await books.problem(*INVALID, "items", next_cursor=await _cursor(books))


async def test_a_cursor_is_refused_at_another_account(books: Books) -> None:
    cursor = await _cursor(books)
    async with erpnext_books(books.world) as others:
        await others.problem(*INVALID, "invoices", next_cursor=cursor)


async def test_a_cursor_is_refused_in_another_environment(books: Books) -> None:
    cursor = await _cursor(books)
    environment_id = await books.world.environment()
    async with httpx2.AsyncClient(
        base_url=books.world.base_url,
        headers={"Authorization": f"Bearer {await books.world.new_token(environment_id)}"},
    ) as http:
        answer = await http.get(
            "/unified/accounting/invoices",
            params={"integrated_account_id": books.account, "next_cursor": cursor},
        )

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_cursor_that_was_tampered_with_is_refused(books: Books) -> None:
    cursor = await _cursor(books)
    sealed = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))

    for index in range(0, len(sealed), 3):
        changed = bytes(byte ^ (1 if place == index else 0) for place, byte in enumerate(sealed))
        text = base64.urlsafe_b64encode(changed).rstrip(b"=").decode()
        await books.problem(*INVALID, "invoices", next_cursor=text)


async def test_what_never_was_a_cursor_is_refused(books: Books) -> None:
    cursor = await _cursor(books)

    for text in ("x", "null", "0", cursor[:-1], cursor + "A", f" {cursor}", cursor * 40, "é🚀", "A" * 4_096, "%00"):
        problem = await books.problem(*INVALID, "invoices", next_cursor=text)
        assert problem["status"] == 400


async def test_an_empty_cursor_starts_at_the_beginning(books: Books) -> None:
    assert await books.ids("items", limit=3, next_cursor="") == await books.ids("items", limit=3)


async def test_a_cursor_tells_nothing_of_the_books(light: World) -> None:
    rows = [sale(f"SECRETIVE-{index}") for index in range(6)]
    async with erpnext_books(light, {"Sales Invoice": rows}) as books:
        cursor = await _cursor(books)

        assert cursor.isascii()
        assert len(cursor) < 1_000


async def test_a_cursor_is_good_for_thirty_days(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with gateway(settings_in(tmp_path), clock) as world, erpnext_books(world) as books:
        cursor = await _cursor(books)

        clock.advance(29 * DAY_SECONDS)
        assert await books.ids("invoices", next_cursor=cursor)
        clock.advance(2 * DAY_SECONDS)
        problem = await books.problem(*INVALID, "invoices", next_cursor=cursor)

        assert "30 days" in problem["detail"]


async def test_a_cursor_survives_a_restart_of_the_gateway(tmp_path: Path) -> None:
    async with gateway(settings_in(tmp_path)) as world, erpnext_books(world) as books:
        cursor = await _cursor(books)
        async with gateway(settings_in(tmp_path)) as again:
            answer = await again.http.get(
                "/unified/accounting/invoices",
                params={"integrated_account_id": books.account, "limit": 5, "next_cursor": cursor},
                headers={"Authorization": f"Bearer {world.token}"},
            )

            assert answer.status_code == 200
            assert [record["id"] for record in answer.json()["result"]] == (await books.ids("invoices", limit=10))[
                5:
            ]


async def test_a_record_that_changes_during_a_walk_is_not_lost(light: World) -> None:
    rows = [sale(f"S{index}", modified=f"2026-03-0{index + 1} 00:00:00.000000") for index in range(6)]
    async with erpnext_books(light, {"Sales Invoice": rows}) as books:
        first = await books.page("invoices", limit=3)
        books.box.store.change("Sales Invoice", "S0", {"remarks": "changed"})
        second = await books.page("invoices", limit=3, next_cursor=first["next_cursor"])
        third = await books.page("invoices", limit=3, next_cursor=second["next_cursor"])

        later = [record["remote_id"] for record in (*second["result"], *third["result"])]
        assert later == ["S3", "S4", "S5", "S0"]
