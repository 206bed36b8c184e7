"""Addresses of invoices: which of ERPNext's fields is the name and which the text, as plain lines."""

from __future__ import annotations

import pytest

from providers.erpnext.mappers.address import addresses, lines
from providers.erpnext.wire_invoices import Invoice, PurchaseInvoice, SalesInvoice
from tests.providers.erpnext.frappe import recorded_documents
from unified_models.parts import Address


def test_a_sales_invoice_has_the_shipping_address_as_text_and_its_name_apart() -> None:
    head = SalesInvoice(
        name="S",
        customer_address="ACME-Billing",
        address_display="1 High St<br>\nLeeds<br>\n",
        shipping_address_name="ACME-Shipping",
        shipping_address="9 Dock Rd<br>Hull",
    )

    assert addresses(head) == [
        Address(id="ACME-Billing", type="billing", street_1="1 High St\nLeeds"),
        Address(id="ACME-Shipping", type="shipping", street_1="9 Dock Rd\nHull"),
    ]


def test_a_purchase_invoice_has_the_shipping_address_as_a_name_and_its_text_apart() -> None:
    head = PurchaseInvoice(
        name="P",
        supplier_address="Sup-Billing",
        address_display="2 Sup St",
        shipping_address="Acme HQ-Shipping",
        shipping_address_display="9 Dock Rd<br>\nHull<br>\n",
    )

    assert addresses(head) == [
        Address(id="Sup-Billing", type="billing", street_1="2 Sup St"),
        Address(id="Acme HQ-Shipping", type="shipping", street_1="9 Dock Rd\nHull"),
    ]


@pytest.mark.parametrize("head", [SalesInvoice(name="S"), PurchaseInvoice(name="P"), Invoice(name="X")])
def test_where_there_is_no_address_none_is_given(head: Invoice) -> None:
    assert addresses(head) == []


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (None, None),
        ("", None),
        ("<br>\n<br/>\n  <BR />", None),
        ("A<br>B<br />C<br/>\nD<BR>\n", "A\nB\nC\nD"),
        ("  A  <br>\n <b>B</b> &amp; Co &lt;b&gt;", "A\nB & Co <b>"),
        ("A\r\nB", "A\nB"),
        ("O'Brien &amp; Daughters<br>東京<br>", "O'Brien & Daughters\n東京"),
        ("5 < 6<br>B", "5 < 6\nB"),
    ],
)
def test_a_text_that_was_made_for_a_page_becomes_lines(shown: str | None, text: str | None) -> None:
    assert lines(shown) == text


@pytest.mark.parametrize("doctype", ["Sales Invoice", "Purchase Invoice"])
def test_no_recorded_address_keeps_a_trace_of_html(doctype: str) -> None:
    found = [
        lines(document.get(name))
        for document in recorded_documents(doctype)
        for name in ("address_display", "shipping_address", "shipping_address_display")
    ]

    assert any(found)
    assert not [text for text in found if text and ("<" in text or "&amp;" in text or "\n\n" in text)]
