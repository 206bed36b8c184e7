"""The framework's methods that the sandbox answers, by their dotted names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from providers.erpnext.sandbox.access import Access
from providers.erpnext.sandbox.balances import balance_on, report
from providers.erpnext.sandbox.conditions import from_json
from providers.erpnext.sandbox.doctypes import COLUMNS, parents_of
from providers.erpnext.sandbox.orders import Orders
from providers.erpnext.sandbox.query import run
from providers.erpnext.sandbox.replies import FrappeError, unreadable
from providers.erpnext.sandbox.store import Row, Store


class Site(Protocol):
    """What the methods need of the app."""

    store: Store
    access: Access

    def rows(self, doctype: str, asked: dict[str, Any], version: str = "v1") -> list[Any]:
        """A list's rows."""


Asked = dict[str, Any]


def _get_list(site: Site, asked: Asked) -> Any:
    asked.pop("limit", None)  # Measured: this method only knows limit_page_length.
    return site.rows(str(asked.get("doctype")), asked)


def _get_count(site: Site, asked: Asked) -> int:
    """Measured: whoever may call it is told, whatever he may read; a child table needs no parent."""
    doctype = str(asked.get("doctype"))
    wanted: Asked = {name: asked[name] for name in ("filters", "or_filters", "parent") if name in asked}
    if doctype not in COLUMNS:
        raise unreadable(doctype, is_known=False)
    parent = next(iter(parents_of(doctype)), None)
    return len(run(site.store, Orders(), doctype, {"parent": parent, **wanted, "limit": "0"}))


def _get_value(site: Site, asked: Asked) -> Row:
    """The first row's fields; none is an empty object."""
    doctype = str(asked.get("doctype"))
    site.access.rights.check(doctype)
    filters = asked.get("filters")
    if isinstance(filters, str) and not filters.startswith(("{", "[")):
        filters = {"name": filters}
    fields = asked.get("fieldname", "name")
    names = from_json(fields) if str(fields).startswith("[") else [fields]
    rows = site.rows(doctype, {"fields": names, "filters": filters, "limit": "1"})
    return dict(rows[0]) if rows else {}


def _get_permitted_count(site: Site, asked: Asked) -> int:
    """Measured: this one heeds rights."""
    site.access.rights.check(str(asked.get("doctype")))
    return _get_count(site, asked)


def _get_balance_on(site: Site, asked: Asked) -> float:
    """Measured: the right to read accounts is enough, and a text of "0" is as true as any."""
    site.access.rights.check("Account", is_list=False)
    name = str(asked.get("account"))
    account = site.store.find("Account", name)
    if account is None:
        raise FrappeError("DoesNotExistError", f"Account {name} not found")
    date = str(asked.get("date") or site.store.now()[:10])
    in_account_currency = bool(asked.get("in_account_currency", True))
    return float(balance_on(site.store, account, date, in_account_currency=in_account_currency))


def _get_account_balances(site: Site, asked: Asked) -> list[Row]:
    found = []
    for each in from_json(asked.get("accounts")) or []:
        more = {"account": each["value"], "date": asked.get("date")}
        row = {**each, "balance": _get_balance_on(site, {**more, "in_account_currency": False})}
        if each.get("account_currency") != each.get("company_currency"):
            row["balance_in_account_currency"] = _get_balance_on(site, more)
        found.append(row)
    return found


_REPORT_COLUMNS = ("opening_debit", "opening_credit", "debit", "credit", "closing_debit", "closing_credit")


def _run_report(site: Site, asked: Asked) -> Row:
    name = str(asked.get("report_name"))
    if name != "Trial Balance":
        raise FrappeError("DoesNotExistError", f"Report {name} not found")
    site.access.rights.check("GL Entry")
    filters: Mapping[str, Any] = from_json(asked.get("filters")) or {}
    company = str(filters.get("company"))
    if company not in site.store.documents["Company"]:
        raise FrappeError("DoesNotExistError", f"Company {company} not found")
    if not filters.get("fiscal_year"):
        raise FrappeError("ValidationError", "Fiscal Year None is required")
    year = str(filters["fiscal_year"])
    since, until = filters.get("from_date") or f"{year}-01-01", filters.get("to_date") or f"{year}-12-31"
    columns = [{"fieldname": "account", "label": "Account", "fieldtype": "Link", "options": "Account"}]
    columns += [{"fieldname": column, "fieldtype": "Currency", "options": "currency"} for column in _REPORT_COLUMNS]
    rows = report(site.store, company, str(since), str(until))
    return {"result": rows, "columns": columns, "message": None, "chart": None, "add_total_row": 0}


def _get_dimensions(site: Site, asked: Asked) -> list[Any]:
    """The dimensions in use, told to every user (measured), and each company's defaults."""
    known = [row for row in site.store.documents["Accounting Dimension"].values() if not row["disabled"]]
    told = [{name: row[name] for name in ("label", "fieldname", "document_type")} for row in known]
    if str(asked.get("with_cost_center_and_project")).lower() == "true":
        told += [{"fieldname": "cost_center", "document_type": "Cost Center"}]
        told += [{"fieldname": "project", "document_type": "Project"}]
    defaults: dict[str, dict[str, Any]] = {}
    for row in known:
        for each in row["dimension_defaults"]:
            defaults.setdefault(str(each["company"]), {})[row["fieldname"]] = each["default_dimension"]
    return [told, defaults]


METHODS: Mapping[str, Callable[[Any, Asked], Any]] = {
    "frappe.auth.get_logged_user": lambda _, __: "gateway@acme.example",
    "frappe.client.get_list": _get_list,
    "frappe.client.get_count": _get_count,
    "frappe.client.get_value": _get_value,
    "frappe.desk.reportview.get_count": _get_permitted_count,
    "erpnext.accounts.utils.get_balance_on": _get_balance_on,
    "erpnext.accounts.utils.get_account_balances": _get_account_balances,
    "erpnext.accounts.doctype.accounting_dimension.accounting_dimension.get_dimensions": _get_dimensions,
    "frappe.desk.query_report.run": _run_report,
}
