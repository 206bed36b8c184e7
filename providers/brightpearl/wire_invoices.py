"""Invoices and bills, which Brightpearl keeps in two places: the journal that books one, and the order it is of."""

from __future__ import annotations

from providers.brightpearl.wire import Order, Payment
from providers.brightpearl.wire_journals import Journal
from providers.kit.resource import Wire


class InvoiceRecord(Wire, frozen=True, kw_only=True, gc=False, rename={"journal": ""}):
    """The journal, with its order where there is one, and what was paid on that: None where it may not be read."""

    journal: Journal
    order: Order | None = None
    payments: list[Payment] | None = None
