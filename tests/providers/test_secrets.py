"""No provider's row tells a secret, and no connect form takes less than it needs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from app.gateway import Gateway
from providers.kit.errors import ProviderError
from providers.kit.pages import Query
from providers.kit.provider import Provider
from providers.kit.registry import all_providers
from tests.providers.fake_send import FakeSend, Reply, client_for

SECRET = "PRIVATE-WORDS-7"
ROWS = [
    pytest.param(provider, segment, id=f"{provider.slug} {segment}")
    for provider in all_providers().values()
    for segment in provider.resources
]
CONTEXTS: dict[str, dict[str, Any]] = {
    "erpnext": {"site_url": "https://books.example.com", "api_key": SECRET, "api_secret": SECRET},
    "brightpearl": {
        "account_code": "acme",
        "api_domain": "euw1.brightpearlconnect.com",
        "app_ref": "app",
        "staff_token": SECRET,
    },
}
BODIES = [
    Reply(f"<html>{SECRET}</html>".encode(), 500),
    Reply({"response": f"Invalid instance token: {SECRET}"}, 401),
    Reply({"exc_type": "AuthenticationError", "exc": SECRET, "exception": f"a.AuthenticationError: {SECRET}"}, 401),
    Reply(f"{{{SECRET}".encode(), 200),
    Reply({"data": SECRET, "message": SECRET, "response": SECRET}, 200),
    Reply(SECRET.encode(), 302, (("Location", f"https://evil.example/?{SECRET}"),)),
    Reply(f"{SECRET}".encode(), 404),
    Reply(f"{SECRET}".encode(), 403),
]


@pytest.mark.parametrize(("provider", "segment"), ROWS)
@pytest.mark.parametrize("reply", BODIES, ids=lambda reply: str(reply.status))
async def test_no_secret_and_no_body_survives_in_the_text_of_an_error(
    provider: Provider, segment: str, reply: Reply
) -> None:

    row = provider.resources[segment]
    context = provider.read_context(CONTEXTS[provider.slug], datetime(2026, 1, 1, tzinfo=UTC))
    assert SECRET not in repr(context)
    send = FakeSend(provider.base_url(context.settings))
    send.on("", reply)
    client = client_for(provider, send, context.settings)
    gateway = Gateway(60.0)

    for call in (gateway.list(client, row, Query(limit=1)), gateway.get(client, row, "1", Query(limit=1))):
        with pytest.raises(ProviderError) as caught:
            await call
        error: BaseException | None = caught.value
        while error is not None:
            assert SECRET not in f"{error} {error!r}"
            error = error.__cause__
        assert not re.search("<[a-z]", caught.value.detail)


@pytest.mark.parametrize("provider", all_providers().values(), ids=all_providers())
def test_every_secret_that_is_asked_for_is_marked_and_every_required_field_is_refused_when_absent(
    provider: Provider,
) -> None:

    now = datetime(2026, 1, 1, tzinfo=UTC)
    fields = {field.name: field for field in provider.connect_fields}
    context = provider.read_context(CONTEXTS[provider.slug], now)

    assert set(context.secrets) <= {name for name, field in fields.items() if field.secret}
    assert not {name for name in context.settings if name in fields and fields[name].secret}
    for name in (name for name, field in fields.items() if field.required):
        given = {key: value for key, value in CONTEXTS[provider.slug].items() if key != name}
        with pytest.raises(ValueError, match="required"):
            provider.read_context(given, now)
