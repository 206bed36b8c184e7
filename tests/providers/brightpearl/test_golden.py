"""Recorded orders and contacts as the unified records that were checked by hand against the recording."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from providers.brightpearl.resources import (
    ACCOUNTS,
    COMPANY_INFO,
    CONTACT_GROUPS,
    CONTACTS,
    CREDIT_NOTES,
    CURRENCIES,
    EXCHANGE_RATES,
    INVOICES,
    ITEMS,
    JOURNAL_ENTRIES,
    PAYMENT_METHODS,
    PAYMENTS,
    PURCHASE_ORDERS,
    SALES_ORDERS,
    TAX_RATES,
    TRACKING_CATEGORIES,
    TRANSACTIONS,
    VENDOR_CREDITS,
)
from providers.kit.resource import AnyResource
from tests.providers.brightpearl.account import Account, nominal, payment, recorded, rows_of
from tests.providers.brightpearl.catalogue import Catalogue
from tests.providers.brightpearl.lines import line
from tests.providers.fake_send import exact_json, written

GOLDEN = Path(__file__).parent / "golden"
ORDERS_AND_CONTACTS: dict[str, tuple[AnyResource, str]] = {
    "order_get_po": (PURCHASE_ORDERS, "312"),
    "order_get_so_with_custom_fields": (SALES_ORDERS, "1"),
    "order_patch": (SALES_ORDERS, "329"),
    "contact_get_one": (CONTACTS, "151499"),
    "contact_get_full_2013": (CONTACTS, "200"),
}
LISTS: dict[str, tuple[AnyResource, str]] = {
    "nominal_code_get_one": (ACCOUNTS, "1"),
    "tax_code_get_all": (TAX_RATES, "8"),
    "payment_method_get": (PAYMENT_METHODS, "2"),
    "contact_group_get": (CONTACT_GROUPS, "1"),
    "currency_search": (CURRENCIES, "2"),
    "exchange_rate_get": (EXCHANGE_RATES, "2@2014-01-01T00:00:00Z"),
    "channel_get_one": (TRACKING_CATEGORIES, "channel:3"),
    "lead_source_get": (TRACKING_CATEGORIES, "lead_source:3"),
    "account_configuration_get": (COMPANY_INFO, "acme"),
}
JOURNALS: dict[str, tuple[AnyResource, str]] = {
    "journal_get_documented": (JOURNAL_ENTRIES, "1"),
    "customer_payment_search": (PAYMENTS, "customer:935253"),
    "supplier_payment_search": (PAYMENTS, "supplier:17"),
    # No source shows a bank journal: this is the documented one, called a payment of the bank's.
    "bank_payment": (TRANSACTIONS, "900"),
    "invoice_without_order": (INVOICES, "1"),
    # The recorded order, and a journal that books the whole of it.
    "invoice_of_order": (INVOICES, "901"),
}
# No source shows a credit: these are the recorded orders, called credits.
CREDITS: dict[str, tuple[AnyResource, str]] = {
    "sales_credit": (CREDIT_NOTES, "1001"),
    "purchase_credit": (VENDOR_CREDITS, "1312"),
}
# Made up in the shape that is recorded and documented: variant, bundle, and a service that was given up.
PRODUCTS: dict[str, tuple[AnyResource, str]] = {
    "product_variant": (ITEMS, "7001"),
    "product_bundle": (ITEMS, "7002"),
    "product_service": (ITEMS, "7003"),
}
CASES = ORDERS_AND_CONTACTS | LISTS | CREDITS | JOURNALS | PRODUCTS


def account() -> Account:
    """The recorded records and lists, some payments of the two orders, and the addresses of the older contact."""
    found = Account()
    found.add_recorded(*ORDERS_AND_CONTACTS)
    found.add_lists(*LISTS, "project_get", "contact_group_search", "contact_group_member_search")
    found.lists["accounting-service/nominal-code"].append(nominal(10, "1200", bank=True, reconcile=True))
    found.lists["accounting-service/nominal-code"] += [nominal(11, "4000"), nominal(12, "1100")]
    found.lists["accounting-service/tax-code"].append({"id": 20, "code": "T00", "description": "Zero"})
    found.members = {1: [22]}
    found.supplier_payments = [
        *rows_of(recorded("supplier_payment_search")["response"]),
        payment(18, 312, "PAYMENT", "500.00"),
        payment(19, 312, "RECEIPT", "100.50"),
    ]
    for number, kind in ((1, "SC"), (312, "PC")):
        invoiced = {"orderTypeCode": kind, "state": {"tax": "INVOICED"}, "orderPaymentStatus": "UNPAID"}
        found.orders[number + 1000] = found.orders[number] | {"id": number + 1000} | invoiced
    found.customer_payments = [
        *rows_of(recorded("customer_payment_search")["response"]),
        payment(935254, 1, "RECEIPT", "4.00"),
    ]
    add_journals(found)
    Catalogue(found)
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


def add_journals(found: Account) -> None:
    """The documented journal, and those that the recorded order and payment would have."""
    found.journals = {row["id"]: row for row in recorded("journal_get_documented")["response"]["journals"]}
    # The supplier's payment is documented with an order and a journal, but not these.
    found.orders[1234] = found.orders[312] | {"id": 1234}
    found.journals[881] = {
        "id": 881,
        "journalTypeCode": "PP",
        "taxDate": "2016-06-19T00:00:00.000+01:00",
        "createdOn": "2016-06-19T12:00:01.000Z",
        "description": "Payment REF0001",
        "debits": [{"nominalCode": "2100", "change": {"value": "34.60"}, "transactionAmount": "50.00"}],
        "credits": [{"nominalCode": "1200", "change": {"value": "34.60"}, "transactionAmount": "50.00"}],
        "currencyId": 2,
        "exchangeRate": "1.445000",
    }
    found.journals[900] = found.journals[1] | {
        "id": 900,
        "journalTypeCode": "BP",
        "credits": [found.journals[1]["debits"][0] | {"nominalCode": "1200"}],
        "debits": found.journals[1]["credits"],
    }
    found.journals[901] = found.journals[1] | {
        "id": 901,
        "contactId": 200,
        "currencyId": 2,
        "exchangeRate": "1.000000",
        "credits": [line("4000", "9.09", orderId=1), line("2200", "0.91", orderId=1)],
        "debits": [line("1100", "10.00", orderId=1, invoiceReference="SI-1")],
    }


@pytest.mark.parametrize("name", CASES)
async def test_a_recorded_record_becomes_exactly_the_unified_record_checked_by_hand(name: str) -> None:
    resource, record_id = CASES[name]

    record, cautions = await account().got(resource, record_id)

    assert list(cautions) == []
    assert exact_json(written(record)) == exact_json((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_the_golden_records_hold_every_field_of_the_model(name: str) -> None:
    golden = exact_json((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))

    fields = msgspec.structs.fields(CASES[name][0].model)
    assert set(golden) == {field.name for field in fields if field.default is not msgspec.UNSET}


@pytest.mark.parametrize("resource", [PURCHASE_ORDERS, SALES_ORDERS, CONTACTS], ids=["po", "so", "contacts"])
async def test_a_list_gives_the_same_records_as_get_field_for_field(resource: AnyResource) -> None:
    books = account()

    page = await books.listed(resource)

    assert list(page.cautions) == []
    assert len(page.records) >= sum(row is resource for row, _ in ORDERS_AND_CONTACTS.values())
    for record in page.records:
        got, _ = await books.got(resource, record.id)
        assert got == record
