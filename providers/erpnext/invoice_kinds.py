"""The two DocTypes that are invoices, and the child tables each is joined with."""

from __future__ import annotations

from dataclasses import dataclass

from providers.erpnext.wire import (
    Invoice,
    InvoiceLine,
    PurchaseInvoice,
    PurchaseInvoiceLine,
    PurchaseTaxRow,
    SalesInvoice,
    SalesInvoiceLine,
    TaxRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One of the DocTypes, with the child tables it is joined with."""

    name: str
    doctype: str
    head: type[Invoice]
    line_doctype: str
    line: type[InvoiceLine]
    tax_doctype: str
    tax: type[TaxRow]
    party: str
    party_kind: str
    reference: str


SCHEDULE = "Payment Schedule"

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            name="invoice",
            doctype="Sales Invoice",
            head=SalesInvoice,
            line_doctype="Sales Invoice Item",
            line=SalesInvoiceLine,
            tax_doctype="Sales Taxes and Charges",
            tax=TaxRow,
            party="customer",
            party_kind="customer",
            reference="po_no",
        ),
        Kind(
            name="bill",
            doctype="Purchase Invoice",
            head=PurchaseInvoice,
            line_doctype="Purchase Invoice Item",
            line=PurchaseInvoiceLine,
            tax_doctype="Purchase Taxes and Charges",
            tax=PurchaseTaxRow,
            party="supplier",
            party_kind="supplier",
            reference="bill_no",
        ),
    )
}
