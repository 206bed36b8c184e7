"""Recorded orders and contacts as the unified records that were checked by hand against the recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from providers.brightpearl.resources import CONTACTS, PURCHASE_ORDERS, SALES_ORDERS
from providers.kit.resource import AnyResource
from tests.providers.brightpearl.account import Account, payment
from tests.providers.fake_send import exact_json, written

GOLDEN = Path(__file__).parent / "golden"
CASES: dict[str, tuple[AnyResource, str]] = {
    "order_get_po": (PURCHASE_ORDERS, "312"),
    "order_get_so_with_custom_fields": (SALES_ORDERS, "1"),
    "order_patch": (SALES_ORDERS, "329"),
    "contact_get_one": (CONTACTS, "151499"),
    "contact_get_full_2013": (CONTACTS, "200"),
}


def account() -> Account:
    """The recorded records, some payments of the two orders, and the addresses of the older contact."""
    found = Account()
    found.add_recorded(*CASES)
    found.supplier_payments = [payment(17, 312, "PAYMENT", "500.00"), payment(18, 312, "RECEIPT", "100.50")]
    found.customer_payments = [payment(935253, 1, "RECEIPT", "4.00")]
    found.addresses = {
        107: {
            "addressId": 107,
            "addressLine1": "100 Something St",
            "addressLine2": "",
            "addressLine3": "Bristol",
            "addressLine4": "Avon",
            "postalCode": "ZZ1 1ZZ",
            "countryIsoCode": "GBR",
            "countryIsoCode2": "GB",
        },
        418692: {"addressId": 418692, "addressLine1": "1 Bill St", "countryIsoCode": "GBR"},
        418693: {"addressId": 418693, "addressLine1": "2 Ship St"},
    }
    return found


@pytest.mark.parametrize("name", CASES)
async def test_a_recorded_record_becomes_exactly_the_unified_record_checked_by_hand(name: str) -> None:
    resource, record_id = CASES[name]

    record, cautions = await account().got(resource, record_id)

    assert list(cautions) == []
    assert exact_json(written(record)) == exact_json((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_the_golden_records_hold_every_field_of_the_model(name: str) -> None:
    golden = exact_json((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))

    resource = CASES[name][0]
    assert set(golden) == set(resource.model.__struct_fields__) - {"remote_data", *resource.expands}


@pytest.mark.parametrize("resource", [PURCHASE_ORDERS, SALES_ORDERS, CONTACTS], ids=["po", "so", "contacts"])
async def test_a_list_gives_the_same_records_as_get_field_for_field(resource: AnyResource) -> None:
    books = account()

    page = await books.listed(resource)

    assert list(page.cautions) == []
    assert len(page.records) == sum(row is resource for row, _ in CASES.values())
    for record in page.records:
        got, _ = await books.got(resource, record.id)
        assert got == record
