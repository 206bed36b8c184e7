"""Who may call, for which account, by which method: on both kinds of store."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from providers.erpnext.sandbox.replies import FrappeError
from providers.kit.registry import all_providers
from tests.app.erpnext_books import Books, erpnext_books, item, sale
from tests.world import World

METHODS = ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LIST = "/unified/accounting/items"


@pytest.fixture
async def shop(world: World) -> Any:
    """One item and one invoice, on each kind of store."""
    async with erpnext_books(world, {"Item": [item("X")], "Sales Invoice": [sale("A")]}) as found:
        yield found


def _refused(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["status"] == status
    assert body["type"] == f"urn:ledgerway:problem:{code}"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert {"type", "title", "status", "code", "detail", "request_id", "retryable"} <= set(body)
    return body


async def test_an_account_is_named_by_query_or_by_header_or_by_both_alike(shop: Books) -> None:
    query, header = {"integrated_account_id": shop.account}, {"X-Integrated-Account-Id": shop.account}

    for params, headers in ((query, {}), ({}, header), (query, header)):
        answer = await shop.world.http.get(LIST, params=params, headers=headers)
        assert answer.status_code == 200
        assert answer.json()["result_count"] == 1


async def test_two_accounts_in_one_call_are_refused(shop: Books) -> None:
    other = await shop.world.erpnext("http://127.0.0.1:9")

    by_both = await shop.world.http.get(
        LIST, params={"integrated_account_id": shop.account}, headers={"X-Integrated-Account-Id": other}
    )
    twice = await shop.world.http.get(f"{LIST}?integrated_account_id={shop.account}&integrated_account_id={other}")

    assert "different accounts" in _refused(by_both, 400, "invalid_request")["detail"]
    _refused(twice, 400, "invalid_request")


async def test_a_call_without_an_account_is_refused(shop: Books) -> None:
    for path in (LIST, f"{LIST}?integrated_account_id=", f"{LIST}/X"):
        _refused(await shop.world.http.get(path), 400, "invalid_request")


async def test_an_account_that_does_not_exist_is_404(shop: Books) -> None:
    ids = (
        "x",
        "'; --",
        "é",
        "a\0b",
        "%",
        "00000000-0000-0000-0000-000000000000",
        shop.account.upper(),
        "x" * 5_000,
    )
    for account_id in ids:
        answer = await shop.world.http.get(LIST, params={"integrated_account_id": account_id})
        _refused(answer, 404, "not_found")


async def test_another_environments_account_is_404(shop: Books) -> None:
    token = await shop.world.new_token(await shop.world.environment())

    for path in (LIST, f"{LIST}/X", "/unified/accounting/contacts"):
        answer = await shop.world.http.get(
            path, params={"integrated_account_id": shop.account}, headers={"Authorization": f"Bearer {token}"}
        )
        assert shop.account not in str(_refused(answer, 404, "not_found"))


async def test_a_call_without_a_valid_token_is_401(shop: Books) -> None:
    params = {"integrated_account_id": shop.account}
    async with httpx2.AsyncClient(base_url=shop.world.base_url) as http:
        _refused(await http.get(LIST, params=params), 401, "unauthenticated")
        for given in (
            b"Bearer lw_wrong",
            b"Bearer",
            b"Basic abc",
            shop.world.token.encode(),
            b"Bearer \xff\xfe",
            f"Bearer {shop.world.token}x".encode(),
        ):
            answer = await http.get(LIST, params=params, headers=[(b"Authorization", given)])
            _refused(answer, 401, "unauthenticated")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_token_without_the_scope_is_403(shop: Books) -> None:
    for scopes, method in ((("write", "proxy", "admin"), "GET"), (("read",), "POST")):
        token = await shop.world.new_token(None, *scopes)
        answer = await shop.world.http.request(
            method,
            LIST,
            params={"integrated_account_id": shop.account},
            headers={"Authorization": f"Bearer {token}"},
        )
        _refused(answer, 403, "forbidden")


async def test_a_method_that_the_account_has_not_is_405_with_those_it_has(shop: Books) -> None:
    for method in METHODS:
        for path in (LIST, f"{LIST}/X"):
            answer = await shop.world.http.request(method, path, params={"integrated_account_id": shop.account})
            assert answer.status_code == 405, (method, path)
            assert answer.headers["allow"] == "GET"
            assert answer.headers["x-request-id"]
            if method != "HEAD":
                _refused(answer, 405, "unsupported_operation")


async def test_a_resource_that_the_provider_has_not_is_405_with_nothing_allowed(shop: Books) -> None:
    assert "attachments" not in all_providers()["brightpearl"].resources
    account = await shop.world.brightpearl("http://127.0.0.1:9")

    for path in ("attachments", "attachments/1"):
        answer = await shop.world.unified(path, account)
        assert "Brightpearl" in _refused(answer, 405, "unsupported_operation")["detail"]
        assert answer.headers["allow"] == ""


async def test_a_resource_that_nobody_has_is_404_whatever_the_account(shop: Books) -> None:
    for path in ("nothing", "nothing/1", "invoice", "Invoices", "%69nvoices%00", ""):
        answer = await shop.world.http.get(
            f"/unified/accounting/{path}", params={"integrated_account_id": shop.account}
        )
        assert answer.status_code in (400, 404), path
    for path in ("/unified/crm/contacts", "/unified", "/unified/accounting"):
        _refused(await shop.world.http.get(path), 404, "not_found")


async def test_an_account_that_is_not_active_says_what_to_do(shop: Books) -> None:
    context = {"site_url": "http://127.0.0.1:9", "api_key": "k", "api_secret": "s"}
    failed = await shop.world.account("erpnext", context, validate=True)

    answer = await shop.world.http.get(LIST, params={"integrated_account_id": failed})

    assert "validation_error" in _refused(answer, 409, "account_not_ready")["detail"]


@pytest.mark.parametrize("status", ["connecting", "post_install_error", "validation_error", "needs_reauth"])
async def test_each_status_but_active_is_a_conflict(shop: Books, status: str) -> None:
    parts = shop.world.parts
    account = await parts.account_store.find(shop.world.environment_id, shop.account)
    assert account is not None
    await parts.account_store.change(account, parts.clock.now(), {"status": status})
    parts.connections.clear()

    for path in ("items", "items/X"):
        answer = await shop.ask(path)
        _refused(answer, 409, "needs_reauth" if status == "needs_reauth" else "account_not_ready")


async def test_credentials_that_the_provider_refuses_make_the_account_need_a_new_connection(shop: Books) -> None:
    shop.box.access.check = _no  # type: ignore[method-assign]  # the customer's key was taken back

    for _ in range(2):
        _refused(await shop.ask("items"), 409, "needs_reauth")
    shown = await shop.world.http.get(f"/integrated-account/{shop.account}")
    assert shown.json()["result"]["status"] == "needs_reauth"


def _no(header: str | None) -> None:
    raise FrappeError("AuthenticationError", "", told=False)


async def test_every_answer_carries_a_request_id_of_its_own(shop: Books) -> None:
    http, account = shop.world.http, {"integrated_account_id": shop.account}
    paths = (
        LIST,
        f"{LIST}/X",
        f"{LIST}/NOPE",
        "/unified/accounting/nothing",
        "/nothing",
        "/healthz",
        "/docs",
        "/log",
    )

    answers = [await http.get(path, params=account) for path in paths]
    answers.append(await http.get("/proxy/api/method/ping", params=account))
    answers.append(
        await http.post("/integrated-account", content=b"{", headers={"Content-Type": "application/json"})
    )

    ids = [answer.headers.get_list("x-request-id") for answer in answers]
    assert all(len(each) == 1 and each[0] for each in ids)
    assert len({each[0] for each in ids}) == len(ids)


async def test_a_request_id_that_the_caller_sends_is_not_taken_over(shop: Books) -> None:
    answer = await shop.world.http.get(
        LIST, params={"integrated_account_id": shop.account}, headers={"X-Request-Id": "mine"}
    )

    assert answer.headers.get_list("x-request-id") != ["mine"]
