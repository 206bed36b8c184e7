"""What an inspection finds of a real site: rights, companies and fields, by its answers to users of many roles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from providers.erpnext import provider
from providers.erpnext.errors import read_error
from providers.erpnext.inspection import inspect
from providers.kit.client import Client
from providers.kit.provider import Company
from tests.providers.erpnext.frappe import ROOT, recorded
from tests.providers.fake_send import Call, FakeSend, Reply, client_for

METADATA = "api/method/frappe.desk.form.load.getdoctype"
ACME, GLOBEX = (
    Company(id="Acme Ltd", name="Acme Ltd", currency="GBP"),
    Company(id="Globex Inc.", name="Globex Inc.", currency="USD"),
)
DIMENSIONS = "Project, Branch, Department"
ACCOUNTS_USER = {
    "tax_rates": "cannot read Sales Taxes and Charges Template, Purchase Taxes and Charges Template",
    "tracking_categories": f"cannot read {DIMENSIONS}",
}


@cache
def _recorded() -> Mapping[tuple[str, str, str], tuple[int, Any]]:
    """Every recorded answer, by user, path and query."""
    found: dict[tuple[str, str, str], tuple[int, Any]] = {}
    for each in recorded("rights/rights_of_roles"):
        request, response = each["request"], each["response"]
        query = json.dumps(request["query"] or {}, sort_keys=True)
        found[each["as"], request["path"].lstrip("/"), query] = response["status"], response["body"]
    return found


def client_of(user: str) -> tuple[Client, FakeSend]:
    """A client of the recorded site as this user; metadata alone is not told."""

    def answer(call: Call) -> Reply:
        status, body = _recorded()[user, call.path, json.dumps(dict(call.params), sort_keys=True)]
        return Reply(body, status)

    send = FakeSend(ROOT)
    send.on("", answer)
    send.on(METADATA, Reply({"exc_type": "ValidationError"}, 417))
    return client_for(provider, send, {"site_url": ROOT.rstrip("/")}), send


@pytest.mark.parametrize(
    ("user", "missing", "limited"),
    [
        (
            "user with System Manager and accounting roles",
            {},
            {"tracking_categories": f"cannot read {DIMENSIONS}"},
        ),
        (
            "user with Accounts User role only",
            {"purchase_orders": "cannot read Purchase Order"},
            ACCOUNTS_USER,
        ),
        (
            "user with Accounts User role, limited to one company",
            {"purchase_orders": "cannot read Purchase Order"},
            ACCOUNTS_USER,
        ),
        (
            "user with Sales User role only",
            {
                "credit_notes": "cannot read Sales Invoice",
                "invoices": "cannot read Sales Invoice, Purchase Invoice",
                "journal_entries": "cannot read Journal Entry",
                "payment_method": "cannot read Mode of Payment",
                "payments": "cannot read Payment Entry",
                "purchase_orders": "cannot read Purchase Order",
                "transactions": "cannot read GL Entry",
                "vendor_credits": "cannot read Purchase Invoice",
            },
            {
                "contact_groups": "cannot read Supplier Group",
                "contacts": "cannot read Party Link, Supplier, Payment Terms Template",
                "sales_orders": "cannot read Payment Entry, Journal Entry",
                "tax_rates": "cannot read Purchase Taxes and Charges Template, Item Tax Template",
                "tracking_categories": f"cannot read {DIMENSIONS}, LW Channel",
            },
        ),
        (
            # May choose from items, and not read one.
            "user with Accounts Manager role only",
            {
                "contact_groups": "cannot read Customer Group, Supplier Group",
                "purchase_orders": "cannot read Purchase Order",
                "sales_orders": "cannot read Sales Order",
            },
            {
                "items": "cannot read Item",
                "tax_rates": "cannot read Purchase Taxes and Charges Template",
                "tracking_categories": f"cannot read {DIMENSIONS}, LW Channel",
            },
        ),
    ],
)
async def test_rights_are_told_as_a_real_site_has_them(
    user: str, missing: Mapping[str, str], limited: Mapping[str, str]
) -> None:
    client, _ = client_of(user)

    found = await inspect(client)

    assert found.missing == missing
    assert {name: sorted_words(words) for name, words in found.limited.items()} == {
        name: sorted_words(words) for name, words in limited.items()
    }
    assert (found.unknown, found.time_zone) == ((), "America/New_York")


def sorted_words(words: str) -> list[str]:
    """Joins are read at once: their order says nothing."""
    return sorted(words.removeprefix("cannot read ").split(", "))


async def test_a_user_without_roles_is_told_of_and_everything_but_its_own_files_is_missing() -> None:
    client, _ = client_of("user without roles")

    found = await inspect(client)

    assert set(found.missing) == set(provider.resources) - {"attachments"}
    assert (found.companies, found.base_currency) == ((), None)
    assert found.user == "norole@example.com"


async def test_companies_come_with_their_currencies_as_far_as_the_user_may_see_them() -> None:
    both, one, chooser = [
        await inspect(client_of(user)[0])
        for user in (
            "user with Accounts User role only",
            "user with Accounts User role, limited to one company",
            "user with Auditor role only",
        )
    ]

    assert (both.companies, both.base_currency) == ((ACME, GLOBEX), None)
    assert (one.companies, one.base_currency) == ((ACME,), "GBP")
    # Who may only choose from companies is told what is asked for by name.
    assert chooser.companies == (ACME, GLOBEX)


async def test_a_system_managers_site_tells_its_own_fields_in_one_call() -> None:
    client, send = client_of("user with System Manager and accounting roles")

    own = (await inspect(client)).custom_fields

    assert own is not None
    assert own["items"] == ("lw_season",)
    assert {"lw_text", "department", "Sales Invoice Item.lw_text"} <= set(own["invoices"])
    assert own["currencies"] == ()
    assert METADATA not in send.paths()
    assert len(send.calls) <= 36 + 3  # Three dimensions, each a DocType.


async def test_fields_of_others_are_told_where_metadata_tells_them_and_are_unknown_where_nothing_does() -> None:
    client, send = client_of("user with Accounts User role only")
    fields = [
        {"fieldname": "shelf", "fieldtype": "Data", "is_custom_field": 1, "permlevel": 1},
        {"fieldname": "made_up", "fieldtype": "Data", "is_custom_field": 1, "is_virtual": 1},
        {"fieldname": "item_name", "fieldtype": "Data"},
    ]

    def metadata(call: Call) -> Reply:
        told = {"docs": [{"name": "Item", "fields": fields}]}
        return Reply(told) if call.params["doctype"] == "Item" else Reply({"exc_type": "ValidationError"}, 417)

    send.on(METADATA, metadata)

    assert (await inspect(client)).custom_fields == {"items": ("shelf",)}


async def test_fields_that_an_outage_kept_from_being_told_are_not_taken_for_none() -> None:
    client, send = client_of("user with Accounts User role only")
    empty = Reply({"docs": [{"name": "Item"}]})
    send.on(METADATA, lambda call: empty if call.params["doctype"] == "Item" else Reply(b"", 502))

    found = await inspect(client)

    assert (found.custom_fields, found.unknown) == ({"items": ()}, ())


async def test_no_field_is_told_of_where_the_site_tells_nothing() -> None:
    client, _ = client_of("user with Accounts User role only")

    assert (await inspect(client)).custom_fields is None


def test_a_recorded_refusal_carries_the_sites_own_words() -> None:
    refusals = [body for status, body in _recorded().values() if status == 403]

    assert len(refusals) >= 50
    for body in refusals:
        assert read_error(403, lambda _: None, json.dumps(body).encode()).code == "PermissionError"
