"""Our own refusals, named for the caller's next step; each becomes an RFC 9457 problem.

    Problem
    ├── Unauthenticated        401 unauthenticated
    ├── Forbidden              403 forbidden
    ├── InvalidRequest         400 invalid_request
    │   └── InvalidCursor      400 invalid_cursor
    ├── UnsupportedFilter      400 unsupported_filter
    ├── ValidationFailed       422 validation_failed
    ├── NotFound               404 not_found
    ├── UnsupportedOperation   405 unsupported_operation
    ├── PayloadTooLarge        413 payload_too_large
    ├── UnsupportedMediaType   415 unsupported_media_type
    ├── AccountNotReady        409 account_not_ready
    ├── NeedsReauth            409 needs_reauth
    ├── Conflict               409 conflict
    ├── IdempotencyConflict    409 idempotency_conflict
    ├── InProgress             409 in_progress
    ├── RetryWithNewToken      409 retry
    ├── DependencyFailed       424 dependency_failed
    ├── Stopping               503 stopping
    └── Internal               500 internal

    providers.kit.errors.Unavailable
    └── KeysUnavailable        502 provider_unavailable

What a provider did wrong is `providers.kit.errors`; `app.api.problems` renders both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from providers.kit.errors import Unavailable


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request; `message` never repeats the value."""

    field: str
    message: str


class Problem(Exception):
    """An answer that says what happened and what to do."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Our fault"
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        retry_after_seconds: float | None = None,
        reconnect_url: str | None = None,
        allow: Sequence[str] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after_seconds = retry_after_seconds
        self.reconnect_url = reconnect_url
        self.allow = tuple(allow)


class Internal(Problem):
    """Our fault; the request id finds it in the log."""


class Stopping(Problem):
    """The process finishes what it has in hand, and then ends."""

    code = "stopping"
    status = 503
    title = "The process is about to stop"
    retryable = True


class Unauthenticated(Problem):
    """No API token, or one that is unknown, revoked or expired."""

    code = "unauthenticated"
    status = 401
    title = "The API token is missing or not valid"


class Forbidden(Problem):
    """The API token is good but lacks a scope."""

    code = "forbidden"
    status = 403
    title = "The API token lacks a scope"


class InvalidRequest(Problem):
    """A query, header or body that cannot be read."""

    code = "invalid_request"
    status = 400
    title = "The request cannot be read"


class InvalidCursor(InvalidRequest):
    """A cursor that is torn, forged, too old, or made for another list."""

    code = "invalid_cursor"
    title = "The cursor is not valid here"


class UnsupportedFilter(InvalidRequest):
    """A filter or sort that this resource does not have at this provider."""

    code = "unsupported_filter"
    title = "The filter is not supported"


class ValidationFailed(Problem):
    """A well-formed body that our model refuses; `errors` names each field."""

    code = "validation_failed"
    status = 422
    title = "The body is not valid"


class NotFound(Problem):
    """No such thing, or not in this environment."""

    code = "not_found"
    status = 404
    title = "Not found"


class UnsupportedOperation(Problem):
    """The account's provider has no such operation; `allow` names the methods that exist."""

    code = "unsupported_operation"
    status = 405
    title = "The operation is not supported"


class PayloadTooLarge(Problem):
    """A body larger than we take."""

    code = "payload_too_large"
    status = 413
    title = "The body is too large"


class UnsupportedMediaType(Problem):
    """A body that is not JSON where JSON is wanted."""

    code = "unsupported_media_type"
    status = 415
    title = "The body's type is not supported"


class AccountNotReady(Problem):
    """The account is still connecting, or failed its validation."""

    code = "account_not_ready"
    status = 409
    title = "The account is not ready"


class NeedsReauth(Problem):
    """The provider refuses the account's credentials: send the customer to re-connect.

    `lost` names the account where it is known: its environment, its id, and what tells this loss from others.
    """

    code = "needs_reauth"
    status = 409
    title = "The account must be connected again"

    def __init__(
        self, detail: str, *, reason_code: str | None = None, lost: tuple[str, str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.reason_code = reason_code
        self.lost = lost


class Conflict(Problem):
    """The thing exists already, or was changed meanwhile."""

    code = "conflict"
    status = 409
    title = "Conflict"


class IdempotencyConflict(Problem):
    """The `Idempotency-Key` was used before, with another body."""

    code = "idempotency_conflict"
    status = 409
    title = "The key was used for another body"


class InProgress(Problem):
    """The first call with this `Idempotency-Key` is still running."""

    code = "in_progress"
    status = 409
    title = "The first call is still running"
    retryable = True


class RetryWithNewToken(Problem):
    """The token was refreshed, but the body was too long to keep: send it again."""

    code = "retry"
    status = 409
    title = "Send the request again"
    retryable = True


class DependencyFailed(Problem):
    """A call of a batch that was not sent: one that it depends on did not succeed, or lacks what is quoted."""

    code = "dependency_failed"
    status = 424
    title = "A call that this one depends on did not succeed"


class KeysUnavailable(Unavailable):
    """The account's credentials cannot be opened now: the owner's keys or key service cannot be reached."""
