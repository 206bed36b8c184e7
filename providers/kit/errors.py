"""What can go wrong between us and a provider, named for the caller's next step.

    ProviderError
    ├── Unavailable          502 provider_unavailable   try again later
    │   └── Unreached        502 provider_unavailable   the same, and nothing was sent
    │       └── Resting      502 provider_unavailable   nothing is sent until it has had time to recover
    ├── BadAnswer            502 provider_bad_answer    the provider's answer cannot be read
    │   ├── Unusable         502 provider_bad_answer    and would be no other if it were asked again
    │   └── Unreadable       502 provider_bad_answer    one record is wrong, and stays so until it is corrected
    ├── TimedOut             504 provider_timeout       try again later
    ├── RateLimited          429 rate_limited           wait
    ├── Unauthorised         409 needs_reauth           send the customer to re-connect
    ├── Forbidden            403 provider_forbidden     the customer's rights in the provider
    ├── Rejected             422 provider_rejected      the provider's words
    ├── NotFound             404 not_found
    ├── Conflict             409 conflict
    ├── NotCreated           502 not_created            repeat the write: it did not land
    ├── OutcomeUnknown       504 outcome_unknown        look before repeating a write
    ├── ForbiddenAddress     422 forbidden_address      an address that points inside
    └── UnsupportedFilter    400 unsupported_filter

Messages never carry a customer's values, a token or a provider's body: they reach callers and logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class ProviderError(Exception):
    """A call to a provider that did not give what was asked."""

    code: ClassVar[str] = "provider_unavailable"
    status: ClassVar[int] = 502
    title: ClassVar[str] = "The provider did not answer"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str,
        *,
        provider_status: int | None = None,
        provider_code: str | None = None,
        provider_message: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.provider_status = provider_status
        self.provider_code = provider_code
        self.provider_message = provider_message
        self.retry_after_seconds = retry_after_seconds


def is_told(error: ProviderError) -> bool:
    """Whether the provider itself said it: a page of HTML is some machine's in between, and has no words of its."""
    return error.provider_code is not None or error.provider_message is not None


class Unavailable(ProviderError):
    """The provider could not be reached, or said that it is down."""

    retryable = True


class Unreached(Unavailable):
    """No connection to the provider could be made: nothing was sent."""


class Resting(Unreached):
    """The provider failed again and again: nothing is sent until `retry_after` is over, then one call to see."""


class BadAnswer(ProviderError):
    """The provider answered what cannot be read: torn, mistyped, too large, or not JSON."""

    code = "provider_bad_answer"
    title = "The provider's answer cannot be read"
    retryable = True


class Unusable(BadAnswer):
    """The answer is a redirect, too large, or nested too deeply: asked again, it would be no other."""

    retryable = False


class Unreadable(BadAnswer):
    """The answer is whole, but the record in it is wrong: it stays so until it is corrected in the provider."""

    retryable = False


class TimedOut(ProviderError):
    """The provider took longer than the call may last."""

    code = "provider_timeout"
    status = 504
    title = "The provider took too long"
    retryable = True


class RateLimited(ProviderError):
    """The provider, or our own pacing of it, allows no call now."""

    code = "rate_limited"
    status = 429
    title = "Too many calls"
    retryable = True


class Unauthorised(ProviderError):
    """The provider refuses the credentials: the customer must re-connect."""

    code = "needs_reauth"
    status = 409
    title = "The account must be connected again"


class Forbidden(ProviderError):
    """The customer's user may not do this in the provider."""

    code = "provider_forbidden"
    status = 403
    title = "The provider's user lacks the right"


class Rejected(ProviderError):
    """The provider understood and refused; its own words are in `provider_message`."""

    code = "provider_rejected"
    status = 422
    title = "The provider refused"


class NotFound(ProviderError):
    """The provider has no such record."""

    code = "not_found"
    status = 404
    title = "Not found"


class Conflict(ProviderError):
    """The record exists already, or was changed meanwhile."""

    code = "conflict"
    status = 409
    title = "The record is in another state"


class NotCreated(ProviderError):
    """A write whose answer was lost; the provider was asked, and it has no such record."""

    code = "not_created"
    title = "The write did not land"
    retryable = True


class OutcomeUnknown(ProviderError):
    """A write whose answer was lost: it may have landed."""

    code = "outcome_unknown"
    status = 504
    title = "Whether the write landed is not known"


class ForbiddenAddress(ProviderError):
    """The address points inside our own network."""

    code = "forbidden_address"
    status = 422
    title = "The address is not allowed"


class UnsupportedFilter(ProviderError):
    """The provider cannot filter or sort as asked."""

    code = "unsupported_filter"
    status = 400
    title = "The filter is not supported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a provider's error answer means: the error to raise, and the provider's own code and words.

    `message` must be free of tokens; it is shown to the caller of the API, never logged.
    """

    error: type[ProviderError]
    code: str | None = None
    message: str | None = None
    retry_after_seconds: float | None = None


class Unmappable(Exception):
    """A record that cannot become a unified one; `field` names where, never what."""

    def __init__(self, field: str, code: str = "unmappable") -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code
