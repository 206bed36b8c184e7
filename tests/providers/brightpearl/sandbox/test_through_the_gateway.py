"""The gateway and the sandbox together, over HTTP: tokens that expire, state that changes, a quota that ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from providers.brightpearl.sandbox import APP_REF, CLIENT_SECRET, DEV_REF, create_sandbox
from tests.providers.brightpearl.sandbox.conftest import VirtualClock
from tests.world import World, gateway, served, settings_in


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A gateway."""
    async with gateway(settings_in(tmp_path)) as found:
        yield found


async def test_an_expired_access_token_is_refreshed_each_time_with_the_newest_refresh_token(world: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    bearer, refresh = box.access.grant()
    async with served(box.app) as url:
        context = {
            "account_code": "acme",
            "api_domain": url,
            "app_ref": APP_REF,
            "dev_ref": DEV_REF,
            "oauth": {
                "access_token": bearer,
                "refresh_token": refresh,
                "expires_in": 604_800,
                "client_secret": CLIENT_SECRET,
            },
        }
        account_id = await world.account("brightpearl", context)
        for _ in range(2):
            box.access.expire()
            answer = await world.unified("contacts", account_id, limit=1)
            assert answer.status_code == 200, answer.text

    assert sum(path == "/token/acme" for _, path, _ in box.calls) == 2
    assert refresh not in box.access.refresh_tokens


async def test_a_payment_shows_in_the_unified_order_and_moves_it_into_changes_since(world: World) -> None:
    box = create_sandbox(requests_per_minute=None)
    order = next(
        order
        for order in box.store.orders.values()
        if order["orderTypeCode"] == "PO" and "updatedOn" not in order and order["orderPaymentStatus"] == "UNPAID"
    )
    since = {"updated_at[gte]": "2026-11-02T00:00:00Z"}  # The seed's year and its changes end before.
    async with served(box.app) as url:
        account_id = await world.brightpearl(url)
        before = await world.walk("purchase_orders", account_id, **since)
        paid = await world.http.post(
            "/proxy/accounting-service/supplier-payment",
            json={
                "paymentMethodCode": "BANK",
                "paymentType": "PAYMENT",
                "orderId": order["id"],
                "currencyIsoCode": order["currency"]["orderCurrencyCode"],
                "paymentDate": "2026-11-02",
                "amountPaid": 0.01,
            },
            headers={"X-Integrated-Account-Id": account_id},
        )
        after = await world.walk("purchase_orders", account_id, **since)

    assert paid.status_code == 200, paid.text
    assert before == []
    (found,) = [record for record in after if record["id"] == str(order["id"])]
    assert (found["payment_status"], Decimal(str(found["amount_paid"]))) == ("partially_paid", Decimal("0.01"))


async def test_a_spent_quota_is_told_as_one_with_the_wait(world: World) -> None:
    box = create_sandbox(requests_per_minute=1, clock=VirtualClock())
    async with served(box.app) as url:
        account_id = await world.brightpearl(url)
        answer = await world.unified("purchase_orders", account_id, limit=1)

    assert answer.status_code == 429
    assert answer.json()["code"] == "rate_limited"
    assert int(answer.headers["Retry-After"]) == 40
