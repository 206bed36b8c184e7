"""The methods beside the lists: balances, the trial balance, counts, dimensions, metadata, files; and rights."""

from __future__ import annotations

from typing import Any

import pytest

from providers.erpnext.sandbox import Rights, create_sandbox
from tests.providers.erpnext.sandbox.asking import Asking

COMPANY = "Acme Trading Ltd"


@pytest.fixture
def site() -> Asking:
    """A year of trade."""
    return Asking(create_sandbox())


async def test_a_balance_is_in_the_accounts_currency_and_a_text_of_0_is_true(site: Asking) -> None:
    account, name = "1201 - Account USD - ATL", "erpnext.accounts.utils.get_balance_on"
    balance = site.box.trial_balance(COMPANY)[account, "USD"]

    own = await site.method(name, account=account, date="2030-01-01")
    base = await site.method(name, account=account, date="2030-01-01", in_account_currency=0)
    params = {"account": account, "date": "2030-01-01", "in_account_currency": "0"}
    by_get = (await site.send("GET", f"/api/method/{name}", params=params)).json()["message"]

    assert (own, base) == (float(balance.net_in_account_currency), float(balance.net))
    assert by_get == own != base


async def test_income_is_of_the_dates_year_and_a_group_is_all_that_is_below_it(site: Asking) -> None:
    entries = [
        row
        for row in site.box.store.documents["GL Entry"].values()
        if row["account"] == "Sales - ATL" and not row["is_cancelled"]
    ]
    of_year = sum(row["debit"] - row["credit"] for row in entries if row["posting_date"] >= "2026")
    bank = {
        account: balance
        for (account, _), balance in site.box.trial_balance(COMPANY).items()
        if site.box.store.documents["Account"][account]["parent_account"] == "Bank Accounts - ATL"
    }

    sales = await site.method("erpnext.accounts.utils.get_balance_on", account="Sales - ATL", date="2026-12-31")
    name = "erpnext.accounts.utils.get_balance_on"
    group = await site.method(name, account="Bank Accounts - ATL", date="2030-01-01")

    assert sales == pytest.approx(of_year)
    assert len(bank) == 3
    assert group == pytest.approx(float(sum(balance.net for balance in bank.values())))


async def test_the_report_is_the_trial_balance_with_groups_and_a_total(site: Asking) -> None:
    filters = {"company": COMPANY, "fiscal_year": "2026", "from_date": "2026-01-01", "to_date": "2026-12-31"}

    found = await site.method("frappe.desk.query_report.run", report_name="Trial Balance", filters=filters)

    rows = {row["account"]: row for row in found["result"]}
    total = rows.pop("'Total'")
    truth = site.box.trial_balance(COMPANY)
    for (account, _), balance in truth.items():
        assert rows[account]["closing_debit"] == pytest.approx(float(balance.debit))
        assert rows[account]["closing_credit"] == pytest.approx(float(balance.credit))
    assert total["closing_debit"] == pytest.approx(total["closing_credit"])
    leaves = [rows[account] for account, _ in truth]
    assert total["debit"] == pytest.approx(sum(row["debit"] for row in leaves))
    assert rows["Opening Balance Equity - ATL"]["opening_credit"] == 25_000.0
    assert "9999 - Suspense (closed) - ATL" not in rows


async def test_a_report_without_a_year_is_refused(site: Asking) -> None:
    body = {"report_name": "Trial Balance", "filters": {"company": COMPANY}}

    answer = await site.send("POST", "/api/method/frappe.desk.query_report.run", json=body)

    assert answer.status_code == 417


async def test_metadata_tells_of_dimensions_custom_fields_and_links(site: Asking) -> None:
    answer = await site.send("GET", "/api/method/frappe.desk.form.load.getdoctype?doctype=Sales Invoice")
    docs = {doc["name"]: {field["fieldname"]: field for field in doc["fields"]} for doc in answer.json()["docs"]}

    invoice = docs["Sales Invoice"]
    assert invoice["branch"] == {
        "fieldname": "branch",
        "label": "Branch",
        "fieldtype": "Link",
        "options": "Branch",
        "is_custom_field": 1,
        "is_system_generated": 1,
    }
    assert "branch" in docs["Sales Invoice Item"]
    assert (invoice["gateway_ref"]["is_custom_field"], "is_system_generated" in invoice["gateway_ref"]) == (
        1,
        False,
    )
    assert invoice["customer"]["options"] == "Customer"
    assert invoice["items"]["fieldtype"] == "Table"
    order = await site.send("GET", "/api/v2/doctype/Purchase Order/meta")
    levels = {field["fieldname"]: field.get("permlevel", 0) for field in order.json()["data"]["fields"]}
    assert [name for name, level in levels.items() if level] == ["ignore_pricing_rule"]


