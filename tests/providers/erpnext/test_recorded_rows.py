"""Every recorded row of a covered DocType maps, from lists and from documents alike."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from providers.erpnext.companies import COMPANIES
from providers.erpnext.company_site import read_company_site
from providers.erpnext.decode import read_rows, with_custom
from providers.erpnext.mappers import (
    account,
    attachment,
    company_info,
    contact,
    contact_group,
    currency,
    invoice,
    item,
    journal_entry,
    order,
    payment,
    payment_method,
    tax_rate,
    tracking_category,
    transaction,
)
from providers.erpnext.party_site import read_party_site
from providers.erpnext.rows.attachments import ATTACHMENTS
from providers.erpnext.rows.company_info import COMPANY_INFO
from providers.erpnext.rows.contact_groups import CONTACT_GROUPS
from providers.erpnext.rows.contacts import CONTACTS
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.rows.items import ITEMS
from providers.erpnext.rows.orders import PURCHASE_ORDERS, SALES_ORDERS
from providers.erpnext.rows.taxes import TAX_RATES
from providers.erpnext.site import read_site
from providers.erpnext.source import Joined, Source
from providers.erpnext.sources import ledger, orders, payments, taxes
from providers.erpnext.sources.attachments import FILES
from providers.erpnext.sources.contact_groups import CUSTOMER_GROUPS, SUPPLIER_GROUPS
from providers.erpnext.sources.contacts import CUSTOMERS, SUPPLIERS
from providers.erpnext.sources.dimensions import COST_CENTERS, PROJECTS
from providers.erpnext.sources.entries import ENTRIES
from providers.erpnext.sources.invoices import PURCHASES, SALES
from providers.erpnext.sources.items import ITEMS as ITEM_SOURCE
from providers.kit.pages import Query
from providers.kit.resource import AnyResource
from tests.providers.erpnext.frappe import RECORDINGS, Frappe, recorded, recorded_documents, recorded_site
from tests.providers.fake_send import exact_json, walk, written

SOURCES: dict[str, tuple[Source, Any]] = {
    "Sales Invoice": (SALES, invoice.to_unified),
    "Purchase Invoice": (PURCHASES, invoice.to_unified),
    "Item": (ITEM_SOURCE, item.to_unified),
    "Purchase Order": (orders.PURCHASE_ORDERS, order.to_purchase_order),
    "Sales Order": (orders.SALES_ORDERS, order.to_sales_order),
    "Sales Taxes and Charges Template": (taxes.SALES_TEMPLATES, tax_rate.to_unified),
    "Purchase Taxes and Charges Template": (taxes.PURCHASE_TEMPLATES, tax_rate.to_unified),
    "Item Tax Template": (taxes.ITEM_TEMPLATES, tax_rate.to_unified),
    "Customer": (CUSTOMERS, contact.to_unified),
    "Supplier": (SUPPLIERS, contact.to_unified),
    "Customer Group": (CUSTOMER_GROUPS, contact_group.to_unified),
    "Supplier Group": (SUPPLIER_GROUPS, contact_group.to_unified),
    "Company": (COMPANIES, company_info.to_unified),
    "File": (FILES, attachment.to_unified),
    "Payment Entry": (payments.PAYMENTS, payment.to_unified),
    "Mode of Payment": (payments.MODES, payment_method.to_unified),
    "Account": (ledger.ACCOUNTS, account.to_unified),
    "Currency": (ledger.CURRENCIES, currency.to_unified),
    "Currency Exchange": (ledger.RATES, currency.to_rate),
    "Journal Entry": (ledger.JOURNALS, journal_entry.to_unified),
    "GL Entry": (ENTRIES, transaction.to_unified),
    "Cost Center": (COST_CENTERS, tracking_category.to_unified),
    "Project": (PROJECTS, tracking_category.to_unified),
}
SITES: dict[str, Any] = {
    "Customer": read_party_site,
    "Supplier": read_party_site,
    "Company": read_company_site,
}


def recorded_lists() -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Every recorded list of these DocTypes whose rows have a name."""
    for path in sorted((RECORDINGS / "erpnext").glob("*.json")):
        for index, exchange in enumerate(recorded(path.stem)):
            body = exchange["response"]["body"]
            rows = body.get("data") if isinstance(body, dict) else None
            doctype = (exchange["request"]["path"] or "").removeprefix("/api/resource/").replace("%20", " ")
            if doctype not in SOURCES or not isinstance(rows, list):
                continue
            if rows and all(isinstance(row, dict) and "name" in row for row in rows):
                yield f"{path.stem}[{index}]", doctype, rows


