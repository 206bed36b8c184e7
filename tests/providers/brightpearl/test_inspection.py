"""What an inspection of a Brightpearl account finds, and what it does not make up."""

from __future__ import annotations

from typing import Any

import pytest

from providers.brightpearl.inspection import OWN_FIELDS, inspect
from providers.brightpearl.resources import RESOURCES
from providers.kit.errors import BadAnswer, NotFound, Unauthorised
from providers.kit.provider import Company
from tests.providers.brightpearl.account import Account, refusal
from tests.providers.fake_send import Call, Reply

CONFIGURATION = "integration-service/account-configuration"
FIELDS = "custom-field-meta-data"
NOTHING = refusal("CMNC-404", "No Tax Codes Found", 404)


def account(**fields: Any) -> Account:
    """An account whose searches and lists hold nothing; `fields` are the answers to what tells of own fields."""
    books = Account()
    books.send.on("", lambda call: Reply(_empty(call)))
    books.send.on(
        CONFIGURATION,
        Reply({"response": {"configuration": {"baseCurrencyCode": "GBP", "timeZone": "Europe/London"}}}),
    )
    for path in {path for paths in OWN_FIELDS.values() for path in paths}:
        name = path.rpartition("/")[2]
        books.send.on(f"{path}/{FIELDS}", fields.get(name, Reply({"response": []})))
    return books


def _empty(call: Call) -> Any:
    if call.path.endswith("-search"):
        return {"response": {"results": [], "metaData": {"columns": [{"name": "id"}], "resultsAvailable": 0}}}
    return {"response": []}


async def test_an_account_is_one_company_and_nobody_is_named() -> None:
    found = await inspect(account().client())

    assert found.user is None
    assert found.companies == (Company(id="acme", name="acme", currency="GBP"),)
    assert (found.base_currency, found.time_zone) == ("GBP", "Europe/London")
    assert found.settings == {"base_currency": "GBP", "time_zone": "Europe/London"}
    assert (found.missing, found.limited, found.unknown) == ({}, {}, ())


async def test_a_configuration_that_tells_nothing_changes_nothing() -> None:
    books = account()
    books.send.on(CONFIGURATION, Reply({"response": {"configuration": {}}}))

    found = await inspect(books.client())

    assert (found.settings, found.base_currency, found.time_zone) == ({}, None, None)


async def test_a_list_that_says_nothing_by_404_is_not_missing() -> None:
    books = account(sale=NOTHING)
    books.send.on("accounting-service/tax-code", NOTHING)

    found = await inspect(books.client())

    assert (found.missing, found.unknown) == ({}, ())
    assert found.custom_fields is not None
    assert found.custom_fields["sales_orders"] == ()


async def test_a_path_that_leads_nowhere_cannot_be_read() -> None:
    books = account()
    books.send.on(
        "accounting-service/tax-code", refusal("CMNC-404", "Cannot find the resource /app/accounting-service", 404)
    )

    assert (await inspect(books.client())).missing == {"tax_rates": "cannot read tax code"}


@pytest.mark.parametrize("body", [b"", b"<html>Attention Required</html>"])
async def test_a_403_without_a_word_of_brightpearls_is_unknown(body: bytes) -> None:
    books = account()
    books.send.on("accounting-service/tax-code", Reply(body, 403))

    found = await inspect(books.client())

    assert (found.missing, found.unknown) == ({}, ("tax_rates",))


@pytest.mark.parametrize("body", [{"response": "Not allowed"}, {"errors": [{"code": "CMNC-403", "message": "no"}]}])
async def test_a_refusal_in_either_of_brightpearls_shapes_is_a_missing_right(body: Any) -> None:
    books = account()
    books.send.on("order-service/order-search", Reply(body, 403))

    found = await inspect(books.client())

    assert found.missing == dict.fromkeys(
        ("credit_notes", "purchase_orders", "sales_orders", "vendor_credits"), "cannot read order"
    )


async def test_a_401_to_one_service_is_a_missing_right_while_the_credentials_are_good() -> None:
    books = account(product=Reply({"response": "Not authenticated"}, 401))
    books.send.on("product-service/product-search", Reply({"response": "Not authenticated"}, 401))

    found = await inspect(books.client())

    assert found.missing == {"items": "cannot read product"}
    assert found.custom_fields is not None
    assert "items" not in found.custom_fields


async def test_credentials_that_are_withdrawn_in_the_middle_are_refused() -> None:
    books = account()
    books.send.on("", Reply({"response": "Invalid instance token"}, 401))
    asked = iter([{"response": {"configuration": {}}}])
    books.send.on(
        CONFIGURATION,
        lambda _: (
            Reply(body) if (body := next(asked, None)) else Reply({"response": "Invalid instance token"}, 401)
        ),
    )

    with pytest.raises(Unauthorised):
        await inspect(books.client())


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"response": "Invalid instance token: x"}, 401), Unauthorised),
        (refusal("CMNC-404", "Cannot find the resource /app/", 404), NotFound),
        (Reply(b"<html>"), BadAnswer),
        (Reply({"response": {}}), BadAnswer),
    ],
)
async def test_without_the_configuration_nothing_else_is_asked(reply: Reply, error: type[Exception]) -> None:
    books = account()
    books.send.on(CONFIGURATION, reply)

    with pytest.raises(error):
        await inspect(books.client())
    assert set(books.send.paths()) == {CONFIGURATION}


async def test_own_fields_come_as_a_list_or_as_a_map_and_each_once() -> None:
    as_map = Reply({"response": {"7": {"id": 7, "code": "PCF_BUYER"}, "8": {"id": 8, "code": "PCF_SHARED"}}})
    as_list = Reply({"response": [{"id": 1, "code": "PCF_GIFT"}, {"id": 2, "code": "PCF_SHARED"}]})

    found = await inspect(account(sale=as_list, purchase=as_map).client())

    assert found.custom_fields is not None
    assert found.custom_fields["sales_orders"] == found.custom_fields["credit_notes"] == ("PCF_GIFT", "PCF_SHARED")
    assert found.custom_fields["purchase_orders"] == ("PCF_BUYER", "PCF_SHARED")
    assert found.custom_fields["invoices"] == ("PCF_GIFT", "PCF_SHARED", "PCF_BUYER")


async def test_own_fields_that_are_not_told_whole_are_left_out() -> None:
    found = await inspect(account(supplier=Reply(b"", 500), product=Reply({"response": [{"id": 1}]})).client())

    assert found.custom_fields is not None
    assert found.custom_fields.keys() == OWN_FIELDS.keys() - {"contacts", "items"}


def test_own_fields_are_looked_for_of_every_resource_whose_records_have_them() -> None:
    assert set(OWN_FIELDS) == {name for name, row in RESOURCES.items() if row.sources["custom_fields"] is not None}
