"""What mappers must know of a Brightpearl account: its own statuses, currencies and configuration."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from providers.brightpearl.search import search
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, ProviderError
from providers.kit.pages import Caution
from providers.kit.provider import Settings

KEPT_SECONDS = 3_600.0
PAGES_MAX = 20

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """An account's reference records; what it would not tell is None, and named in `cautions`."""

    configuration: Mapping[str, str] = field(default_factory=dict)
    status_states: Mapping[int, str] = field(default_factory=dict)
    currencies: Mapping[int, str] = field(default_factory=dict)
    cautions: tuple[Caution, ...] = ()

    def status_id(self, name: str) -> int | None:
        """An order status that the account's configuration names."""
        found = self.configuration.get(name, "")
        return int(found) if found.isdigit() else None


class _Configuration(msgspec.Struct, frozen=True):
    configuration: dict[str, str | None]


class _ConfigurationAnswer(msgspec.Struct, frozen=True):
    response: _Configuration


class _Status(msgspec.Struct, frozen=True):
    statusId: int
    state: str | None = None


class _StatusAnswer(msgspec.Struct, frozen=True):
    response: list[_Status]


async def order_site(client: Client) -> Site:
    """What orders need."""
    cautions: list[Caution] = []
    configuration = await _kept(client, "configuration", read_configuration, cautions, "status")
    states = await _kept(client, "order_statuses", _order_statuses, cautions, "status")
    return Site(configuration=configuration or {}, status_states=states or {}, cautions=tuple(cautions))


async def contact_site(client: Client) -> Site:
    """What contacts need."""
    cautions: list[Caution] = []
    currencies = await _kept(client, "currencies", _currencies, cautions, "currency")
    return Site(currencies=currencies or {}, cautions=tuple(cautions))


async def _kept(
    client: Client,
    key: str,
    load: Callable[[Client], Awaitable[T]],
    cautions: list[Caution],
    field_name: str,
) -> T | None:
    """A reference record, kept for an hour; a caution where the account does not give it."""

    async def guarded() -> T | None:
        try:
            return await load(client)
        except ProviderError as error:
            if error.retryable and not isinstance(error, BadAnswer):
                raise
            return None

    found = await client.references.get(key, KEPT_SECONDS, guarded)
    if found is None:
        cautions.append(Caution(code="reference_unknown", field=field_name, detail=key))
    return found


async def read_configuration(client: Client) -> Mapping[str, str]:
    """The account's configuration: base currency, time zone, the statuses it uses."""
    body = await client.get("integration-service/account-configuration")
    try:
        found = msgspec.json.decode(body, type=_ConfigurationAnswer).response.configuration
    except msgspec.DecodeError:
        raise BadAnswer("Brightpearl's account configuration cannot be read") from None
    return {name: value for name, value in found.items() if value is not None}


async def _order_statuses(client: Client) -> Mapping[int, str]:
    body = await client.get("order-service/order-status")
    try:
        found = msgspec.json.decode(body, type=_StatusAnswer).response
    except msgspec.DecodeError:
        raise BadAnswer("Brightpearl's order statuses cannot be read") from None
    return {status.statusId: status.state for status in found if status.state}


async def _currencies(client: Client) -> Mapping[int, str]:
    found: dict[int, str] = {}
    first: int | None = 1
    for _ in range(PAGES_MAX):
        if first is None:
            break
        page = await search(client, "accounting-service/currency-search", [], first, 500)
        for row in page.rows:
            number, code = row.get("id"), row.get("code")
            if isinstance(number, int) and isinstance(code, str):
                found[number] = code
        first = page.next_result
    return found


async def check(client: Client) -> Settings:
    """Who the credentials belong to, by the cheapest call there is; what is learnt at connect."""
    configuration: Mapping[str, Any] = await read_configuration(client)
    return {
        "base_currency": configuration.get("baseCurrencyCode"),
        "time_zone": configuration.get("timeZone"),
    }
