"""Contact groups: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import contact_group
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import COMMON, FLAG, INSTANT, TEXT, WORD
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources.contact_groups import CUSTOMER_GROUPS, EXPAND, SUPPLIER_GROUPS
from providers.erpnext.sources.contacts import KINDS
from providers.erpnext.wire_masters import PartyGroup
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.contact_group import ContactGroup

CONTACT_GROUPS: Resource[Joined[PartyGroup], Site, ContactGroup] = Resource(
    model=ContactGroup,
    site=read_site,
    to_unified=contact_group.to_unified,
    id_of=lambda record: record.id,
    list=list_of(CUSTOMER_GROUPS, SUPPLIER_GROUPS),
    get=get_of(CUSTOMER_GROUPS, SUPPLIER_GROUPS),
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "contact_type": FilterRule(values=tuple(KINDS)),
            "name": WORD,
            "is_group": FLAG,
            "parent_group": TEXT,
        },
        sorts=("updated_at", "created_at"),
        calls="1 list; a page holds one DocType unless `sort_by` is given without `contact_type`: then 1 for each",
    ),
    get_calls="1; 1 more for an id without its kind, 2 for a name that holds a kind",
    expands={EXPAND: "1 list of the members of all groups of a DocType on the page; 1 for a get"},
    unstamped=("who is a member",),
    sources={
        "id": "`customer_group:` or `supplier_group:` and name",
        **COMMON,
        "name": "customer_group_name / supplier_group_name",
        "description": None,
        "status": None,
        "contact_type": "the DocType",
        "parent_group": "parent_customer_group / parent_supplier_group",
        "is_group": "is_group",
        "is_read_only": None,
        "price_list": "default_price_list (customers)",
        "payment_terms": "payment_terms",
        "member_count": None,
        "members": "Customer: customer_group / Supplier: supplier_group; not those of the groups below",
    },
)
