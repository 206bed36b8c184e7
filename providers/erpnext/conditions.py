"""A unified query of one DocType as Frappe's filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.erpnext.source import Conditions, Source
from providers.kit.client import Client
from providers.kit.errors import UnsupportedFilter
from providers.kit.pages import Filter, Query

OPERATORS = {"eq": "=", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "in": "in"}

PARTIES = {"customer": "Customer", "supplier": "Supplier"}
DOCSTATUS = {"draft": (0,), "posted": (1,), "voided": (2,)}


def conditions_of(client: Client, site: Site, query: Query, source: Source) -> list[Condition]:
    """What the list of the DocType is narrowed by: the source's own terms, the account's company, the filters."""
    conditions: list[Condition] = [[name, "=", value] for name, value in source.fixed.items()]
    company = client.settings.get("company")
    if company is not None and source.company is not None:
        conditions.append([source.company, "=", company])
    for item in query.filters:
        rule = source.filters[item.name]
        if isinstance(rule, str):
            conditions.append(condition(site, rule, item))
        else:
            conditions += rule(site, query, item)
    return conditions


def condition(site: Site, name: str, item: Filter) -> Condition:
    """One comparison of one field."""
    return [name, OPERATORS[item.operator], value_of(site, item)]


def value_of(site: Site, item: Filter) -> object:
    """The filter's value as Frappe compares it."""
    value = item.value
    if isinstance(value, datetime):
        return site.to_local(value, is_end=item.operator in ("lt", "lte"))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return int(value)
    if value == "":
        raise UnsupportedFilter("an empty value cannot be filtered by")
    return list(value) if isinstance(value, tuple) else value


def one_of(field: str, values: Mapping[str, Sequence[object]]) -> Conditions:
    """A filter on one of our enums: each of its values is some of the field's."""

    def conditions(_site: Site, _query: Query, item: Filter) -> list[Condition]:
        asked = item.value if isinstance(item.value, tuple) else (str(item.value),)
        return [[field, "in", list(dict.fromkeys(theirs for ours in asked for theirs in values[ours]))]]

    return conditions


def is_set(field: str) -> Conditions:
    """A filter on whether a field is filled."""

    def conditions(_site: Site, _query: Query, item: Filter) -> list[Condition]:
        return [[field, "is", "set" if item.value else "not set"]]

    return conditions


def by_party(_site: Site, _query: Query, item: Filter) -> list[Condition]:
    """A contact of a document that may be with either side: its id says with which, a bare name does not."""
    side, _, name = str(item.value).partition(":")
    if not name or side not in PARTIES:
        return [["party", "=", str(item.value)]]
    return [["party_type", "=", PARTIES[side]], ["party", "=", name]]


def is_enabled(_site: Site, _query: Query, item: Filter) -> list[Condition]:
    """`status` of a DocType that marks what is in use."""
    return [["enabled", "=", int(item.value == "active")]]


def nothing(_site: Site, _query: Query, _item: Filter) -> list[Condition]:
    """For a filter that only chooses between DocTypes."""
    return []


def is_disabled(_site: Site, _query: Query, item: Filter) -> list[Condition]:
    """`status` of a DocType that is in use or disabled."""
    return [["disabled", "=", int(item.value == "archived")]]
