"""A site's own accounting dimensions, on every document that has their fields."""

from __future__ import annotations

from typing import Any

import pytest

from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.site import read_site
from providers.kit.errors import Unavailable
from providers.kit.pages import Query
from tests.providers.erpnext.frappe import DIMENSIONS, FORBIDDEN, Frappe
from tests.providers.fake_send import Reply
from unified_models.invoice import Invoice

METHOD, LIST = f"api/method/{DIMENSIONS}", "api/resource/Accounting Dimension"
FIELDS = {"branch": "Branch", "sales_channel": "LW Channel"}


def site_with_an_invoice(**fields: Any) -> Frappe:
    """An invoice of one line, both with these fields of the customer's own."""
    site = Frappe(dimensions=dict(FIELDS))
    line = {"name": "L1", "idx": 1, "parent": "I1", "parenttype": "Sales Invoice", "doctype": "Sales Invoice Item"}
    head = {"name": "I1", "modified": "2026-11-21 10:00:00", "cost_center": "Main - AL", **fields}
    site.add("Sales Invoice", [{**head, "items": [{**line, **fields, "project": "PROJ-1"}]}])
    site.metadata = {"Sales Invoice": {"Sales Invoice": list(fields), "Sales Invoice Item": list(fields)}}
    return site


async def invoice(site: Frappe) -> Invoice:
    """The one invoice, as the list has it; a get of it must say the same."""
    client = site.client()
    known = await INVOICES.site(client)
    assert INVOICES.list is not None
    assert INVOICES.get is not None
    listed = await INVOICES.list(client, known, Query(limit=5))
    got = await INVOICES.get(client, known, "invoice:I1", frozenset())
    [record] = [INVOICES.to_unified(each, known) for each in listed.records]
    assert INVOICES.to_unified(got.wire, known) == record
    return record


async def test_a_document_and_its_lines_carry_the_sites_dimensions() -> None:
    record = await invoice(site_with_an_invoice(sales_channel="0", branch="Leeds", colour="red"))

    own = ["dimension:branch:Leeds", "dimension:sales_channel:0"]
    assert [each.id for each in record.tracking_categories] == ["cost_center:Main - AL", *own]
    assert [each.id for each in record.line_items[0].tracking_categories] == ["project:PROJ-1", *own]
    assert record.custom_fields["sales_channel"] == "0"


@pytest.mark.parametrize("value", [None, ""])
async def test_a_dimension_that_is_not_set_is_none(value: str | None) -> None:
    record = await invoice(site_with_an_invoice(branch=value))

    assert [each.id for each in record.tracking_categories] == ["cost_center:Main - AL"]


async def test_a_dimension_that_may_not_be_read_is_left_out_with_a_warning() -> None:
    site = site_with_an_invoice(branch="Leeds")
    site.guarded, site.hidden = {"Sales Invoice": {"branch"}}, {"branch"}
    client = site.client()
    assert INVOICES.list is not None

    page = await INVOICES.list(client, await INVOICES.site(client), Query(limit=5))

    assert [(each.code, each.field) for each in page.cautions] == [("field_not_permitted", "branch")]
    [record] = [INVOICES.to_unified(each, await INVOICES.site(client)) for each in page.records]
    assert [each.id for each in record.tracking_categories] == ["cost_center:Main - AL"]


@pytest.mark.parametrize(
    "reply", [FORBIDDEN, Reply({"exc_type": "ValidationError"}, 417), Reply({"message": 1}), Reply(b"", 500)]
)
async def test_a_site_without_the_method_is_asked_for_the_list(reply: Reply) -> None:
    site = Frappe()
    site.send.on(METHOD, reply)
    site.send.on(LIST, Reply({"data": [{"fieldname": "branch", "document_type": "Branch"}]}))

    assert (await read_site(site.client())).dimensions == {"branch": "Branch"}


async def test_a_site_that_tells_neither_has_unknown_dimensions_for_an_hour() -> None:
    site = Frappe()
    for path in (METHOD, LIST):
        site.send.on(path, FORBIDDEN)

    for _ in range(2):
        assert (await read_site(site.client())).dimensions is None

    assert site.send.paths().count(METHOD) == site.send.paths().count(LIST) == 1


async def test_a_site_that_is_down_is_not_taken_for_one_without_dimensions() -> None:
    site = Frappe()
    for path in (METHOD, LIST):
        site.send.on(path, Reply(b"", 503))

    with pytest.raises(Unavailable):
        await read_site(site.client())
