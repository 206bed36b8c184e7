"""Reads the ledger's lists: nominal codes, tax codes, payment methods, currencies and their rates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

import msgspec

from providers.brightpearl.dates import calendar_date, instant
from providers.brightpearl.flags import state
from providers.brightpearl.idsets import Listed, read_list, read_set, sole
from providers.brightpearl.plain import Entry, Place, number_of, numbered, page, picked
from providers.brightpearl.search import PAGE_SIZE_MAX, remote_query, search
from providers.brightpearl.site import Site
from providers.brightpearl.wire_lists import (
    Currency,
    ExchangeRate,
    NominalCode,
    PaymentMethod,
    PaymentMethodRecord,
    TaxCode,
)
from providers.kit.client import Client, Params
from providers.kit.errors import BadAnswer, NotFound
from providers.kit.pages import Caution, Query
from providers.kit.references import meet
from providers.kit.resource import Record, Rows

NOMINALS = "accounting-service/nominal-code"
TAXES = "accounting-service/tax-code"
METHODS = "accounting-service/payment-method"
RATES = "accounting-service/exchange-rate"
CURRENCIES = "accounting-service/currency-search"
PAGES_MAX = 20


async def list_accounts(client: Client, site: Site, query: Query) -> Rows[NominalCode]:
    """One page of the nominal codes."""
    listed = await read_list(client, NOMINALS, NominalCode, params=query.remote_query)
    await meet(client, site.currencies, [row.currencyId or None for row, _ in listed.rows])
    entries = [numbered(row.id, row, raw) for row, raw in listed.rows]
    return page(entries, listed.cautions, query, _account_values, always=site.cautions)


async def get_account(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[NominalCode]:
    """One nominal code by its id."""
    del expand
    number = number_of(record_id)
    if number is None:
        raise NotFound("there is no such account")
    found = await read_set(client, NOMINALS, [number], NominalCode, lambda row: row.id, "id", with_raw=True)
    account = sole(found, number, "account")
    await meet(client, site.currencies, [account.currencyId or None])
    return Record(wire=account, remote_data=found.raws.get(number), cautions=site.cautions)


def _account_values(account: NominalCode) -> Mapping[str, Callable[[], Any]]:
    return {
        "code": lambda: account.code,
        "name": lambda: account.name,
        "status": lambda: state(account.active),
        "is_bank": lambda: account.bank,
    }


async def list_tax_rates(client: Client, site: Site, query: Query) -> Rows[TaxCode]:
    """One page of the tax codes."""
    listed = await read_list(client, TAXES, TaxCode, params=query.remote_query)
    entries = [numbered(row.id, row, raw) for row, raw in listed.rows]
    return page(
        entries,
        listed.cautions,
        query,
        lambda tax: {"code": lambda: tax.code, "name": lambda: tax.description},
        always=site.cautions,
    )


async def get_tax_rate(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[TaxCode]:
    """One tax code by its id."""
    del expand
    number = number_of(record_id)
    if number is None:
        raise NotFound("there is no such tax rate")
    found = await read_set(client, TAXES, [number], TaxCode, lambda row: row.id, "id", with_raw=True)
    return Record(wire=sole(found, number, "tax rate"), remote_data=found.raws.get(number), cautions=site.cautions)


async def list_methods(client: Client, site: Site, query: Query) -> Rows[PaymentMethodRecord]:
    """One page of the payment methods."""
    entries, cautions = await _methods(client, site, query.remote_query)
    return page(
        entries,
        cautions,
        query,
        lambda record: {
            "code": lambda: record.method.code,
            "name": lambda: record.method.name,
            "status": lambda: state(record.method.isActive),
        },
        always=site.cautions,
    )


async def get_method(
    client: Client, site: Site, record_id: str, expand: frozenset[str]
) -> Record[PaymentMethodRecord]:
    """One payment method, out of the whole list: only there its id is sure to be found."""
    del expand
    entries, _ = await _methods(client, site, ())
    return picked(entries, record_id, "payment method", site.cautions)


async def _methods(
    client: Client, site: Site, params: Params
) -> tuple[list[Entry[PaymentMethodRecord]], list[Caution]]:
    listed = await read_list(client, METHODS, PaymentMethod, params=params)
    searched = await _ids_by_code(client) if any(_method_id(row) is None for row, _ in listed.rows) else {}
    entries: list[Entry[PaymentMethodRecord]] = []
    cautions = listed.cautions
    for method, raw in listed.rows:
        number = _method_id(method) or searched.get(method.code or "")
        if number is None:
            cautions.append(Caution(code="wrong_type", field="bankAccounts[0].paymentMethodId", remote_data=raw))
        else:
            entries.append(numbered(number, PaymentMethodRecord(id=number, method=method), raw))
    banks = [bank.bankAccountNominalCode for row, _ in listed.rows for bank in row.bankAccounts]
    await meet(client, site.nominals, banks)
    return entries, cautions


def _method_id(method: PaymentMethod) -> int | None:
    return next((bank.paymentMethodId for bank in method.bankAccounts if bank.paymentMethodId), None)


async def read_method_ids(client: Client) -> Mapping[str, str]:
    """Every payment method's id by its code, which is what payments carry."""
    listed = await read_list(client, METHODS, PaymentMethod)
    searched = await _ids_by_code(client) if any(_method_id(row) is None for row, _ in listed.rows) else {}
    pairs = [(row.code, _method_id(row) or searched.get(row.code or "")) for row, _ in listed.rows]
    return {code: str(number) for code, number in pairs if code and number}


