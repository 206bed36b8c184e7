"""Groups of customers and of suppliers of ERPNext as unified contact groups."""

from __future__ import annotations

from msgspec import UNSET

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, text
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_masters import CustomerGroup, PartyGroup, SupplierGroup
from unified_models.contact_group import ContactGroup
from unified_models.parts import ContactType

TYPES: dict[str, ContactType] = {"customer_group": "customer", "supplier_group": "vendor"}


def to_unified(record: Joined[PartyGroup], site: Site) -> ContactGroup:
    """A group; its members only where they were asked for and may be read."""
    head = record.head
    name, above = _names(head)
    return ContactGroup(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=text(name),
        contact_type=TYPES[record.kind],
        parent_group=f"{record.kind}:{above}" if above else None,
        is_group=flag(head.is_group),
        price_list=text(head.default_price_list) if isinstance(head, CustomerGroup) else None,
        payment_terms=text(head.payment_terms),
        members=record.table("members") if "members" in record.rows else UNSET,
    )


def _names(head: PartyGroup) -> tuple[str | None, str | None]:
    """The group's name and that of the group above it."""
    if isinstance(head, CustomerGroup):
        return head.customer_group_name, head.parent_customer_group
    if isinstance(head, SupplierGroup):
        return head.supplier_group_name, head.parent_supplier_group
    return None, None
