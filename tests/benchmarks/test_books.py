"""The fast upstream's answers are as long as they are named for, and hold every field that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.books import CUSTOM, LINES, LIST_SIZE, ROWS, SMALL_SIZE, tables, write_books
from providers.erpnext import wire_invoices as wire
from providers.erpnext import wire_trade
from providers.erpnext.decode import field_names, with_custom
from providers.erpnext.wire_items import Item
from providers.kit.resource import Wire

WIRES: dict[str, type[Wire]] = {
    "Item": Item,
    "Sales Invoice": wire.SalesInvoice,
    "Sales Invoice Item": wire.SalesInvoiceLine,
    "Sales Taxes and Charges": wire_trade.TaxRow,
    "Payment Schedule": wire_trade.ScheduleRow,
    "Payment Entry Reference": wire.PaymentReference,
}


@pytest.mark.parametrize("doctype", WIRES)
def test_each_row_holds_the_fields_that_the_gateway_asks_for(doctype: str) -> None:
    asked = set(field_names(with_custom(WIRES[doctype], tuple(CUSTOM.get(doctype, ())))))

    rows = tables()[doctype]

    assert all(set(row) == asked for row in rows)


def test_every_invoice_has_its_lines() -> None:
    books = tables()

    names = [row["name"] for row in books["Sales Invoice"]]

    assert len(set(names)) == ROWS
    assert sorted(row["parent"] for row in books["Sales Invoice Item"]) == sorted(names * LINES)


def test_answers_have_the_size_they_are_named_for(tmp_path: Path) -> None:
    write_books(tmp_path)

    assert (tmp_path / "resource" / "Item").stat().st_size == pytest.approx(LIST_SIZE, rel=0.01)
    assert (tmp_path / "document").stat().st_size == pytest.approx(SMALL_SIZE, rel=0.01)


def test_a_list_reads_alike_as_a_resource_and_as_a_method(tmp_path: Path) -> None:
    write_books(tmp_path)

    resource = json.loads((tmp_path / "resource" / "Sales Invoice").read_bytes())
    method = json.loads((tmp_path / "list" / "Sales Invoice").read_bytes())

    assert resource["data"] == method["message"]
