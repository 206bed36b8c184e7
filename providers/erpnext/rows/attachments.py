"""Attachments: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import attachment
from providers.erpnext.parents import RESOURCES
from providers.erpnext.reads import list_of
from providers.erpnext.rows.common import COMMON, FLAG, INSTANT, TEXT, WORD
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources.attachments import FILES, PARENT_ID, PARENT_TYPE
from providers.erpnext.wire_masters import File
from providers.kit.pages import FilterRule
from providers.kit.resource import ListRules, Resource
from unified_models.attachment import Attachment

ATTACHMENTS: Resource[Joined[File], Site, Attachment] = Resource(
    model=Attachment,
    site=read_site,
    to_unified=attachment.to_unified,
    id_of=lambda record: record.id,
    list=list_of(FILES),
    get=get_of(FILES),
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            PARENT_TYPE: FilterRule(values=RESOURCES),
            PARENT_ID: TEXT,
            "parent[remote_type]": TEXT,
            "file_name": WORD,
            "content_hash": TEXT,
            "is_private": FLAG,
            "is_folder": FLAG,
        },
        sorts=("updated_at", "created_at"),
        calls="1",
    ),
    get_calls="1",
    unstamped=("a parent's change of name",),
    sources={
        "id": "name",
        **COMMON,
        "file_name": "file_name",
        "file_url": "file_url, percent-encoded where it is a path of the site",
        "file_size": "file_size, unless it is the 0 of a file that is kept elsewhere",
        "file_type": "the ending of file_name",
        "parent": "attached_to_doctype, attached_to_name",
        "parent.id": "attached_to_name, with the kind its DocType has in the unified resource",
        "parent.type": "attached_to_doctype",
        "parent.remote_type": "attached_to_doctype",
        "parent.field": "attached_to_field",
        "company": None,
        "content_hash": "content_hash",
        "is_private": "is_private",
        "is_folder": "is_folder",
    },
)
