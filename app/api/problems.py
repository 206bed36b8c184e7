"""Errors as `application/problem+json` (RFC 9457), for the hot paths and the control plane alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app import errors
from app.errors import FieldError, KeysUnavailable, Problem
from app.logs import get_logger
from providers.kit.errors import ProviderError, RateLimited, Unauthorised, Unmappable, Unreadable
from unified_models.units import count, flag, parts, text

log = get_logger()

TYPE = "urn:ledgerway:problem:"
CONTENT_TYPE = "application/problem+json"


class ProblemField(msgspec.Struct, frozen=True):
    """What is wrong with one field of the request."""

    field: Annotated[str, text("The field, dotted from the top of the body, or the parameter.")]
    message: Annotated[str, text("What is wrong; never repeats the value.")]


class ProblemProvider(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the provider said."""

    name: Annotated[str, text("The integration's slug.")]
    status: Annotated[int | None, count("Its HTTP status.")] = None
    code: Annotated[str | None, text("Its own code.")] = None
    message: Annotated[str | None, text("Its own words.")] = None


class ProblemBody(msgspec.Struct, frozen=True, omit_defaults=True, rename={"kind": "type"}):
    """An error: what happened and what to do next."""

    kind: Annotated[str, text("The code as a URN.")]
    title: Annotated[str, text("The code in words.")]
    status: Annotated[int, count("The HTTP status.")]
    code: Annotated[str, text("What callers branch on; never renamed.")]
    detail: Annotated[str, text("This case, in words.")]
    request_id: Annotated[str, text("Finds the call in the log; also in `X-Request-Id`.")]
    retryable: Annotated[bool, flag("Whether the same call may succeed later.")]
    errors: Annotated[tuple[ProblemField, ...], parts("The fields that are wrong.")] = ()
    provider: Annotated[ProblemProvider | None, parts("What the provider said, where it was asked.")] = None
    retry_after: Annotated[int | None, count("Seconds to wait, as in `Retry-After`.")] = None
    reconnect_url: Annotated[str | None, text("Where to send the customer, for `needs_reauth`.")] = None


_encode = msgspec.json.Encoder().encode


class Rendered(msgspec.Struct, frozen=True):
    """An error ready to send."""

    status: int
    code: str
    body: bytes
    headers: tuple[tuple[str, str], ...]


def render(
    error: Exception, request_id: str, integration: str | None = None, reconnect_url: str | None = None
) -> Rendered:
    """The answer for any exception; one that is not ours becomes `internal`, told only to the log."""
    if isinstance(error, Unmappable):
        error = _unreadable(error)
    if isinstance(error, ProviderError):
        return _render_provider(error, request_id, integration, reconnect_url)
    if not isinstance(error, Problem):
        log.error("internal error", request_id=request_id, kind=type(error).__name__, exc_info=error)
        error = errors.Internal("something went wrong on our side; the request id finds it in the log")
    return _finish(
        error,
        request_id,
        reconnect_url=error.reconnect_url or reconnect_url,
        allow=error.allow,
        fields=error.errors,
    )


def _unreadable(error: Unmappable) -> ProviderError:
    return Unreadable("the record cannot be mapped", provider_code=f"{error.code}: {error.field}")


def _render_provider(
    error: ProviderError, request_id: str, integration: str | None, reconnect_url: str | None
) -> Rendered:
    if isinstance(error, Unauthorised):
        problem: Problem | ProviderError = errors.NeedsReauth(error.detail)
    else:
        problem = error
    provider = None
    if integration is not None and not isinstance(error, Unauthorised | KeysUnavailable):
        provider = ProblemProvider(integration, error.provider_status, error.provider_code, error.provider_message)
    return _finish(problem, request_id, provider=provider, reconnect_url=reconnect_url)


def _finish(
    error: Problem | ProviderError,
    request_id: str,
    *,
    provider: ProblemProvider | None = None,
    reconnect_url: str | None = None,
    allow: Sequence[str] | None = None,
    fields: Sequence[FieldError] = (),
) -> Rendered:
    wait = error.retry_after_seconds
    if wait is None and isinstance(error, RateLimited):
        wait = 1.0
    retry_after = math.ceil(wait) if wait is not None else None
    body = ProblemBody(
        kind=f"{TYPE}{error.code}",
        title=error.title,
        status=error.status,
        code=error.code,
        detail=error.detail,
        request_id=request_id,
        retryable=error.retryable,
        errors=tuple(ProblemField(item.field, item.message) for item in fields),
        provider=provider,
        retry_after=retry_after,
        reconnect_url=reconnect_url,
    )
    headers = [("content-type", CONTENT_TYPE), ("cache-control", "no-store")]
    if retry_after is not None:
        headers.append(("retry-after", str(retry_after)))
    if error.status == 401:
        headers.append(("www-authenticate", "Bearer"))
    if error.status == 405:
        headers.append(("allow", ", ".join(allow or ())))
    return Rendered(error.status, error.code, _encode(body), tuple(headers))


def install(app: FastAPI) -> None:
    """Make the control plane answer every error as a problem."""
    app.add_exception_handler(Problem, _handle)
    app.add_exception_handler(ProviderError, _handle)
    app.add_exception_handler(HTTPException, _handle_http)
    app.add_exception_handler(RequestValidationError, _handle_validation)
    app.add_exception_handler(Exception, _handle)


async def _handle(request: Request, error: Exception) -> Response:
    rendered = render(error, request.scope.get("request_id", ""))
    request.scope["problem"] = rendered.code
    return Response(rendered.body, rendered.status, dict(rendered.headers))


async def _handle_http(request: Request, error: Exception) -> Response:
    if isinstance(error.__cause__, Problem):  # What the body's guard raised while FastAPI read it.
        return await _handle(request, error.__cause__)
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return await _handle(request, errors.NotFound("there is nothing at this path"))
    if status == 405:
        allow = (getattr(error, "headers", None) or {}).get("Allow", "")
        return await _handle(
            request, errors.UnsupportedOperation("the method does not exist here", allow=allow.split(", "))
        )
    if status < 500:
        return await _handle(request, errors.InvalidRequest("the request cannot be read"))
    return await _handle(request, error)


async def _handle_validation(request: Request, error: Exception) -> Response:
    """Torn JSON and bad parameters are 400, a body our model refuses is 422."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    if any(item["type"] == "json_invalid" for item in found):
        return await _handle(request, errors.InvalidRequest("the body is not JSON"))
    fields = [
        FieldError(".".join(str(part) for part in item["loc"][1:]) or str(item["loc"][0]), item["msg"])
        for item in found
    ]
    if any(item["loc"][0] != "body" for item in found):
        return await _handle(request, errors.InvalidRequest("a parameter is not valid", errors=fields))
    return await _handle(request, errors.ValidationFailed("the body is not valid", errors=fields))
