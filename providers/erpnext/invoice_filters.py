"""A unified query of invoices as Frappe's filters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from providers.erpnext.invoice_kinds import KINDS, Kind
from providers.erpnext.mappers.invoice_status import RETURNED, STATUSES
from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.kit.client import Client
from providers.kit.errors import UnsupportedFilter
from providers.kit.pages import Filter, Query

OPERATORS = {"eq": "=", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "in": "in"}
_FIELDS = {
    "updated_at": "modified",
    "created_at": "creation",
    "issue_date": "posting_date",
    "due_date": "due_date",
    "number": "name",
    "currency": "currency",
    "company": "company",
    "is_credit_note": "is_return",
}


def kinds_of(query: Query) -> list[Kind]:
    """The DocTypes the query reaches: of one type, or of the side that its contact is on."""
    wanted = query.filter("type")
    contact = query.filter("contact")
    kinds = [kind for kind in KINDS.values() if wanted is None or kind.name == wanted]
    side, _, name = str(contact or "").partition(":")
    if name and side in ("customer", "supplier"):
        kinds = [kind for kind in kinds if kind.party_kind == side]
    return kinds


def conditions_of(client: Client, site: Site, query: Query, kind: Kind) -> list[Condition]:
    conditions: list[Condition] = []
    company = client.settings.get("company")
    if company is not None:
        conditions.append(["company", "=", company])
    for item in query.filters:
        if item.name == "type":
            continue
        if item.name == "status":
            conditions += _status_conditions(asked_statuses(query) or frozenset())
        elif item.name == "contact":
            name = replace(item, value=str(item.value).removeprefix(f"{kind.party_kind}:"))
            conditions.append([kind.party, "=", value_of(site, name)])
        elif item.name == "reference":
            conditions.append([kind.reference, "=", value_of(site, item)])
        else:
            conditions.append([_FIELDS[item.name], OPERATORS[item.operator], value_of(site, item)])
    return conditions


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


def asked_statuses(query: Query) -> frozenset[str] | None:
    one, several = query.filter("status"), query.filter("status", "in")
    if one is None and several is None:
        return None
    asked = frozenset(several) if isinstance(several, tuple) else frozenset({str(one)})
    return asked & {str(one)} if one is not None and several is not None else asked


def _status_conditions(asked: frozenset[str]) -> list[Condition]:
    """What ERPNext can narrow by itself; the rest is told apart by `status_of`."""
    docstatus = {0 if status == "draft" else 2 if status == "voided" else 1 for status in asked}
    conditions: list[Condition] = [["docstatus", "in", sorted(docstatus)]]
    if docstatus == {1}:
        sources = {"authorised", "partially_paid"} if asked & {"authorised", "partially_paid"} else set()
        used = RETURNED if "paid" in asked else frozenset()
        theirs = [name for name, ours in STATUSES.items() if ours in asked | sources or name in used]
        conditions.append(["status", "in", theirs])
    return conditions
