"""The DocType of the general ledger, and what it is filtered by."""

from __future__ import annotations

from collections.abc import Iterable

from providers.erpnext.conditions import by_party
from providers.erpnext.mappers.references import DOCUMENTS
from providers.erpnext.questions import Condition
from providers.erpnext.site import Site
from providers.erpnext.source import STAMPS, Source
from providers.erpnext.wire_entries import Entry
from providers.kit.pages import Filter, Query

_DOCTYPES = {kind: doctype for doctype, (_, kind) in DOCUMENTS.items() if kind}


def _by_document(_site: Site, _query: Query, item: Filter) -> Iterable[Condition]:
    """A document's id in its own resource, which says the DocType of an invoice and no other."""
    kind, _, name = str(item.value).partition(":")
    if not name or kind not in _DOCTYPES:
        return [["voucher_no", "=", str(item.value)]]
    return [["voucher_type", "=", _DOCTYPES[kind]], ["voucher_no", "=", name]]


def _is_opening(_site: Site, _query: Query, item: Filter) -> Iterable[Condition]:
    return [["is_opening", "=", "Yes" if item.value else "No"]]


ENTRIES = Source(
    doctype="GL Entry",
    wire=Entry,
    company="company",
    filters={
        **STAMPS,
        "transaction_date": "posting_date",
        "account": "account",
        "contact": by_party,
        "company": "company",
        "document": _by_document,
        "remote_type": "voucher_type",
        "fiscal_year": "fiscal_year",
        "is_cancelled": "is_cancelled",
        "is_opening": _is_opening,
    },
)
