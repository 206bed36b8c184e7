"""What ERPNext's records refer to by DocType and name, as our ids: documents and parties."""

from __future__ import annotations

from dataclasses import dataclass

from providers.erpnext.mappers.parts import customer, supplier, text
from unified_models.parts import ContactReference, PaymentFor

DOCUMENTS: dict[str, tuple[str, str]] = {
    "Sales Invoice": ("invoices", "invoice"),
    "Purchase Invoice": ("invoices", "bill"),
    "Sales Order": ("sales_orders", ""),
    "Purchase Order": ("purchase_orders", ""),
    "Payment Entry": ("payments", ""),
    "Journal Entry": ("journal_entries", ""),
}
"""The resource that each DocType is read in, and how its ids begin there."""
SIDES: dict[str, PaymentFor] = {"Customer": "invoice", "Supplier": "bill"}
"""The side of trade that each type of party is on."""


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """A document: our id and resource, where it is in one, and as ERPNext names it."""

    id: str | None = None
    resource: str | None = None
    remote: str | None = None


def document(doctype: str | None, name: str | None) -> DocumentReference:
    """The document of that DocType and name."""
    if not doctype or not name:
        return DocumentReference()
    remote = f"{doctype}:{name}"
    if doctype not in DOCUMENTS:
        return DocumentReference(remote=remote)
    resource, kind = DOCUMENTS[doctype]
    return DocumentReference(f"{kind}:{name}" if kind else name, resource, remote)


def party(party_type: str | None, name: str | None, shown: str | None = None) -> ContactReference | None:
    """The party. One that is neither customer nor supplier is no contact of ours, and so has no id."""
    if party_type == "Customer":
        return customer(name, shown)
    if party_type == "Supplier":
        return supplier(name, shown)
    if not name:
        return None
    return ContactReference(name=text(shown) or name, type="employee" if party_type == "Employee" else None)
