"""What is left open of a document, where its payments and its payment status agree."""

from __future__ import annotations

from decimal import Decimal


def left_open(total: Decimal | None, settled: Decimal | None, payment_status: str | None) -> Decimal | None:
    """The total less what was settled; None where that does not explain the status.

    A document can be settled without a payment, such as by a credit: then what is left is not known here.
    """
    if total is None or settled is None:
        return None
    left = total - settled
    explained = {"PAID": left == 0, "PARTIALLY_PAID": 0 < left < total}
    return left if explained.get(payment_status or "", left == total) else None
