"""What a list asks, what it does when something is refused, and how odd rows come through."""

from __future__ import annotations

from typing import Any

import pytest

from app.gateway import Gateway, Page
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.rows.items import ITEMS
from providers.kit.errors import BadAnswer, Rejected, Unmappable, UnsupportedFilter
from providers.kit.pages import Query
from providers.kit.resource import AnyResource
from tests.providers.erpnext.frappe import FORBIDDEN, ROOT, Frappe, recorded_site, refusal
from tests.providers.fake_send import Reply

STAMP = "2026-11-21 10:00:00.000000"


async def listed(site: Frappe, resource: AnyResource, **asked: Any) -> Page:
    """One page through the gateway."""
    gateway = Gateway(60.0)
    return await gateway.list(site.client(), resource, Query(**{"limit": 500, **asked}))


def cautions(page: Page) -> set[tuple[str, str | None, str | None]]:
    return {(caution.code, caution.id, caution.field) for caution in page.cautions}


def items(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"name": name, "modified": STAMP, "creation": STAMP, **more} for name in names]


async def test_a_page_of_items_costs_one_call_once_the_site_is_known() -> None:
    site = recorded_site()
    await listed(site, ITEMS)
    site.send.calls.clear()

    await listed(site, ITEMS)

    assert site.send.paths() == ["api/resource/Item"]


async def test_a_list_always_names_its_fields_and_a_whole_order() -> None:
    site = recorded_site()

    await listed(site, INVOICES, limit=1)

    [call] = site.lists("Sales Invoice")
    assert call.params["order_by"] == "modified asc, name asc"
    assert {"name", "modified", "docstatus", "gateway_ref", "outstanding_amount"} <= set(call.argument("fields"))
    assert call.params["limit_page_length"] == "1"


async def test_a_joined_page_costs_one_call_for_each_table_and_an_empty_one_costs_none() -> None:
    site = recorded_site()
    await listed(site, INVOICES, limit=1)
    site.send.calls.clear()

    await listed(site, INVOICES)
    full = site.send.paths()
    site.send.calls.clear()
    site.documents["Sales Invoice"] = {}
    await listed(site, INVOICES)

    assert sorted(full) == [
        "api/resource/Payment Entry Reference",
        "api/resource/Payment Schedule",
        "api/resource/Sales Invoice",
        "api/resource/Sales Invoice Item",
        "api/resource/Sales Taxes and Charges",
    ]
    assert site.send.paths() == ["api/resource/Sales Invoice"]


async def test_a_question_too_long_for_a_request_line_goes_as_a_body() -> None:
    site = Frappe()
    names = [f"ACC-SINV-2026-{number:05}" for number in range(300)]
    lines = {
        name: [{"name": f"L{name}", "idx": 1, "parent": name, "parenttype": "Sales Invoice"}] for name in names
    }
    for rows in lines.values():
        rows[0]["doctype"] = "Sales Invoice Item"
    site.add("Sales Invoice", [{"name": n, "modified": STAMP, "docstatus": 1, "items": lines[n]} for n in names])

    page = await listed(site, INVOICES)

    assert [len(record.line_items) for record in page.records] == [1] * 300  # type: ignore[attr-defined]
    [call] = site.lists("Sales Invoice Item")
    assert (call.method, call.path) == ("POST", "api/method/frappe.client.get_list")
    assert call.body["parent"] == "Sales Invoice"
    assert call.body["limit_page_length"] == 0
    assert all(len(call.url) - len(ROOT) < 4_000 for call in site.send.calls)


async def test_a_refused_field_is_left_out_with_a_caution_and_not_asked_for_again() -> None:
    site = Frappe(refused={"last_purchase_rate", "brand"})
    site.add("Item", items("A", standard_rate=5))

    first = await listed(site, ITEMS)
    asked = len(site.lists("Item"))
    second = await listed(site, ITEMS)

    assert [record.id for record in first.records] == ["A"]
    assert (
        cautions(first)
        == cautions(second)
        == {
            ("field_not_permitted", None, "last_purchase_rate"),
            ("field_not_permitted", None, "brand"),
        }
    )
    assert asked == 3
    assert len(site.lists("Item")) == 4


async def test_a_refused_name_fails_the_list_since_paging_rests_on_it() -> None:
    site = Frappe(refused={"modified"})
    site.add("Item", items("A"))

    with pytest.raises(Rejected) as caught:
        await listed(site, ITEMS)

    assert caught.value.provider_message == "Field not permitted in query: modified"


async def test_a_site_that_refuses_one_field_after_the_other_is_a_bad_answer() -> None:
    site = Frappe()
    site.send.on("api/resource/Sales Invoice", lambda call: refusal(call.argument("fields")[3]))

    with pytest.raises(BadAnswer, match="one field after the other"):
        await listed(site, INVOICES)

    assert len(site.lists("Sales Invoice")) == 20


