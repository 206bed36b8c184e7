"""What a caller is told who cannot have a call now: whose limit it is, which, and when it is worth trying again."""

from __future__ import annotations

from app.quota.ledger import Refusal
from providers.kit.errors import RateLimited

RETRY_SECONDS_MIN = 1.0
SOONER_SECONDS = 0.02
"""Whoever is that much too early waits here, rather than a whole second elsewhere."""


def refused(provider_name: str, refusal: Refusal | None, retry_after_seconds: float) -> RateLimited:
    """The error for a call that has to wait longer than it may."""
    if refusal is None or refusal.allowance is None:
        words = f"the account's other calls to {provider_name} took too long"
    else:
        whom = "this account" if refusal.allowance.scope == "account" else "the app"
        words = (
            f"{provider_name} allows {whom} {refusal.limit:g} {refusal.allowance.unit.replace('_', ' ')} in "
            f"{refusal.window_seconds:g} s ({refusal.allowance.name}), and they are used up"
        )
    return RateLimited(words, retry_after_seconds=max(retry_after_seconds - SOONER_SECONDS, RETRY_SECONDS_MIN))


def turned_away(provider_name: str) -> RateLimited:
    """The error for a call that comes to a full line."""
    return RateLimited(f"too many calls to {provider_name} wait here for this account", retry_after_seconds=1)
