"""The DocType of files, and what it is filtered by: most of all what a file hangs on."""

from __future__ import annotations

from providers.erpnext.parents import doctypes_of, named
from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Source
from providers.erpnext.wire_masters import File
from providers.kit.errors import UnsupportedFilter
from providers.kit.pages import Filter, Query

PARENT_TYPE, PARENT_ID = "parent[type]", "parent[id]"


def _by_type(_site: Site, query: Query, item: Filter) -> list[Condition]:
    if query.filter(PARENT_ID) is not None:
        return []  # The id says it too.
    return [["attached_to_doctype", "in", list(doctypes_of(str(item.value)))]]


def _by_id(_site: Site, query: Query, item: Filter) -> list[Condition]:
    resource = query.filter(PARENT_TYPE)
    doctypes, name = named(str(item.value), str(resource) if resource is not None else None)
    if not name:
        raise UnsupportedFilter("an empty value cannot be filtered by")
    of: list[Condition] = [["attached_to_doctype", "in", list(doctypes)]] if doctypes else []
    return [*of, ["attached_to_name", "=", name]]


FILES = Source(
    doctype="File",
    wire=File,
    filters={
        **STAMPS,
        PARENT_TYPE: _by_type,
        PARENT_ID: _by_id,
        "parent[remote_type]": "attached_to_doctype",
        "file_name": "file_name",
        "content_hash": "content_hash",
        "is_private": "is_private",
        "is_folder": "is_folder",
    },
)