async def _ids_by_code(client: Client) -> Mapping[str, int]:
    """Ids by code from the search, which has a row for each currency of a method."""
    rows = await search_rows(client, "accounting-service/payment-method-search", [])
    return {
        row["code"]: row["id"]
        for row in rows
        if isinstance(row.get("code"), str) and isinstance(row.get("id"), int)
    }


async def list_currencies(client: Client, site: Site, query: Query) -> Rows[Currency]:
    """One page of the currencies, which only a search tells."""
    entries, cautions = await _currencies(client, remote_query(query, [("sort", "id.ASC")]))
    return page(
        entries,
        cautions,
        query,
        lambda currency: {"code": lambda: currency.code, "is_base": lambda: currency.isDefault},
        always=site.cautions,
    )


async def get_currency(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[Currency]:
    """One currency, out of the whole list: that it can be asked for by id is only inferred."""
    del expand
    entries, _ = await _currencies(client, ())
    return picked(entries, record_id, "currency", site.cautions)


async def _currencies(client: Client, params: Params) -> tuple[list[Entry[Currency]], list[Caution]]:
    entries: list[Entry[Currency]] = []
    cautions: list[Caution] = []
    for row in await search_rows(client, CURRENCIES, [("sort", "id.ASC"), *params]):
        try:
            currency = msgspec.convert(row, Currency)
        except msgspec.ValidationError:
            cautions.append(Caution(code="wrong_type", id=str(row.get("id")), remote_data=row))
        else:
            entries.append(numbered(currency.id, currency, row))
    return entries, cautions


async def search_rows(client: Client, path: str, params: Params) -> list[Mapping[str, Any]]:
    """All rows of a search that is known to be short."""
    rows: list[Mapping[str, Any]] = []
    first: int | None = 1
    for _ in range(PAGES_MAX):
        if first is None:
            return rows
        found = await search(client, path, params, first, PAGE_SIZE_MAX)
        rows += found.rows
        first = found.next_result
    raise BadAnswer("Brightpearl's list is longer than it may be")


async def list_rates(client: Client, site: Site, query: Query) -> Rows[ExchangeRate]:
    """One page of the exchange rates, by currency and by the moment each came into force."""
    listed = await read_list(client, RATES, ExchangeRate, "currencyId", params=query.remote_query)
    await meet(client, site.currencies, [row.currencyId for row, _ in listed.rows])
    return page(
        _rates(listed),
        listed.cautions,
        query,
        lambda rate: {
            "to_currency": lambda: site.currencies.get(rate.currencyId),
            "date": lambda: calendar_date(rate.rateActiveFrom),
        },
        _place_of_rate,
        site.cautions,
    )


async def get_rate(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[ExchangeRate]:
    """One rate, out of the whole list: rates have no ids of their own."""
    del expand
    listed = await read_list(client, RATES, ExchangeRate, "currencyId")
    found = picked(_rates(listed), record_id, "exchange rate", site.cautions)
    await meet(client, site.currencies, [found.wire.currencyId])
    return found


def _rates(listed: Listed[ExchangeRate]) -> list[Entry[ExchangeRate]]:
    return [Entry(rate_id(row), _place_of_rate(rate_id(row)), row, raw) for row, raw in listed.rows]


def rate_id(rate: ExchangeRate) -> str:
    """The currency, and the moment in UTC: the offset it is shown with changes with the season."""
    try:
        moment = instant(rate.rateActiveFrom)
    except ValueError:
        moment = None  # Its mapping reports it.
    shown = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else rate.rateActiveFrom
    return f"{rate.currencyId}@{shown}"


def _place_of_rate(rate_id: str) -> Place:
    number, _, moment = rate_id.partition("@")
    return (int(number), moment)
