"""What the rows share: kinds of filter, and the sources of parts that many records have."""

from __future__ import annotations

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
TRACKING = {
    "tracking_categories": "assignment.current: channelId, projectId, leadSourceId",
    "tracking_categories.id": "`channel:`, `project:`, `lead_source:` and the id",
    "tracking_categories.name": None,
    "tracking_categories.option": None,
}
