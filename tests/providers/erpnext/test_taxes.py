"""Tax rates: what rows add to a net amount, as ERPNext itself computes it, and which templates are asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.gateway import Gateway
from providers.erpnext.mappers.tax_amounts import effective_rate, total_rate
from providers.erpnext.mappers.tax_rate import to_unified
from providers.erpnext.rows.taxes import TAX_RATES
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_taxes import (
    ChargesTemplate,
    ItemTaxRow,
    PurchaseTemplateRow,
    Template,
    TemplateRow,
)
from providers.kit.errors import Conflict, Forbidden
from providers.kit.pages import Filter, Query, Sort
from tests.providers.erpnext.frappe import Frappe, recorded_site
from tests.providers.fake_send import walk

SITE = Site(ZoneInfo("Asia/Kolkata"), date(2026, 11, 24))
NET, AMOUNT, TOTAL = "On Net Total", "On Previous Row Amount", "On Previous Row Total"


def row(kind: str, rate: str | None, earlier: str | None = None) -> TemplateRow:
    return TemplateRow(name="T", charge_type=kind, rate=None if rate is None else Decimal(rate), row_id=earlier)


def bought(
    kind: str, rate: str, earlier: str | None = None, category: str = "Total", sign: str = "Add"
) -> PurchaseTemplateRow:
    return PurchaseTemplateRow(
        name="T", charge_type=kind, rate=Decimal(rate), row_id=earlier, category=category, add_deduct_tax=sign
    )


@pytest.mark.parametrize(
    ("rows", "total", "effective"),
    [
        ([], "0", "0"),
        ([row(NET, "8.875")], "8.875", "8.875"),
        ([row(NET, "5.0"), row(NET, "9.975")], "14.975", "14.975"),
        # Québec as it was: the second on the first.
        ([row(NET, "5.0"), row(TOTAL, "9.5", "1")], "14.5", "14.975"),
        ([row(NET, "20.0"), row(AMOUNT, "10.0", "1")], "30.0", "22.0"),
        # Measured: an order of 100,000 with these rows comes to 117,059, and one with the next to 98,000.
        (
            [
                bought(NET, "20"),
                bought(AMOUNT, "10", "1"),
                bought(TOTAL, "5", "2", sign="Deduct"),
                bought(NET, "2", category="Valuation"),
                bought(TOTAL, "1", "4"),
            ],
            "28",
            "17.059",
        ),
        (
            [
                bought(NET, "10", sign="Deduct"),
                bought(AMOUNT, "50", "1"),
                bought(NET, "3", category="Valuation and Total"),
            ],
            "43",
            "-2",
        ),
        # Amounts are no rates, and what rests on one is not a matter of rates alone.
        ([row("Actual", "0.0"), row(TOTAL, "20.0", "1")], None, None),
        ([row("On Item Quantity", "0.05")], None, None),
        ([row(NET, "5.0"), row("Actual", "0.0")], None, None),
        ([row(NET, None)], None, None),
        # A row that rests on none that was before it.
        ([row(NET, "5.0"), row(TOTAL, "5.0", "2")], "10.0", None),
        ([row(TOTAL, "5.0", "0")], "5.0", None),
        ([row(AMOUNT, "5.0")], "5.0", None),
        ([row("On Something New", "5.0")], "5.0", None),
    ],
)
def test_rows_add_to_a_net_amount_what_erpnext_charges(
    rows: list[TemplateRow], total: str | None, effective: str | None
) -> None:
    assert total_rate(rows) == (None if total is None else Decimal(total))
    assert effective_rate(rows) == (None if effective is None else Decimal(effective))


def unified(kind: str, rows: list[Any] | None, *unread: str) -> Any:
    head = Template(name="X") if kind == "item" else ChargesTemplate(name="X", tax_category="EU", is_default=1)
    told = {} if rows is None else {"taxes": rows}
    return to_unified(Joined(kind=kind, head=head, rows=told, unread=frozenset(unread)), SITE)


def test_the_sides_are_told_and_an_items_template_is_for_both() -> None:
    found = [unified(kind, []) for kind in ("sales", "purchase", "item")]

    assert [each.side for each in found] == ["sales", "purchases", None]
    assert [each.id for each in found] == ["sales:X", "purchase:X", "item:X"]
    assert [each.category for each in found] == ["EU", "EU", None]
    assert [each.is_default for each in found] == [True, True, None]


def test_of_several_rates_of_an_item_the_document_decides_which_apply() -> None:
    one = ItemTaxRow(name="A", tax_type="VAT", tax_rate=Decimal("12.5"))
    other = ItemTaxRow(name="B", tax_type="Duty", tax_rate=Decimal("1.0"))
    untold = ItemTaxRow(name="C")

    found = [unified("item", rows) for rows in ([one], [one, other], [untold])]

    assert [(each.total_tax_rate, each.effective_tax_rate) for each in found] == [
        (Decimal("12.5"), Decimal("12.5")),
        (Decimal("13.5"), None),
        (None, None),
    ]
    assert [part.account for part in found[1].components] == ["VAT", "Duty"]


@pytest.mark.parametrize(
    ("rows", "unread", "rates"),
    [
        (None, (), (None, None)),
        ([bought(NET, "5")], ("taxes.add_deduct_tax",), (None, None)),
        ([bought(NET, "5")], ("taxes.category",), (Decimal(5), None)),
    ],
)
def test_a_rate_that_rests_on_what_may_not_be_read_is_null(
    rows: Any, unread: tuple[str, ...], rates: tuple[Decimal | None, Decimal | None]
) -> None:
    found = unified("purchase", rows, *unread)

    assert (found.total_tax_rate, found.effective_tax_rate) == rates


def test_a_component_says_a_rate_or_an_amount_and_never_both() -> None:
    rows = [
        TemplateRow(name="A", charge_type="Actual", rate=Decimal("0.0"), tax_amount=Decimal("12.34")),
        TemplateRow(name="B", charge_type="On Item Quantity", rate=Decimal("0.05"), tax_amount=Decimal("0.0")),
        TemplateRow(name="C", charge_type=NET, rate=Decimal("20.0"), tax_amount=Decimal("0.0")),
    ]

    assert [(part.rate, part.amount) for part in unified("sales", rows).components] == [
        (None, Decimal("12.34")),
        (None, Decimal("0.05")),
        (Decimal("20.0"), None),
    ]


async def test_a_side_asks_its_own_doctype_alone() -> None:
    site = recorded_site()
    asked = (Filter(name="side", operator="eq", value="purchases"),)

    ids = await walk(site.client(), TAX_RATES, Query(limit=500, filters=asked))

    assert ids
    assert all(each.startswith("purchase:") for each in ids)
    assert site.lists("Sales Taxes and Charges Template") == site.lists("Item Tax Template") == []


@pytest.mark.parametrize(
    ("name", "value", "condition"),
    [
        ("name", "VAT", ["title", "=", "VAT"]),
        ("company", "Acme", ["company", "=", "Acme"]),
        ("status", "archived", ["disabled", "=", 1]),
    ],
)
async def test_each_filter_asks_all_three_doctypes(name: str, value: str, condition: list[Any]) -> None:
    site = recorded_site()

    await walk(site.client(), TAX_RATES, Query(limit=500, filters=(Filter(name=name, operator="eq", value=value),)))

    for doctype in ("Sales Taxes and Charges Template", "Purchase Taxes and Charges Template", "Item Tax Template"):
        assert site.lists(doctype)[0].argument("filters") == [condition]


async def test_a_walk_in_order_merges_the_doctypes() -> None:
    client = recorded_site().client()
    every = await walk(client, TAX_RATES, Query(limit=500))

    ordered = await walk(client, TAX_RATES, Query(limit=2, sort=Sort(name="created_at", descending=False)))

    assert sorted(ordered) == sorted(every)
    assert len({each.partition(":")[0] for each in ordered}) == 3
    page = await Gateway(60.0).list(
        client, TAX_RATES, Query(limit=500, sort=Sort(name="created_at", descending=False))
    )
    stamps = [record.created_at for record in page.records]
    assert stamps == sorted(stamps)


async def test_a_user_of_one_side_gets_that_side_and_is_told_of_the_others() -> None:
    site = recorded_site()
    site.forbidden = {"Sales Taxes and Charges Template", "Item Tax Template"}
    client = site.client()

    in_order = Sort(name="created_at", descending=False)
    page = await Gateway(60.0).list(client, TAX_RATES, Query(limit=500, sort=in_order))

    assert {(each.code, each.detail) for each in page.cautions} == {
        ("not_permitted", "sales"),
        ("not_permitted", "item"),
    }
    assert {record.side for record in page.records} == {"purchases"}
    asked = (Filter(name="side", operator="eq", value="sales"),)
    with pytest.raises(Forbidden):
        await Gateway(60.0).list(client, TAX_RATES, Query(limit=500, filters=asked))


async def test_a_bare_name_that_two_templates_have_must_say_which() -> None:
    site = Frappe()
    for doctype in ("Sales Taxes and Charges Template", "Purchase Taxes and Charges Template"):
        site.add(doctype, [{"name": "VAT 20%", "title": doctype}])
    client = site.client()
    read_site = await TAX_RATES.site(client)
    assert TAX_RATES.get is not None

    with pytest.raises(Conflict):
        await TAX_RATES.get(client, read_site, "VAT 20%", frozenset())
    found = await TAX_RATES.get(client, read_site, "purchase:VAT 20%", frozenset())

    assert found.wire.head.title == "Purchase Taxes and Charges Template"
