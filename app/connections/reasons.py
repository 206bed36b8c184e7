"""Why an account needs its customer, told from what the provider said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from providers.kit.errors import Unauthorised

ReasonCode = Literal["revoked", "rotated_away", "wrong_client", "refused"]

_SENTENCES: dict[ReasonCode, str] = {
    "revoked": "the provider says that the access it had given is no longer valid",
    "rotated_away": "the provider has replaced the refresh token, and its answer with the new one was lost",
    "wrong_client": "the provider does not take the OAuth client that the account was connected with",
    "refused": "the provider refuses the credentials",
}

_OF_CLIENT = frozenset({"invalid_client", "unauthorized_client"})
# OAuth's names for what passes, or for a request that the provider cannot read: neither speaks of the grant.
_NO_VERDICT = frozenset(
    {
        "invalid_request",
        "invalid_scope",
        "server_error",
        "slow_down",
        "temporarily_unavailable",
        "unsupported_grant_type",
    }
)


def is_verdict(error: Unauthorised) -> bool:
    """Whether a token endpoint's refusal says that only the customer or the app's owner can help."""
    return error.provider_code not in _NO_VERDICT


def is_of_client(error: Unauthorised) -> bool:
    """Whether it is our OAuth client that is refused, whatever the grant."""
    return error.provider_code in _OF_CLIENT


def reason_of(error: Unauthorised, *, was_left_behind: bool) -> ReasonCode:
    """`was_left_behind`: an earlier renewal was begun whose end nobody knows."""
    if is_of_client(error):
        return "wrong_client"
    return "rotated_away" if was_left_behind else "revoked"


def lost(reason: ReasonCode) -> Mapping[str, str]:
    """What is written of an account that only its customer can bring back."""
    return {"status": "needs_reauth", "status_reason": _SENTENCES[reason], "reason_code": reason}
