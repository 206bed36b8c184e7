"""Where sources disagree or nobody showed the answer: each such choice, and what the sandbox takes unless told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """The choices. Each default is the harder one on a client."""

    cmnc_018_status: int = 500
    """Of a filter that cannot be read: 500 was recorded in 2022, 400 was seen in 2026."""
    are_refresh_tokens_rotated: bool = True
    are_period_bounds_inside: bool = False
    purchase_total_sign: int = 1
    """Of PAYMENTs in purchase-payment-total: their page gives +1 by example and -1 by formula."""
    supplier_results_claimed: int | None = 500
    """What supplier-payment-search always claims to have found; None for the truth."""
    postal_addresses: Literal["list", "map", "none"] = "list"
    """How a contact's postalAddresses come along. No source shows them."""
    is_closing_pending: bool = True
    """Whether a closed purchase shows "pending" for its reference when it is read for the first time."""
    forbidden: frozenset[str] = frozenset()
    """Paths that the credentials have no right to: 403. No source shows such an answer; its shape is the usual."""
