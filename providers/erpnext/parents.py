"""Which unified record a DocType and a name stand for: the resource, and our id there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unified_models.attachment import ParentType


@dataclass(frozen=True, slots=True)
class Place:
    """The resource that a DocType feeds, and how its ids begin there."""

    resource: ParentType
    kind: str = ""

    def id_of(self, name: str) -> str:
        """Our id of the document of that name."""
        return f"{self.kind}:{name}" if self.kind else name


PLACES: Mapping[str, Place] = {
    "Account": Place("accounts"),
    "Company": Place("company_info"),
    "Cost Center": Place("tracking_categories", "cost_center"),
    "Currency": Place("currencies"),
    "Customer": Place("contacts", "customer"),
    "Customer Group": Place("contact_groups", "customer_group"),
    "Item": Place("items"),
    "Item Tax Template": Place("tax_rates", "item"),
    "Journal Entry": Place("journal_entries"),
    "Mode of Payment": Place("payment_method"),
    "Payment Entry": Place("payments"),
    "Project": Place("tracking_categories", "project"),
    "Purchase Invoice": Place("invoices", "bill"),
    "Purchase Order": Place("purchase_orders"),
    "Purchase Taxes and Charges Template": Place("tax_rates", "purchase"),
    "Sales Invoice": Place("invoices", "invoice"),
    "Sales Order": Place("sales_orders"),
    "Sales Taxes and Charges Template": Place("tax_rates", "sales"),
    "Supplier": Place("contacts", "supplier"),
    "Supplier Group": Place("contact_groups", "supplier_group"),
}
RESOURCES = tuple(sorted({place.resource for place in PLACES.values()}))


def doctypes_of(resource: str) -> Sequence[str]:
    """The DocTypes that feed the resource."""
    return [doctype for doctype, place in PLACES.items() if place.resource == resource]


def named(record_id: str, resource: str | None) -> tuple[Sequence[str], str]:
    """The DocTypes that an id may mean, none for any, and the document's name.

    An id without its kind is a name in each DocType of the resource.
    """
    doctypes = doctypes_of(resource) if resource else list(PLACES)
    kind, colon, name = record_id.partition(":")
    mine = [doctype for doctype in doctypes if colon and PLACES[doctype].kind == kind]
    if mine and kind:
        return mine, name
    return (doctypes if resource else ()), record_id
