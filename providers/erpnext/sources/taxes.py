"""The three DocTypes of tax templates: for sales, for purchases, for items."""

from __future__ import annotations

from collections.abc import Mapping

from providers.erpnext.conditions import is_disabled, nothing
from providers.erpnext.mappers.tax_rate import SIDES
from providers.erpnext.source import STAMPS, Conditions, Source, Table
from providers.erpnext.wire import Child
from providers.erpnext.wire_taxes import (
    ChargesTemplate,
    ItemTaxRow,
    PurchaseTemplateRow,
    Template,
    TemplateRow,
)
from providers.kit.pages import Query

_FILTERS: Mapping[str, str | Conditions] = {
    **STAMPS,
    "name": "title",
    "company": "company",
    "status": is_disabled,
    "side": nothing,
}


def _is_on_side(source: Source, query: Query) -> bool:
    return query.filter("side") in (None, SIDES.get(source.kind))


def _source(kind: str, doctype: str, wire: type[Template], rows: str, row: type[Child]) -> Source:
    return Source(
        kind=kind,
        doctype=doctype,
        wire=wire,
        tables=(Table(field="taxes", ours="components", doctype=rows, wire=row, has_custom_fields=True),),
        company="company",
        filters=_FILTERS,
        reaches=_is_on_side,
    )


SALES_TEMPLATES = _source(
    "sales", "Sales Taxes and Charges Template", ChargesTemplate, "Sales Taxes and Charges", TemplateRow
)
PURCHASE_TEMPLATES = _source(
    "purchase",
    "Purchase Taxes and Charges Template",
    ChargesTemplate,
    "Purchase Taxes and Charges",
    PurchaseTemplateRow,
)
ITEM_TEMPLATES = _source("item", "Item Tax Template", Template, "Item Tax Template Detail", ItemTaxRow)
