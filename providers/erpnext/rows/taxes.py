"""Tax rates: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import tax_rate
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import COMMON, DIMENSION_IDS, DIMENSIONS, INSTANT, STATE, WORD
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources.taxes import ITEM_TEMPLATES, PURCHASE_TEMPLATES, SALES_TEMPLATES
from providers.erpnext.wire_taxes import Template
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.tax_rate import TaxRate

_TEMPLATES = (SALES_TEMPLATES, PURCHASE_TEMPLATES, ITEM_TEMPLATES)

TAX_RATES: Resource[Joined[Template], Site, TaxRate] = Resource(
    model=TaxRate,
    site=read_site,
    to_unified=tax_rate.to_unified,
    id_of=lambda record: record.id,
    list=list_of(*_TEMPLATES),
    get=get_of(*_TEMPLATES),
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "name": WORD,
            "company": WORD,
            "status": STATE,
            "side": FilterRule(values=("sales", "purchases")),
        },
        sorts=("updated_at", "created_at"),
        calls=(
            "1 list + 1 joined (rows) for each DocType that the page holds; a page holds one DocType unless "
            "`sort_by` is given without `side`; none joined to an empty page"
        ),
    ),
    get_calls="1; 2 more for an id without its kind, 3 for a name that holds a kind",
    unstamped=(),
    sources={
        "id": "`sales:`, `purchase:` or `item:` and name",
        **COMMON,
        "name": "title",
        "code": None,
        "description": None,
        "side": (
            "the DocType: Sales or Purchase Taxes and Charges Template; null for an Item Tax Template, which is "
            "for both"
        ),
        "total_tax_rate": (
            "the sum of taxes.rate, those of add_deduct_tax Deduct with a minus; of an Item Tax Template of "
            "taxes.tax_rate. Null with a row of charge_type Actual or On Item Quantity"
        ),
        "effective_tax_rate": (
            "taxes.rate by charge_type, row_id, category and add_deduct_tax, on a net amount of 100; of an Item "
            "Tax Template its only tax_rate: which of several apply, the document's rows decide"
        ),
        "company": "company",
        "category": "tax_category (documents' templates)",
        "status": "disabled",
        "is_default": "is_default (documents' templates)",
        "components": "taxes",
        "components.id": "name",
        "components.sequence": "idx",
        "components.name": "description (documents' templates)",
        "components.account": "account_head / tax_type",
        "components.rate": "rate / tax_rate; null for charge_type Actual and On Item Quantity",
        "components.amount": "tax_amount for charge_type Actual, rate for On Item Quantity",
        "components.calculation": "charge_type",
        "components.is_included_in_price": "included_in_print_rate",
        "components.is_deducted": "add_deduct_tax (purchases)",
        "components.tracking_categories": DIMENSIONS,
        "components.tracking_categories.id": DIMENSION_IDS,
        "components.tracking_categories.name": "cost_center",
        "components.tracking_categories.option": None,
    },
)
