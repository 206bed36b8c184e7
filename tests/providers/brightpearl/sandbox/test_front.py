"""The front: who may call, how often, and what every answer carries."""

import json

import pytest

from providers.brightpearl.sandbox import (
    ACCOUNT_TOKEN,
    APP_REF,
    CLIENT_SECRET,
    DEV_REF,
    REDIRECT_URI,
    Quirks,
    access,
)
from tests.providers.brightpearl.sandbox.conftest import STAFF, Talk

CONFIGURATION = "integration-service/account-configuration"
INSTALLED = {"brightpearl-app-ref": APP_REF, "brightpearl-dev-ref": DEV_REF}
CLIENT = {"client_id": APP_REF, "client_secret": CLIENT_SECRET}
TOKEN_URL = "/token/acme"


def _left(answer: object) -> tuple[int, int]:
    headers = answer.headers  # type: ignore[attr-defined]  # an answer
    return int(headers["brightpearl-requests-remaining"]), int(headers["brightpearl-next-throttle-period"])


@pytest.mark.parametrize("talk", [{"requests_per_minute": 3}], indirect=True)
async def test_calls_are_counted_by_the_minute_of_the_clock_whatever_they_come_to(talk: Talk) -> None:
    answers = [
        await talk.ask(CONFIGURATION),
        await talk.ask("nowhere/at-all"),
        await talk.ask(CONFIGURATION, headers={}),
        await talk.ask(CONFIGURATION),
    ]
    talk.clock.move(39.5)
    answers.append(await talk.ask(CONFIGURATION))
    talk.clock.move(0.5)
    answers.append(await talk.ask(CONFIGURATION))

    assert [answer.status_code for answer in answers] == [200, 404, 401, 503, 503, 200]
    told = [_left(answer) for answer in answers]
    assert told == [(2, 40_000), (1, 40_000), (0, 40_000), (0, 40_000), (0, 500), (2, 60_000)]
    words = "You have sent too many requests. Please wait before sending another request"
    assert answers[3].json() == {"response": words}


@pytest.mark.parametrize("talk", [{"requests_per_minute": 1}], indirect=True)
async def test_private_apps_share_a_quota_that_a_public_app_does_not_take_from(talk: Talk) -> None:
    bearer, _ = talk.box.access.grant()

    answers = [
        await talk.ask(CONFIGURATION),
        await talk.ask(CONFIGURATION, headers={**INSTALLED, "Authorization": f"Bearer {bearer}"}),
        await talk.ask(CONFIGURATION),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 503]


async def test_every_answer_is_labelled(talk: Talk) -> None:
    found, lost = await talk.ask("order-service/order/1"), await talk.ask("contact-service/contact/1")

    assert found.headers["Message-Type"] == "get-order"
    assert lost.headers["Message-Type"] == "get-contact"
    assert found.headers["Ruid"] != lost.headers["Ruid"]
    assert lost.headers["Content-Type"] == "application/json;charset=UTF-8"


async def test_an_unknown_path_is_told_apart_from_a_missing_record(talk: Talk) -> None:
    answer = await talk.ask("order-service/nothing")

    assert answer.status_code == 404
    assert answer.json()["errors"][0]["message"].startswith("Cannot find the resource /app/")


