"""Where the parts of invoices, credits and orders come from."""

from __future__ import annotations

from collections.abc import Mapping

from providers.erpnext.rows.common import DIMENSION_IDS, DIMENSIONS

Sources = Mapping[str, str | None]

PARTY_RECORD = "changes of the customer's or supplier's own record"


def line_sources(
    *,
    account: str | None,
    sign: str = "",
    order_id: str | None = None,
    order_line_id: str | None = None,
    delivery_date: str | None = None,
    received: str | None = None,
) -> Sources:
    """The lines' sources. `sign` is what is said of amounts that are turned round."""
    return {
        "line_items": "items",
        "line_items.id": "name",
        "line_items.sequence": "idx",
        "line_items.item": "item_code",
        "line_items.sku": "item_code",
        "line_items.name": "item_name",
        "line_items.description": "description (HTML)",
        "line_items.account": account,
        "line_items.quantity": f"qty{sign}",
        "line_items.unit": "uom",
        "line_items.unit_price": "rate",
        "line_items.discount_rate": "discount_percentage",
        "line_items.discount_amount": "discount_amount",
        "line_items.net_amount": f"net_amount{sign}",
        "line_items.tax_amount": None,
        "line_items.total_line_amount": f"amount{sign}",
        "line_items.tax_rate": "`item:` item_tax_template",
        "line_items.tax_code": None,
        "line_items.tax_percentage": None,
        "line_items.type": "item_code: set or not",
        "line_items.tracking_categories": DIMENSIONS,
        "line_items.tracking_categories.id": DIMENSION_IDS,
        "line_items.tracking_categories.name": "cost_center",
        "line_items.tracking_categories.option": None,
        "line_items.currency": None,
        "line_items.exchange_rate": None,
        "line_items.warehouse": "warehouse",
        "line_items.delivery_date": delivery_date,
        "line_items.quantity_received": received,
        "line_items.quantity_billed": None,
        "line_items.order_id": order_id,
        "line_items.order_line_id": order_line_id,
        "line_items.custom_fields": "fields marked is_custom_field in the child DocType's metadata",
    }


def tax_sources(sign: str = "") -> Sources:
    """The tax rows' sources."""
    return {
        "taxes": "taxes",
        "taxes.id": "name",
        "taxes.name": "description",
        "taxes.account": "account_head",
        "taxes.rate": "rate",
        "taxes.tax_amount": f"tax_amount_after_discount_amount{sign}",
        "taxes.total_amount": f"total{sign}",
        "taxes.calculation": "charge_type",
        "taxes.is_included_in_price": "included_in_print_rate",
        "taxes.is_deducted": "add_deduct_tax (purchases)",
    }


TAXES = tax_sources()
TERMS: Sources = {
    "payment_terms": "payment_schedule",
    "payment_terms.due_date": "due_date",
    "payment_terms.amount": "payment_amount",
    "payment_terms.outstanding": None,
    "payment_terms.portion": "invoice_portion",
}
ADDRESSES: Sources = {
    "addresses": "customer_address / supplier_address, shipping_address_name / shipping_address",
    "addresses.id": "customer_address / supplier_address, shipping_address_name / shipping_address",
    "addresses.type": "which of them",
    "addresses.name": None,
    "addresses.company_name": None,
    "addresses.street_1": (
        "address_display, shipping_address / shipping_address_display: the whole address, as lines of text"
    ),
    "addresses.street_2": None,
    "addresses.city": None,
    "addresses.state": None,
    "addresses.postal_code": None,
    "addresses.country": None,
}
TRACKING: Sources = {
    "tracking_categories": DIMENSIONS,
    "tracking_categories.id": DIMENSION_IDS,
    "tracking_categories.name": "cost_center",
    "tracking_categories.option": None,
}
