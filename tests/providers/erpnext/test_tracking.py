"""Tracking categories: cost centres, projects, and the values of each accounting dimension."""

from __future__ import annotations

from typing import Any

import pytest

from providers.erpnext.rows.dimensions import TRACKING_CATEGORIES
from providers.kit.errors import Conflict, Forbidden, NotFound
from providers.kit.pages import Sort
from tests.providers.erpnext.asking import cautions, one, records, where
from tests.providers.erpnext.frappe import DIMENSIONS, FORBIDDEN, Frappe
from tests.providers.fake_send import Call, Reply

STAMP = "2026-11-21 10:00:0{}.000000"
FIELDS = {
    "Department": ["department_name", "parent_department", "company", "is_group", "disabled"],
    "LW Channel": ["shown_as"],
}
ALL = [
    "cost_center:Main",
    "project:PROJ-1",
    "project:PROJ-2",
    "dimension:department:Ops - A",
    "dimension:sales_channel:0",
    "dimension:sales_channel:a:b",
]


def described(call: Call) -> Reply:
    """What the site tells of a DocType; one has a title, another a tree."""
    name = call.params["doctype"]
    fields = [{"fieldname": each, "fieldtype": "Data"} for each in FIELDS.get(name, ())]
    about = {"title_field": "shown_as"} if name == "LW Channel" else {"nsm_parent_field": "parent_department"}
    return Reply({"docs": [{"name": name, "fields": fields, **about}]})


def site() -> Frappe:
    """A site with two dimensions of its own, one of a DocType that it made."""
    found = Frappe(dimensions={"department": "Department", "sales_channel": "LW Channel"})
    found.send.on("api/method/frappe.desk.form.load.getdoctype", described)
    found.add(
        "Cost Center",
        [
            {
                "name": "Main",
                "modified": STAMP.format(1),
                "cost_center_name": "Main of all",
                "cost_center_number": "007",
                "parent_cost_center": "Root",
                "company": "Acme",
                "is_group": 0,
                "disabled": 0,
            }
        ],
    )
    projects = {"PROJ-1": "Open", "PROJ-2": "Cancelled"}
    found.add(
        "Project",
        [
            {
                "name": name,
                "modified": STAMP.format(2),
                "project_name": "A / B",
                "status": status,
                "company": "Acme",
            }
            for name, status in projects.items()
        ],
    )
    department = {
        "name": "Ops - A",
        "modified": STAMP.format(3),
        "department_name": "Ops",
        "parent_department": "All",
        "company": "Other",
        "is_group": 1,
        "disabled": 1,
    }
    found.add("Department", [department])
    channels = {"0": "Web", "a:b": ""}
    found.add(
        "LW Channel",
        [{"name": name, "modified": STAMP.format(4), "shown_as": shown} for name, shown in channels.items()],
    )
    return found


async def ids(books: Frappe, **asked: Any) -> list[str]:
    return [record.id for record in await records(books, TRACKING_CATEGORIES, **asked)]


@pytest.mark.parametrize("limit", [1, 2, 500])
@pytest.mark.parametrize("sort", [None, Sort(name="updated_at"), Sort(name="updated_at", descending=True)])
async def test_each_kind_is_walked_and_each_record_can_be_had_by_its_id(limit: int, sort: Sort | None) -> None:
    books = site()

    found = await records(books, TRACKING_CATEGORIES, limit=limit, sort=sort)

    listed = [record.id for record in found]
    assert sorted(listed) == sorted(ALL)
    assert sort is not None or listed == ALL
    for record in found:
        assert await one(books, TRACKING_CATEGORIES, record.id) == record