async def test_refused_tokens_are_a_text_that_repeats_them_and_no_header_asks_for_another(talk: Talk) -> None:
    bearer, _ = talk.box.access.grant()
    talk.box.access.expire()

    bad = await talk.ask(CONFIGURATION, headers={**STAFF, "brightpearl-staff-token": "wrong=token"})
    old = await talk.ask(CONFIGURATION, headers={**INSTALLED, "Authorization": f"Bearer {bearer}"})

    assert (bad.status_code, old.status_code) == (401, 401)
    assert bad.json() == {"response": "Invalid instance token: wrong=token"}
    assert old.json() == {"response": "Authorization token expired"}
    assert "WWW-Authenticate" not in bad.headers
    assert bad.headers["Message-Type"] == "api-proxy"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"brightpearl-account-token": ACCOUNT_TOKEN}, 200),
        ({"brightpearl-account-token": ACCOUNT_TOKEN, "brightpearl-dev-ref": DEV_REF}, 401),
        ({"brightpearl-account-token": access.signed_account_token(), "brightpearl-dev-ref": DEV_REF}, 200),
    ],
)
async def test_an_account_token_is_plain_for_private_apps_and_signed_for_public_ones(
    talk: Talk, headers: dict[str, str], status: int
) -> None:
    answer = await talk.ask(CONFIGURATION, headers={"brightpearl-app-ref": APP_REF, **headers})

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("talk", "old_is_good"),
    [({}, False), ({"quirks": Quirks(are_refresh_tokens_rotated=False)}, True)],
    indirect=["talk"],
)
async def test_a_refresh_token_is_rotated_or_kept(talk: Talk, *, old_is_good: bool) -> None:
    _, sent = talk.box.access.grant()
    form = {"grant_type": "refresh_token", **CLIENT, "refresh_token": sent}

    first, second = await talk.post(TOKEN_URL, data=form), await talk.post(TOKEN_URL, data=form)

    assert first.json().keys() == {"access_token", "refresh_token", "api_domain", "token_type", "expires_in"}
    assert first.json()["expires_in"] == 604_800
    assert (first.json()["refresh_token"] == sent) is old_is_good
    assert second.status_code == (200 if old_is_good else 400)
    bearer = first.json()["access_token"]
    assert (
        await talk.ask(CONFIGURATION, headers={**INSTALLED, "Authorization": f"Bearer {bearer}"})
    ).status_code == 200


async def test_a_code_is_good_once_for_its_own_address_and_tokens_must_be_encoded(talk: Talk) -> None:
    code = talk.box.access.code()
    form = {"grant_type": "authorization_code", **CLIENT, "code": code, "redirect_uri": REDIRECT_URI}
    kind = {"content-type": "application/x-www-form-urlencoded"}
    unencoded = "&".join(f"{name}={value}" for name, value in form.items())

    answers = [
        await talk.post(TOKEN_URL, json=form),
        await talk.post(TOKEN_URL, content=unencoded, headers=kind),
        await talk.post(TOKEN_URL, data=form | {"redirect_uri": "http://elsewhere"}),
        await talk.post(TOKEN_URL, data=form),
        await talk.post(TOKEN_URL, data=form),
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 200, 400]
    assert answers[3].json()["installation_instance_id"] == "13"
    assert answers[4].json()["error"] == "invalid_grant"


async def test_digits_are_kept_and_an_equals_sign_is_escaped(talk: Talk) -> None:
    taxes = await talk.ask("accounting-service/tax-code")
    contact = await talk.ask("contact-service/contact/4")

    assert '"rate":13.0000' in taxes.text
    assert '{"id":1,"code":"Z","description":"Exempt"}' in taxes.text
    assert "8.375% \\u003d state" in taxes.text
    discount = talk.store.contacts[4]["financialDetails"]["discountPercentage"]
    assert f'"discountPercentage":{discount}' in contact.text
    assert -discount.as_tuple().exponent == 2


async def test_the_admin_calls_tell_reset_expire_and_make_trouble(talk: Talk) -> None:
    bearer, _ = talk.box.access.grant()
    await talk.ask(f"{CONFIGURATION}?a=%20b")
    calls = [("GET", f"/public-api/acme/{CONFIGURATION}", "a=%20b")]
    assert talk.box.calls == calls

    trouble = {"kind": "error_503", "path_contains": "order-search"}
    assert (await talk.post("/__sandbox/hardship", content=json.dumps(trouble))).status_code == 200
    assert (await talk.ask("order-service/order-search")).status_code == 503
    assert (await talk.ask("order-service/order-search")).status_code == 200
    assert (await talk.post("/__sandbox/hardship", content=b"?")).status_code == 400
    assert (await talk.post("/__sandbox/expire-tokens")).status_code == 200
    old = await talk.ask(CONFIGURATION, headers={**INSTALLED, "Authorization": f"Bearer {bearer}"})
    assert old.status_code == 401
    assert (await talk.post("/__sandbox/reset")).status_code == 200
    assert talk.box.calls == []
