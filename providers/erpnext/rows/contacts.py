"""Contacts: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.contacts import get_contact, list_contacts
from providers.erpnext.mappers import contact
from providers.erpnext.party_site import PartySite, read_party_site
from providers.erpnext.rows.common import COMMON, INSTANT, STATE, TEXT, WORD
from providers.erpnext.source import Joined
from providers.erpnext.sources.contacts import KINDS
from providers.erpnext.wire_contacts import Party
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.contact import Contact

ADDRESS = {
    "addresses": "Addresses linked to it and not disabled, one entry per use",
    "addresses.id": "Address: name",
    "addresses.type": (
        "Address: default where customer_primary_address / supplier_primary_address names it; billing by "
        "address_type or is_primary_address; shipping by address_type or is_shipping_address"
    ),
    "addresses.name": "Address: address_title",
    "addresses.company_name": None,
    "addresses.street_1": "Address: address_line1",
    "addresses.street_2": "Address: address_line2",
    "addresses.city": "Address: city",
    "addresses.state": "Address: state, else county",
    "addresses.postal_code": "Address: pincode",
    "addresses.country": "Address: country, as the Country's code where it has one",
}
EMAILS = "Contact Email of each Contact, the main person's first; then Address: email_id"
PHONES = "Contact Phone of each Contact, the main person's first; then Address: phone, fax"

CONTACTS: Resource[Joined[Party], PartySite, Contact] = Resource(
    model=Contact,
    site=read_party_site,
    to_unified=contact.to_unified,
    id_of=lambda record: record.id,
    list=list_contacts,
    get=get_contact,
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "contact_type": FilterRule(values=tuple(KINDS)),
            "status": STATE,
            "email": TEXT,
            "name": WORD,
            "company_name": TEXT,
            "contact_group": TEXT,
            "tax_number": WORD,
            "currency": WORD,
        },
        sorts=("created_at",),
        calls=(
            "1 list + 9 joined for customers (credit limits, accounts, links to Contacts and to Addresses, "
            "Contacts, their e-mail addresses and telephone numbers, Addresses, Party Links), 8 for suppliers; a "
            "page holds one DocType unless `sort_by` is given without `contact_type`. With `updated_at`: up to 6 "
            "steps of 1 to 3 lists (parties; Contacts or Addresses, their links and parties), and the same joined. "
            "With `email`: 3 more (Contact Emails, Contacts, Addresses) and 1 or 2 (their links) for each DocType"
        ),
    ),
    get_calls="1 + 7 joined; 1 more for an id without its kind, 2 for a name that holds a kind",
    unstamped=(
        "the removal of a Contact or an Address, or of its link to the party",
        "tags",
        "Party Links",
        "the days of a Payment Terms Template, the currency of a Company, the code of a Country",
        "`is_on_hold` on the day that a supplier is released",
    ),
    sources={
        "id": "`customer:` or `supplier:` and name",
        **COMMON,
        "updated_at": "the latest modified of the party, its Contacts and its Addresses (site time → UTC)",
        "name": "customer_name / supplier_name",
        "first_name": "the main Contact's first_name: the party's primary, else the one marked, else the only one",
        "last_name": "the main Contact's last_name",
        "salutation": "the main Contact's salutation, else the Customer's",
        "company_name": "customer_name / supplier_name, unless customer_type / supplier_type is Individual",
        "type": "the DocType",
        "is_customer": "the DocType",
        "is_vendor": "the DocType",
        "is_primary": None,
        "status": "disabled",
        "remote_status": None,
        "tax_number": "tax_id",
        "currency": "default_currency",
        "company": None,
        "organisation": None,
        "account_reference": None,
        "emails": EMAILS,
        "emails.email": f"{EMAILS}; email_id of the party where Contacts may not be read",
        "emails.type": "primary: is_primary of the main person's",
        "phones": PHONES,
        "phones.number": f"{PHONES}; mobile_no of the party where Contacts may not be read",
        "phones.extension": None,
        "phones.type": "mobile: is_primary_mobile_no; primary: is_primary_phone of the main person's; fax",
        "urls": "website",
        **ADDRESS,
        "people": "Contacts linked to it, the main one first",
        "people.id": "Contact: name",
        "people.name": "Contact: full_name",
        "people.first_name": "Contact: first_name",
        "people.last_name": "Contact: last_name",
        "people.salutation": "Contact: salutation",
        "people.role": "Contact: designation",
        "people.is_primary": "is it the main one, as for `first_name`",
        "people.emails": "Contact Email",
        "people.emails.email": "Contact Email: email_id",
        "people.emails.type": "Contact Email: is_primary",
        "people.phones": "Contact Phone",
        "people.phones.number": "Contact Phone: phone",
        "people.phones.extension": None,
        "people.phones.type": "Contact Phone: is_primary_mobile_no, is_primary_phone",
        "contact_groups": "`customer_group:` customer_group / `supplier_group:` supplier_group",
        "tags": "_user_tags",
        "account": "Party Account: account, where one company has one",
        "tax_rate": None,
        "price_list": "default_price_list",
        "credit_limit": (
            "Customer Credit Limit: credit_limit, where one company grants one and its currency is the contact's"
        ),
        "company_terms": "Party Account and Customer Credit Limit by company",
        "company_terms.company": "company",
        "company_terms.account": "Party Account: account",
        "company_terms.advance_account": "Party Account: advance_account",
        "company_terms.credit_limit": "Customer Credit Limit: credit_limit",
        "payment_terms": "payment_terms",
        "credit_term_days": "Payment Terms Template Detail: credit_days of a sole term counted from the invoice",
        "discount_rate": None,
        "lead_time_days": None,
        "is_on_hold": "is_frozen; on_hold until release_date (suppliers)",
        "notes": "customer_details / supplier_details",
        "linked_contact": "Party Link: the other party",
        "has_newsletter": None,
        "last_contacted_at": None,
        "employee": "account_manager (customers)",
        "tracking_categories": None,
        "tracking_categories.id": None,
        "tracking_categories.name": None,
        "tracking_categories.option": None,
    },
)
