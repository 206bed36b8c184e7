"""Fields that this user may not read: null and named, in lists and documents alike, and never a zero."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.gateway import Gateway
from providers.erpnext.rights import refused_field
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.rows.items import ITEMS
from providers.kit.errors import Rejected
from providers.kit.pages import Query
from providers.kit.resource import AnyResource
from tests.providers.erpnext.frappe import Frappe, recorded_site
from tests.providers.fake_send import Reply

STAMP = "2026-11-21 10:00:00.000000"
GUARDED = {
    "Sales Invoice": {"net_total", "outstanding_amount", "po_no", "gateway_ref"},
    "Sales Invoice Item": {"rate", "line_ref"},
    "Payment Schedule": {"payment_amount"},
}
HIDDEN = {"net_total", "outstanding_amount", "rate", "gateway_ref", "payment_amount"}
NAMED = {
    "net_total",
    "outstanding_amount",
    "gateway_ref",
    "items.rate",
    "payment_schedule.payment_amount",
}
RECORD = "invoice:ACC-SINV-2026-00002"


def guarded_site(**more: Any) -> Frappe:
    """The recorded books, where some fields need a level that this user has or lacks."""
    site = recorded_site()
    site.guarded, site.hidden = GUARDED, HIDDEN
    for name, value in more.items():
        setattr(site, name, value)
    return site


def items(**fields: Any) -> list[dict[str, Any]]:
    return [{"name": name, "modified": STAMP, "creation": STAMP, **fields} for name in ("A", "B")]


async def listed(site: Frappe, resource: AnyResource = INVOICES, **asked: Any) -> tuple[dict[str, Any], list[Any]]:
    page = await Gateway(60.0).list(site.client(), resource, Query(**{"limit": 500, **asked}))
    named = [caution.field for caution in page.cautions if caution.code == "field_not_permitted"]
    return {record.id: record for record in page.records if record.id}, named


async def got(site: Frappe, record_id: str, resource: AnyResource = INVOICES) -> tuple[Any, list[Any]]:
    record, cautions = await Gateway(60.0).get(site.client(), resource, record_id, Query(limit=1))
    return record, [caution.field for caution in cautions if caution.code == "field_not_permitted"]


async def test_a_list_names_the_fields_that_the_site_silently_leaves_out() -> None:
    records, named = await listed(guarded_site())

    assert set(named) == NAMED
    assert len(named) == len(NAMED)
    record = records[RECORD]
    assert (record.sub_total, record.balance, record.custom_fields["gateway_ref"]) == (None, None, None)
    assert record.total_amount is not None
    assert [line.unit_price for line in record.line_items] == [None] * len(record.line_items)
    assert [term.amount for term in record.payment_terms] == [None] * len(record.payment_terms)


async def test_a_get_names_them_too_and_gives_null_where_the_document_says_zero() -> None:
    record, named = await got(guarded_site(), RECORD)

    assert set(named) == NAMED
    assert (record.sub_total, record.balance, record.line_items[0].unit_price) == (None, None, None)
    assert record.payment_terms[0].amount is None


async def test_a_list_gives_the_same_records_as_get() -> None:
    site = guarded_site()
    records, _ = await listed(site)

    for record_id, record in records.items():
        assert (await got(site, record_id))[0] == record


async def test_a_list_with_raw_records_names_them_too() -> None:
    records, named = await listed(guarded_site(), remote_data=True)

    assert {"net_total", "outstanding_amount"} <= set(named)
    assert records[RECORD].balance is None


async def test_it_is_learnt_once_an_hour_by_one_call_for_each_table_that_has_such_fields() -> None:
    site = guarded_site()
    await listed(site)
    await got(site, RECORD)
    await listed(site)

    learning = [call for call in site.send.calls if call.params.get("limit_page_length") == "1"]
    assert [(call.path, call.params.get("parent"), call.argument("fields")) for call in learning] == [
        ("api/resource/Sales Invoice", None, ["name", "gateway_ref", "net_total", "outstanding_amount", "po_no"]),
        ("api/resource/Sales Invoice Item", "Sales Invoice", ["name", "line_ref", "rate"]),
        ("api/resource/Payment Schedule", "Sales Invoice", ["name", "payment_amount"]),
    ]
    site.clock.seconds += 3_601
    site.hidden = set()
    assert (await listed(site))[1] == []


async def test_fields_that_may_be_read_are_given_and_nothing_is_said() -> None:
    plain, _ = await listed(recorded_site())
    records, named = await listed(guarded_site(hidden=set()))

    assert named == []
    assert records == plain


async def test_no_call_is_spent_where_no_mapped_field_has_a_level() -> None:
    site = recorded_site()
    site.guarded = {"Sales Invoice": {"a_field_nobody_maps"}}
    await listed(site)
    await got(site, RECORD)

    assert not [call for call in site.send.calls if call.params.get("limit_page_length") == "1"]


async def test_nothing_is_assumed_without_a_row_and_it_is_learnt_when_there_is_one() -> None:
    site = Frappe(guarded={"Item": {"standard_rate"}}, hidden={"standard_rate"})
    site.add("Item", [])
    assert await listed(site, ITEMS) == ({}, [])

    site.add("Item", items(standard_rate=5))

    records, named = await listed(site, ITEMS)
    assert (records["A"].unit_price, named) == (None, ["standard_rate"])


async def test_nothing_is_assumed_without_metadata() -> None:
    site = Frappe(metadata=None, guarded={"Item": {"standard_rate"}})
    site.add("Item", items(standard_rate=5))

    assert (await listed(site, ITEMS))[1] == []
    assert (await got(site, "A", ITEMS))[1] == []
    assert len(site.lists("Item")) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"exc_type": "PermissionError"}, 403),
        Reply({"data": []}, 404),
        Reply({"exc_type": "ValidationError"}, 417),
        Reply({"data": []}),
        Reply({"data": [{"standard": 1}]}),
        Reply({"data": [{"name": "A", "item_group": "one that was not asked for"}]}),
        Reply({"data": [{"name": "A"}, {"name": "B"}]}),
    ],
)
async def test_an_answer_to_another_question_tells_nothing_of_rights(reply: Reply) -> None:
    site = Frappe(guarded={"Item": {"standard_rate"}})
    site.add("Item", items(standard_rate=5))
    site.send.on("api/resource/Item", lambda call: reply if "fields" in call.params else site._resource(call))

    record, named = await got(site, "A", ITEMS)

    assert (str(record.unit_price), named) == ("5", [])


async def test_an_item_gives_null_and_not_zero_in_a_get_that_comes_first() -> None:
    site = Frappe(guarded={"Item": {"standard_rate", "brand"}}, hidden={"standard_rate", "brand"})
    site.add("Item", items(standard_rate=5, brand="X", last_purchase_rate=3))

    record, named = await got(site, "A", ITEMS)

    assert (record.unit_price, record.brand, str(record.purchase_price)) == (None, None, "3")
    assert named == ["brand", "standard_rate"]


async def test_a_site_that_refuses_such_fields_by_name_is_understood_in_a_get_too() -> None:
    site = Frappe(guarded={"Item": {"standard_rate", "brand"}}, refused={"brand"}, hidden={"standard_rate"})
    site.add("Item", items(standard_rate=5, brand="X"))

    record, named = await got(site, "A", ITEMS)

    assert (record.unit_price, record.brand, set(named)) == (None, None, {"brand", "standard_rate"})


async def test_a_virtual_field_which_lists_do_not_have_is_no_custom_field() -> None:
    site = Frappe()
    fields = [
        {"fieldname": "kept", "fieldtype": "Data", "is_custom_field": 1, "is_virtual": 0},
        {"fieldname": "made_up", "fieldtype": "Data", "is_custom_field": 1, "is_virtual": 1},
    ]
    metadata = Reply({"docs": [{"name": "Item", "fields": fields}]})
    site.send.on("api/method/frappe.desk.form.load.getdoctype", metadata)
    site.add("Item", items(kept="1", made_up="2"))

    records, _ = await listed(site, ITEMS)
    record, _ = await got(site, "A", ITEMS)

    assert records["A"].custom_fields == record.custom_fields == {"kept": "1"}


@pytest.mark.parametrize(
    "words",
    [
        "Field not permitted in query: standard_rate",
        "Feld in der Abfrage nicht erlaubt: standard_rate",
        "Champ non autorisé dans la requête : standard_rate",
        "查询中不允许的字段：standard_rate",
        "Field not permitted in query: `tabItem`.`standard_rate`",
    ],
)
async def test_a_refusal_is_understood_in_any_language(words: str) -> None:
    site = Frappe()
    site.add("Item", items())
    message = json.dumps([json.dumps({"message": words})])
    refusal = Reply({"exc_type": "DataError", "_server_messages": message}, 417)
    answer = site._resource
    site.send.on(
        "api/resource/Item",
        lambda call: refusal if "standard_rate" in call.argument("fields") else answer(call),
    )

    records, named = await listed(site, ITEMS)

    assert (sorted(records), named) == (["A", "B"], ["standard_rate"])


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ValidationError", "Field not permitted in query: standard_rate"),
        ("DataError", "Data too long"),
        ("DataError", "Field not permitted in query: standard_rate, says the clerk"),
        ("DataError", None),
        (None, None),
    ],
)
def test_what_names_no_field_is_no_refusal_of_one(code: str | None, words: str | None) -> None:
    assert refused_field(Rejected("ERPNext answered 417", provider_code=code, provider_message=words)) is None


async def test_the_gateways_own_calls_ask_for_english_words() -> None:
    site = guarded_site()
    await listed(site)
    await got(site, RECORD)

    assert {call.headers.get("Accept-Language") for call in site.send.calls} == {"en"}
