"""Contact groups, companies and files: members, fiscal years, parents, addresses to fetch."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from app.api.query import read_query
from app.errors import UnsupportedFilter
from providers.erpnext.company_site import Year, year_of
from providers.erpnext.parents import PLACES
from providers.erpnext.resources import RESOURCES
from providers.erpnext.rows.attachments import ATTACHMENTS
from providers.erpnext.rows.company_info import COMPANY_INFO
from providers.erpnext.rows.contact_groups import CONTACT_GROUPS
from providers.kit.errors import NotFound
from providers.kit.pages import Filter, Query
from providers.kit.resource import AnyResource
from tests.providers.erpnext.frappe import Frappe, recorded_site
from tests.providers.fake_send import walk

MEMBERS = frozenset({"members"})


async def unified(site: Frappe, resource: AnyResource, query: Query) -> list[Any]:
    """The records of one page."""
    client = site.client()
    known = await resource.site(client)
    assert resource.list is not None
    rows = await resource.list(client, known, query)
    return [resource.to_unified(record, known) for record in rows.records]


def by(**filters: Any) -> Query:
    return Query(
        limit=500,
        filters=tuple(Filter(name=name, operator="eq", value=value) for name, value in filters.items()),
    )


def groups() -> Frappe:
    site = Frappe()
    site.add("Customer Group", [{"name": "All", "is_group": 1}, {"name": "Shops", "parent_customer_group": "All"}])
    site.add("Supplier Group", [{"name": "All", "is_group": 1}, {"name": "Mills", "parent_supplier_group": "All"}])
    site.add("Customer", [{"name": "b", "customer_group": "Shops"}, {"name": "a", "customer_group": "SHOPS"}])
    site.add("Supplier", [{"name": "a", "supplier_group": "Mills"}])
    return site


async def test_members_are_there_where_they_are_asked_for() -> None:
    found = await unified(groups(), CONTACT_GROUPS, Query(limit=500, expand=MEMBERS))
    plain = await unified(groups(), CONTACT_GROUPS, Query(limit=500))

    assert {group.id: group.members for group in found} == {
        "customer_group:All": [],
        "customer_group:Shops": ["customer:a", "customer:b"],
    }
    assert {group.members for group in plain} == {msgspec.UNSET}


async def test_members_that_may_not_be_read_are_not_taken_for_none() -> None:
    site = groups()
    site.forbidden = {"Customer"}
    client = site.client()
    known = await CONTACT_GROUPS.site(client)
    assert CONTACT_GROUPS.get is not None

    record = await CONTACT_GROUPS.get(client, known, "customer_group:Shops", MEMBERS)

    assert CONTACT_GROUPS.to_unified(record.wire, known).members is msgspec.UNSET
    assert [(caution.code, caution.field) for caution in record.cautions] == [("not_permitted", "members")]


async def test_groups_are_found_by_side_and_by_the_group_above() -> None:
    for query, ids in (
        (by(contact_type="vendor"), ["supplier_group:All", "supplier_group:Mills"]),
        (by(parent_group="customer_group:All"), ["customer_group:Shops"]),
        (by(parent_group="All"), ["customer_group:Shops", "supplier_group:Mills"]),
    ):
        assert await walk(groups().client(), CONTACT_GROUPS, query) == ids


def year(start: str, end: str, *companies: str) -> Year:
    return Year(date.fromisoformat(start), date.fromisoformat(end), frozenset(companies))


THIS, NEXT = year("2026-01-01", "2026-12-31"), year("2027-01-01", "2027-12-31")
APRIL = year("2026-04-01", "2027-03-31", "Acme")


@pytest.mark.parametrize(
    ("years", "wanted"),
    [
        ([THIS, NEXT], THIS),
        ([THIS, APRIL], APRIL),
        ([THIS, year("2026-04-01", "2027-03-31", "Other")], THIS),
        # The new one is not entered yet.
        ([year("2024-01-01", "2024-12-31"), year("2025-07-01", "2026-06-30")], year("2025-07-01", "2026-06-30")),
        ([NEXT], None),
        ([], None),
    ],
)
def test_a_fiscal_year_is_the_companys_own_of_today(years: list[Year], wanted: Year | None) -> None:
    assert year_of("Acme", years, date(2026, 11, 24)) == wanted


async def test_a_site_that_does_not_tell_its_fiscal_years_says_so() -> None:
    site = recorded_site()
    site.forbidden = {"Fiscal Year"}
    client = site.client()
    known = await COMPANY_INFO.site(client)
    assert COMPANY_INFO.list is not None

    rows = await COMPANY_INFO.list(client, known, Query(limit=5))

    assert COMPANY_INFO.to_unified(rows.records[0], known).fiscal_year_end_month is None
    assert [(each.code, each.field) for each in rows.cautions] == [("reference_unknown", "fiscal_year_end_month")]


async def test_an_account_that_fixes_a_company_is_told_of_no_other() -> None:
    site = recorded_site()
    site.settings["company"] = "Globex Inc."
    client = site.client()
    known = await COMPANY_INFO.site(client)
    assert COMPANY_INFO.get is not None

    assert await walk(client, COMPANY_INFO, Query(limit=5)) == ["Globex Inc."]
    with pytest.raises(NotFound):
        await COMPANY_INFO.get(client, known, "Acme Ltd", frozenset())


def files() -> Frappe:
    site = Frappe()
    parents = [
        ("Sales Invoice", "I"),
        ("Purchase Invoice", "I"),
        ("Supplier", "I"),
        ("Item", "invoice:I"),
        ("Quotation", "Q"),
        (None, None),
    ]
    site.add(
        "File",
        [
            {"name": f"f{number}", "attached_to_doctype": doctype, "attached_to_name": name}
            for number, (doctype, name) in enumerate(parents)
        ],
    )
    return site


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"parent[type]": "invoices"}, ["f0", "f1"]),
        ({"parent[id]": "invoice:I"}, ["f0"]),
        ({"parent[id]": "bill:I"}, ["f1"]),
        ({"parent[id]": "I"}, ["f0", "f1", "f2"]),
        ({"parent[type]": "invoices", "parent[id]": "I"}, ["f0", "f1"]),
        ({"parent[type]": "invoices", "parent[id]": "bill:I"}, ["f1"]),
        ({"parent[type]": "items", "parent[id]": "invoice:I"}, ["f3"]),
        ({"parent[type]": "contacts", "parent[id]": "bill:I"}, []),
        ({"parent[remote_type]": "Quotation"}, ["f4"]),
        ({"parent[type]": "payments"}, []),
    ],
)
async def test_files_are_found_by_what_they_hang_on(filters: dict[str, str], ids: list[str]) -> None:
    assert await walk(files().client(), ATTACHMENTS, by(**filters)) == ids


def test_the_filters_of_a_parent_are_read_as_they_are_written() -> None:
    pairs = (("parent[type]", "invoices"), ("parent[id]", "invoice:I"), ("created_at[gte]", "2026-01-01"))

    asked = read_query(pairs, ATTACHMENTS, is_list=True)

    assert {(each.name, each.operator) for each in asked.query.filters} == {
        ("parent[type]", "eq"),
        ("parent[id]", "eq"),
        ("created_at", "gte"),
    }
    with pytest.raises(UnsupportedFilter):
        read_query((("parent[nope]", "x"),), ATTACHMENTS, is_list=True)


async def test_a_parent_that_is_no_unified_record_is_named_as_the_provider_does() -> None:
    found = {each.id: each.parent for each in await unified(files(), ATTACHMENTS, Query(limit=500))}

    assert (found["f1"].id, found["f1"].type) == ("bill:I", "invoices")
    assert (found["f4"].id, found["f4"].type, found["f4"].remote_type) == ("Q", None, "Quotation")
    assert found["f5"] is None


@pytest.mark.parametrize("doctype", [each for each in PLACES if PLACES[each].resource in RESOURCES])
def test_what_files_hang_on_has_the_id_that_its_resource_gives_it(doctype: str) -> None:
    place = PLACES[doctype]
    told = str(RESOURCES[place.resource].sources["id"])

    assert f"`{place.kind}:`" in told if place.kind else "`" not in told


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.pdf", "application/pdf"),
        ("7: a?b#c.CSV", "text/csv"),
        ("a.csv.gz", "application/gzip"),
        ("a", None),
        (None, None),
        ("data:a.png", "image/png"),
    ],
)
async def test_a_media_type_is_told_from_the_names_ending(name: str | None, kind: str | None) -> None:
    site = Frappe()
    site.add("File", [{"name": "f", "file_name": name, "file_url": "/files/x"}])

    [found] = await unified(site, ATTACHMENTS, Query(limit=5))

    assert found.file_type == kind


async def test_an_address_can_be_called_as_it_is() -> None:
    site = Frappe()
    for number, url in enumerate(["/private/files/a b#1%.txt", "https://x.example/a%20b?c=d", None]):
        site.add("File", [{"name": f"f{number}", "file_url": url, "file_size": 0}])

    found = await unified(site, ATTACHMENTS, Query(limit=5))

    assert [each.file_url for each in found] == [
        "/private/files/a%20b%231%25.txt",
        "https://x.example/a%20b?c=d",
        None,
    ]
    assert [each.file_size for each in found] == [0, None, None]
