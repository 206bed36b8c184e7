"""Cost centres, projects and the values of accounting dimensions of ERPNext as unified tracking categories."""

from __future__ import annotations

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, state, text
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire import Document
from providers.erpnext.wire_dimensions import CostCenter, Project, usual
from unified_models.tracking_category import CategoryType, TrackingCategory, TrackingStatus

CATEGORIES: dict[str, CategoryType] = {
    "Department": "department",
    "Branch": "location",
    "Location": "location",
    "Warehouse": "location",
}
"""What a dimension of these DocTypes is; any other is just a dimension."""
PROJECT_STATES: dict[str, TrackingStatus] = {"Open": "active", "Completed": "archived", "Cancelled": "archived"}


def to_unified(record: Joined[Document], site: Site) -> TrackingCategory:
    """One of them; its id says of which kind, as documents name it."""
    head = record.head
    if isinstance(head, CostCenter):
        return _cost_center(record, head, site)
    if isinstance(head, Project):
        return _project(record, head, site)
    return _value(record, head, site)


def _cost_center(record: Joined[Document], head: CostCenter, site: Site) -> TrackingCategory:
    return TrackingCategory(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=text(head.cost_center_name),
        number=text(head.cost_center_number),
        status=state(head.disabled),
        category_type="cost_center",
        remote_type="Cost Center",
        parent_category=f"cost_center:{head.parent_cost_center}" if head.parent_cost_center else None,
        company=text(head.company),
        is_group=flag(head.is_group),
    )


def _project(record: Joined[Document], head: Project, site: Site) -> TrackingCategory:
    return TrackingCategory(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=text(head.project_name),
        status=PROJECT_STATES.get(head.status or ""),
        remote_status=text(head.status),
        category_type="project",
        remote_type="Project",
        company=text(head.company),
        start_date=head.expected_start_date,
        end_date=head.expected_end_date,
    )


def _value(record: Joined[Document], head: Document, site: Site) -> TrackingCategory:
    field = record.kind.removeprefix("dimension:")
    doctype = (site.dimensions or {}).get(field, "")
    parent = text(usual(head, "parent"))
    return TrackingCategory(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        name=text(usual(head, "title")) or head.name,
        status=state(usual(head, "disabled")),
        category_type=CATEGORIES.get(doctype, "dimension"),
        remote_type=doctype or None,
        parent_category=f"{record.kind}:{parent}" if parent else None,
        company=text(usual(head, "company")),
        is_group=flag(usual(head, "is_group")),
    )
