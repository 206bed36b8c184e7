"""Getting one document: by our id, by its bare name, of another company, with odd names."""

from __future__ import annotations

import json

import pytest

from app.api.problems import render
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.rows.items import ITEMS
from providers.kit.errors import Conflict, NotFound, Unmappable, Unreadable
from providers.kit.resource import AnyResource, Record
from tests.providers.erpnext.frappe import Frappe
from tests.providers.fake_send import Reply

STAMP = "2026-11-21 10:00:00"


async def got(site: Frappe, resource: AnyResource, record_id: str) -> Record[object]:
    """The record, unmapped."""
    client = site.client()
    assert resource.get is not None
    record: Record[object] = await resource.get(client, await resource.site(client), record_id, frozenset())
    return record


def site_with(**names: str) -> Frappe:
    site = Frappe()
    for doctype, name in names.items():
        site.add(doctype.replace("_", " "), [{"name": name, "modified": STAMP, "company": "Acme"}])
    return site


async def test_a_bare_name_is_found_in_the_one_kind_that_has_it() -> None:
    record = await got(site_with(Purchase_Invoice="P1"), INVOICES, "P1")

    assert INVOICES.id_of(record.wire) == "bill:P1"


async def test_a_bare_name_that_both_kinds_have_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="invoice:… or bill:…"):
        await got(site_with(Purchase_Invoice="X", Sales_Invoice="X"), INVOICES, "X")


@pytest.mark.parametrize("record_id", ["invoice:X", "bill:X", "X", "invoice:", "bill", ":", "other:X"])
async def test_a_document_that_is_not_there_is_not_found(record_id: str) -> None:
    with pytest.raises(NotFound):
        await got(Frappe(), INVOICES, record_id)


async def test_another_companys_invoice_is_not_found() -> None:
    site = site_with(Sales_Invoice="S1")
    site.settings = {"company": "Beta"}

    with pytest.raises(NotFound, match="another company"):
        await got(site, INVOICES, "invoice:S1")


@pytest.mark.parametrize("name", ["A/B", "50% off", "CAFÉ #1", "茶?x=1&y", "../Item", 'q"t', "a+b c", "bill:7"])
async def test_any_name_is_encoded_whole_in_the_path(name: str) -> None:
    site = Frappe()
    site.add("Item", [{"name": name, "modified": STAMP}])

    record = await got(site, ITEMS, name)

    assert ITEMS.id_of(record.wire) == name
    [call] = [call for call in site.send.calls if call.path.startswith("api/resource/Item")]
    assert call.url.count("/") == 6
    assert not call.params


async def test_a_document_with_a_field_of_a_wrong_type_is_a_bad_answer_that_names_the_field_alone() -> None:
    site = Frappe()
    site.send.on("api/resource/Item/A", Reply({"data": {"name": "A", "disabled": "private words"}}))

    with pytest.raises(Unreadable) as caught:
        await got(site, ITEMS, "A")

    assert (caught.value.code, caught.value.retryable) == ("provider_bad_answer", False)
    assert caught.value.provider_code == "wrong_type: disabled"
    assert "private" not in f"{caught.value} {caught.value.provider_message}"


async def test_no_id_can_leave_the_doctype() -> None:
    site = Frappe()

    with pytest.raises(NotFound):
        await got(site, ITEMS, "../User/Administrator")

    assert site.send.calls[-1].url.endswith("/api/resource/Item/..%2FUser%2FAdministrator")


@pytest.mark.parametrize("error", [Unreadable("the record is wrong"), Unmappable("grand_total", "not_a_number")])
def test_a_wrong_record_is_a_problem_that_no_repeat_mends(error: Exception) -> None:
    problem = json.loads(render(error, "request", "erpnext").body)

    assert (problem["status"], problem["code"]) == (502, "provider_bad_answer")
    assert problem["retryable"] is False
