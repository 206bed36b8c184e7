"""The oddities of Frappe's lists: order, pages, nulls, joins, sums, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from providers.erpnext.sandbox import create_sandbox
from tests.providers.erpnext.sandbox.asking import Asking


@pytest.fixture
def site() -> Asking:
    """A year of trade."""
    return Asking(create_sandbox())


async def test_a_list_without_an_order_is_not_in_that_of_creation(site: Asking) -> None:
    names = [row["name"] for row in await site.list("Sales Invoice", limit_page_length=0)]
    made = [row["name"] for row in await site.list("Sales Invoice", order_by="creation asc", limit_page_length=0)]

    assert sorted(names) == sorted(made)
    assert names not in (made, list(site.box.store.documents["Sales Invoice"]))
    assert names != sorted(names)


async def test_a_list_has_twenty_rows_and_the_name_alone_unless_told_otherwise(site: Asking) -> None:
    rows = await site.list("GL Entry")

    assert len(rows) == 20
    assert {tuple(row) for row in rows} == {("name",)}


async def test_a_list_shows_nulls_and_no_child_tables_where_a_document_does_the_opposite(site: Asking) -> None:
    (row,) = await site.list("Sales Invoice", fields=["*"], limit_page_length=1)
    document = await site.get("Sales Invoice", row["name"])

    nulls = {field for field, value in row.items() if value is None}
    assert nulls
    assert not nulls & set(document)
    assert {"items", "taxes", "payment_schedule"} <= set(document) - set(row)
    assert {field: document[field] for field in set(row) - nulls} == {
        field: row[field] for field in set(row) - nulls
    }


async def test_every_child_row_is_tied_to_its_parent(site: Asking) -> None:
    (row,) = await site.list("Journal Entry", filters=[["voucher_type", "=", "Contra Entry"]], limit_page_length=1)
    document = await site.get("Journal Entry", row["name"])

    tied = [(each["parent"], each["parentfield"], each["parenttype"], each["idx"]) for each in document["accounts"]]
    assert tied == [(row["name"], "accounts", "Journal Entry", 1), (row["name"], "accounts", "Journal Entry", 2)]
    assert len({each["name"] for each in document["accounts"]}) == 2


async def test_a_child_table_is_read_by_the_right_to_a_parent_and_shows_the_rows_of_all(site: Asking) -> None:
    asked: dict[str, Any] = {"fields": ["name", "parenttype"], "limit_page_length": 0}

    rows = await site.list("Dynamic Link", parent="Contact", **asked)

    assert {row["parenttype"] for row in rows} == {"Address", "Contact"}
    assert rows == await site.list("Dynamic Link", parent="Address", **asked)
    assert (await site.ask("Dynamic Link", **asked)).status_code == 403
    assert (await site.ask("Dynamic Link", parent="Customer", **asked)).status_code == 403


async def test_the_links_of_parties_are_found_by_filters_of_their_own(site: Asking) -> None:
    party = "O'Brien & Daughters"
    filters = [["link_doctype", "=", "Customer"], ["link_name", "in", [party]], ["parenttype", "=", "Contact"]]

    rows = await site.list("Dynamic Link", parent="Contact", fields=["parent", "link_name"], filters=filters)

    assert rows
    for row in rows:
        contact = await site.get("Contact", row["parent"])
        assert party in [link["link_name"] for link in contact["links"]]


async def test_a_filter_on_a_child_table_gives_a_parent_once_for_each_of_its_rows(site: Asking) -> None:
    invoices = site.box.store.documents["Sales Invoice"]

    rows = await site.list("Sales Invoice", filters=[["Sales Invoice Item", "qty", "!=", 0]], limit_page_length=0)

    assert len(rows) == sum(len(row["items"]) for row in invoices.values()) > len(invoices)


async def test_two_conditions_on_a_child_table_are_of_one_row(site: Asking) -> None:
    contact = {
        "name": "Two-Sided",
        "links": [
            {"link_doctype": "Customer", "link_name": "A"},
            {"link_doctype": "Supplier", "link_name": "B"},
        ],
    }
    site.box.store.add("Contact", contact)

    async def found(doctype: str, name: str) -> list[Any]:
        filters = [["Dynamic Link", "link_doctype", "=", doctype], ["Dynamic Link", "link_name", "in", [name]]]
        return await site.list("Contact", fields=["name", "links.link_name as party"], filters=filters)

    assert await found("Customer", "A") == [{"name": "Two-Sided", "party": "A"}]
    assert await found("Customer", "B") == []


async def test_a_child_column_gives_a_row_for_each_child_and_one_null_where_there_is_none(site: Asking) -> None:
    site.box.store.add("Contact", {"name": "Nobody’s"})

    rows = await site.list("Contact", fields=["name", "links.link_name"], filters={"name": "Nobody’s"})

    assert rows == [{"name": "Nobody’s", "link_name": None}]


async def test_sums_are_by_group_and_of_the_whole(site: Asking) -> None:
    fields = [
        "account",
        "sum(debit) as debit",
        "sum(debit-credit) as net",
        "count(distinct voucher_no) as vouchers",
    ]
    filters = [["is_cancelled", "=", 0], ["company", "=", "Acme Trading Ltd"]]

    rows = await site.list("GL Entry", fields=fields, filters=filters, group_by="account", limit_page_length=0)
    (whole,) = await site.list(
        "GL Entry", fields=["sum(debit-credit) as net", "max(modified) as m"], filters=filters
    )

    truth = site.box.trial_balance("Acme Trading Ltd")
    assert {row["account"]: row["debit"] for row in rows} == {
        account: pytest.approx(float(balance.debit)) for (account, _), balance in truth.items()
    }
    assert sum(row["net"] for row in rows) == pytest.approx(0, abs=1e-6)
    assert whole["net"] == pytest.approx(0, abs=1e-6)
    assert whole["m"] == max(
        row["modified"]
        for row in site.box.store.documents["GL Entry"].values()
        if not row["is_cancelled"] and row["company"] == "Acme Trading Ltd"
    )


async def test_or_filters_are_joined_to_filters_by_and(site: Asking) -> None:
    rows = await site.list(
        "Sales Invoice",
        fields=["currency", "status"],
        filters=[["currency", "=", "USD"]],
        or_filters=[["status", "=", "Draft"], ["status", "=", "Return"]],
        limit_page_length=0,
    )

    assert {(row["currency"], row["status"]) for row in rows} == {("USD", "Draft"), ("USD", "Return")}


@pytest.mark.parametrize(
    ("asked", "status", "kind"),
    [
        ({"fields": ["name", "nope"]}, 417, "DataError"),
        ({"fields": ["*", "name"]}, 417, "DataError"),
        ({"filters": [["nope", "=", 1]]}, 417, "DataError"),
        ({"filters": [["name", "~", 1]]}, 417, "ValidationError"),
        ({"fields": "[nope"}, 500, "JSONDecodeError"),
        ({"order_by": "nope asc"}, 500, "OperationalError"),
        ({"limit_start": -1}, 500, "ProgrammingError"),
        ({"filters": [["Company", "name", "=", "x"]]}, 500, "OperationalError"),
        ({"fields": ["max(`tabSales Invoice`.modified) as m"]}, 404, "DoesNotExistError"),
    ],
)
async def test_a_bad_question_is_refused_as_measured(
    site: Asking, asked: dict[str, Any], status: int, kind: str
) -> None:
    answer = await site.ask("Sales Invoice", **asked)

    assert (answer.status_code, answer.json()["exc_type"]) == (status, kind)


async def test_an_offset_in_a_filter_is_ignored(site: Asking) -> None:
    (row,) = await site.list("Sales Invoice", fields=["name", "modified"], limit_page_length=1)
    shifted = row["modified"].replace(" ", "T")

    for text in (row["modified"], f"{shifted}Z", f"{shifted}+09:00"):
        rows = await site.list("Sales Invoice", filters=[["modified", "=", text], ["name", "=", row["name"]]])
        assert rows == [{"name": row["name"]}], text


async def test_a_walk_by_key_gives_each_row_once_though_the_books_change_on_the_way(site: Asking) -> None:
    rows = site.box.store.documents["GL Entry"]
    seen: list[str] = []
    after: tuple[str, str] | None = None
    while True:
        more: dict[str, Any] = {}
        if after is not None:
            more["filters"] = [["modified", ">=", after[0]]]
            more["or_filters"] = [["modified", ">", after[0]], ["name", ">", after[1]]]
        page = await site.list(
            "GL Entry",
            fields=["name", "modified"],
            order_by="modified asc, name asc",
            limit_page_length=500,
            **more,
        )
        seen += [row["name"] for row in page]
        if len(page) < 500:
            break
        after = (page[-1]["modified"], page[-1]["name"])
        if len(seen) == 1_000:
            # Behind the store's back, as tests do: what is kept of an order must not outlive it.
            rows[seen[0]]["modified"] = "2030-01-01 00:00:00.000000"

    assert seen[-1] == seen[0]
    assert sorted(seen[1:]) == sorted(rows)


async def test_the_second_version_lists_counts_and_refuses_in_its_own_words(site: Asking) -> None:
    rows = await site.send("GET", "/api/v2/document/Customer?limit=3&limit_page_length=7&start=2")
    count = await site.send("GET", "/api/v2/doctype/Customer/count")
    missing = await site.send("GET", "/api/v2/document/Customer/NOPE-404")

    assert len(rows.json()["data"]) == 3
    assert count.json() == {"data": 60}
    assert (missing.status_code, missing.json()["errors"][0]["type"]) == (404, "DoesNotExistError")
