"""`/webhook`: endpoints are made, changed and deleted; their secrets are shown once; events are sent again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from standardwebhooks import Webhook, WebhookVerificationError

from app.db.tables import webhook as table
from app.db.tables import webhook_delivery
from app.events import webhooks
from tests.app.api.control.asking import problem_of
from tests.app.events.house import House
from tests.app.events.receiver import Receiver, refuses
from tests.world import World

OUTSIDE = "https://hooks.example.com/books"


async def _count(house: House, counted: Any) -> int:
    async with house.world.parts.database.engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(counted))).scalar_one())


async def test_an_endpoint_is_made_shown_changed_and_deleted(house: House) -> None:
    http = house.world.http
    made = await http.post("/webhook", json={"url": OUTSIDE, "description": "books"})
    webhook = made.json()["result"]
    secret = webhook.pop("secret")

    got = await http.get(made.headers["location"])
    listed = await http.get("/webhook")
    changed = await http.patch(
        f"/webhook/{webhook['id']}", json={"events": ["integrated_account.*"], "url": OUTSIDE}
    )
    deleted = await http.delete(f"/webhook/{webhook['id']}")

    assert secret.startswith("whsec_")
    assert got.json()["result"] == webhook
    assert listed.json()["result"] == [webhook]
    assert (webhook["url"], webhook["events"], webhook["is_enabled"]) == (OUTSIDE, ["*"], True)
    assert changed.json()["result"]["events"] == ["integrated_account.*"]
    assert changed.json()["result"]["description"] == "books"
    assert deleted.json()["result"] == {"id": webhook["id"]}
    assert not any(secret.removeprefix("whsec_") in each.text for each in (got, listed, changed, deleted))
    problem_of(await http.get(f"/webhook/{webhook['id']}"), 404, "not_found")
    assert (await _count(house, table), await _count(house, webhook_delivery)) == (0, 0)


async def test_deleting_an_endpoint_deletes_what_it_was_not_sent(house: House, receiver: Receiver) -> None:
    receiver.says = refuses(500)
    webhook = await house.webhook(receiver.url)
    await house.account()
    await house.deliver()

    await house.world.http.delete(f"/webhook/{webhook['id']}")
    await house.deliver(3_600)

    assert (await _count(house, table), await _count(house, webhook_delivery)) == (0, 0)
    assert len(receiver.arrived) == 1


async def test_a_secret_lies_sealed_in_the_store(house: House) -> None:
    webhook = await house.webhook(OUTSIDE)

    row = await house.world.parts.webhooks.find(house.world.environment_id, webhook["id"])

    assert row is not None
    assert webhook["secret"].removeprefix("whsec_").encode() not in row.secrets + row.wrapped_key
    assert webhook["secret"] not in repr(row)


INSIDE = (
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://10.0.0.1:8443/hook",
    "https://169.254.169.254/latest",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://a.localhost/",
    "https://０.0.0.0/",
    "http://hooks.example.com/",
)


@pytest.mark.parametrize("url", INSIDE)
async def test_an_address_inside_is_refused_when_an_endpoint_is_made_and_when_it_is_changed(
    light: World, url: str
) -> None:
    token = await light.new_token(await light.environment(allow_private_hosts=False))
    light.http.headers["Authorization"] = f"Bearer {token}"
    made = (await light.http.post("/webhook", json={"url": OUTSIDE})).json()["result"]

    problem_of(await light.http.post("/webhook", json={"url": url}), 422, "forbidden_address")
    problem_of(await light.http.patch(f"/webhook/{made['id']}", json={"url": url}), 422, "forbidden_address")

    assert [each["url"] for each in (await light.http.get("/webhook")).json()["result"]] == [OUTSIDE]


async def test_an_environment_that_may_reach_private_hosts_reaches_those_that_the_owner_named(light: World) -> None:
    for url in ("http://127.0.0.1:9/", "http://hooks.example.com/", OUTSIDE):
        assert (await light.http.post("/webhook", json={"url": url})).status_code == 201, url
    for url in ("http://127.0.0.2/", "https://10.0.0.1/", "http://[::1]/"):
        problem_of(await light.http.post("/webhook", json={"url": url}), 422, "forbidden_address")


UNFIT: dict[str, dict[str, Any]] = {
    "no url": {},
    "no address": {"url": "private words"},
    "another scheme": {"url": "ftp://hooks.example.com/"},
    "a password": {"url": "https://user:private@hooks.example.com/"},
    "a fragment": {"url": "https://hooks.example.com/#private"},
    "too long": {"url": "https://hooks.example.com/" + "x" * 2_000},
    "too long once it is written out": {"url": "https://hooks.example.com/" + "ü" * 600},
    "no events": {"url": OUTSIDE, "events": []},
    "unknown events": {"url": OUTSIDE, "events": ["private"]},
    "events without end": {"url": OUTSIDE, "events": ["*"] * 21},
    "a NUL": {"url": OUTSIDE, "description": "private\0"},
    "a long description": {"url": OUTSIDE, "description": "x" * 501},
    "its own secret": {"url": OUTSIDE, "secret": "whsec_private"},
}


@pytest.mark.parametrize("body", UNFIT.values(), ids=UNFIT.keys())
async def test_a_body_that_does_not_fit_is_422_and_names_its_fields(light: World, body: dict[str, Any]) -> None:
    answer = await light.http.post("/webhook", json=body)

    assert problem_of(answer, 422, "validation_failed")["errors"]
    assert "private" not in answer.text
    assert (await light.http.get("/webhook")).json()["result"] == []


async def test_there_is_an_end_to_how_many_endpoints_there_are(
    light: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "WEBHOOKS_MAX", 2)
    for _ in range(2):
        await light.http.post("/webhook", json={"url": OUTSIDE})

    problem_of(await light.http.post("/webhook", json={"url": OUTSIDE}), 409, "conflict")


async def test_a_rotated_secret_and_the_one_before_sign_until_the_overlap_is_over(
    house: House, receiver: Receiver
) -> None:
    old = await house.webhook(receiver.url)
    answer = await house.world.http.post(f"/webhook/{old['id']}/rotate-secret", json={"overlap_seconds": 60})
    new = answer.json()["result"]
    await house.account()
    await house.deliver()
    during = receiver.arrived[-1]
    await house.account()
    await house.deliver(61)
    after = receiver.arrived[-1]

    assert new["secret"] != old["secret"]
    for secret in (old["secret"], new["secret"]):
        Webhook(secret).verify(during.body, during.headers)
    Webhook(new["secret"]).verify(after.body, after.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(old["secret"]).verify(after.body, after.headers)
    assert new["secret"] not in (await house.world.http.get(f"/webhook/{old['id']}")).text


async def test_without_a_body_the_overlap_is_a_day(house: House, receiver: Receiver) -> None:
    old = await house.webhook(receiver.url)
    await house.world.http.post(f"/webhook/{old['id']}/rotate-secret")
    counts: list[int] = []

    for seconds in (0, 86_399, 2):
        await house.account()
        await house.deliver(seconds)
        counts.append(len(receiver.arrived[-1].headers["webhook-signature"].split()))

    assert counts == [2, 2, 1]
