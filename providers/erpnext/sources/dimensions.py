"""The DocTypes that documents are booked on: two that every site has, and one for each accounting dimension."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from providers.erpnext.conditions import is_disabled, nothing, one_of
from providers.erpnext.mappers.tracking_category import CATEGORIES, PROJECT_STATES
from providers.erpnext.metadata import DocType, doctypes
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Source
from providers.erpnext.wire_dimensions import CostCenter, Project, dimension_wire
from providers.kit.client import Client
from providers.kit.pages import Query


def _is_category(source: Source, query: Query) -> bool:
    return query.filter("category_type") in (None, source.kind)


COST_CENTERS = Source(
    kind="cost_center",
    doctype="Cost Center",
    wire=CostCenter,
    company="company",
    filters={
        **STAMPS,
        "category_type": nothing,
        "name": "cost_center_name",
        "status": is_disabled,
        "company": "company",
    },
    reaches=_is_category,
)
PROJECTS = Source(
    kind="project",
    doctype="Project",
    wire=Project,
    company="company",
    filters={
        **STAMPS,
        "category_type": nothing,
        "name": "project_name",
        "status": one_of(
            "status",
            {
                each: [theirs for theirs, ours in PROJECT_STATES.items() if ours == each]
                for each in PROJECT_STATES.values()
            },
        ),
        "company": "company",
    },
    reaches=_is_category,
)


async def sources_of(client: Client, site: Site) -> Sequence[Source]:
    """The sources of tracking categories on this site."""
    dimensions = site.dimensions or {}
    known = await asyncio.gather(*(doctypes(client, doctype) for doctype in dimensions.values()))
    own = [
        _source(field, doctype, found.get(doctype, DocType()))
        for (field, doctype), found in zip(dimensions.items(), known, strict=True)
    ]
    return COST_CENTERS, PROJECTS, *own


def _source(field: str, doctype: str, known: DocType) -> Source:
    """A dimension's values. What its DocType has no field for it cannot be asked for by."""
    usual = known.usual
    is_lasting = "disabled" not in usual

    def reaches(_source: Source, query: Query) -> bool:
        asked = query.filter("category_type"), query.filter("status"), query.filter("company")
        if asked[0] not in (None, CATEGORIES.get(doctype, "dimension")):
            return False
        return not (is_lasting and asked[1] is not None) and ("company" in usual or asked[2] is None)

    return Source(
        kind=f"dimension:{field}",
        doctype=doctype,
        wire=dimension_wire(usual),
        company=usual.get("company"),
        filters={
            **STAMPS,
            "category_type": nothing,
            "name": usual.get("title", "name"),
            "status": is_disabled,
            "company": "company",
        },
        reaches=reaches,
    )
