"""Channels, projects and lead sources of Brightpearl as unified tracking categories."""

from __future__ import annotations

from providers.brightpearl.flags import state
from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import DimensionRecord
from unified_models.tracking_category import CategoryType, TrackingCategory

KINDS: dict[str, CategoryType] = {"channel": "channel", "project": "project", "lead_source": "lead_source"}


def to_unified(record: DimensionRecord, site: Site) -> TrackingCategory:
    """One of the three; its id says which, as orders and journals name it."""
    del site
    dimension = record.dimension
    return TrackingCategory(
        id=f"{record.kind}:{dimension.id}",
        remote_id=str(dimension.id),
        name=dimension.name or None,
        status=state(dimension.isActive),
        category_type=KINDS[record.kind],
        # 0 is the root of the tree.
        parent_category=f"{record.kind}:{dimension.parentId}" if dimension.parentId else None,
    )
