"""Every error a caller may get, told from the classes: for the OpenAPI, and as `docs/errors.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.errors import Problem
from providers.kit.errors import ProviderError

PAGE = Path("docs/errors.md")

_RETRYABLE = {frozenset({True}): "yes", frozenset({False}): "no", frozenset({True, False}): "as `retryable` says"}

ErrorClass = type[Problem] | type[ProviderError]

NEXT_STEPS: Mapping[str, str] = {
    "account_not_ready": "Wait until the account is active; its `status_reason` says what is wrong.",
    "conflict": "Read the thing again, and decide anew.",
    "dependency_failed": "See the call that it depends on.",
    "forbidden": "Use a token with the scope that `detail` names.",
    "forbidden_address": "Correct the address. `allow_private_hosts` is for gateways beside the books.",
    "idempotency_conflict": "Use another `Idempotency-Key`, or the first body.",
    "in_progress": "Wait as `Retry-After` says, then send the same again.",
    "internal": "Tell us the `request_id`.",
    "invalid_cursor": "Start the list again, with the filters that the cursor was made for.",
    "invalid_request": "Correct what `errors` names.",
    "needs_reauth": "Send the customer to `reconnect_url`, or give the account a new context.",
    "not_created": "Send it again: nothing was written.",
    "not_found": "Check the id, and that it belongs to this environment.",
    "outcome_unknown": "Look before repeating: the write may have landed.",
    "payload_too_large": "Send less.",
    "provider_bad_answer": "Try again once; then look at what the provider answers through `/proxy`.",
    "provider_forbidden": "Ask the customer for rights in the provider.",
    "provider_rejected": "See `provider.message`: the provider's own words.",
    "provider_timeout": "Try again later, with fewer records a page.",
    "provider_unavailable": "Try again later.",
    "rate_limited": "Wait as `Retry-After` says.",
    "retry": "Send the same again, now.",
    "stopping": "Send calls to another process; only `/readyz` answers so.",
    "unauthenticated": "Send a valid API token.",
    "unsupported_filter": "Use what `detail` names, or `ignore_unsupported=true`.",
    "unsupported_media_type": "Send `application/json`.",
    "unsupported_operation": "See the account's capabilities; `Allow` names the methods that exist.",
    "validation_failed": "Correct the fields that `errors` names.",
}


def error_classes() -> list[ErrorClass]:
    """Every error, by status and code."""
    found = [*_below(Problem), *_below(ProviderError)]
    return sorted(found, key=lambda error: (error.status, error.code, error.__module__))


def _below(base: ErrorClass) -> Iterator[ErrorClass]:
    for error in base.__subclasses__():
        yield error
        yield from _below(error)


def codes_of(status: int) -> list[str]:
    """The codes that come with a status."""
    return sorted({error.code for error in error_classes() if error.status == status})


def write_page(*, check: bool, path: Path = PAGE) -> bool:
    """Write the page, or with `check` say whether the committed one is up to date."""
    text = _page()
    if check:
        return path.exists() and path.read_text(encoding="utf-8") == text
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A code in words: what happened, what to do, and whether the same call may succeed later."""

    code: str
    status: int
    title: str
    happened: tuple[str, ...]
    next_step: str
    retryable: str


def explanations() -> list[Explanation]:
    """Every code, by status."""
    by_code: dict[str, list[ErrorClass]] = {}
    for error in error_classes():
        by_code.setdefault(error.code, []).append(error)
    return [
        Explanation(
            code=code,
            status=errors[0].status,
            title=errors[0].title,
            happened=tuple(dict.fromkeys(" ".join((error.__doc__ or "").split()) for error in errors)),
            next_step=NEXT_STEPS[code],
            retryable=_RETRYABLE[frozenset(error.retryable for error in errors)],
        )
        for code, errors in by_code.items()
    ]


def explanation(code: str) -> Explanation | None:
    """What a code says; None for one that is not ours."""
    return next((found for found in explanations() if found.code == code), None)


def _page() -> str:
    lines = [
        "# Errors",
        "",
        "Generated from the error classes by `ledgerway errors`. Every error is `application/problem+json`",
        "(RFC 9457). Branch on `code`, which is never renamed; `retryable` says whether the same call may succeed",
        "later.",
    ]
    for told in explanations():
        lines += ["", f"## `{told.code}`", "", f"{told.status} {told.title}.", ""]
        lines += [f"- What happened: {text}" for text in told.happened]
        lines += [f"- What to do: {told.next_step}", f"- Retryable: {told.retryable}"]
    return "\n".join(lines) + "\n"
