"""Documents and metadata that are not what they should be, found by mutating answers: each has a name."""

from __future__ import annotations

from typing import Any

import pytest

from providers.erpnext.rows.invoices import INVOICES
from providers.kit.errors import Unreadable
from tests.providers.erpnext.frappe import Frappe


def site_of(**more: Any) -> Frappe:
    site = Frappe()
    site.add("Sales Invoice", [{"name": "S", "doctype": "Sales Invoice", "customer": "A", **more}])
    site.add("Payment Entry Reference", [])
    return site


@pytest.mark.parametrize("table", ["", "Tea", 7, {}, True])
async def test_a_table_that_is_none_is_named(table: object) -> None:
    client = site_of(items=table).client()
    assert INVOICES.get is not None

    with pytest.raises(Unreadable) as caught:
        await INVOICES.get(client, await INVOICES.site(client), "invoice:S", frozenset())

    assert caught.value.provider_code == "wrong_type: items"


async def test_a_custom_field_that_the_metadata_names_twice_is_one_field() -> None:
    site = site_of(tier="gold")
    site.metadata = {"Sales Invoice": {"Sales Invoice": ["tier", "tier"]}}
    client = site.client()
    assert INVOICES.get is not None

    found = await INVOICES.get(client, await INVOICES.site(client), "invoice:S", frozenset())

    assert INVOICES.to_unified(found.wire, await INVOICES.site(client)).custom_fields == {"tier": "gold"}