async def test_a_dimension_is_told_to_everyone_while_it_is_in_use_and_its_field_stays(site: Asking) -> None:
    name = "erpnext.accounts.doctype.accounting_dimension.accounting_dimension.get_dimensions"

    told, defaults = await site.method(name)

    assert [each["fieldname"] for each in told] == ["branch", "department"]
    assert set(defaults) == {"Acme Trading Ltd", "Acme US Inc"}
    (row,) = await site.list("GL Entry", fields=["branch", "price_list"], limit_page_length=1)
    assert set(row) == {"branch", "price_list"}


async def test_the_fields_of_dimensions_are_on_documents_lines_and_the_ledger(site: Asking) -> None:
    async def branches(doctype: str, **more: Any) -> set[str | None]:
        return {row["branch"] for row in await site.list(doctype, fields=["branch"], limit_page_length=0, **more)}

    for doctype, more in (
        ("Sales Invoice", {}),
        ("Sales Invoice Item", {"parent": "Sales Invoice"}),
        ("Payment Entry", {}),
        ("Journal Entry Account", {"parent": "Journal Entry"}),
        ("GL Entry", {}),
        ("Payment Ledger Entry", {}),
    ):
        found = await branches(doctype, **more)
        assert None in found, doctype
        assert len(found) > 1, doctype


async def test_a_file_is_given_with_credentials_and_refused_without(site: Asking) -> None:
    rows = await site.list(
        "File", fields=["file_url", "file_size", "is_private"], filters={"is_folder": 0, "is_private": 1}
    )
    url = next(row["file_url"] for row in rows if "#" not in row["file_url"] and row["file_size"] > 3)

    mine = await site.send("GET", url)
    theirs = await site.send("GET", url, headers={"Authorization": ""})

    assert (mine.status_code, len(mine.content)) == (
        200,
        next(row["file_size"] for row in rows if row["file_url"] == url),
    )
    assert theirs.status_code == 403


async def test_a_doctype_that_may_not_be_read_is_refused_in_lists_gets_and_children() -> None:
    site = Asking(create_sandbox(unreadable=["Purchase Order", "Contact"]))

    refused = await site.ask("Purchase Order")
    assert (refused.status_code, refused.json()["_error_message"]) == (403, "No permission for Purchase Order")
    name = next(iter(site.box.store.documents["Purchase Order"]))
    got = await site.send("GET", f"/api/resource/Purchase Order/{name}")
    assert (got.status_code, "_error_message" in got.json()) == (403, False)
    assert (await site.ask("Purchase Order Item", parent="Purchase Order")).status_code == 403
    assert (await site.ask("Dynamic Link", parent="Contact")).status_code == 403
    assert (await site.ask("Dynamic Link", parent="Address")).status_code == 200
    assert (await site.ask("Bank")).status_code == 403
    # Counts and metadata heed no rights.
    assert await site.method("frappe.client.get_count", doctype="Purchase Order") == 40


async def test_a_select_only_doctype_shows_little_and_no_stamp() -> None:
    site = Asking(create_sandbox(rights=Rights(select_only=frozenset({"Item"}))))

    (row,) = await site.list("Item", fields=["name", "item_code", "modified", "disabled"], limit_page_length=1)

    assert set(row) == {"name", "item_code"}
    assert (await site.send("GET", "/api/resource/Item/CONS-DAY")).status_code == 403


async def test_a_hidden_field_is_left_out_of_lists_and_zero_in_documents() -> None:
    hidden = {"Sales Invoice": frozenset({"grand_total", "po_no"})}
    site = Asking(create_sandbox(rights=Rights(hidden=hidden)))

    rows = await site.list("Sales Invoice", fields=["name", "grand_total", "status"], limit_page_length=1)
    document = await site.get("Sales Invoice", rows[0]["name"])

    assert set(rows[0]) == {"name", "status"}
    assert await site.list("Sales Invoice", fields=["grand_total"]) == []
    assert (document["grand_total"], "po_no" in document) == (0.0, False)


async def test_a_doctype_owned_by_nobody_here_is_a_list_without_rows() -> None:
    site = Asking(create_sandbox(rights=Rights(unowned=frozenset({"Address"}))))

    assert await site.list("Address") == []
    assert await site.list("Contact") != []
