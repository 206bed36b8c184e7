"""Contact groups of Brightpearl as unified ones."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from providers.brightpearl.dates import instant
from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import ContactGroupRecord
from unified_models.contact_group import ContactGroup


def to_unified(record: ContactGroupRecord, site: Site) -> ContactGroup:
    """A group; its members only where they were asked for."""
    del site
    group = record.group
    return ContactGroup(
        id=str(group.id),
        remote_id=str(group.id),
        created_at=instant(group.createdOn),
        name=group.name or None,
        description=group.description or None,
        is_read_only=group.isReadOnly,
        member_count=record.member_count,
        members=UNSET if isinstance(record.members, UnsetType) else [str(number) for number in record.members],
    )
