"""Dates, custom fields, statuses, lines and addresses in every shape Brightpearl sends them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.resources import CONTACTS, PURCHASE_ORDERS, SALES_ORDERS
from tests.providers.brightpearl.account import Account
from tests.providers.brightpearl.test_idsets import order
from tests.providers.fake_send import Reply

BILL = {"addressId": 11, "addressLine1": "1 Bill St", "countryIsoCode2": "GB"}
SHIP = {"addressId": 12, "addressLine1": "2 Ship St", "addressLine3": "Bristol"}


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2021-08-18T00:00:00.000-06:00", date(2021, 8, 18)),  # midnight of the account
        ("2021-08-17T18:00:00.000-06:00", date(2021, 8, 18)),  # midnight in UTC
        ("2022-01-19T18:00:00.000-06:00", date(2022, 1, 20)),
        ("2026-07-01T00:00:00.000+01:00", date(2026, 7, 1)),
        ("2026-07-01T01:00:00.000+01:00", date(2026, 7, 1)),
        ("2026-01-01T00:00:00.000Z", date(2026, 1, 1)),
        ("2026-01-01T00:00:00.000+13:00", date(2026, 1, 1)),
        ("2026-01-01T13:00:00.000+13:00", date(2026, 1, 1)),
        ("2021-08-18T15:11:45.000-06:00", date(2021, 8, 18)),
        ("2021-08-18T23:59:59.000-06:00", date(2021, 8, 18)),
        ("2026-01-01", date(2026, 1, 1)),
        ("", None),
        (None, None),
    ],
)
def test_a_date_is_the_day_that_was_meant_whichever_midnight_it_is_written_as(
    written: str | None, day: date | None
) -> None:
    assert calendar_date(written) == day


def test_an_instant_is_utc_and_one_without_an_offset_is_refused() -> None:
    assert instant("2022-01-26T09:37:37.000-06:00") == datetime(2022, 1, 26, 15, 37, 37, tzinfo=UTC)
    assert instant(None) is None
    with pytest.raises(ValueError, match="offset"):
        instant("2022-01-26T09:37:37.000")


@pytest.mark.parametrize(
    ("unset", "expected"),
    [
        (["PCF_A", "PCF_B"], {"PCF_A": None, "PCF_B": None, "PCF_SET": {"id": 137}}),
        ({"PCF_A": None}, {"PCF_A": None, "PCF_SET": {"id": 137}}),
        (["PCF_SET"], {"PCF_SET": {"id": 137}}),
        (None, {"PCF_SET": {"id": 137}}),
        ("PCF_A", {"PCF_SET": {"id": 137}}),
    ],
)
async def test_unset_custom_fields_are_null_whether_they_come_as_a_list_or_as_a_map(
    unset: Any, expected: dict[str, Any]
) -> None:
    account = Account(orders={1: order(1, customFields={"PCF_SET": {"id": 137}}, nullCustomFields=unset)})

    record, _ = await account.got(PURCHASE_ORDERS, "1")

    assert record.custom_fields == expected
    [call] = account.calls_to("order-service/order/")
    assert call.params == {"includeOptional": "customFields,nullCustomFields"}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"state": {"tax": "INVOICED"}, "orderStatus": {"orderStatusId": 5}}, "billed"),
        ({"state": {"tax": "READY"}, "orderStatus": {"orderStatusId": 5}}, "cancelled"),
        ({"orderStatus": {"orderStatusId": 1}}, "draft"),
        ({"orderStatus": {"orderStatusId": 6, "name": "Pending PO"}}, "submitted"),
        ({"orderStatus": {}}, None),
        ({}, None),
    ],
)
async def test_a_status_is_ours_where_brightpearl_is_sure(fields: dict[str, Any], status: str | None) -> None:
    account = Account(orders={1: order(1, **fields)})

    assert (await account.got(PURCHASE_ORDERS, "1"))[0].status == status


async def test_an_account_that_hides_its_configuration_is_read_with_a_caution() -> None:
    account = Account(orders={1: order(1, orderStatus={"orderStatusId": 5})})
    account.send.on("integration-service/", Reply({"errors": [{"code": "CMNC-403"}]}, 403))

    record, cautions = await account.got(PURCHASE_ORDERS, "1")

    assert record.status == "submitted"
    assert [(caution.code, caution.field, caution.detail) for caution in cautions] == [
        ("reference_unknown", "status", "configuration")
    ]


async def test_lines_are_in_the_orders_sequence_and_free_text_has_no_item() -> None:
    rows = {
        "900": {"orderRowSequence": "20", "productId": 1000, "productName": "Words"},
        "901": {"orderRowSequence": "10", "productId": 7, "productOptions": {"Size": "M", "Colour": "Red"}},
        "902": {"orderRowSequence": "100", "productId": 8, "composition": {"bundleParent": True}},
        "903": {"orderRowSequence": "110", "productId": 9, "composition": {"bundleChild": True}},
    }
    account = Account(orders={1: order(1, orderRows=rows)})

    lines = (await account.got(PURCHASE_ORDERS, "1"))[0].line_items

    assert [(line.id, line.item, line.type) for line in lines] == [
        ("901", "7", "item"),
        ("900", None, "text"),
        ("902", "8", "bundle"),
        ("903", "9", "component"),
    ]
    assert lines[0].description == "Size: M, Colour: Red"


async def test_a_price_is_the_cost_on_a_purchase_and_the_products_price_on_a_sale() -> None:
    rows = {"1": {"itemCost": {"value": "5.0000"}, "productPrice": {"value": "10.0000"}}}
    account = Account(orders={1: order(1, "PO", orderRows=rows), 2: order(2, "SO", orderRows=rows)})

    purchase, sale = (await account.got(PURCHASE_ORDERS, "1"))[0], (await account.got(SALES_ORDERS, "2"))[0]

    assert [str(line.unit_price) for line in (*purchase.line_items, *sale.line_items)] == ["5.0000", "10.0000"]


async def test_an_order_with_nothing_but_its_id_maps_to_nulls() -> None:
    account = Account(orders={1: {"id": 1, "orderTypeCode": "PO"}})

    record, cautions = await account.got(PURCHASE_ORDERS, "1")

    assert (record.id, record.status, record.total_amount, record.created_at) == ("1", None, None, None)
    assert (record.line_items, record.addresses, list(cautions)) == ([], [], [])


async def test_money_that_is_not_a_number_is_told_by_its_field() -> None:
    account = Account(orders={1: order(1), 2: order(2, totalValue={"total": "NaN"})})

    page = await account.listed(PURCHASE_ORDERS)

    assert [record.id for record in page.records] == ["1"]
    [caution] = page.cautions
    assert (caution.code, caution.id, caution.field) == ("not_a_number", "2", "totalValue.total")


def contact(number: int, **more: Any) -> dict[str, Any]:
    return {"contactId": number, "postAddressIds": {"BIL": 11, "DEL": 12}, **more}


@pytest.mark.parametrize(
    "along",
    [[BILL, SHIP], {"11": BILL, "12": SHIP}, {"BIL": BILL, "DEL": SHIP}],
    ids=["list", "map by id", "map by use"],
)
async def test_addresses_that_come_along_cost_no_further_call_whatever_their_shape(along: Any) -> None:
    account = Account(contacts={1: contact(1, postalAddresses=along)})

    record, cautions = await account.got(CONTACTS, "1")

    assert [(address.id, address.type, address.street_1) for address in record.addresses] == [
        ("11", "billing", "1 Bill St"),
        ("12", "shipping", "2 Ship St"),
    ]
    assert account.calls_to("contact-service/postal-address") == []
    assert list(cautions) == []


@pytest.mark.parametrize("along", [{"11": {"addressLine1": "1 Bill St"}, "DEL": {"addressLine1": "2 Ship St"}}])
async def test_addresses_without_their_own_id_are_known_by_the_key_they_stand_under(along: Any) -> None:
    record, _ = await Account(contacts={1: contact(1, postalAddresses=along)}).got(CONTACTS, "1")

    assert [address.street_1 for address in record.addresses] == ["1 Bill St", "2 Ship St"]


@pytest.mark.parametrize("along", [None, "words", 7, [{"addressId": "words"}]])
async def test_addresses_that_do_not_come_along_are_joined_by_id_in_one_call(along: Any) -> None:
    account = Account(contacts={number: contact(number, postalAddresses=along) for number in (1, 2)})
    account.addresses = {11: BILL, 12: SHIP}

    page = await account.listed(CONTACTS)

    streets = [[address.street_1 for address in record.addresses] for record in page.records]  # type: ignore[attr-defined]
    assert streets == [["1 Bill St", "2 Ship St"]] * 2
    assert account.send.paths()[-1] == "contact-service/postal-address/11-12"
    assert len(account.calls_to("contact-service/postal-address")) == 1


async def test_an_address_that_is_gone_and_addresses_that_may_not_be_read_are_told() -> None:
    account = Account(contacts={1: contact(1)}, addresses={11: BILL})
    hidden = Account(contacts={1: contact(1)}, forbidden=("contact-service/postal-address",))

    record, cautions = await account.got(CONTACTS, "1")
    without, more = await hidden.got(CONTACTS, "1")

    assert [address.id for address in record.addresses] == ["11"]
    assert [(caution.code, caution.id, caution.field) for caution in cautions] == [("not_found", "1", "addresses")]
    assert without.addresses == []
    assert [(caution.code, caution.field) for caution in more] == [("not_permitted", "addresses")]


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({"isSupplier": False, "isStaff": False}, "customer"),
        ({"isSupplier": True, "isStaff": False}, "vendor"),
        ({"isSupplier": False, "isStaff": True}, "employee"),
        (None, None),
    ],
)
async def test_a_contact_is_a_vendor_or_staff_or_else_a_customer(flags: Any, kind: str | None) -> None:
    account = Account(contacts={1: {"contactId": 1, "relationshipToAccount": flags}})

    record, _ = await account.got(CONTACTS, "1")

    assert (record.type, record.is_vendor) == (kind, None if kind is None else kind == "vendor")
