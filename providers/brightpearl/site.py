"""What mappers must know of a Brightpearl account: its own statuses, currencies, nominals and configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec

from providers.brightpearl.idsets import read_list
from providers.brightpearl.search import search
from providers.brightpearl.wire_lists import NominalCode, TaxCode
from providers.brightpearl.wire_products import PriceList
from providers.kit.client import Client
from providers.kit.errors import BadAnswer
from providers.kit.pages import Caution
from providers.kit.provider import Settings
from providers.kit.references import Reference, table

PAGES_MAX = 20
CONFIGURATION_PATH = "integration-service/account-configuration"


@dataclass(frozen=True, slots=True)
class Nominal:
    """What a nominal code stands for."""

    id: str
    is_bank: bool


@dataclass(frozen=True, slots=True)
class Site:
    """An account's reference records; what it would not tell is empty, and named in `cautions`."""

    configuration: Mapping[str, str] = field(default_factory=dict)
    status_states: Mapping[int, str] = field(default_factory=dict)
    currencies: Mapping[int, str] = field(default_factory=dict)
    nominals: Mapping[str, Nominal] = field(default_factory=dict)
    tax_codes: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    brands: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    price_lists: Mapping[int, PriceList] = field(default_factory=dict)
    today: date | None = None
    cautions: tuple[Caution, ...] = ()

    def status_id(self, name: str) -> int | None:
        """An order status that the account's configuration names."""
        found = self.configuration.get(name, "")
        return int(found) if found.isdigit() else None

    @property
    def base_currency(self) -> str | None:
        """ISO 4217 code of the books."""
        return self.configuration.get("baseCurrencyCode") or None


class _Configuration(msgspec.Struct, frozen=True):
    configuration: dict[str, str | None]


class _ConfigurationAnswer(msgspec.Struct, frozen=True):
    response: _Configuration


class _Status(msgspec.Struct, frozen=True):
    statusId: int
    state: str | None = None


class _StatusAnswer(msgspec.Struct, frozen=True):
    response: list[_Status]


async def no_site(client: Client) -> Site:
    """What records need that carry everything themselves."""
    del client
    return Site()


async def configured_site(client: Client) -> Site:
    """What needs the account's configuration alone."""
    cautions: list[Caution] = []
    configuration = await table(client, CONFIGURATION, "currency", cautions)
    return Site(configuration=configuration, cautions=tuple(cautions))


async def order_site(client: Client) -> Site:
    """What orders need."""
    cautions: list[Caution] = []
    configuration = await table(client, CONFIGURATION, "status", cautions)
    states = await table(client, ORDER_STATUSES, "status", cautions)
    return Site(configuration=configuration, status_states=states, cautions=tuple(cautions))


async def currency_site(client: Client) -> Site:
    """What contacts and accounts need."""
    cautions: list[Caution] = []
    currencies = await table(client, CURRENCIES, "currency", cautions)
    return Site(currencies=currencies, cautions=tuple(cautions))


async def nominal_site(client: Client) -> Site:
    """What payment methods need."""
    cautions: list[Caution] = []
    nominals = await table(client, NOMINALS, "accounts", cautions)
    return Site(nominals=nominals, cautions=tuple(cautions))


async def ledger_site(client: Client) -> Site:
    """What journals need."""
    cautions: list[Caution] = []
    configuration = await table(client, CONFIGURATION, "base_currency", cautions)
    currencies = await table(client, CURRENCIES, "currency", cautions)
    nominals = await table(client, NOMINALS, "account", cautions)
    tax_codes = await table(client, TAX_CODES, "tax_rate", cautions)
    return Site(
        configuration=configuration,
        currencies=currencies,
        nominals=nominals,
        tax_codes=tax_codes,
        cautions=tuple(cautions),
    )


async def rate_site(client: Client) -> Site:
    """What exchange rates need."""
    cautions: list[Caution] = []
    configuration = await table(client, CONFIGURATION, "from_currency", cautions)
    currencies = await table(client, CURRENCIES, "to_currency", cautions)
    return Site(configuration=configuration, currencies=currencies, cautions=tuple(cautions))


async def read_configuration(client: Client) -> Mapping[str, str]:
    """The account's configuration: base currency, time zone, the statuses it uses."""
    body = await client.get(CONFIGURATION_PATH)
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


async def _nominals(client: Client) -> Mapping[str, Nominal]:
    listed = await read_list(client, "accounting-service/nominal-code", NominalCode)
    return {row.code: Nominal(str(row.id), row.bank is True) for row, _ in listed.rows if row.code}


async def _tax_codes(client: Client) -> Mapping[str, str]:
    listed = await read_list(client, "accounting-service/tax-code", TaxCode)
    return {row.code: str(row.id) for row, _ in listed.rows if row.code}


CONFIGURATION = Reference("configuration", read_configuration)
ORDER_STATUSES = Reference("order_statuses", _order_statuses)
CURRENCIES = Reference("currencies", _currencies)
NOMINALS = Reference("nominals", _nominals)
TAX_CODES = Reference("tax_codes", _tax_codes)


async def check(client: Client) -> Settings:
    """Who the credentials belong to, by the cheapest call there is; what is learnt at connect."""
    return learnt_of(await read_configuration(client))


def learnt_of(configuration: Mapping[str, str]) -> Mapping[str, str | None]:
    """What is kept of the configuration with the account."""
    return {
        "base_currency": configuration.get("baseCurrencyCode"),
        "time_zone": configuration.get("timeZone"),
    }
