"""Customers and suppliers of ERPNext, each with its people and addresses, as unified contacts."""

from __future__ import annotations

from decimal import Decimal

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, state, text
from providers.erpnext.mappers.party_address import addresses_of
from providers.erpnext.mappers.party_reach import emails_of, main_person, people_of, phones_of
from providers.erpnext.mappers.party_stamp import changed_at
from providers.erpnext.party_site import PartySite
from providers.erpnext.source import Joined
from providers.erpnext.wire_contacts import Contact as Person
from providers.erpnext.wire_contacts import CreditLimit, Customer, Party, PartyAccount, Supplier
from providers.kit.exact import exact
from unified_models.contact import CompanyTerms, Contact
from unified_models.parts import ContactType

TYPES: dict[str, ContactType] = {"customer": "customer", "supplier": "vendor"}


def to_unified(record: Joined[Party], site: PartySite) -> Contact:
    """A customer or a supplier; a firm that is both has two records, each of which tells its own side."""
    head = record.head
    main = main_person(record)
    person = main.contact if main else None
    kind = TYPES[record.kind]
    return Contact(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(changed_at(record)),
        custom_fields=custom_fields(head),
        name=_name(head),
        first_name=text(person.first_name) if person else None,
        last_name=text(person.last_name) if person else None,
        salutation=_salutation(head, person),
        company_name=_name(head) if _is_firm(head) else None,
        type=kind,
        is_customer=kind == "customer",
        is_vendor=kind == "vendor",
        status=state(head.disabled),
        tax_number=text(head.tax_id),
        currency=text(head.default_currency),
        emails=emails_of(record),
        phones=phones_of(record),
        urls=[head.website] if head.website else [],
        addresses=addresses_of(record, site.countries),
        people=people_of(record),
        contact_groups=_groups(head),
        tags=[tag for tag in (head.user_tags or "").split(",") if tag],
        account=_account(record, site),
        price_list=text(head.default_price_list),
        credit_limit=_credit_limit(record, site),
        company_terms=_company_terms(record, site),
        payment_terms=text(head.payment_terms),
        credit_term_days=site.term_days.get(head.payment_terms) if head.payment_terms else None,
        is_on_hold=_is_on_hold(head, site),
        notes=_notes(head),
        linked_contact=next(iter(record.table("party_links")), None),
        employee=text(head.account_manager) if isinstance(head, Customer) else None,
    )


def _name(head: Party) -> str | None:
    if isinstance(head, Customer):
        return text(head.customer_name)
    return text(head.supplier_name) if isinstance(head, Supplier) else None


def _is_firm(head: Party) -> bool:
    """Companies and partnerships; who is nothing that is told is no firm either."""
    if isinstance(head, Customer):
        return head.customer_type not in (None, "", "Individual")
    return isinstance(head, Supplier) and head.supplier_type not in (None, "", "Individual")


def _salutation(head: Party, person: Person | None) -> str | None:
    """The person's; a customer who is a person has one of its own."""
    mine = text(person.salutation) if person else None
    return mine or (text(head.salutation) if isinstance(head, Customer) else None)


def _groups(head: Party) -> list[str]:
    if isinstance(head, Customer):
        return [f"customer_group:{head.customer_group}"] if head.customer_group else []
    if isinstance(head, Supplier):
        return [f"supplier_group:{head.supplier_group}"] if head.supplier_group else []
    return []


def _notes(head: Party) -> str | None:
    if isinstance(head, Customer):
        return text(head.customer_details)
    return text(head.supplier_details) if isinstance(head, Supplier) else None


def _is_on_hold(head: Party, site: PartySite) -> bool | None:
    """Frozen, or a supplier on hold, by ERPNext's own rule: until the day it is released, if there is one."""
    if isinstance(head, Supplier):
        if head.is_frozen is None or head.on_hold is None:
            return True if head.is_frozen or head.on_hold else None
        is_held = bool(head.on_hold) and (head.release_date is None or head.release_date >= site.today)
        return bool(head.is_frozen) or is_held
    return flag(head.is_frozen)


def _company_terms(record: Joined[Party], site: PartySite) -> list[CompanyTerms]:
    """One entry for each company that has terms of its own, in the order of their names."""
    limits = {row.company: row for row in _limits(record, site)}
    accounts = {row.company: row for row in _accounts(record, site)}
    return [
        CompanyTerms(
            company=text(company),
            account=text(accounts[company].account) if company in accounts else None,
            advance_account=text(accounts[company].advance_account) if company in accounts else None,
            credit_limit=exact(limits[company].credit_limit) if company in limits else None,
        )
        for company in sorted({*limits, *accounts}, key=str)
    ]


def _limits(record: Joined[Party], site: PartySite) -> list[CreditLimit]:
    return [row for row in record.table("credit_limits") if site.company in (None, row.company)]


def _accounts(record: Joined[Party], site: PartySite) -> list[PartyAccount]:
    return [row for row in record.table("accounts") if site.company in (None, row.company)]


def _account(record: Joined[Party], site: PartySite) -> str | None:
    """Where there is one: several companies' are told apart by `company_terms`."""
    rows = _accounts(record, site)
    return text(rows[0].account) if len(rows) == 1 else None


def _credit_limit(record: Joined[Party], site: PartySite) -> Decimal | None:
    """Where there is one, in the contact's own currency: ERPNext holds the debt in the company's against it."""
    rows = _limits(record, site)
    if len(rows) != 1 or not rows[0].credit_limit or "default_currency" in record.unread:
        return None  # To ERPNext a limit of 0 is none.
    theirs = record.head.default_currency
    if theirs and theirs != site.currencies.get(rows[0].company or ""):
        return None
    return exact(rows[0].credit_limit)
