"""Files of ERPNext as unified attachments."""

from __future__ import annotations

from urllib.parse import quote

from providers.erpnext.decode import custom_fields
from providers.erpnext.mappers.parts import flag, text
from providers.erpnext.media import media_type
from providers.erpnext.parents import PLACES
from providers.erpnext.site import Site
from providers.erpnext.source import Joined
from providers.erpnext.wire_masters import File
from unified_models.attachment import Attachment, AttachmentParent


def to_unified(record: Joined[File], site: Site) -> Attachment:
    """A file or a folder."""
    head = record.head
    return Attachment(
        id=record.id,
        remote_id=head.name,
        created_at=site.to_utc(head.creation),
        updated_at=site.to_utc(head.modified),
        custom_fields=custom_fields(head),
        file_name=text(head.file_name),
        file_url=_address(head.file_url),
        file_size=_size(head),
        file_type=None if head.is_folder else media_type(head.file_name),
        parent=_parent(head),
        content_hash=text(head.content_hash),
        is_private=flag(head.is_private),
        is_folder=flag(head.is_folder),
    )


def _address(url: str | None) -> str | None:
    """A path of the site, percent-encoded so that it can be called; an address elsewhere as it is."""
    if not url:
        return None
    return quote(url) if url.startswith("/") else url


def _size(head: File) -> int | None:
    """A folder has none, and of a file that is kept elsewhere ERPNext knows none, which it writes as 0."""
    is_here = bool(head.file_url) and str(head.file_url).startswith("/")
    return None if head.is_folder or (not is_here and not head.file_size) else head.file_size


def _parent(head: File) -> AttachmentParent | None:
    if not head.attached_to_doctype:
        return None
    place, name = PLACES.get(head.attached_to_doctype), head.attached_to_name
    return AttachmentParent(
        id=place.id_of(name) if place and name else text(name),
        type=place.resource if place else None,
        remote_type=head.attached_to_doctype,
        field=text(head.attached_to_field),
    )
