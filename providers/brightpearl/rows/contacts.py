"""The rows of contacts and their groups."""

from __future__ import annotations

from providers.brightpearl.contacts import TYPE_COLUMNS, get_contact, list_contacts
from providers.brightpearl.groups import EXPAND, get_group, list_groups
from providers.brightpearl.mappers import contact, contact_group
from providers.brightpearl.rows.common import ADDRESS, INSTANT, SORTS, TEXT, TRACKING
from providers.brightpearl.site import Site, currency_site, no_site
from providers.brightpearl.wire_contacts import ContactRecord
from providers.brightpearl.wire_lists import ContactGroupRecord
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.contact import Contact
from unified_models.contact_group import ContactGroup

CONTACTS: Resource[ContactRecord, Site, Contact] = Resource(
    model=Contact,
    site=currency_site,
    to_unified=contact.to_unified,
    id_of=lambda record: str(record.contact.contactId),
    list=list_contacts,
    get=get_contact,
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "email": TEXT,
            "company_name": TEXT,
            "first_name": TEXT,
            "last_name": TEXT,
            "contact_type": FilterRule(values=tuple(TYPE_COLUMNS)),
        },
        sorts=SORTS,
        calls=(
            "1 contact-search + ceil(n/200) contacts, for n contacts on the page; + ceil(a/200) addresses where "
            "the account does not send a addresses along; `updated_at` walks two searches"
        ),
    ),
    get_calls="1 contact; + 1 where addresses are not sent along",
    unstamped=(
        "changes of custom fields may not move updatedOn",
        "contact-search may show no updatedOn although the contact has one",
    ),
    sources={
        "id": "contactId",
        "remote_id": "contactId",
        "created_at": "createdOn",
        "updated_at": "updatedOn; createdOn until the first change",
        "deleted_at": None,
        "custom_fields": "customFields",
        "name": "organisation.name, else firstName and lastName",
        "first_name": "firstName",
        "last_name": "lastName",
        "salutation": "salutation",
        "company_name": "organisation.name",
        "type": "relationshipToAccount",
        "is_customer": "relationshipToAccount",
        "is_vendor": "relationshipToAccount",
        "is_primary": "isPrimaryContact",
        "status": None,
        "remote_status": "contactStatus.current.contactStatusName",
        "tax_number": None,
        "currency": "financialDetails.currencyId by currency-search",
        "company": None,
        "organisation": "organisation.organisationId",
        "account_reference": "assignment.current.accountReference",
        "emails": "communication.emails",
        "emails.email": "communication.emails.*.email",
        "emails.type": "the key: PRI, SEC, TER",
        "phones": "communication.telephones",
        "phones.number": "communication.telephones.*",
        "phones.extension": None,
        "phones.type": "the key: PRI, SEC, MOB, FAX",
        "urls": "communication.websites",
        "addresses": "postAddressIds with postalAddresses, or postal-address",
        "addresses.id": "postAddressIds.*",
        "addresses.type": "the key: DEF, BIL, DEL",
        "addresses.name": None,
        "addresses.company_name": None,
        **{f"addresses.{name}": source for name, source in ADDRESS.items()},
        "addresses.country": "countryIsoCode2, else countryIsoCode",
        # Brightpearl's contact is itself a person, on one side of trade, in the one company of the account.
        **dict.fromkeys(
            (
                "people",
                *(
                    f"people.{name}"
                    for name in ("id", "name", "first_name", "last_name", "salutation", "role", "is_primary")
                ),
                "people.emails",
                "people.emails.email",
                "people.emails.type",
                "people.phones",
                "people.phones.number",
                "people.phones.extension",
                "people.phones.type",
                "company_terms",
                "company_terms.company",
                "company_terms.account",
                "company_terms.advance_account",
                "company_terms.credit_limit",
                "payment_terms",
                "is_on_hold",
                "notes",
                "linked_contact",
            )
        ),
        "contact_groups": "assignment.current.contactGroupId",
        "tags": "contactTags",
        "account": "financialDetails.nominalCode",
        "tax_rate": "financialDetails.taxCodeId",
        "price_list": "financialDetails.priceListId",
        "credit_limit": "financialDetails.creditLimit",
        "credit_term_days": "financialDetails.creditTermDays",
        "discount_rate": "financialDetails.discountPercentage",
        "lead_time_days": "leadTime",
        "has_newsletter": "marketingDetails.isReceiveEmailNewsletter",
        "last_contacted_at": "lastContactedOn",
        "employee": "assignment.current.staffOwnerContactId",
        **TRACKING,
    },
)

CONTACT_GROUPS: Resource[ContactGroupRecord, Site, ContactGroup] = Resource(
    model=ContactGroup,
    site=no_site,
    to_unified=contact_group.to_unified,
    id_of=lambda record: str(record.group.id),
    list=list_groups,
    get=get_group,
    list_rules=ListRules(
        filters={"name": TEXT, "created_at": INSTANT},
        calls="1 contact-group (the whole list) + 1 contact-group-search for the numbers of members",
    ),
    get_calls="1 contact-group + 1 contact-group-search",
    expands={
        EXPAND: (
            "a page: ceil(m/500) contact-group-member-search, for m memberships in all groups; "
            "a get: 1 list of the group's members"
        )
    },
    unstamped=("every change: Brightpearl tells when a group was made, and nothing later",),
    sources={
        "id": "id",
        "remote_id": "id",
        "created_at": "createdOn",
        "updated_at": None,
        "deleted_at": None,
        "custom_fields": None,
        "name": "name",
        "description": "description",
        "status": None,
        "contact_type": None,
        "parent_group": None,
        "is_group": None,
        "is_read_only": "isReadOnly",
        "price_list": None,
        "payment_terms": None,
        "member_count": "contact-group-search: numberOfMembers",
        "members": "contact-group-member-search: contactId; contactMemberIds for one group",
    },
)
