"""Contacts: customers, vendors, and whoever else the provider keeps beside them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from unified_models.base import Part, UnifiedModel
from unified_models.parts import Address, ContactType, Email, Phone, TrackingCategoryReference
from unified_models.units import count, flag, instant, money, parts, rate, text

ContactStatus = Literal["active", "archived"]


class Person(Part, frozen=True, kw_only=True, gc=False):
    """Somebody who can be reached at a contact that is a firm."""

    id: Annotated[str | None, text("The provider's id of the person.")] = None
    name: Annotated[str | None, text("The whole name.")] = None
    first_name: Annotated[str | None, text("Given name.")] = None
    last_name: Annotated[str | None, text("Family name.")] = None
    salutation: Annotated[str | None, text("Title.")] = None
    role: Annotated[str | None, text("What the person does there.")] = None
    is_primary: Annotated[bool | None, flag("The main person of the contact.")] = None
    emails: Annotated[list[Email], parts("E-mail addresses.")] = []
    phones: Annotated[list[Phone], parts("Telephone numbers.")] = []


class CompanyTerms(Part, frozen=True, kw_only=True, gc=False):
    """What one of our companies has agreed with a contact."""

    company: Annotated[str | None, text("The company's id in `company_info`.")] = None
    account: Annotated[str | None, text("The account its documents are booked to in that company.")] = None
    advance_account: Annotated[str | None, text("The account its prepayments are booked to there.")] = None
    credit_limit: Annotated[Decimal | None, money("Credit granted, in that company's currency.")] = None


class Contact(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """Somebody who buys, sells, or works."""

    name: Annotated[str | None, text("The name to show: company, else person.")] = None
    first_name: Annotated[str | None, text("Given name of the person.")] = None
    last_name: Annotated[str | None, text("Family name of the person.")] = None
    salutation: Annotated[str | None, text("Title.")] = None
    company_name: Annotated[str | None, text("The firm.")] = None
    type: Annotated[
        ContactType | None,
        text("`customer`, `vendor` or `employee`; null where it is both customer and vendor."),
    ] = None
    is_customer: Annotated[bool | None, flag("Buys from us.")] = None
    is_vendor: Annotated[bool | None, flag("Sells to us.")] = None
    is_primary: Annotated[bool | None, flag("The main person of the firm.")] = None
    status: Annotated[ContactStatus | None, text("Whether it is in use.")] = None
    remote_status: Annotated[str | None, text("The provider's own word for the status.")] = None
    tax_number: Annotated[str | None, text("VAT or tax registration number.")] = None
    currency: Annotated[str | None, text("ISO 4217 code the contact trades in.")] = None
    company: Annotated[str | None, text("The company whose books it is in, where contacts belong to one.")] = None
    organisation: Annotated[str | None, text("The provider's id of the firm, shared by its people.")] = None
    account_reference: Annotated[str | None, text("The customer's own code for the contact.")] = None
    emails: Annotated[list[Email], parts("E-mail addresses.")] = []
    phones: Annotated[list[Phone], parts("Telephone numbers.")] = []
    urls: Annotated[list[str], parts("Web sites.")] = []
    addresses: Annotated[list[Address], parts("Postal addresses, one entry per use.")] = []
    people: Annotated[list[Person], parts("Its people, where the provider keeps them apart.")] = []
    contact_groups: Annotated[list[str], parts("Ids, in `contact_groups`, of the groups the record names.")] = []
    tags: Annotated[list[str], parts("The provider's ids of tags.")] = []
    account: Annotated[str | None, text("The account its documents are booked to by default.")] = None
    tax_rate: Annotated[str | None, text("The default tax rate's id in `tax_rates`.")] = None
    price_list: Annotated[str | None, text("The provider's id of its price list.")] = None
    credit_limit: Annotated[Decimal | None, money("Credit granted, in the contact's currency.")] = None
    company_terms: Annotated[
        list[CompanyTerms], parts("What differs by company, where contacts trade with several.")
    ] = []
    payment_terms: Annotated[str | None, text("The provider's id of its payment terms.")] = None
    credit_term_days: Annotated[int | None, count("Days to pay.")] = None
    discount_rate: Annotated[Decimal | None, rate("Standing discount in percent.")] = None
    lead_time_days: Annotated[int | None, count("Days from order to delivery (vendors).")] = None
    is_on_hold: Annotated[bool | None, flag("Nothing, or not everything, may be booked with it for now.")] = None
    notes: Annotated[str | None, text("What was written down of it.")] = None
    linked_contact: Annotated[
        str | None,
        text("The id of its record on the other side of trade, where the provider keeps two and links them."),
    ] = None
    has_newsletter: Annotated[bool | None, flag("Wants the newsletter.")] = None
    last_contacted_at: Annotated[datetime | None, instant("When somebody last wrote to it.")] = None
    employee: Annotated[str | None, text("The provider's id of the staff member who looks after it.")] = None
    tracking_categories: Annotated[
        list[TrackingCategoryReference], parts("Dimensions its documents are booked on by default.")
    ] = []
