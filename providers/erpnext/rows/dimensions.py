"""Tracking categories: what can be asked for, at which cost, and from which of ERPNext's fields."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from providers.erpnext.documents import get_of
from providers.erpnext.mappers import tracking_category
from providers.erpnext.reads import read_page
from providers.erpnext.rows.common import COMMON, INSTANT, STATE, TEXT
from providers.erpnext.site import Site, read_site
from providers.erpnext.source import Joined
from providers.erpnext.sources.dimensions import sources_of
from providers.erpnext.wire import Document
from providers.kit.client import Client
from providers.kit.pages import Caution, FilterRule, Query
from providers.kit.resource import ListRules, Record, Resource, Rows
from unified_models.tracking_category import TrackingCategory

_NOT_TOLD = Caution(code="not_permitted", field="category_type", detail="dimension")


async def _list(client: Client, site: Site, query: Query) -> Rows[Joined[Any]]:
    rows = await read_page(client, site, tuple(await sources_of(client, site)), query)
    if site.dimensions is None and query.position is None:
        return replace(rows, cautions=(*rows.cautions, _NOT_TOLD))
    return rows


async def _get(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[Joined[Any]]:
    return await get_of(*await sources_of(client, site))(client, site, record_id, expand)


TRACKING_CATEGORIES: Resource[Joined[Document], Site, TrackingCategory] = Resource(
    model=TrackingCategory,
    site=read_site,
    to_unified=tracking_category.to_unified,
    id_of=lambda record: record.id,
    list=_list,
    get=_get,
    list_rules=ListRules(
        filters={
            "updated_at": INSTANT,
            "created_at": INSTANT,
            "category_type": FilterRule(values=("cost_center", "project", "dimension", "department", "location")),
            "name": TEXT,
            "status": STATE,
            "company": TEXT,
        },
        sorts=("updated_at", "created_at"),
        calls=(
            "1 for each DocType that the page holds: one, unless `sort_by` is given without `category_type`. Cost "
            "centres come first, then projects, then each accounting dimension's values"
        ),
    ),
    get_calls="1; 1 for each kind for a name without one",
    unstamped=("an accounting dimension that is added, disabled or taken away",),
    sources={
        "id": "`cost_center:`, `project:` or `dimension:`, the dimension's field and `:`; and name",
        **COMMON,
        "name": "cost_center_name / project_name / the DocType's title field, else name",
        "number": "cost_center_number",
        "status": "disabled / status: Open active, Completed and Cancelled archived / disabled, where there is one",
        "remote_status": "status, of projects",
        "category_type": "the DocType; of a dimension Department department, Branch, Location, Warehouse location",
        "remote_type": "the DocType",
        "parent_category": "parent_cost_center / none / the tree's parent field, where there is one",
        "company": "company, where there is one",
        "start_date": "expected_start_date, of projects",
        "end_date": "expected_end_date, of projects",
        "is_group": "is_group, where there is one",
        "options": None,
        "options.id": None,
        "options.name": None,
        "options.status": None,
    },
)
