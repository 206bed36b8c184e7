"""What the rows share: kinds of filter, and the sources of what every record has."""

from __future__ import annotations

from msgspec import structs

from providers.kit.pages import FilterRule, ValueKind
from unified_models.parts import LineItem

INSTANT = FilterRule(kind=ValueKind.INSTANT, operators=("gt", "gte", "lt", "lte"))
DATE = FilterRule(kind=ValueKind.DATE, operators=("eq", "gt", "gte", "lt", "lte"))
TEXT = FilterRule()
WORD = FilterRule(operators=("eq", "ne", "in"))
FLAG = FilterRule(kind=ValueKind.FLAG)
STATE = FilterRule(values=("active", "archived"))
COMMON = {
    "remote_id": "name",
    "created_at": "creation (site time → UTC)",
    "updated_at": "modified (site time → UTC)",
    "deleted_at": None,
    "custom_fields": "fields marked is_custom_field in the DocType's metadata",
}
DIMENSIONS = "cost_center, project, and the field of each accounting dimension"
DIMENSION_IDS = "`cost_center:` cost_center, `project:` project, `dimension:`, the dimension's field, and its value"
NO_LINES = dict.fromkeys(
    f"line_items.{each.name}{'.' if below else ''}{below}"
    for each in structs.fields(LineItem)
    for below in ("", *(("id", "name", "option") if each.name == "tracking_categories" else ()))
)
"""For a model whose lines ERPNext does not fill."""
