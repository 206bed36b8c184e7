"""Brightpearl's contacts under its own names."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from providers.brightpearl.wire import Assignment
from providers.kit.resource import Wire


class EmailAddress(Wire, frozen=True, kw_only=True, gc=False):
    """An e-mail address."""

    email: str | None = None


class Communication(Wire, frozen=True, kw_only=True, gc=False):
    """How to reach a contact."""

    emails: dict[str, EmailAddress] = {}
    telephones: dict[str, str | None] = {}
    websites: dict[str, str | None] = {}


class ContactStatusNow(Wire, frozen=True, kw_only=True, gc=False):
    """The status in force."""

    contactStatusId: int | None = None
    contactStatusName: str | None = None


class ContactStatus(Wire, frozen=True, kw_only=True, gc=False):
    """A contact's status."""

    current: ContactStatusNow | None = None


class Relationship(Wire, frozen=True, kw_only=True, gc=False):
    """Supplier or staff; a customer is neither."""

    isSupplier: bool | None = None
    isStaff: bool | None = None


class Marketing(Wire, frozen=True, kw_only=True, gc=False):
    """Marketing wishes."""

    isReceiveEmailNewsletter: bool | None = None


class Financial(Wire, frozen=True, kw_only=True, gc=False):
    """Terms of trade."""

    priceListId: int | None = None
    nominalCode: str | None = None
    taxCodeId: int | None = None
    creditLimit: Decimal | None = None
    creditTermDays: int | None = None
    currencyId: int | None = None
    discountPercentage: Decimal | None = None


class Organisation(Wire, frozen=True, kw_only=True, gc=False):
    """The firm a contact belongs to."""

    organisationId: int | None = None
    name: str | None = None


class PostalAddress(Wire, frozen=True, kw_only=True, gc=False):
    """A postal address."""

    addressId: int | None = None
    addressLine1: str | None = None
    addressLine2: str | None = None
    addressLine3: str | None = None
    addressLine4: str | None = None
    postalCode: str | None = None
    countryIsoCode: str | None = None
    countryIsoCode2: str | None = None


class Contact(Wire, frozen=True, kw_only=True, gc=False):
    """A customer, a supplier or a member of staff."""

    contactId: int
    isPrimaryContact: bool | None = None
    salutation: str | None = None
    firstName: str | None = None
    lastName: str | None = None
    postAddressIds: dict[str, int] = {}
    # Asked for, but of a shape that no source shows: a list, or a map by id.
    postalAddresses: Any = None
    communication: Communication | None = None
    contactStatus: ContactStatus | None = None
    relationshipToAccount: Relationship | None = None
    marketingDetails: Marketing | None = None
    financialDetails: Financial | None = None
    assignment: Assignment | None = None
    organisation: Organisation | None = None
    createdOn: str | None = None
    updatedOn: str | None = None
    lastContactedOn: str | None = None
    contactTags: str | None = None
    companyId: int | None = None
    leadTime: int | None = None
    customFields: Mapping[str, Any] | None = None


class ContactRecord(Wire, frozen=True, kw_only=True, gc=False, rename={"contact": ""}):
    """A contact with its addresses by id."""

    contact: Contact
    addresses: dict[int, PostalAddress] = {}
