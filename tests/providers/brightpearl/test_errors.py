"""Brightpearl's example refusals as the errors a caller can act on; tokens never in their words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from providers.brightpearl.errors import read_error
from providers.brightpearl.resources import PURCHASE_ORDERS
from providers.brightpearl.site import check
from providers.kit import errors
from providers.kit.errors import ProviderError
from tests.providers.brightpearl.account import Account
from tests.providers.fake_send import RECORDINGS, Reply, written

FOLDER = RECORDINGS / "brightpearl"
EXPECTED: dict[str, tuple[type[ProviderError], str | None]] = {
    "error_401_token_expired.json": (errors.Unauthorised, None),
    "error_401_token_invalid.json": (errors.Unauthorised, None),
    "error_401_legacy_not_authenticated.json": (errors.Unauthorised, None),
    "auth_legacy_failure.json": (errors.Unauthorised, None),
    "contact_get_missing_404.json": (errors.NotFound, "CMNC-404"),
    "product_price_missing_404.json": (errors.NotFound, "CMNC-404"),
    "price_list_missing_404.json": (errors.NotFound, "CMNC-404"),
    "webhook_get_missing_404.json": (errors.NotFound, "CMNC-404"),
    "webhook_delete_missing_404.json": (errors.NotFound, "CMNC-404"),
    "product_search_bad_idset_500.json": (errors.Rejected, "CMNC-018"),
    "order_patch_bad_op_500.json": (errors.Rejected, "CMNC-044"),
    "order_post_missing_type_400.json": (errors.Rejected, "ORDC-005"),
    "order_post_bad_type_400.json": (errors.Rejected, "ORDC-006"),
    "order_post_wrong_party_400.json": (errors.Rejected, "ORDC-022"),
    "webhook_post_bad_event_400.json": (errors.Rejected, "INTC-064"),
    "error_503_throttled.json": (errors.RateLimited, None),
    "error_500_internal.json": (errors.Unavailable, "CMNU-003"),
}
REFUSALS = [
    entry
    for entry in json.loads((FOLDER / "index.json").read_text())
    if entry["status"] >= 400 and not entry["path"].startswith("/token/")
]


def fault_of(status: int, body: Any = b"", **headers: str) -> errors.Fault:
    """What the provider's reading makes of an answer."""
    shown = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return read_error(
        status, lambda name: shown.get(name.lower()), body if isinstance(body, bytes) else written(body)
    )


@pytest.mark.parametrize("entry", REFUSALS, ids=[entry["file"] for entry in REFUSALS])
def test_every_example_of_a_refusal_reads_as_listed(entry: dict[str, Any]) -> None:
    fault = fault_of(entry["status"], (FOLDER / entry["file"]).read_bytes())

    assert (fault.error, fault.code) == EXPECTED[entry["file"]]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (503, {"response": "Down for maintenance"}, errors.Unavailable),
        (503, b"<html>", errors.Unavailable),
        (502, b"", errors.Unavailable),
        (500, {"errors": [{"code": "ORDU-001"}]}, errors.Unavailable),
        (500, {"errors": [{"code": "GWYB-006"}]}, errors.Unavailable),
        (500, {"errors": []}, errors.Unavailable),
        (400, {"errors": [{"code": "ORDC-003", "message": "no"}]}, errors.Rejected),
        (403, {"errors": [{"code": "CMNC-403"}]}, errors.Forbidden),
        (404, {"errors": [{"code": "CMNC-001", "message": "Cannot find the resource"}]}, errors.NotFound),
        (404, b"<html>", errors.NotFound),
        (405, b"", errors.Rejected),
        (409, b"", errors.Conflict),
        (429, b"", errors.RateLimited),
        (301, b"", errors.BadAnswer),
        (418, b"", errors.BadAnswer),
        (400, b"null", errors.Rejected),
        (400, b'{"errors": "words"}', errors.Rejected),
        (400, b"\xff", errors.Rejected),
    ],
)
def test_the_code_tells_the_callers_fault_from_an_outage(
    status: int, body: Any, error: type[ProviderError]
) -> None:
    assert fault_of(status, body).error is error


def test_a_503_with_nothing_left_of_the_minute_is_a_throttle_whatever_it_says() -> None:
    fault = fault_of(503, b"<html>", brightpearl_requests_remaining="0", brightpearl_next_throttle_period="23456")

    assert (fault.error, fault.retry_after_seconds) == (errors.RateLimited, 23.456)


@pytest.mark.parametrize(
    ("headers", "wait_seconds"),
    [
        ({"brightpearl_next_throttle_period": "500"}, 0.5),
        ({"Retry_After": "7"}, 7.0),
        ({"brightpearl_next_throttle_period": "soon", "Retry_After": "7"}, 7.0),
        ({"brightpearl_next_throttle_period": "-5"}, None),
        ({}, None),
    ],
)
def test_the_wait_is_what_is_left_of_the_minute_in_milliseconds(
    headers: dict[str, str], wait_seconds: float | None
) -> None:
    assert fault_of(429, b"", **headers).retry_after_seconds == wait_seconds


@pytest.mark.parametrize(
    "body",
    [
        {"response": "Invalid instance token: SECRET+TOKEN="},
        {"errors": [{"code": "GWYB-006", "message": "SECRET+TOKEN="}]},
        b"SECRET+TOKEN=",
    ],
)
async def test_a_refused_token_that_is_echoed_is_nowhere_in_the_error(body: Any) -> None:
    account = Account()
    account.send.on("integration-service/", Reply(body, 401))

    with pytest.raises(errors.Unauthorised) as caught:
        await check(account.client())

    assert "SECRET" not in f"{caught.value!r} {caught.value} {vars(caught.value)}"


async def test_a_short_throttle_is_waited_out_and_a_long_one_is_told() -> None:
    account = Account()
    throttled = {"response": "You have sent too many requests. Please wait before sending another request"}
    short = Reply(throttled, 503, (("brightpearl-next-throttle-period", "1500"),))
    replies = iter([short, Reply({"response": {"results": [], "metaData": {"columns": []}}})])
    await account.listed(PURCHASE_ORDERS)
    account.send.on("order-service/order-search", lambda _: next(replies))

    await account.listed(PURCHASE_ORDERS)

    # A little more by chance: all who were throttled are not to come back in the same moment.
    assert [1.5 <= wait <= 1.7 for wait in account.clock.waits] == [True]
    long = Reply(throttled, 503, (("brightpearl-next-throttle-period", "45000"),))
    account.send.on("order-service/order-search", long)
    with pytest.raises(errors.RateLimited) as caught:
        await account.listed(PURCHASE_ORDERS)
    assert caught.value.retry_after_seconds == 45
    assert len(account.clock.waits) == 1


async def test_several_messages_are_joined_and_cut() -> None:
    body = {"errors": [{"code": "ORDC-1", "message": "x" * 400}, {"message": "y" * 400}]}

    message = fault_of(400, body).message

    assert message is not None
    assert (len(message), message[398:404]) == (500, "xx; yy")


async def test_a_check_learns_the_currency_and_the_zone_of_the_account() -> None:
    assert await check(Account().client()) == {"base_currency": "GBP", "time_zone": "Europe/London"}
