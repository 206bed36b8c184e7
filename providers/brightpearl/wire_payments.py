"""Rows of Brightpearl's payment searches under its own names, and payments with what was joined to them."""

from __future__ import annotations

from decimal import Decimal

from providers.brightpearl.wire import Order
from providers.brightpearl.wire_journals import Journal
from providers.kit.resource import Wire


class PaymentRow(Wire, frozen=True, kw_only=True, gc=False):
    """A payment of either side; only customers' have authorisations."""

    paymentId: int
    transactionRef: str | None = None
    paymentMethodCode: str | None = None
    paymentType: str | None = None
    orderId: int | None = None
    currencyCode: str | None = None
    amountAuthorized: Decimal | None = None
    amountPaid: Decimal | None = None
    paymentDate: str | None = None
    createdOn: str | None = None
    journalId: int | None = None


class PaymentRecord(Wire, frozen=True, kw_only=True, gc=False, rename={"payment": ""}):
    """A payment, its side, its order and its journal where they could be read."""

    side: str
    payment: PaymentRow
    order: Order | None = None
    journal: Journal | None = None
