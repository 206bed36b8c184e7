"""The two DocTypes that are groups of contacts, with their members where those are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from providers.erpnext.conditions import condition, nothing
from providers.erpnext.joins import names_of
from providers.erpnext.lists import read_list
from providers.erpnext.questions import Asked, Condition
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Conditions, Join, Joining, Source
from providers.erpnext.sources.contacts import KINDS
from providers.erpnext.wire import Document
from providers.erpnext.wire_masters import CustomerGroup, CustomerMember, SupplierGroup, SupplierMember
from providers.kit.client import Client
from providers.kit.pages import Filter, Query

EXPAND = "members"


async def _read_members(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """Our ids of the contacts of each group; those of the groups below it are theirs."""
    del site
    is_customers = source.doctype == "Customer Group"
    asked = Asked(
        doctype="Customer" if is_customers else "Supplier",
        filters=[[source.kind, "in", names_of(heads)]],
        order_by="name asc",
        limit=0,
    )
    read = await read_list(client, asked, CustomerMember if is_customers else SupplierMember, ())
    spelled = {head.name.casefold(): head.name for head in heads}
    kind = source.kind.removesuffix("_group")
    members: dict[str, list[str]] = {}
    for member in read.records:
        group = member.customer_group if isinstance(member, CustomerMember) else _group_of(member)
        if group is not None and group.casefold() in spelled:
            members.setdefault(spelled[group.casefold()], []).append(f"{kind}:{member.name}")
    return Joining(rows=members, refused=read.refused)


def _group_of(member: object) -> str | None:
    return member.supplier_group if isinstance(member, SupplierMember) else None


MEMBERS = Join(field="members", ours="members", read=_read_members, expand=EXPAND)


def _parent_filter(kind: str) -> Conditions:
    """The id of the group above, or its bare name."""

    def conditions(site: Site, _query: Query, item: Filter) -> list[Condition]:
        name = replace(item, value=str(item.value).removeprefix(f"{kind}:"))
        return [condition(site, f"parent_{kind}", name)]

    return conditions


def _filters(kind: str) -> Mapping[str, str | Conditions]:
    return {
        **STAMPS,
        "contact_type": nothing,
        "name": f"{kind}_name",
        "is_group": "is_group",
        "parent_group": _parent_filter(kind),
    }


def _is_reached(source: Source, query: Query) -> bool:
    asked = query.filter("contact_type")
    above = str(query.filter("parent_group") or "").partition(":")[0]
    other = {"customer_group": "supplier_group", "supplier_group": "customer_group"}[source.kind]
    return (asked is None or f"{KINDS[str(asked)]}_group" == source.kind) and above != other


CUSTOMER_GROUPS = Source(
    kind="customer_group",
    doctype="Customer Group",
    wire=CustomerGroup,
    joins=(MEMBERS,),
    filters=_filters("customer_group"),
    reaches=_is_reached,
)
SUPPLIER_GROUPS = Source(
    kind="supplier_group",
    doctype="Supplier Group",
    wire=SupplierGroup,
    joins=(MEMBERS,),
    filters=_filters("supplier_group"),
    reaches=_is_reached,
)
