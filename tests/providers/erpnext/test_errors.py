"""ERPNext's recorded refusals as the errors a caller can act on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from providers.erpnext import provider
from providers.erpnext.errors import MESSAGE_SIZE_MAX, read_error
from providers.erpnext.rows.items import ITEMS
from providers.kit import errors
from providers.kit.errors import ProviderError
from providers.kit.pages import Query
from tests.providers.erpnext.frappe import ROOT, Frappe, recorded
from tests.providers.fake_send import FakeClock, FakeSend, Reply, client_for, written


def fault_of(status: int, body: Any = b"", **headers: str) -> errors.Fault:
    """What the provider's reading makes of an answer."""
    shown = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else written(body)
    return read_error(status, lambda name: shown.get(name.lower()), raw)


def refusals() -> Iterator[tuple[str, int, dict[str, str], Any]]:
    for name in ("permissions", "query_filters", "rate_limit_429", "maintenance_mode_503", "auth_api_key"):
        for index, exchange in enumerate(recorded(name)):
            response = exchange["response"]
            if response["status"] >= 400:
                yield f"{name}[{index}]", response["status"], response["headers"], response["body"]


EXPECTED_BY_TYPE = {
    "PermissionError": errors.Forbidden,
    "DoesNotExistError": errors.NotFound,
    "AuthenticationError": errors.Unauthorised,
    "TooManyRequestsError": errors.RateLimited,
    "SessionStopped": errors.Unavailable,
    "ValidationError": errors.Rejected,
    "DataError": errors.Rejected,
    "ImportError": errors.Rejected,
    "JSONDecodeError": errors.Rejected,
    "ProgrammingError": errors.Rejected,
    "OperationalError": errors.Rejected,
}
EXPECTED_BY_STATUS = {
    400: errors.Rejected,
    401: errors.Unauthorised,
    403: errors.Forbidden,
    404: errors.NotFound,
    405: errors.Rejected,
    417: errors.Rejected,
    429: errors.RateLimited,
    500: errors.Unavailable,
}
REFUSALS = list(refusals())


@pytest.mark.parametrize(("label", "status", "headers", "body"), REFUSALS, ids=[each[0] for each in REFUSALS])
def test_every_recorded_refusal_reads_as_its_exception_says(
    label: str, status: int, headers: dict[str, str], body: Any
) -> None:
    fault = fault_of(status, body if body is not None else b"", **headers)

    exception = body.get("exc_type") if isinstance(body, dict) else None
    expected = EXPECTED_BY_TYPE[exception] if exception else EXPECTED_BY_STATUS[status]
    assert fault.error is expected
    assert fault.code == exception
    assert not re.search("</?[a-z]", fault.message or "")
    assert "Traceback" not in (fault.message or "")
    assert fault.retry_after_seconds == (float(headers["Retry-After"]) if status == 429 else None)


@pytest.mark.parametrize(
    ("status", "exception", "error"),
    [
        (409, "DuplicateEntryError", errors.Conflict),
        (409, "NameError", errors.Conflict),
        (417, "TimestampMismatchError", errors.Conflict),
        (417, "MandatoryError", errors.Rejected),
        (417, "LinkExistsError", errors.Rejected),
        (417, "PermissionError", errors.Rejected),
        (429, "RateLimitExceededError", errors.RateLimited),
        (500, "TypeError", errors.Rejected),
        (500, "AttributeError", errors.Rejected),
        (500, "SomethingNewError", errors.Unavailable),
        (500, None, errors.Unavailable),
        (502, None, errors.Unavailable),
        (503, "SessionStopped", errors.Unavailable),
        (504, None, errors.Unavailable),
        (301, None, errors.BadAnswer),
        (302, None, errors.BadAnswer),
        (418, None, errors.BadAnswer),
    ],
)
def test_the_exception_class_comes_before_the_status(
    status: int, exception: str | None, error: type[ProviderError]
) -> None:
    assert fault_of(status, {"exc_type": exception} if exception else b"<html>").error is error


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"_server_messages": '["{\\"message\\": \\"one\\"}", "{\\"message\\": \\"<b>two</b> &amp; 3\\"}"]'},
            "two & 3",
        ),
        ({"exception": "frappe.exceptions.ValidationError: not so: fast"}, "not so: fast"),
        ({"exception": "frappe.exceptions.PermissionError"}, None),
        ({"_server_messages": "not JSON", "exception": "a.B: words"}, "words"),
        ({"_server_messages": "[]", "exception": "a.B: words"}, "words"),
        ({"_server_messages": '["[1]"]', "exception": "a.B: words"}, "words"),
        ({"exc": "Traceback: secret"}, None),
        ({}, None),
    ],
)
def test_the_words_are_the_last_message_meant_for_people(body: dict[str, str], message: str | None) -> None:
    assert fault_of(417, {"exc_type": "ValidationError", **body}).message == message


def test_long_words_are_cut() -> None:
    message = fault_of(417, {"exc_type": "ValidationError", "exception": f"a.B: {'x' * 9_000}"}).message

    assert message == "x" * MESSAGE_SIZE_MAX


@pytest.mark.parametrize("written_wait", ["soon", "-1", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", ""])
def test_a_wait_that_is_no_number_of_seconds_is_no_wait(written_wait: str) -> None:
    assert fault_of(429, b"", Retry_After=written_wait).retry_after_seconds is None


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'"text"', b"\xff\xfe", b'{"exc_type": 5}', b"{"])
def test_a_body_of_any_shape_is_read_by_its_status(body: bytes) -> None:
    assert fault_of(403, body).error is errors.Forbidden


async def test_a_passing_outage_is_tried_again_and_a_long_throttle_is_told_at_once() -> None:
    site = Frappe()
    await ITEMS.site(site.client())
    replies = iter([Reply(b"<html>", 502), Reply({"exc_type": "SessionStopped"}, 503), Reply({"data": []})])
    site.send.on("api/resource/Item", lambda _: next(replies))
    assert ITEMS.list is not None

    rows = await ITEMS.list(site.client(), await ITEMS.site(site.client()), Query(limit=5))

    assert rows.records == []
    assert len(site.clock.waits) == 2
    site.send.on("api/resource/Item", Reply({"exc_type": "TooManyRequestsError"}, 429, (("Retry-After", "23"),)))
    with pytest.raises(errors.RateLimited) as caught:
        await ITEMS.list(site.client(), await ITEMS.site(site.client()), Query(limit=5))
    assert caught.value.retry_after_seconds == 23
    assert len(site.clock.waits) == 2


async def test_a_refusal_is_not_tried_again() -> None:
    send, clock = FakeSend(ROOT), FakeClock()
    send.on("api/", Reply({"exc_type": "PermissionError"}, 403))

    with pytest.raises(errors.Forbidden):
        await client_for(provider, send, {"site_url": ROOT.rstrip("/")}, clock=clock).get("api/resource/Item")

    assert (len(send.calls), clock.waits) == (1, [])
