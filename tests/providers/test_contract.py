"""What every provider's every row owes its callers, whoever the provider is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from app.errors import UnsupportedOperation
from app.gateway import Gateway, methods_of_collection, methods_of_member
from providers.kit.client import Client
from providers.kit.pages import Filter, Query, Sort, ValueKind
from providers.kit.provider import Provider
from providers.kit.registry import all_providers
from providers.kit.resource import AnyResource
from tests.providers.brightpearl import test_golden as brightpearl
from tests.providers.calls import CALLS_A_GET, CALLS_A_PAGE
from tests.providers.erpnext.frappe import recorded_site
from tests.providers.fake_send import FakeSend
from unified_models.catalogue import MODELS


@dataclass
class Books:
    """A provider's account in memory that holds records of every row."""

    send: FakeSend
    client: Callable[[], Client]


def _erpnext() -> Books:
    site = recorded_site()
    return Books(site.send, site.client)


def _brightpearl() -> Books:
    account = brightpearl.account()
    return Books(account.send, account.client)


BOOKS: dict[str, Callable[[], Books]] = {"erpnext": _erpnext, "brightpearl": _brightpearl}
ROWS = [
    pytest.param(provider, segment, id=f"{provider.slug} {segment}")
    for provider in all_providers().values()
    for segment in provider.resources
]


def test_every_provider_has_books_and_every_row_a_cost_here() -> None:
    keys = {(provider.slug, segment) for provider in all_providers().values() for segment in provider.resources}

    assert set(all_providers()) == set(BOOKS)
    assert keys == set(CALLS_A_PAGE) == set(CALLS_A_GET)


@pytest.mark.parametrize(("provider", "segment"), ROWS)
def test_a_row_is_of_a_known_model_and_names_the_source_of_every_field(provider: Provider, segment: str) -> None:
    row = provider.resources[segment]

    assert row.model is MODELS[segment]
    assert set(row.sources) == set(_fields(row.model)) - {"remote_data"}
    assert row.list_rules.calls
    assert row.get_calls


def _fields(model: Any, prefix: str = "") -> list[str]:
    """The fields of a model, dotted for those of its parts."""
    names: list[str] = []
    for name, hint in get_type_hints(model).items():
        if name.startswith("__"):
            continue
        names.append(f"{prefix}{name}")
        for part in (hint, *get_args(hint), *(each for arg in get_args(hint) for each in get_args(arg))):
            if isinstance(part, type) and issubclass(part, msgspec.Struct):
                names += _fields(part, f"{prefix}{name}.")
    return names


@pytest.mark.parametrize(("provider", "segment"), ROWS)
async def test_an_operation_that_is_left_out_says_so_and_names_what_exists(
    provider: Provider, segment: str
) -> None:
    row = replace(provider.resources[segment], list=None, get=None)
    gateway = Gateway(60.0)
    client = BOOKS[provider.slug]().client()

    for call in (gateway.list(client, row, Query(limit=1)), gateway.get(client, row, "1", Query(limit=1))):
        with pytest.raises(UnsupportedOperation):
            await call

    assert row.operations == ()
    assert methods_of_collection(row) == methods_of_member(row) == ()


@pytest.mark.parametrize(("provider", "segment"), ROWS)
@pytest.mark.parametrize("remote_data", [False, True])
async def test_a_list_gives_the_same_object_as_get_field_for_field(
    provider: Provider, segment: str, remote_data: bool
) -> None:
    row, books, gateway = provider.resources[segment], BOOKS[provider.slug](), Gateway(60.0)

    query: Query | None = Query(limit=3, remote_data=remote_data)
    seen = 0
    while query is not None:
        page = await gateway.list(books.client(), row, query)
        assert list(page.cautions) == []
        for record in page.records:
            got, cautions = await gateway.get(
                books.client(), row, record.id, Query(limit=1, remote_data=remote_data)
            )
            assert list(cautions) == []
            # The provider's own list row and document may differ; ours may not.
            assert (record.remote_data is msgspec.UNSET) is (got.remote_data is msgspec.UNSET) is (not remote_data)
            assert _plain(record) == _plain(got)
            seen += 1
        query = replace(query, position=page.next) if page.next is not None else None
    assert seen >= 1


def _plain(record: Any) -> Any:
    return msgspec.structs.replace(record, remote_data=msgspec.UNSET)


@pytest.mark.parametrize(("provider", "segment"), ROWS)
async def test_a_page_and_a_get_cost_no_more_calls_than_published(provider: Provider, segment: str) -> None:
    row, books, gateway = provider.resources[segment], BOOKS[provider.slug](), Gateway(60.0)
    warm = await gateway.list(books.client(), row, Query(limit=500))
    books.send.calls.clear()

    page = await gateway.list(books.client(), row, Query(limit=500))

    assert len(page.records) == len(warm.records) >= 1
    assert len(books.send.calls) <= CALLS_A_PAGE[provider.slug, segment]
    books.send.calls.clear()
    await gateway.get(books.client(), row, page.records[0].id, Query(limit=1))
    assert len(books.send.calls) <= CALLS_A_GET[provider.slug, segment]


def _filters(row: AnyResource) -> list[Filter]:

    samples: dict[ValueKind, Any] = {
        ValueKind.TEXT: "X",
        ValueKind.FLAG: True,
        ValueKind.DATE: date(2026, 1, 1),
        ValueKind.INSTANT: datetime(2026, 1, 1, tzinfo=UTC),
    }
    return [
        Filter(
            name=name,
            operator=operator,
            value=(rule.values or ("X", "Y"))
            if operator == "in"
            else rule.values[0]
            if rule.values
            else samples[rule.kind],
        )
        for name, rule in row.list_rules.filters.items()
        for operator in rule.operators
    ]


@pytest.mark.parametrize(("provider", "segment"), ROWS)
async def test_every_published_filter_and_sort_can_be_asked_for(provider: Provider, segment: str) -> None:
    row, books, gateway = provider.resources[segment], BOOKS[provider.slug](), Gateway(60.0)

    for condition in _filters(row):
        page = await gateway.list(books.client(), row, Query(limit=5, filters=(condition,)))
        assert list(page.cautions) == [], condition
    for name in row.list_rules.sorts:
        for descending in (False, True):
            sort = Sort(name=name, descending=descending)
            page = await gateway.list(books.client(), row, Query(limit=5, sort=sort))
            values = [getattr(record, name) for record in page.records]
            assert values == sorted(values, reverse=descending)
