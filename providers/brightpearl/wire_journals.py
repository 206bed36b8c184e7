"""Brightpearl's journals under its own names. Amounts are texts; credits and debits stand apart."""

from __future__ import annotations

from decimal import Decimal

from providers.brightpearl.wire import Assigned
from providers.kit.resource import Wire


class Change(Wire, frozen=True, kw_only=True, gc=False):
    """What a line moves, in the currency of the books."""

    value: Decimal | None = None


class JournalLine(Wire, frozen=True, kw_only=True, gc=False):
    """One line. It has no id and no words of its own."""

    nominalCode: str | None = None
    change: Change | None = None
    transactionAmount: Decimal | None = None
    assignment: Assigned | None = None
    orderId: int | None = None
    invoiceReference: str | None = None
    taxCode: str | None = None


class TaxReconciliation(Wire, frozen=True, kw_only=True, gc=False):
    """When the tax was reconciled; empty until then."""

    date: str | None = None


class Journal(Wire, frozen=True, kw_only=True, gc=False):
    """A journal. Its currency and rate were not told before 2016."""

    id: int
    contactId: int | None = None
    journalTypeCode: str | None = None
    taxDate: str | None = None
    dueDate: str | None = None
    createdOn: str | None = None
    description: str | None = None
    taxReconciliation: TaxReconciliation | None = None
    credits: list[JournalLine] = []
    debits: list[JournalLine] = []
    currencyId: int | None = None
    exchangeRate: Decimal | None = None
