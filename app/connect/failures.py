"""What went wrong on the way, as the screen that tells the customer what to do."""

from __future__ import annotations

from app.connect.screens import Failure
from app.connect.words import FailureKind
from app.errors import NeedsReauth, Problem
from providers.kit.errors import (
    BadAnswer,
    Conflict,
    Forbidden,
    ForbiddenAddress,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    TimedOut,
    Unauthorised,
    Unavailable,
)

_KINDS: dict[type[ProviderError], FailureKind] = {
    ForbiddenAddress: "wrong_address",
    TimedOut: "timed_out",
    Unauthorised: "refused",
    Forbidden: "lacks_rights",
    NotFound: "not_a_site",
    BadAnswer: "not_a_site",
    RateLimited: "provider_down",
    Rejected: "refused",
    Conflict: "refused",
}
_CONNECTION_ERRORS: frozenset[FailureKind] = frozenset(
    ("wrong_address", "not_a_site", "timed_out", "provider_down", "denied", "consent_lost")
)


def kind_of(error: ProviderError | Problem) -> FailureKind:
    """The screen for what a provider did. One that cannot be reached at all is most often a mistyped address."""
    if isinstance(error, NeedsReauth):
        return "refused"
    if isinstance(error, Unavailable):
        return "wrong_address" if error.provider_status is None else "provider_down"
    for kind in type(error).__mro__:
        found = _KINDS.get(kind)
        if found is not None:
            return found
    return "internal"


def failure(kind: FailureKind, integration_name: str | None, button: tuple[str, str] | None) -> Failure:
    """The screen, with the browser SDK's name for it."""
    return Failure(
        kind=kind,
        integration_name=integration_name,
        detail=None,
        button=button,
        error_type=_error_type_of(kind),
    )


def _error_type_of(kind: FailureKind) -> str:
    """What the SDK rejects with, if the customer leaves it at that."""
    if kind in ("unknown", "expired", "used"):
        return "invalid_token"
    if kind == "not_offered":
        return "invalid_integration"
    return "connection_error" if kind in _CONNECTION_ERRORS else "validation_error"
