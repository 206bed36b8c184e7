"""Contacts of Brightpearl as unified contacts."""

from __future__ import annotations

from providers.brightpearl.dates import instant
from providers.brightpearl.mappers.order_parts import tracking
from providers.brightpearl.site import Site
from providers.brightpearl.wire import Assigned
from providers.brightpearl.wire_contacts import (
    Communication,
    ContactRecord,
    ContactStatus,
    ContactStatusNow,
    Financial,
    Organisation,
    PostalAddress,
)
from providers.brightpearl.wire_contacts import Contact as Source
from providers.kit.exact import exact
from unified_models.contact import Contact
from unified_models.parts import Address, AddressType, ContactType, Email, EmailType, Phone, PhoneType

EMAIL_TYPES: dict[str, EmailType] = {"PRI": "primary", "SEC": "secondary", "TER": "tertiary"}
PHONE_TYPES: dict[str, PhoneType] = {"PRI": "primary", "SEC": "secondary", "MOB": "mobile", "FAX": "fax"}
ADDRESS_TYPES: dict[str, AddressType] = {"DEF": "default", "BIL": "billing", "DEL": "shipping"}


def to_unified(record: ContactRecord, site: Site) -> Contact:
    """A customer, supplier or member of staff."""
    source = record.contact
    reach = source.communication or Communication()
    terms = source.financialDetails or Financial()
    firm = source.organisation or Organisation()
    assigned = (source.assignment.current if source.assignment else None) or Assigned()
    status = (source.contactStatus or ContactStatus()).current or ContactStatusNow()
    kind = type_of(source)
    return Contact(
        id=str(source.contactId),
        remote_id=str(source.contactId),
        created_at=instant(source.createdOn),
        updated_at=instant(source.updatedOn or source.createdOn),
        custom_fields=source.customFields or {},
        name=firm.name or " ".join(part for part in (source.firstName, source.lastName) if part) or None,
        first_name=source.firstName or None,
        last_name=source.lastName or None,
        salutation=source.salutation or None,
        company_name=firm.name or None,
        type=kind,
        is_customer=None if kind is None else kind == "customer",
        is_vendor=None if kind is None else kind == "vendor",
        is_primary=source.isPrimaryContact,
        remote_status=status.contactStatusName or None,
        currency=site.currencies.get(terms.currencyId) if terms.currencyId else None,
        organisation=str(firm.organisationId) if firm.organisationId else None,
        account_reference=assigned.accountReference or None,
        emails=[
            Email(email=entry.email, type=EMAIL_TYPES.get(key))
            for key, entry in reach.emails.items()
            if entry.email
        ],
        phones=[
            Phone(number=number, type=PHONE_TYPES.get(key)) for key, number in reach.telephones.items() if number
        ],
        urls=[url for url in reach.websites.values() if url],
        addresses=_addresses(record),
        contact_groups=[str(assigned.contactGroupId)] if assigned.contactGroupId else [],
        tags=[tag.strip() for tag in (source.contactTags or "").split(",") if tag.strip()],
        # "0" says none, as 0 does in the ids below.
        account=terms.nominalCode if terms.nominalCode not in (None, "", "0") else None,
        tax_rate=str(terms.taxCodeId) if terms.taxCodeId else None,
        price_list=str(terms.priceListId) if terms.priceListId else None,
        credit_limit=exact(terms.creditLimit),
        credit_term_days=terms.creditTermDays,
        discount_rate=exact(terms.discountPercentage),
        lead_time_days=source.leadTime,
        has_newsletter=source.marketingDetails.isReceiveEmailNewsletter if source.marketingDetails else None,
        last_contacted_at=instant(source.lastContactedOn),
        employee=str(assigned.staffOwnerContactId) if assigned.staffOwnerContactId else None,
        tracking_categories=tracking(assigned),
    )


def type_of(source: Source) -> ContactType | None:
    """Supplier, staff, or else a customer: exactly one of them."""
    flags = source.relationshipToAccount
    if flags is None:
        return None
    if flags.isStaff:
        return "employee"
    return "vendor" if flags.isSupplier else "customer"


def _addresses(record: ContactRecord) -> list[Address]:
    """One entry for each use; two uses of one address are two entries."""
    return [
        _address(ADDRESS_TYPES.get(use), number, record.addresses[number])
        for use, number in record.contact.postAddressIds.items()
        if number in record.addresses
    ]


def _address(kind: AddressType | None, number: int, source: PostalAddress) -> Address:
    return Address(
        id=str(number),
        type=kind,
        street_1=source.addressLine1 or None,
        street_2=source.addressLine2 or None,
        city=source.addressLine3 or None,
        state=source.addressLine4 or None,
        postal_code=source.postalCode or None,
        country=source.countryIsoCode2 or source.countryIsoCode or None,
    )
