"""What the rows share: kinds of filter, and the sources of parts that many records have."""

from __future__ import annotations

from collections.abc import Mapping

from providers.kit.pages import FilterRule, ValueKind

INSTANT = FilterRule(kind=ValueKind.INSTANT, operators=("gt", "gte", "lt", "lte"))
DATE = FilterRule(kind=ValueKind.DATE, operators=("eq", "gt", "gte", "lt", "lte"))
TEXT = FilterRule()
FLAG = FilterRule(kind=ValueKind.FLAG)
STATE = FilterRule(values=("active", "archived"))
# Not by updated_at: updatedOn is null until the first change, so Brightpearl would order those records apart.
SORTS = ("created_at",)
RATE = "currency per base unit: inferred, no source says so"

ADDRESS = {
    "street_1": "addressLine1",
    "street_2": "addressLine2",
    "city": "addressLine3",
    "state": "addressLine4",
    "postal_code": "postalCode",
}
_TAX_PARTS = (
    *("id", "name", "account", "rate", "tax_amount", "total_amount", "calculation"),
    *("is_included_in_price", "is_deducted"),
)
# Orders carry their tax by line alone.
NO_TAXES: Mapping[str, None] = {"taxes": None, **{f"taxes.{name}": None for name in _TAX_PARTS}}
NO_TERMS: Mapping[str, None] = {
    "payment_terms": None,
    **{f"payment_terms.{name}": None for name in ("due_date", "amount", "outstanding", "portion")},
}
TRACKING = {
    "tracking_categories": "assignment.current: channelId, projectId, leadSourceId",
    "tracking_categories.id": "`channel:`, `project:`, `lead_source:` and the id",
    "tracking_categories.name": None,
    "tracking_categories.option": None,
}


def line_sources(price: str) -> Mapping[str, str | None]:
    """Where the lines of an order come from; `price` is what holds the price of one."""
    row = "orderRows[]"
    return {
        "line_items.id": "the key in orderRows",
        "line_items.sequence": f"{row}.orderRowSequence",
        "line_items.item": f"{row}.productId; null for 1000 (free text)",
        "line_items.sku": f"{row}.productSku",
        "line_items.name": f"{row}.productName",
        "line_items.description": f"{row}.productOptions",
        "line_items.account": f"{row}.nominalCode",
        "line_items.quantity": f"{row}.quantity.magnitude",
        "line_items.unit": None,
        "line_items.unit_price": f"{row}.{price}.value",
        "line_items.discount_rate": f"{row}.discountPercentage",
        "line_items.discount_amount": None,
        "line_items.net_amount": f"{row}.rowValue.rowNet.value",
        "line_items.tax_amount": f"{row}.rowValue.rowTax.value",
        "line_items.total_line_amount": f"{row}.rowValue.rowNet.value",
        "line_items.tax_rate": f"{row}.rowValue.taxClassId",
        "line_items.tax_code": f"{row}.rowValue.taxCode",
        "line_items.tax_percentage": f"{row}.rowValue.taxRate",
        "line_items.type": f"{row}.composition, productId",
        "line_items.tracking_categories": None,
        "line_items.tracking_categories.id": None,
        "line_items.tracking_categories.name": None,
        "line_items.tracking_categories.option": None,
        "line_items.currency": f"{row}.rowValue.rowNet.currencyCode",
        "line_items.exchange_rate": None,
        "line_items.warehouse": None,
        "line_items.delivery_date": None,
        "line_items.quantity_received": None,
        "line_items.quantity_billed": None,
        "line_items.order_id": None,
        "line_items.order_line_id": None,
        "line_items.custom_fields": None,
    }
