"""What every provider's connect form owes the person before it, and the page that is made from it."""

from __future__ import annotations

import string
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from providers.kit.provider import ContextError, NewTokens, OAuthClient, Provider, Way
from providers.kit.registry import all_providers
from providers.kit.tidy import site_origin, stripped

NOW = datetime(2026, 11, 25, tzinfo=UTC)
WAYS = [
    pytest.param(provider, way, id=f"{provider.slug} {way.slug}")
    for provider in all_providers().values()
    for way in provider.ways
]


def read(provider: Provider, way: Way, given: Mapping[str, str]) -> object:
    if way.is_oauth:
        assert provider.oauth is not None
        return provider.oauth.read_form(given)
    return provider.read_context(given, NOW)


@pytest.mark.parametrize(("provider", "way"), WAYS)
def test_a_way_says_what_it_asks_and_how_to_get_it(provider: Provider, way: Way) -> None:
    fields, steps = way.asked(has_client=False)

    assert len({field.name for field in fields}) == len(fields)
    assert all(field.required and field.label and field.description for field in fields)
    assert all(field.secret or field.example for field in fields)
    assert len(steps) >= 2
    assert all(step.endswith((".", "}")) for step in steps)
    names = {name for step in steps for _, name, _, _ in string.Formatter().parse(step)} - {None}
    assert names == ({"callback_url"} if way.client_fields else set())
    if way.is_oauth:
        assert provider.oauth is not None


@pytest.mark.parametrize(("provider", "way"), WAYS)
def test_what_a_form_asks_is_enough_to_connect(provider: Provider, way: Way) -> None:
    fields, _ = way.asked(has_client=False)
    given = provider.tidy({field.name: field.example or "private-words" for field in fields})

    if way.is_oauth:
        assert provider.oauth is not None
        form = provider.oauth.read_form(given)
        settings = {"dev_ref": "dev", "token_origin": "https://oauth.example.com"}
        client = OAuthClient(client_id="app", settings=settings)
        given = provider.oauth.context(form, client, NewTokens(access_token="private-words"))

    assert provider.read_context(given, NOW).secrets


@pytest.mark.parametrize(("provider", "way"), WAYS)
def test_a_field_that_is_left_out_is_named(provider: Provider, way: Way) -> None:
    fields, _ = way.asked(has_client=False)
    whole = {field.name: field.example or "private-words" for field in fields}
    for field in fields:
        given = provider.tidy({**whole, field.name: "  "})
        with pytest.raises(ContextError) as caught:
            read(provider, way, given)
        assert caught.value.field in (field.name, "")


def test_where_the_environment_has_a_client_nobody_is_asked_for_one() -> None:
    (way,) = (way for way in all_providers()["erpnext"].ways if way.is_oauth)

    fields, steps = way.asked(has_client=True)

    assert [field.name for field in fields] == ["site_url"]
    assert not any("callback_url" in step for step in steps)


def test_blanks_around_what_was_pasted_do_not_count() -> None:
    given = {"a": "\u200b key \u00a0\r\n", "b": "\ufeff", "c": "two words"}

    assert stripped(given) == {"a": "key", "c": "two words"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("books.example.com", "https://books.example.com"),
        ("myshop.erpnext.com/login", "https://myshop.erpnext.com"),
        ("https://x.y/app/home", "https://x.y"),
        ("https://x.y/app/sales-invoice/view/list?status=Paid#top", "https://x.y"),
        ("HTTPS://Books.Example.COM/", "https://books.example.com"),
        ("http://127.0.0.1:8102/app", "http://127.0.0.1:8102"),
        ("https://x.y:443/app", "https://x.y"),
        ("http://x.y:80", "http://x.y"),
        ("https://x.y:8443", "https://x.y:8443"),
        ("localhost:8080", "https://localhost:8080"),
        ("https:/x.y/app", "https://x.y"),
        ("[::1]:8000/app", "https://[::1]:8000"),
        # What is not an address stays as it is, for reading to refuse.
        ("ftp://x.y", "ftp://x.y"),
        ("https://", "https://"),
        ("https://[::1", "https://[::1"),
        ("/app/home", "/app/home"),
    ],
)
def test_an_address_is_reduced_to_its_origin(typed: str, meant: str) -> None:
    assert site_origin(typed) == meant


@pytest.mark.parametrize(
    "typed", ["https://user:pw@x.y/app", "my shop.example", "https://bücher.example", "", "x\ny"]
)
def test_an_address_that_is_none_is_refused_after_all(typed: str) -> None:
    provider = all_providers()["erpnext"]
    given = provider.tidy({"site_url": typed, "api_key": "key", "api_secret": "secret"})

    with pytest.raises(ContextError) as caught:
        provider.read_context(given, NOW)

    assert caught.value.field == "site_url"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" ACME ", "acme"),
        ("https://euw1.brightpearlapp.com/acme.login", "acme"),
        ("acme.login", "acme"),
        ("https://ws-eu1.brightpearl.com/public-api/Acme/order-service/order", "acme"),
        ("https://oauth.brightpearl.com/authorize/acme?response_type=code", "acme"),
        ("my-shop_2", "my-shop_2"),
    ],
)
def test_an_account_code_is_in_small_letters_and_found_in_an_address(typed: str, meant: str) -> None:
    assert all_providers()["brightpearl"].tidy({"account_code": typed}) == {"account_code": meant}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("euw1.brightpearlconnect.com", "euw1.brightpearlconnect.com"),
        ("https://EUW1.brightpearlconnect.com/public-api/acme/", "euw1.brightpearlconnect.com"),
        ("https://euw1.brightpearlapp.com/acme.login", "euw1.brightpearlconnect.com"),
        ("use1.brightpearlapp.com", "use1.brightpearlconnect.com"),
        ("https://cst.brightpearl.com/p.php?p=home", "ws-use.brightpearl.com"),
        ("ws-eu1.brightpearl.com", "ws-eu1.brightpearl.com"),
        ("http://127.0.0.1:8101/", "http://127.0.0.1:8101"),
        ("https://brightpearl.com.evil.example/x", "https://brightpearl.com.evil.example"),
        ("nonsense/x", "nonsense/x"),
    ],
)
def test_the_apis_domain_is_found_by_the_address_where_one_logs_in(typed: str, meant: str) -> None:
    assert all_providers()["brightpearl"].tidy({"api_domain": typed}) == {"api_domain": meant}
