"""What a check of an account learns: its company by the site's own spelling; and what callers may not send."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from providers.erpnext import provider
from providers.erpnext.rows.invoices import INVOICES
from providers.erpnext.sandbox import create_sandbox
from providers.erpnext.site import check
from providers.kit.errors import NotFound, RateLimited
from tests.providers.erpnext.frappe import FORBIDDEN, Frappe
from tests.providers.fake_send import Call, Reply
from tests.world import gateway, served, settings_in

COMPANY = "api/resource/Company/"


def site_of(company: str, reply: Reply) -> Frappe:
    site = Frappe(settings={"company": company})
    site.send.on("api/method/frappe.auth.get_logged_user", Reply({"message": "api@acme.example"}))
    site.send.on(COMPANY, reply)
    return site


async def test_a_company_is_kept_as_the_site_spells_it() -> None:
    site = site_of("acme /ltd", Reply({"data": {"name": "Acme /Ltd", "abbr": "AL"}}))

    assert await check(site.client()) == {"time_zone": "Asia/Kolkata", "company": "Acme /Ltd"}
    assert site.send.calls[-1].url.endswith("/api/resource/Company/acme%20%2Fltd")


async def test_a_company_that_is_not_there_fails_the_check_by_name() -> None:
    site = site_of("Nope", Reply({"exc_type": "DoesNotExistError"}, 404))

    with pytest.raises(NotFound, match="there is no such company"):
        await check(site.client())


@pytest.mark.parametrize(
    "reply",
    [
        FORBIDDEN,
        Reply({"exc_type": "ValidationError"}, 417),
        Reply(b"", 500),
        Reply(b"<html>"),
        Reply({"data": []}),
    ],
)
async def test_a_company_that_may_not_be_looked_up_is_kept_as_given(reply: Reply) -> None:
    assert (await check(site_of("acme ltd", reply).client()))["company"] == "acme ltd"


async def test_a_check_that_must_wait_says_so_and_learns_nothing() -> None:
    reply = Reply({"exc_type": "TooManyRequestsError"}, 429, (("Retry-After", "600"),))

    with pytest.raises(RateLimited):
        await check(site_of("acme ltd", reply).client())


async def test_an_account_without_a_company_looks_none_up() -> None:
    site = Frappe()
    site.send.on("api/method/frappe.auth.get_logged_user", Reply({"message": "api@acme.example"}))

    assert "company" not in await check(site.client())
    assert not [call for call in site.send.calls if call.path.startswith(COMPANY)]


async def test_a_documents_company_is_held_against_the_sites_spelling() -> None:
    def document(_: Call) -> Reply:
        return Reply({"data": {"name": "S1", "company": "Acme Ltd", "modified": "2026-11-21 10:00:00"}})

    site = site_of("acme ltd", Reply({"data": {"name": "Acme Ltd"}}))
    site.send.on("api/resource/Sales Invoice/S1", document)
    site.add("Payment Entry Reference", [])
    learnt = await check(site.client())
    site.settings = {**site.settings, **learnt}
    client = site.client()
    assert INVOICES.get is not None

    record: Any = await INVOICES.get(client, await INVOICES.site(client), "invoice:S1", frozenset())

    assert record.wire.head.company == "Acme Ltd"


def test_no_caller_may_pick_another_site_of_the_bench() -> None:
    assert b"x-frappe-site-name" in provider.credential_headers


async def test_english_is_asked_for_by_unified_calls_and_never_added_to_the_proxys(tmp_path: Path) -> None:
    seen: list[dict[bytes, bytes]] = []
    box = create_sandbox(seed=None)

    async def site(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            seen.append(dict(scope["headers"]))
        await box.app(scope, receive, send)

    async with gateway(settings_in(tmp_path)) as world, served(site) as url:
        account_id = await world.erpnext(url)
        assert (await world.http.post(f"/integrated-account/{account_id}/validate")).status_code == 200
        assert (await world.unified("items", account_id)).status_code == 200
        unified = list(seen)
        seen.clear()
        own = {"X-Integrated-Account-Id": account_id, "X-Frappe-Site-Name": "another"}
        for headers in (own, {**own, "Accept-Language": "de"}):
            await world.http.get("/proxy/api/method/ping", headers=headers)

    assert {headers.get(b"accept-language") for headers in unified} == {b"en"}
    assert [headers.get(b"accept-language") for headers in seen] == [None, b"de"]
    assert not [headers for headers in seen if b"x-frappe-site-name" in headers]