async def test_a_cost_centre_a_project_and_a_value_tell_what_they_are() -> None:
    books = site()

    centre = await one(books, TRACKING_CATEGORIES, "cost_center:Main")
    project = await one(books, TRACKING_CATEGORIES, "project:PROJ-2")
    department = await one(books, TRACKING_CATEGORIES, "dimension:department:Ops - A")
    channel = await one(books, TRACKING_CATEGORIES, "dimension:sales_channel:0")
    nameless = await one(books, TRACKING_CATEGORIES, "dimension:sales_channel:a:b")

    assert (centre.name, centre.number, centre.parent_category) == ("Main of all", "007", "cost_center:Root")
    assert (centre.category_type, centre.status, centre.is_group) == ("cost_center", "active", False)
    assert (project.category_type, project.status, project.remote_status) == ("project", "archived", "Cancelled")
    assert (department.name, department.parent_category) == ("Ops", "dimension:department:All")
    assert (department.category_type, department.status, department.is_group) == ("department", "archived", True)
    assert (channel.name, channel.category_type, channel.remote_type) == ("Web", "dimension", "LW Channel")
    assert (channel.status, channel.company, channel.is_group, channel.parent_category) == (None,) * 4
    assert nameless.name == "a:b"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("category_type", "cost_center", ALL[:1]),
        ("category_type", "project", ALL[1:3]),
        ("category_type", "department", ALL[3:4]),
        ("category_type", "dimension", ALL[4:]),
        ("category_type", "location", []),
        # What has no such field cannot be known to be in use, nor to be a company's.
        ("status", "active", ["cost_center:Main", "project:PROJ-1"]),
        ("status", "archived", ["project:PROJ-2", "dimension:department:Ops - A"]),
        ("company", "Acme", ALL[:3]),
        ("name", "Web", ["dimension:sales_channel:0"]),
        ("name", "Ops", ["dimension:department:Ops - A"]),
    ],
)
async def test_a_filter_finds_what_it_says(name: str, value: str, expected: list[str]) -> None:
    assert await ids(site(), **where(name, value)) == expected


@pytest.mark.parametrize(("name", "value"), [("status", "active"), ("company", "Acme")])
async def test_a_doctype_is_not_asked_by_a_field_that_it_lacks(name: str, value: str) -> None:
    books = site()

    await ids(books, **where(name, value))

    assert books.lists("Department")
    assert not books.lists("LW Channel")


async def test_an_accounts_company_narrows_the_kinds_that_have_one() -> None:
    books = site()
    books.settings = {"company": "Acme"}

    assert await ids(books) == [each for each in ALL if "department" not in each]
    with pytest.raises(NotFound):
        await one(books, TRACKING_CATEGORIES, "dimension:department:Ops - A")


async def test_a_kind_that_may_not_be_read_is_left_out_with_a_warning() -> None:
    books = site()
    books.forbidden = {"Project", "LW Channel"}

    assert await ids(books) == ["cost_center:Main", "dimension:department:Ops - A"]
    assert [(each.code, each.detail) for each in await cautions(books, TRACKING_CATEGORIES)] == [
        ("not_permitted", "project"),
        ("not_permitted", "dimension:sales_channel"),
    ]
    with pytest.raises(Forbidden):
        await one(books, TRACKING_CATEGORIES, "project:PROJ-1")


async def test_dimensions_that_the_site_does_not_tell_are_a_warning_once() -> None:
    books = site()
    books.send.on(f"api/method/{DIMENSIONS}", FORBIDDEN)
    books.send.on("api/resource/Accounting Dimension", FORBIDDEN)

    assert await ids(books) == ALL[:3]
    assert [(each.code, each.field, each.detail) for each in await cautions(books, TRACKING_CATEGORIES)] == [
        ("not_permitted", "category_type", "dimension")
    ]


async def test_a_bare_name_is_enough_where_one_kind_has_it() -> None:
    books = site()
    books.add("Project", [{"name": "Main", "modified": STAMP.format(5)}])

    assert (await one(books, TRACKING_CATEGORIES, "a:b")).id == "dimension:sales_channel:a:b"
    with pytest.raises(Conflict):
        await one(books, TRACKING_CATEGORIES, "Main")
    with pytest.raises(NotFound):
        await one(books, TRACKING_CATEGORIES, "dimension:gone:0")


async def test_a_doctype_of_which_nothing_is_told_has_its_names() -> None:
    books = site()
    books.send.on("api/method/frappe.desk.form.load.getdoctype", FORBIDDEN)

    record = await one(books, TRACKING_CATEGORIES, "dimension:department:Ops - A")

    assert (record.name, record.status, record.company) == ("Ops - A", None, None)