LISTS = list(recorded_lists())


@pytest.mark.parametrize(("label", "doctype", "rows"), LISTS, ids=[label for label, _, _ in LISTS])
async def test_every_row_of_every_recorded_list_maps(label: str, doctype: str, rows: list[dict[str, Any]]) -> None:
    site = await SITES.get(doctype, read_site)(Frappe().client())
    source, to_unified = SOURCES[doctype]

    read = read_rows(written({"data": rows}), with_custom(source.wire, ("gateway_ref",)), ("name",), with_raw=False)

    assert read.cautions == ()
    assert read.count == len(rows)
    for row, record in zip(rows, read.records, strict=True):
        unified = to_unified(Joined(kind=source.kind, head=record), site)
        assert unified.remote_id == row["name"]
        # A row of the ledger is not known by its name, which is changed.
        assert unified.id == source.id_of(row["name"]) or source is ENTRIES
        assert getattr(unified, "remote_status", row.get("status")) == row.get("status")
        assert unified.custom_fields == {"gateway_ref": row.get("gateway_ref")}


@pytest.mark.parametrize(
    "resource",
    [
        *(ATTACHMENTS, COMPANY_INFO, CONTACTS, CONTACT_GROUPS),
        *(INVOICES, ITEMS, PURCHASE_ORDERS, SALES_ORDERS, TAX_RATES),
    ],
    ids=lambda resource: resource.model.__name__,
)
async def test_a_list_gives_the_same_records_as_get_field_for_field(resource: AnyResource) -> None:
    # Arrange
    client = recorded_site().client()
    site = await resource.site(client)
    assert resource.list is not None
    assert resource.get is not None
    ids = await walk(client, resource, Query(limit=500))

    # Act
    listed = []
    position: str | None = ""
    while position is not None:
        rows = await resource.list(client, site, Query(limit=500, position=position or None))
        assert rows.cautions == ()
        listed += [resource.to_unified(record, site) for record in rows.records]
        position = rows.next
    got = [resource.to_unified((await resource.get(client, site, each, frozenset())).wire, site) for each in ids]

    # Assert
    assert len(ids) >= 4
    assert [exact_json(written(record)) for record in listed] == [exact_json(written(record)) for record in got]


@pytest.mark.parametrize("doctype", ["Sales Invoice", "Purchase Invoice"])
async def test_the_taxes_of_every_recorded_invoice_add_up_to_its_total_tax(doctype: str) -> None:
    client = recorded_site().client()
    site = await read_site(client)
    assert INVOICES.get is not None

    for document in recorded_documents(doctype):
        record = await INVOICES.get(client, site, SOURCES[doctype][0].id_of(document["name"]), frozenset())
        unified = invoice.to_unified(record.wire, site)

        assert sum((tax.tax_amount or 0 for tax in unified.taxes), Decimal(0)) == unified.total_tax_amount
        assert None not in (unified.sub_total, unified.total_tax_amount, unified.unrounded_total_amount)
        # ERPNext itself rounds a discounted document's total apart from its parts, by a penny at most.
        rest = unified.unrounded_total_amount - unified.sub_total - unified.total_tax_amount  # type: ignore[operator]
        assert abs(rest) <= Decimal("0.01")
        assert len(unified.line_items) == len(document["items"])


async def test_payments_are_those_that_are_posted_and_a_draft_payment_is_none() -> None:
    client = recorded_site().client()
    site = await read_site(client)
    assert INVOICES.get is not None

    paid = await INVOICES.get(client, site, "bill:ACC-PINV-2026-00006", frozenset())
    unpaid = await INVOICES.get(client, site, "invoice:ACC-SINV-2026-00001", frozenset())

    assert paid.wire.table("payments") == ["ACC-PAY-2026-00003"]
    assert unpaid.wire.table("payments") == []


async def test_the_raw_record_of_a_list_is_the_row_and_of_a_get_the_document() -> None:
    client = recorded_site().client()
    site = await read_site(client)
    assert INVOICES.list is not None
    assert INVOICES.get is not None

    rows = await INVOICES.list(client, site, Query(limit=500, remote_data=True))
    record = await INVOICES.get(client, site, "invoice:ACC-SINV-2026-00001", frozenset())

    raws = [exact_json(written(raw)) for raw in rows.remote_data]
    assert [raw["name"] for raw in raws] == [record.head.name for record in rows.records]
    assert "naming_series" in raws[0]
    assert exact_json(written(record.remote_data))["items"][0]["item_code"] == "PART-014"
