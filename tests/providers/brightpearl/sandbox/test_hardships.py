"""Trouble on request over real HTTP: each kind is what it says, as many times as was asked, then it is gone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from providers.brightpearl.sandbox import create_sandbox
from providers.kit.sandbox import hardships
from tests.providers.brightpearl.sandbox.conftest import STAFF, Talk
from tests.world import World, served

PATH = "/public-api/acme/accounting-service/tax-code"


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    """A client of a sandbox that is served."""
    box = create_sandbox(requests_per_minute=None)
    async with served(box.app) as url, httpx2.AsyncClient(base_url=url, headers=STAFF) as client:
        yield client


async def troubled(http: httpx2.AsyncClient, kind: str) -> None:
    body = json.dumps({"kind": kind, "times": 1, "path_contains": "tax-code"})
    assert (await http.post("/__sandbox/hardship", content=body)).status_code == 200


@pytest.mark.parametrize(("kind", "status"), [("error_500", 500), ("error_503", 503), ("html", 502)])
async def test_an_error_is_told_once_in_the_providers_words(
    http: httpx2.AsyncClient, kind: str, status: int
) -> None:
    await troubled(http, kind)

    first, second = await http.get(PATH), await http.get(PATH)

    assert (first.status_code, second.status_code) == (status, 200)
    words = {"error_500": "CMNU-003", "error_503": '{"response":"Service Unavailable"}', "html": "<html>"}
    assert words[kind] in first.text


async def test_wrong_json_is_json_of_another_shape(http: httpx2.AsyncClient) -> None:
    await troubled(http, "wrong_json")

    assert (await http.get(PATH)).json() == {"response": {"results": 7}}


@pytest.mark.parametrize("kind", ["torn", "reset"])
async def test_an_answer_ends_before_its_end(http: httpx2.AsyncClient, kind: str) -> None:
    await troubled(http, kind)

    with pytest.raises(httpx2.RemoteProtocolError):
        await http.get(PATH)

    assert (await http.get(PATH)).status_code == 200


async def test_a_slow_answer_waits_first(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(hardships.asyncio, "sleep", wait)
    await hardships.Hardships().wait(hardships.Hardship("slow", seconds=15.0))

    assert waited == [15.0]


async def test_a_held_answer_waits_for_its_release(talk: Talk) -> None:
    await talk.post("/__sandbox/hardship", json={"kind": "held", "path_contains": "tax-code"})
    held = asyncio.create_task(talk.ask("accounting-service/tax-code"))
    await talk.box.app.hardships.arrived.wait()

    assert (await talk.ask("order-service/order-type")).status_code == 200
    assert not held.done()
    await talk.post("/__sandbox/release")

    assert (await held).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status"), [("torn", None), ("reset", None), ("html", 502), ("html_403", 403), ("error_503", 503)]
)
async def test_with_after_the_work_is_done_and_only_its_answer_is_lost(
    http: httpx2.AsyncClient, kind: str, status: int | None
) -> None:
    made = "/public-api/acme/contact-service/contact-group"
    before = len((await http.get(made)).json()["response"])
    await http.post("/__sandbox/hardship", json={"kind": kind, "path_contains": "contact-group", "after": True})

    if status is None:
        with pytest.raises(httpx2.RemoteProtocolError):
            await http.post(made, json={"name": "Retail customers"})
    else:
        assert (await http.post(made, json={"name": "Retail customers"})).status_code == status

    assert len((await http.get(made)).json()["response"]) == before + 1


@pytest.mark.parametrize("kind", ["torn", "reset", "error_500", "error_503"])
async def test_the_gateway_reads_again_and_no_record_is_lost(light: World, kind: str) -> None:
    box = create_sandbox(requests_per_minute=None)
    async with served(box.app) as url:
        account_id = await light.brightpearl(url)
        async with httpx2.AsyncClient(base_url=url) as http:
            await troubled(http, kind)
        records = await light.walk("tax_rates", account_id)

    assert len(records) == len(box.store.lists["tax-code"])
    assert len([path for _, path, _ in box.calls if path.endswith("/tax-code")]) == 2


@pytest.mark.parametrize("body", [[], "text", 7, {}, {"header": "x", "rows": 7}, {"header": {"currencyId": {}}}])
@pytest.mark.parametrize(
    "path",
    [
        "accounting-service/journal",
        "accounting-service/journal-entry",
        "accounting-service/invoice/sales-invoice",
        "accounting-service/invoice/purchase-payment",
        "accounting-service/sales-receipt",
        "accounting-service/payment-method",
        "accounting-service/currency/2/exchange-rate",
        "accounting-service/accounting-period",
        "order-service/purchase-order/close",
        "order-service/order-status",
        "contact-service/company",
        "product-service/product",
        "product-service/brand",
        "integration-service/webhook",
    ],
)
async def test_a_body_of_no_sense_is_refused_with_a_code_and_changes_nothing(
    talk: Talk, path: str, body: object
) -> None:
    before = len(talk.store.journals), len(talk.store.lists["payment-method"])

    answer = await talk.ask(path, "POST", body)

    assert answer.status_code in (400, 500)
    assert answer.json()["errors"][0]["code"]
    assert (len(talk.store.journals), len(talk.store.lists["payment-method"])) == before