async def test_without_metadata_custom_fields_are_unknown_and_the_caller_is_told() -> None:
    site = recorded_site()
    site.metadata = None

    page = await listed(site, INVOICES, limit=1)
    record, more = await Gateway(60.0).get(site.client(), ITEMS, "CONS-DAY", Query(limit=1))

    assert ("custom_fields_unknown", None, "custom_fields") in cautions(page)
    assert page.records[0].custom_fields == {}
    assert [(caution.code, caution.field) for caution in more] == [("custom_fields_unknown", "custom_fields")]
    assert record.custom_fields == {}


async def test_custom_fields_are_given_on_documents_and_on_their_lines() -> None:
    site = recorded_site()

    page = await listed(site, INVOICES)

    by_id: dict[str, Any] = {record.id: record for record in page.records}
    assert by_id["invoice:ACC-SINV-2026-00070"].custom_fields["gateway_ref"] == "gw_00132"
    assert [line.custom_fields for line in by_id["invoice:ACC-SINV-2026-00581"].line_items] == [
        {"line_ref": "L-3496"},
        {"line_ref": None},
        {"line_ref": None},
    ]


async def test_tables_that_may_not_be_read_are_empty_with_a_caution_each() -> None:
    site = recorded_site()
    site.forbidden = {"Payment Entry Reference", "Payment Schedule"}

    page = await listed(site, INVOICES, limit=1)

    assert cautions(page) == {("not_permitted", None, "payments"), ("not_permitted", None, "payment_terms")}
    assert page.records[0].line_items  # type: ignore[attr-defined]


async def test_one_row_of_a_wrong_type_becomes_a_caution_and_the_others_go_on() -> None:
    site = Frappe()
    site.add("Item", items("A", disabled=0) + items("B", disabled="private words") + items("C", disabled=1))

    page = await listed(site, ITEMS)

    assert [record.id for record in page.records] == ["A", "C"]
    assert cautions(page) == {("wrong_type", "B", "disabled")}
    assert "private words" not in repr([(caution.code, caution.detail) for caution in page.cautions])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e-9", "1E+30"])
@pytest.mark.parametrize("with_raw", [False, True])
async def test_a_number_that_digits_cannot_write_becomes_a_caution_by_field(number: str, with_raw: bool) -> None:
    site = Frappe()
    row = '{{"name":"{}","modified":"2026-11-21 10:00:00","standard_rate":{}}}'
    body = f'{{"data":[{row.format("A", "0.10")},{row.format("B", number)}]}}'
    site.send.on("api/resource/Item", Reply(body.encode()))

    page = await listed(site, ITEMS, remote_data=with_raw)

    assert [str(record.unit_price) for record in page.records] == ["0.10"]  # type: ignore[attr-defined]
    assert cautions(page) == {("not_a_number", "B", "standard_rate")}


async def test_a_document_with_nan_is_unmappable_by_field_as_it_is_in_a_list() -> None:
    site = Frappe()
    site.send.on(
        "api/resource/Item/B", Reply(b'{"data":{"name":"B","standard_rate":NaN,"last_purchase_rate":1.50}}')
    )

    with pytest.raises(Unmappable) as caught:
        await Gateway(60.0).get(site.client(), ITEMS, "B", Query(limit=1))

    assert (caught.value.field, caught.value.code) == ("standard_rate", "not_a_number")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data":{}}', b'{"data":7}', b"<html>", b'{"data":[{"na'])
async def test_an_answer_that_is_no_list_is_a_bad_answer_and_is_asked_for_again(body: bytes) -> None:
    site = Frappe()
    site.send.on("api/resource/Item", Reply(body))

    with pytest.raises(BadAnswer):
        await listed(site, ITEMS)


async def test_digits_pass_unchanged_from_the_wire_to_the_record() -> None:
    site = Frappe()
    digits = "12345678901234567890.123456789012345"
    body = f'{{"data":[{{"name":"A","modified":"2026-11-21 10:00:00","standard_rate":{digits}}}]}}'
    site.send.on("api/resource/Item", Reply(body.encode()))

    page = await listed(site, ITEMS)

    assert str(page.records[0].unit_price) == digits  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["fields", "filters", "order_by", "limit_start", "limit", "parent", "as_dict"])
async def test_a_remote_query_may_not_touch_what_paging_rests_on(name: str) -> None:
    with pytest.raises(UnsupportedFilter, match=name):
        await listed(Frappe(), ITEMS, remote_query=((name, "1"),))


async def test_a_remote_query_goes_to_the_list_verbatim() -> None:
    site = Frappe()
    site.add("Item", [])

    await listed(site, ITEMS, remote_query=(("expand", "a b&c"),))

    assert site.lists("Item")[0].params["expand"] == "a b&c"


async def test_a_list_that_the_user_may_not_read_at_all_is_an_error() -> None:
    site = Frappe()
    site.send.on("api/resource/Item", FORBIDDEN)

    with pytest.raises(Exception, match="answered 403"):
        await listed(site, ITEMS)
