"""The sandboxes answer each recorded question in the recorded shape."""

from __future__ import annotations

from tests.conformance import brightpearl, erpnext

DESCRIPTION = "the sandboxes, seeded with the recorded documents, re-asked every recorded list and get"


async def prove(scale: float) -> dict[str, float | int | str]:
    """Compare all of it, whatever the scale."""
    del scale
    found = [*await erpnext.disagreements(), *await brightpearl.disagreements()]
    assert not found, found[:10]
    documents = erpnext.recorded_documents()
    return {"erpnext_documents": sum(len(rows) for rows in documents.values()), "disagreements": 0}
