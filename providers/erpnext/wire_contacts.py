"""Customers and suppliers, their Contacts and Addresses, under ERPNext's own names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from providers.erpnext.wire import Child, Document
from providers.kit.resource import Wire


class Party(Document, frozen=True, kw_only=True, gc=False):
    """What customers and suppliers have in common."""

    tax_id: str | None = None
    default_currency: str | None = None
    default_price_list: str | None = None
    payment_terms: str | None = None
    website: str | None = None
    email_id: str | None = None
    mobile_no: str | None = None
    is_frozen: int | None = None
    disabled: int | None = None
    # A column that a DocType gets with its first tag; until then Frappe leaves it out without a word.
    user_tags: str | None = msgspec.field(name="_user_tags", default=None)


class Customer(Party, frozen=True, kw_only=True, gc=False):
    """A Customer."""

    customer_name: str | None = None
    customer_type: str | None = None
    customer_group: str | None = None
    salutation: str | None = None
    account_manager: str | None = None
    customer_details: str | None = None
    customer_primary_contact: str | None = None
    customer_primary_address: str | None = None


class Supplier(Party, frozen=True, kw_only=True, gc=False):
    """A Supplier."""

    supplier_name: str | None = None
    supplier_type: str | None = None
    supplier_group: str | None = None
    supplier_details: str | None = None
    supplier_primary_contact: str | None = None
    supplier_primary_address: str | None = None
    on_hold: int | None = None
    release_date: date | None = None


class CreditLimit(Child, frozen=True, kw_only=True, gc=False):
    """A Customer Credit Limit: a company's own."""

    company: str | None = None
    credit_limit: Decimal | None = None


class PartyAccount(Child, frozen=True, kw_only=True, gc=False):
    """A Party Account: what a company books on."""

    company: str | None = None
    account: str | None = None
    advance_account: str | None = None


class DynamicLink(Child, frozen=True, kw_only=True, gc=False):
    """What a Contact or an Address belongs to."""

    link_name: str | None = None


class Stamped(Document, frozen=True, kw_only=True, gc=False):
    """A document of which only its stamps are wanted."""


class Contact(Document, frozen=True, kw_only=True, gc=False):
    """A Contact: a person."""

    full_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    salutation: str | None = None
    designation: str | None = None
    email_id: str | None = None
    phone: str | None = None
    mobile_no: str | None = None
    is_primary_contact: int | None = None


class ContactEmail(Child, frozen=True, kw_only=True, gc=False):
    """An e-mail address of a Contact."""

    email_id: str | None = None
    is_primary: int | None = None


class ContactPhone(Child, frozen=True, kw_only=True, gc=False):
    """A telephone number of a Contact."""

    phone: str | None = None
    is_primary_phone: int | None = None
    is_primary_mobile_no: int | None = None


class Reachable(Wire, frozen=True, kw_only=True, gc=False):
    """A Contact with what it can be reached by."""

    contact: Contact
    emails: list[ContactEmail] = []
    phones: list[ContactPhone] = []

    @property
    def modified(self) -> str | None:
        """When the Contact last changed; its rows change with it."""
        return self.contact.modified

    @property
    def name(self) -> str:
        """The Contact's name."""
        return self.contact.name


class Address(Document, frozen=True, kw_only=True, gc=False):
    """An Address."""

    address_title: str | None = None
    address_type: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    city: str | None = None
    county: str | None = None
    state: str | None = None
    country: str | None = None
    pincode: str | None = None
    email_id: str | None = None
    phone: str | None = None
    fax: str | None = None
    is_primary_address: int | None = None
    is_shipping_address: int | None = None
    disabled: int | None = None


class PartyLink(Document, frozen=True, kw_only=True, gc=False):
    """A Party Link: a customer and a supplier that are the same firm."""

    primary_role: str | None = None
    primary_party: str | None = None
    secondary_role: str | None = None
    secondary_party: str | None = None


class Country(Document, frozen=True, kw_only=True, gc=False):
    """A Country."""

    code: str | None = None


class CompanyCurrency(Document, frozen=True, kw_only=True, gc=False):
    """A Company of which only its currency is wanted."""

    default_currency: str | None = None


class TermRow(Child, frozen=True, kw_only=True, gc=False):
    """A row of a Payment Terms Template."""

    due_date_based_on: str | None = None
    credit_days: int | None = None
    credit_months: int | None = None
