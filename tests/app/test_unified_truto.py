"""Every switch of Truto's that the contract names does here what it does there."""

from __future__ import annotations

from urllib.parse import parse_qsl

from tests.app.erpnext_books import Books

BAD = (400, "invalid_request")


async def test_ignore_remote_data_takes_it_away_again(books: Books) -> None:
    body = await books.page("items", limit=2, remote_data="true", truto_ignore_remote_data="true")
    kept = await books.page("items", limit=2, remote_data="true", truto_ignore_remote_data="false")

    assert not any("remote_data" in record for record in body["result"])
    assert all("remote_data" in record for record in kept["result"])


async def test_ignore_remote_data_alone_changes_nothing(books: Books) -> None:
    plain = await books.page("items", limit=2)

    asked = await books.page("items", limit=2, truto_ignore_remote_data="true")

    assert asked["result"] == plain["result"]


async def test_exclude_fields_leaves_them_out_however_the_list_is_spelled(books: Books) -> None:
    spellings: tuple[tuple[tuple[str, str], ...], ...] = (
        (("truto_exclude_fields[]", "name"), ("truto_exclude_fields[]", "sku")),
        (("truto_exclude_fields[0]", "name"), ("truto_exclude_fields[1]", "sku")),
        (("truto_exclude_fields", "name,sku"),),
        (("truto_exclude_fields", "name"), ("truto_exclude_fields", "sku")),
    )
    (whole,) = (await books.page("items", limit=1))["result"]

    for pairs in spellings:
        (record,) = (await books.page("items", *pairs, limit=1))["result"]
        assert record == {name: value for name, value in whole.items() if name not in ("name", "sku")}


async def test_exclude_fields_works_on_a_get_and_on_remote_data(books: Books) -> None:
    (record_id,) = await books.ids("items", limit=1)

    got = await books.page(f"items/{record_id}", ("truto_exclude_fields[]", "remote_data"), remote_data="true")
    less = await books.page(f"items/{record_id}", ("truto_exclude_fields[]", "id"))

    assert "remote_data" not in got["result"]
    assert "id" not in less["result"]
    assert less["result"]["name"]


async def test_exclude_fields_refuses_what_the_model_has_not(books: Books) -> None:
    problem = await books.problem(*BAD, "items", ("truto_exclude_fields[]", "etag"))

    assert problem["errors"][0]["field"] == "truto_exclude_fields"


async def test_a_raw_response_holds_the_providers_own_records(books: Books) -> None:
    unified = await books.page("items", limit=4)
    raw = await books.page("items", limit=4, truto_response_format="raw")

    assert [record["name"] for record in raw["result"]] == [record["remote_id"] for record in unified["result"]]
    assert all("item_code" in record and "remote_id" not in record for record in raw["result"])
    assert list(raw) == list(unified)
    assert raw["result_count"] == 4
    assert raw["next_cursor"]


async def test_a_raw_response_is_to_be_had_of_a_get(books: Books) -> None:
    (record_id,) = await books.ids("invoices", limit=1)

    got = await books.page(f"invoices/{record_id}", truto_response_format="raw")

    assert got["result"]["doctype"] == "Sales Invoice"
    assert f"invoice:{got['result']['name']}" == record_id


async def test_a_unified_response_is_the_default_and_others_are_refused(books: Books) -> None:
    plain, asked = await books.page("items"), await books.page("items", truto_response_format="unified")

    assert asked["result"] == plain["result"]
    for text in ("normalized", "stream", "debug", "RAW", ""):
        await books.problem(*BAD, "items", truto_response_format=text)


async def test_key_by_id_makes_the_result_an_object(books: Books) -> None:
    listed = await books.page("invoices", limit=9)
    keyed = await books.page("invoices", limit=9, truto_key_by="id")

    assert keyed["result"] == {record["id"]: record for record in listed["result"]}
    assert keyed["result_count"] == 9
    assert keyed["next_cursor"] is not None


async def test_key_by_id_goes_with_fields_and_with_raw(books: Books) -> None:
    ids = await books.ids("items", limit=3)

    trimmed = await books.page("items", limit=3, truto_key_by="id", fields="name")
    raw = await books.page("items", limit=3, truto_key_by="id", truto_response_format="raw")

    assert list(trimmed["result"]) == list(raw["result"]) == ids
    assert all(set(record) == {"name"} for record in trimmed["result"].values())
    assert [record["name"] for record in raw["result"].values()] == ids


async def test_key_by_anything_else_is_refused(books: Books) -> None:
    await books.problem(*BAD, "items", truto_key_by="name")


async def test_ignore_limit_takes_the_limit_as_not_given(books: Books) -> None:
    assert len(await books.ids("items", limit=3, truto_ignore_limit="true")) == 50
    assert len(await books.ids("items", limit=3, truto_ignore_limit="false")) == 3


async def test_remote_query_goes_to_the_provider_as_it_is(books: Books) -> None:
    await books.page("items", limit=1)
    books.box.calls.clear()

    await books.page("items", ("remote_query[debug]", "a b&c=é/'"), ("remote_query[x][y]", "1"), limit=1)

    (call,) = books.box.calls
    sent = dict(parse_qsl(call[2], keep_blank_values=True))
    assert sent["debug"] == "a b&c=é/'"
    assert sent["x][y"] == "1"


async def test_remote_query_may_not_touch_what_paging_rests_on(books: Books) -> None:
    for name in ("limit_page_length", "order_by", "filters", "fields"):
        problem = await books.problem(400, "unsupported_filter", "items", (f"remote_query[{name}]", "1"))
        assert name in problem["detail"]


async def test_remote_query_is_refused_on_a_get_and_not_dropped(books: Books) -> None:
    (record_id,) = await books.ids("items", limit=1)

    problem = await books.problem(400, "unsupported_filter", f"items/{record_id}", ("remote_query[x]", "1"))
    ignored = await books.page(f"items/{record_id}", ("remote_query[x]", "1"), ignore_unsupported="true")

    assert problem["errors"][0]["field"] == "remote_query[x]"
    assert ignored["warnings"][0]["code"] == "unsupported_filter"


async def test_a_truto_switch_that_is_not_here_is_refused(books: Books) -> None:
    for name in ("truto_super_query", "truto_skip_api_call", "truto_body_passthrough", "truto_exclude_fields[a]"):
        await books.problem(400, "unsupported_filter", "items", (name, "id"))
