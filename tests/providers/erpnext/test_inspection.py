"""Where an inspection of an ERPNext site is odd: what fails in part, what fails whole, and which company counts."""

from __future__ import annotations

from typing import Any

import pytest

from providers.erpnext.inspection import inspect
from providers.kit.errors import BadAnswer, NotFound, RateLimited, Unauthorised, Unavailable
from providers.kit.provider import Company, Inspection
from tests.providers.erpnext.frappe import FORBIDDEN, Frappe
from tests.providers.fake_send import Reply

WHO = "api/method/frappe.auth.get_logged_user"
ALL_CUSTOM = "api/resource/Custom Field"
ACME = Company(id="Acme Ltd", name="Acme Ltd", currency="GBP")
GLOBEX = Company(id="Globex Inc.", name="Globex Inc.", currency="USD")


def site_of(**settings: Any) -> Frappe:
    """A site of two companies and nothing else."""
    site = Frappe(settings=settings)
    site.send.on(WHO, Reply({"message": "api@acme.example"}))
    site.send.on("api/resource/", Reply({"data": []}))
    site.send.on("api/resource/DefaultValue", site._defaults)
    rows = [
        {"name": each.id, "company_name": each.name, "default_currency": each.currency} for each in (ACME, GLOBEX)
    ]
    site.send.on("api/resource/Company", Reply({"data": rows}))
    site.send.on("api/resource/Company/acme ltd", Reply({"data": {"name": "Acme Ltd"}}))
    return site


async def found(site: Frappe) -> Inspection:
    return await inspect(site.client())


async def test_the_books_currency_is_that_of_the_accounts_company() -> None:
    seen = await found(site_of(company="acme ltd"))

    assert (seen.settings["company"], seen.base_currency) == ("Acme Ltd", "GBP")
    assert seen.companies == (ACME, GLOBEX)


async def test_a_company_that_is_not_there_fails_the_inspection_by_name() -> None:
    site = site_of(company="Nope")
    site.send.on("api/resource/Company/Nope", Reply({"exc_type": "DoesNotExistError"}, 404))

    with pytest.raises(NotFound, match="there is no such company") as raised:
        await found(site)
    assert raised.value.provider_code == "DoesNotExistError"


async def test_a_frappe_site_without_erpnext_is_the_wrong_address() -> None:
    site = site_of()
    site.send.on("api/resource/Company", Reply({"exc_type": "DoesNotExistError"}, 404))

    with pytest.raises(NotFound, match="does not answer as an ERPNext site"):
        await found(site)


async def test_credentials_that_a_site_takes_for_nobodys_are_refused() -> None:
    site = site_of()
    site.send.on(WHO, Reply({"message": "Guest"}))

    with pytest.raises(Unauthorised):
        await found(site)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply({"exc_type": "AuthenticationError"}, 401), Unauthorised),
        (Reply(b"<html>Not Found</html>", 404), NotFound),
        (Reply(b"<html>Welcome</html>"), BadAnswer),
        (Reply(b"<html>Bad Gateway</html>", 502), Unavailable),
        (Reply(b"", 302), BadAnswer),
        (Reply({"exc_type": "TooManyRequestsError"}, 429, (("Retry-After", "600"),)), RateLimited),
    ],
)
async def test_without_knowing_who_we_are_nothing_else_is_asked(reply: Reply, error: type[Exception]) -> None:
    site = site_of()
    site.send.on(WHO, reply)

    with pytest.raises(error):
        await found(site)
    assert set(site.send.paths()) == {WHO}


@pytest.mark.parametrize("reply", [FORBIDDEN, Reply(b"", 500), Reply(b"<html>"), Reply({"data": "?"})])
async def test_a_part_that_fails_is_lost_alone(reply: Reply) -> None:
    site = site_of()
    site.send.on("api/resource/DefaultValue", reply)
    site.send.on("api/method/frappe.client.get_time_zone", reply)
    site.send.on("api/resource/Company", reply)
    site.send.on(ALL_CUSTOM, reply)

    seen = await found(site)

    assert (seen.user, seen.time_zone, seen.companies, seen.base_currency) == ("api@acme.example", None, (), None)
    assert "time_zone" not in seen.settings
    assert "company_info" in (seen.missing if reply is FORBIDDEN else seen.unknown)
    # What does not rest on it is known.
    assert {"items", "payments", "sales_orders"}.isdisjoint((*seen.missing, *seen.unknown))


async def test_a_page_that_a_firewall_answers_with_is_no_missing_right() -> None:
    site = site_of()
    page = Reply(b"<html>Forbidden</html>", 403)
    site.send.on(
        "api/resource/Item", lambda call: page if call.path == "api/resource/Item" else Reply({"data": []})
    )

    seen = await found(site)

    assert (seen.unknown, dict(seen.missing)) == (("items",), {})
