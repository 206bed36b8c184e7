"""`/integration`: what can be connected, with which fields, and what can then be done."""

from __future__ import annotations

import pytest

from providers.kit.registry import all_providers
from tests.app.api.control.asking import problem_of
from tests.world import World

PROVIDERS = all_providers()


async def test_every_integration_is_listed_with_the_fields_of_its_form(light: World) -> None:
    body = (await light.http.get("/integration")).json()

    assert [item["slug"] for item in body["result"]] == list(PROVIDERS)
    assert (body["result_count"], body["next_cursor"]) == (len(PROVIDERS), None)
    for item in body["result"]:
        fields = {field["name"]: (field["secret"], field["required"]) for field in item["fields"]}
        assert fields == {
            each.name: (each.secret, each.required) for each in PROVIDERS[item["slug"]].connect_fields
        }
        assert all(field["label"] and field["description"] for field in item["fields"])
        assert set(item["resources"]) == set(PROVIDERS[item["slug"]].resources)


@pytest.mark.parametrize("slug", PROVIDERS)
async def test_capabilities_tell_what_the_rows_say(light: World, slug: str) -> None:
    resources = (await light.http.get(f"/integration/{slug}/capabilities")).json()["result"]["resources"]

    assert resources.keys() == PROVIDERS[slug].resources.keys()
    for segment, row in PROVIDERS[slug].resources.items():
        told = resources[segment]
        listed = told["operations"].get("list")
        assert ("list" in told["operations"], "get" in told["operations"]) == (bool(row.list), bool(row.get))
        if listed is not None:
            assert listed["filters"].keys() == row.list_rules.filters.keys()
            assert listed["max_limit"] >= 1
            assert listed["calls"]
        assert told["fields"]


async def test_an_accounts_capabilities_are_its_integrations(light: World) -> None:
    account_id = await light.erpnext("http://127.0.0.1:9")

    of_account = await light.http.get(f"/integrated-account/{account_id}/capabilities")
    of_integration = await light.http.get("/integration/erpnext/capabilities")

    assert of_account.status_code == 200
    assert of_account.json() == of_integration.json()


async def test_an_integration_that_is_not_there_is_not_found(light: World) -> None:
    for path in (
        "/integration/no-such",
        "/integration/no-such/capabilities",
        "/integration/%00",
        "/integration/kit",
    ):
        problem_of(await light.http.get(path), 404, "not_found")
