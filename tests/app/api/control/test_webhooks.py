"""`/webhook`: endpoints are made, changed and deleted; their secrets are shown once; events are sent again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from standardwebhooks import Webhook, WebhookVerificationError

from app.db.tables import webhook as table
from app.db.tables import webhook_delivery
from app.events import deliveries, webhooks
from app.settings import Settings
from tests.app.api.control.asking import problem_of
from tests.app.clock import VirtualClock
from tests.app.events.house import House
from tests.app.events.receiver import Receiver, receiving, refuses, takes, types
from tests.world import World, gateway

OUTSIDE = "https://hooks.example.com/books"


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    clock = VirtualClock(datetime.now(UTC))
    async with gateway(settings, clock) as world:
        yield House(world, clock)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running


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


async def test_an_event_is_sent_again_by_its_id_whatever_its_type(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url, events=["integrated_account.created"])
    await house.account()
    await house.deliver()
    created, active = await house.events()

    for event in (created, active):
        answer = await house.world.http.post(f"/webhook/{webhook['id']}/replay", json={"event_id": event["id"]})
        assert (answer.status_code, answer.json()["result"]) == (202, {"count": 1})
    await house.deliver()

    assert types(receiver.accepted) == ["created", "created", "active"]
    assert len({each.headers["webhook-id"] for each in receiver.arrived}) == 2
    assert Webhook(webhook["secret"]).verify(receiver.arrived[1].body, receiver.arrived[1].headers) == created


async def test_events_are_sent_again_by_time_and_from_before_the_endpoint_was(
    house: House, receiver: Receiver
) -> None:
    await house.account()
    house.clock.advance(100)
    since = house.clock.now()
    account = await house.account()
    house.clock.advance(100)
    until = house.clock.now()
    webhook = await house.webhook(receiver.url, events=["integrated_account.created", "integrated_account.deleted"])
    house.clock.advance(1)
    await house.world.http.delete(f"/integrated-account/{account}")
    await house.deliver()
    body = {"since": since.isoformat(), "until": until.isoformat()}

    between = await house.world.http.post(f"/webhook/{webhook['id']}/replay", json=body)
    await house.deliver()
    on = await house.world.http.post(f"/webhook/{webhook['id']}/replay", json={"since": since.isoformat()})
    await house.deliver()

    assert (between.json()["result"], on.json()["result"]) == ({"count": 1}, {"count": 2})
    assert types(receiver.accepted) == ["deleted", "created", "created", "deleted"]


async def test_only_the_dead_are_sent_again_where_that_is_asked(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)
    await house.account()
    await house.deliver()
    receiver.says = refuses(500)
    await house.account()
    for _ in range(75):
        await house.deliver(3_600)
    states = await house.states(webhook["id"])
    receiver.says = takes
    since = (house.clock.now() - timedelta(days=10)).isoformat()

    replayed = await house.world.http.post(
        f"/webhook/{webhook['id']}/replay", json={"since": since, "state": "dead"}
    )
    await house.deliver()

    assert states == ["delivered", "delivered", "dead", "dead"]
    assert replayed.json()["result"] == {"count": 2}
    assert [event["number"] for event in receiver.accepted] == [1, 2, 3, 4]
    assert set(await house.states(webhook["id"])) == {"delivered"}


async def test_a_replay_that_cannot_be_is_refused(
    house: House, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = await house.webhook(receiver.url)
    await house.account()
    path = f"/webhook/{webhook['id']}/replay"
    now = house.clock.now().isoformat()
    stranger = {"Authorization": f"Bearer {await house.world.new_token(await house.world.environment())}"}
    theirs = (await house.world.http.post("/webhook", json={"url": receiver.url}, headers=stranger)).json()[
        "result"
    ]
    mine = (await house.events())[0]["id"]

    for body in ({}, {"event_id": "e", "since": now}, {"since": "2026-01-01"}, {"event_id": "e", "state": "dead"}):
        problem_of(await house.world.http.post(path, json=body), 422, "validation_failed")
    problem_of(await house.world.http.post(path, json={"event_id": "none"}), 404, "not_found")
    foreign = await house.world.http.post(
        f"/webhook/{theirs['id']}/replay", json={"event_id": mine}, headers=stranger
    )
    problem_of(foreign, 404, "not_found")
    monkeypatch.setattr(deliveries, "REPLAYED_MAX", 1)
    problem_of(await house.world.http.post(path, json={"since": "2020-01-01T00:00:00Z"}), 422, "validation_failed")
    await house.world.http.patch(f"/webhook/{webhook['id']}", json={"is_enabled": False})
    problem_of(await house.world.http.post(path, json={"event_id": mine}), 409, "conflict")


async def test_a_test_event_tells_what_the_receiver_made_of_it(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)

    good = await house.world.http.post(f"/webhook/{webhook['id']}/test")
    receiver.says = refuses(500)
    bad = await house.world.http.post(f"/webhook/{webhook['id']}/test")

    assert good.json()["result"] == {"is_delivered": True, "status": 200, "error": None}
    assert bad.json()["result"] == {"is_delivered": False, "status": 500, "error": "the receiver answered 500"}
    assert Webhook(webhook["secret"]).verify(receiver.arrived[0].body, receiver.arrived[0].headers)["type"] == (
        "webhook.test"
    )
    assert await house.events() == []


async def test_the_deliveries_are_paged_from_new_to_old(house: House, receiver: Receiver) -> None:
    webhook = await house.webhook(receiver.url)
    for _ in range(3):
        await house.account()
    await house.deliver()
    numbers: list[int] = []
    cursor: dict[str, str] = {}

    for _ in range(4):
        page = (
            await house.world.http.get(f"/webhook/{webhook['id']}/delivery", params={"limit": 2, **cursor})
        ).json()
        numbers += [each["number"] for each in page["result"]]
        if page["next_cursor"] is None:
            break
        cursor = {"next_cursor": page["next_cursor"]}

    assert numbers == [6, 5, 4, 3, 2, 1]
    problem_of(
        await house.world.http.get(f"/webhook/{webhook['id']}/delivery", params={"state": "gone"}),
        400,
        "invalid_request",
    )
