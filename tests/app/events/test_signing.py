"""Signatures that the library of Standard Webhooks takes, and secrets that overlap."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.events import signing
from tests.app.clock import START

HOUR = timedelta(hours=1)


def test_each_secret_that_signs_is_enough_and_another_is_not() -> None:
    body = '{"type": "grüße"}'.encode()
    old, new, other = signing.new_secret(), signing.new_secret(), signing.new_secret()
    headers = dict(signing.headers("evt_1", datetime.now(UTC), body, [new, old]))

    for secret in (new, old):
        assert Webhook(secret).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new).verify(body, {**headers, "webhook-id": "evt_2"})
    assert len(headers["webhook-signature"].split(" ")) == 2


def test_a_secret_has_256_random_bits() -> None:
    secrets = {signing.new_secret() for _ in range(50)}

    assert len(secrets) == 50
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}


def test_the_secret_of_before_signs_until_the_overlap_is_over() -> None:
    sealed = signing.rotated(signing.first("a"), "b", START, START + HOUR)

    assert signing.live(sealed, START) == ["b", "a"]
    assert signing.live(sealed, START + HOUR - timedelta(seconds=1)) == ["b", "a"]
    assert signing.live(sealed, START + HOUR) == ["b"]


def test_secrets_rotated_twice_all_sign_and_none_longer_than_the_last_overlap() -> None:
    twice = signing.rotated(
        signing.rotated(signing.first("a"), "b", START, START + 24 * HOUR), "c", START, START + HOUR
    )
    at_once = signing.rotated(twice, "d", START, START)
    often = signing.first("0")
    for number in range(1, 9):
        often = signing.rotated(often, str(number), START, START + HOUR)

    assert signing.live(twice, START) == ["c", "b", "a"]
    assert signing.live(twice, START + HOUR) == ["c"]
    assert signing.live(at_once, START) == ["d"]
    assert signing.live(often, START) == ["8", "7", "6", "5", "4"]
    assert "a" not in str(signing.rotated(twice, "e", START + 2 * HOUR, START + 3 * HOUR).get("previous"))
