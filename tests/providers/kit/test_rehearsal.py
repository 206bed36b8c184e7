"""A rehearsal asks the provider once for each right, and tells a refusal from all else that may go wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from providers.erpnext import provider
from providers.kit.client import Client
from providers.kit.errors import (
    Forbidden,
    NotFound,
    ProviderError,
    RateLimited,
    TimedOut,
    Unauthorised,
    Unavailable,
)
from providers.kit.pages import Query
from providers.kit.rehearsal import Call, Question, Rehearsal, Rehearsed, Told
from providers.kit.resource import AnyResource, Resource, Rows
from tests.providers.fake_send import FakeSend, client_for

ROOT = "https://books.example.com/"
SAID = {"provider_code": "PermissionError"}


def resource(*paths: str, pages: int = 1) -> AnyResource:
    """A list that reads these paths on its first page, and the last of them again on each further one."""

    async def read(client: Client, site: None, query: Query) -> Rows[Any]:
        del site
        page = int(query.position or 1)
        for path in paths if page == 1 else paths[-1:]:
            await client.get(path)
        return Rows(records=[], next=str(page + 1) if page < pages else None)

    rows = Resource(
        model=cast(Any, None), site=no_site, to_unified=cast(Any, None), id_of=str, sources={}, list=read
    )
    return cast(AnyResource, rows)


async def no_site(client: Client) -> None:
    del client


class Provider:
    """What each path is answered with, and how often it was asked for."""

    def __init__(self, **answers: Told | ProviderError) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.who: ProviderError | None = None

    def question_of(self, call: Call) -> Question:
        async def ask() -> Told:
            self.asked.append(call.path)
            found = self.answers.get(call.path, Told(b"{}"))
            if isinstance(found, ProviderError):
                raise found
            return found

        return Question(right=call.path, name=call.path, ask=ask, needs_whole="rows" in call.params)

    async def ask_who(self) -> None:
        self.asked.append("who")
        if self.who is not None:
            raise self.who

    async def rehearse(self, **resources: AnyResource) -> dict[str, Rehearsed]:
        client = client_for(provider, FakeSend(ROOT), {"site_url": ROOT.rstrip("/")})

        async def site_of(resource: AnyResource, client: Client) -> Any:
            return await resource.site(client)

        rehearsal = Rehearsal(client, question_of=self.question_of, site_of=site_of, who=self.ask_who)
        return dict(await rehearsal.of(resources))


def told(found: Rehearsed) -> tuple[bool, bool, tuple[str, ...]]:
    return found.is_listed, found.is_known, found.lacks


async def test_a_right_that_many_lists_need_is_asked_for_once() -> None:
    books = Provider()

    found = await books.rehearse(**{f"list{each}": resource("orders", f"own{each}") for each in range(6)})

    assert sorted(books.asked) == ["orders", *(f"own{each}" for each in range(6))]
    assert all(told(each) == (True, True, ()) for each in found.values())


async def test_a_refused_list_names_what_it_lacks() -> None:
    books = Provider(orders=Forbidden("no", **SAID))

    found = await books.rehearse(orders=resource("orders"), items=resource("items"))

    assert told(found["orders"]) == (False, True, ("orders",))
    assert found["orders"].words == "cannot read orders"
    assert told(found["items"]) == (True, True, ())


async def test_a_list_that_is_refused_on_a_later_page_is_only_limited() -> None:
    books = Provider(suppliers=Forbidden("no", **SAID))

    async def read(client: Client, site: None, query: Query) -> Rows[Any]:
        del site
        await client.get("customers" if query.position is None else "suppliers")
        return Rows(records=[], next="2")

    payments = resource("customers")
    object.__setattr__(payments, "list", read)

    assert told((await books.rehearse(payments=payments))["payments"]) == (True, True, ("suppliers",))


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("down"),
        TimedOut("late"),
        Forbidden("a page of HTML"),
        NotFound("a page of HTML"),
        RateLimited("enough"),
    ],
)
async def test_what_is_no_refusal_of_the_providers_is_unknown(error: ProviderError) -> None:
    found = await Provider(orders=error).rehearse(orders=resource("orders"))

    assert told(found["orders"]) == (False, False, ())


async def test_a_list_that_the_provider_says_it_does_not_have_cannot_be_read() -> None:
    found = await Provider(orders=NotFound("no", **SAID)).rehearse(orders=resource("orders"))

    assert told(found["orders"]) == (False, True, ("orders",))


async def test_what_a_list_could_do_without_leaves_it_known_but_not_whole() -> None:
    books = Provider(countries=Unavailable("down"))
    found = resource("items")

    async def site(client: Client) -> None:
        with pytest.raises(ProviderError):
            await client.get("countries")

    object.__setattr__(found, "site", site)

    came = (await books.rehearse(items=found))["items"]

    assert (told(came), came.is_whole) == ((True, True, ()), False)


async def test_an_outage_is_not_waited_for_by_every_list_anew() -> None:
    books = Provider(orders=Unavailable("down"))

    found = await books.rehearse(**{f"list{each}": resource("orders") for each in range(6)})

    assert books.asked == ["orders"]
    assert not any(each.is_known for each in found.values())


async def test_whoever_has_no_calls_left_is_not_asked_for_the_rest() -> None:
    books = Provider(list0=RateLimited("enough"))

    found = await books.rehearse(**{f"list{each}": resource(f"list{each}") for each in range(20)})

    assert len(books.asked) <= 4  # As many as go out at once.
    assert sum(not each.is_known for each in found.values()) >= 16


async def test_what_may_only_be_chosen_from_gives_no_rows_below_it() -> None:
    books = Provider(item=Told(b"{}", is_partial=True))

    async def read(client: Client, site: None, query: Query) -> Rows[Any]:
        del site, query
        await client.get("item")
        with pytest.raises(Forbidden):
            await client.get("item", [("rows", "1")])
        return Rows(records=[])

    items = resource("item")
    object.__setattr__(items, "list", read)

    assert told((await books.rehearse(items=items))["items"]) == (True, True, ("item",))


async def test_a_401_to_one_call_of_good_credentials_is_a_refusal_of_that_call() -> None:
    books = Provider(orders=Unauthorised("no"))

    found = await books.rehearse(orders=resource("orders"), items=resource("items"))

    assert told(found["orders"]) == (False, True, ("orders",))
    assert told(found["items"]) == (True, True, ())
    assert books.asked.count("who") == 1


async def test_a_401_to_credentials_that_are_refused_everywhere_ends_it() -> None:
    books = Provider(orders=Unauthorised("no"))
    books.who = Unauthorised("no")

    with pytest.raises(Unauthorised):
        await books.rehearse(**{f"list{each}": resource("orders") for each in range(6)})

    assert books.asked == ["orders", "who"]


async def test_a_401_is_unknown_while_nobody_says_who_we_are() -> None:
    books = Provider(orders=Unauthorised("no"))
    books.who = Unavailable("down")

    assert told((await books.rehearse(orders=resource("orders")))["orders"]) == (False, False, ())


async def test_a_list_that_never_ends_is_left() -> None:
    books = Provider()

    found = await books.rehearse(orders=resource("orders", pages=1_000_000))

    assert told(found["orders"]) == (True, True, ())


async def test_what_a_refused_list_lacks_beside_is_not_named() -> None:
    books = Provider(countries=Forbidden("no", **SAID), orders=Forbidden("no", **SAID))

    def of_countries(*, is_listed: bool) -> AnyResource:
        async def site(client: Client) -> None:
            with pytest.raises(Forbidden):
                await client.get("countries")

        found = resource("items" if is_listed else "orders")
        object.__setattr__(found, "site", cast(Callable[..., Any], site))
        return found

    found = await books.rehearse(orders=of_countries(is_listed=False), items=of_countries(is_listed=True))

    assert found["orders"].lacks == ("orders",)
    assert found["items"].lacks == ("countries",)
