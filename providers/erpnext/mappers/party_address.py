"""A party's Addresses as unified ones: one entry for each use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.erpnext.mappers.parts import text
from providers.erpnext.mappers.party_stamp import ADDRESSES
from providers.erpnext.source import Joined
from providers.erpnext.wire_contacts import Address as Source
from providers.erpnext.wire_contacts import Customer, Supplier
from unified_models.parts import Address, AddressType


def addresses_of(record: Joined[Any], countries: Mapping[str, str]) -> list[Address]:
    """The addresses in use: the party's main one first, then by name. A disabled one is no address any more."""
    main = _main(record.head)
    rows: list[Source] = [row for row in record.table(ADDRESSES) if not row.disabled]
    return [
        _address(row, use, countries)
        for row in sorted(rows, key=lambda row: row.name != main)
        for use in _uses(row, is_main=row.name == main)
    ]


def _main(head: Any) -> str | None:
    if isinstance(head, Customer):
        return head.customer_primary_address
    return head.supplier_primary_address if isinstance(head, Supplier) else None


def _uses(row: Source, *, is_main: bool) -> list[AddressType | None]:
    """ERPNext calls the two marks the preferred billing and the preferred shipping address."""
    uses: list[AddressType | None] = ["default"] if is_main else []
    if row.address_type == "Billing" or row.is_primary_address:
        uses.append("billing")
    if row.address_type == "Shipping" or row.is_shipping_address:
        uses.append("shipping")
    return uses or [None]


def _address(row: Source, use: AddressType | None, countries: Mapping[str, str]) -> Address:
    return Address(
        id=row.name,
        type=use,
        name=text(row.address_title),
        street_1=text(row.address_line1),
        street_2=text(row.address_line2),
        city=text(row.city),
        state=text(row.state) or text(row.county),
        postal_code=text(row.pincode),
        country=countries.get(row.country, row.country) if row.country else None,
    )
