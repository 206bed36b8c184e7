"""The two DocTypes that are contacts: what each is joined with, and what they are filtered by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from providers.erpnext.conditions import condition, is_disabled, nothing
from providers.erpnext.party_joins import ADDRESSES, OTHER_SIDE, PEOPLE
from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Conditions, Source, Table
from providers.erpnext.wire_contacts import CreditLimit, Customer, PartyAccount, Supplier
from providers.kit.pages import Filter, Query

ACCOUNTS = Table(field="accounts", ours="company_terms", doctype="Party Account", wire=PartyAccount)
KINDS = {"customer": "customer", "vendor": "supplier"}


def _group_filter(field: str) -> Conditions:
    """A group's id, or its bare name."""

    def conditions(site: Site, _query: Query, item: Filter) -> list[Condition]:
        return [condition(site, field, replace(item, value=str(item.value).removeprefix(f"{field}:")))]

    return conditions


def _firm_filter(kind: str) -> Conditions:
    """The name of one that is no individual."""

    def conditions(site: Site, _query: Query, item: Filter) -> list[Condition]:
        return [condition(site, f"{kind}_name", item), [f"{kind}_type", "!=", "Individual"]]

    return conditions


def _filters(kind: str) -> Mapping[str, str | Conditions]:
    return {
        **STAMPS,
        "contact_type": nothing,
        "status": is_disabled,
        "name": f"{kind}_name",
        "company_name": _firm_filter(kind),
        "contact_group": _group_filter(f"{kind}_group"),
        "tax_number": "tax_id",
        "currency": "default_currency",
    }


def _is_reached(source: Source, query: Query) -> bool:
    kind = query.filter("contact_type")
    group = str(query.filter("contact_group") or "").partition(":")[0]
    other = {"customer": "supplier_group", "supplier": "customer_group"}[source.kind]
    return (kind is None or KINDS[str(kind)] == source.kind) and group != other


CUSTOMERS = Source(
    kind="customer",
    doctype="Customer",
    wire=Customer,
    tables=(
        Table(field="credit_limits", ours="company_terms", doctype="Customer Credit Limit", wire=CreditLimit),
        ACCOUNTS,
    ),
    joins=(PEOPLE, ADDRESSES, OTHER_SIDE),
    filters=_filters("customer"),
    sorts={"created_at": "creation"},
    reaches=_is_reached,
)
SUPPLIERS = Source(
    kind="supplier",
    doctype="Supplier",
    wire=Supplier,
    tables=(ACCOUNTS,),
    joins=(PEOPLE, ADDRESSES, OTHER_SIDE),
    filters=_filters("supplier"),
    sorts={"created_at": "creation"},
    reaches=_is_reached,
)
