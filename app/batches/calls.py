"""What a batch is: its calls as they are asked for and answered, read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from app.batches.placeholders import quoted_calls
from app.errors import FieldError, InvalidRequest, ValidationFailed
from unified_models.units import count, parts, text

CALLS_MAX = 50
PATH_SIZE_MAX = 8_192

Name = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{1,100}$")]
Method = Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]

_HEADER_NAME = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$")
_PREFIXES = ("/unified/accounting/", "/proxy/")


class BatchCall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One call of a batch."""

    id: Annotated[Name, text("Names the call within the batch: letters, digits, `_` and `-`.")]
    path: Annotated[
        str,
        text("`/unified/accounting/…` or `/proxy/…`, encoded, with its query; may hold placeholders."),
    ]
    method: Annotated[Method, text("The HTTP method.")] = "GET"
    integrated_account_id: Annotated[str | None, text("The account; the batch's own where left out.")] = None
    headers: Annotated[dict[str, str], parts("More headers, such as `Idempotency-Key`.")] = {}
    body: Annotated[
        msgspec.Raw,
        parts("A JSON body; its strings may hold placeholders. With a `content-type` that is not JSON, a string."),
    ] = msgspec.field(default_factory=msgspec.Raw)
    depends_on: Annotated[
        list[Name], parts("Ids of calls that must have succeeded before; placeholders add theirs by themselves.")
    ] = []


class BatchRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calls to run. `{{first.result.0.id}}` in a path or body is the value at that place of `first`'s answer."""

    requests: Annotated[list[BatchCall], parts("1 to 50 calls.")]
    integrated_account_id: Annotated[str | None, text("The account of calls that name none.")] = None


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one call of a batch was answered."""

    id: Annotated[str, text("The call's id.")]
    status: Annotated[int, count("The HTTP status.")]
    headers: Annotated[dict[str, str], parts("The answer's headers, lower-case; repeats joined by a comma.")]
    body: Annotated[Any, parts("The answer: JSON as it came, or text; null where there is none.")] = None


_decode = msgspec.json.Decoder(BatchRequest).decode


def read_batch(body: bytes) -> BatchRequest:
    """The batch in a body, every dependency known and none in a circle."""
    try:
        body.decode()  # A raw JSON value is not looked into by the decoder, its bytes may be anything.
        msgspec.json.decode(body)  # Torn is torn, whatever else is wrong before the tear.
        batch = _decode(body)
    except msgspec.ValidationError as error:
        words, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").lstrip(".") or "body"
        raise ValidationFailed("the batch is not valid", errors=[FieldError(field, words)]) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InvalidRequest("the body is not JSON") from None
    problems = list(_problems(batch))
    if problems:
        raise ValidationFailed("the batch is not valid", errors=problems)
    return batch


def _problems(batch: BatchRequest) -> list[FieldError]:
    calls = batch.requests
    if not 1 <= len(calls) <= CALLS_MAX:
        return [FieldError("requests", f"1 to {CALLS_MAX} calls")]
    found = []
    needs = {call.id: dependencies(call) for call in calls}
    if len(needs) < len(calls):
        found.append(FieldError("requests", "two calls have the same id"))
    for index, call in enumerate(calls):
        if not call.path.startswith(_PREFIXES) or len(call.path) > PATH_SIZE_MAX or not call.path.isascii():
            found.append(FieldError(f"requests[{index}].path", f"must begin with {' or '.join(_PREFIXES)}"))
        if not all(_HEADER_NAME.match(name) and value.isprintable() for name, value in call.headers.items()):
            found.append(FieldError(f"requests[{index}].headers", "holds what no header can"))
        if not _is_readable(call.body):
            found.append(FieldError(f"requests[{index}].body", "is not JSON that can be read"))
        if not needs[call.id] <= needs.keys():
            found.append(FieldError(f"requests[{index}].depends_on", "names a call that is not in the batch"))
    if not found and _has_circle(needs):
        found.append(FieldError("requests", "calls depend on each other in a circle"))
    return found


def _is_readable(body: msgspec.Raw) -> bool:
    try:
        msgspec.json.decode(body or b"null")
    except msgspec.DecodeError:
        return False
    return True


def dependencies(call: BatchCall) -> frozenset[str]:
    """The calls that must come first: those named, and those whose answers are quoted."""
    return frozenset(call.depends_on) | quoted_calls(call.path) | quoted_calls(bytes(call.body).decode())


def _has_circle(needs: Mapping[str, frozenset[str]]) -> bool:
    waiting = dict(needs)
    while waiting:
        free = [name for name, others in waiting.items() if not others & waiting.keys()]
        if not free:
            return True
        for name in free:
            del waiting[name]
    return False
