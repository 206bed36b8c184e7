"""The limits as a judge sets and reads them: windows of any length, a foreign app, a tally of each window."""

from itertools import pairwise
from typing import Any

import pytest

from tests.providers.brightpearl.sandbox.conftest import Talk

PATH = "order-service/order-type"


async def settings(talk: Talk, name: str, **given: Any) -> dict[str, Any]:
    answer = await talk.post(f"/__sandbox/{name}", json=given)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def statuses(talk: Talk, count: int) -> list[int]:
    return [(await talk.ask(PATH)).status_code for _ in range(count)]


async def test_a_window_is_as_long_and_begins_where_the_settings_say_and_its_headers_tell(talk: Talk) -> None:
    await settings(talk, "limits", calls=2, window_seconds=8, ahead_seconds=1.5)

    first = await talk.ask(PATH)
    talk.clock.move(2.499)
    second, third = await talk.ask(PATH), await talk.ask(PATH)
    talk.clock.move(0.001)
    fourth = await talk.ask(PATH)

    answers = [first, second, third, fourth]
    assert [answer.status_code for answer in answers] == [200, 200, 503, 200]
    assert [answer.headers["brightpearl-requests-remaining"] for answer in answers] == ["1", "0", "0", "1"]
    assert [answer.headers["brightpearl-next-throttle-period"] for answer in answers] == ["2500", "1", "1", "8000"]


async def test_each_window_has_a_tally_of_what_was_served_and_what_was_turned_away(talk: Talk) -> None:
    await settings(talk, "limits", calls=2, window_seconds=10)
    await statuses(talk, 3)
    talk.clock.move(10)
    await talk.ask("nowhere/at-all")

    told = await settings(talk, "limits")

    assert (told["calls"], told["window_seconds"]) == (2, 10.0)
    tally = [(each["pool"], each["spent"], each["served"], each["throttled"]) for each in told["windows"]]
    assert tally == [("private", 2, 2, 1), ("private", 1, 1, 0)]
    assert [each["starts_at"][11:19] for each in told["windows"]] == ["12:00:20", "12:00:30"]


async def test_a_foreign_app_spends_evenly_from_the_same_pool(talk: Talk) -> None:
    await settings(talk, "limits", calls=30, window_seconds=10)
    await settings(talk, "foreign", per_window=10, pattern="even")

    left = []
    for _ in range(4):
        left.append(int((await talk.ask(PATH)).headers["brightpearl-requests-remaining"]))
        talk.clock.move(2.5)
    told = (await settings(talk, "limits"))["windows"]

    assert left == [29, 25, 22, 18]
    assert [(each["spent"], each["foreign"], each["served"]) for each in told] == [(14, 10, 4)]


async def test_a_foreign_app_may_come_in_bursts(talk: Talk) -> None:
    await settings(talk, "limits", calls=300, window_seconds=10)
    await settings(talk, "foreign", per_window=60, pattern="bursts")

    left = []
    for _ in range(100):
        left.append(int((await talk.ask(PATH)).headers["brightpearl-requests-remaining"]))
        talk.clock.move(0.1)
    told = (await settings(talk, "limits"))["windows"]

    drops = [before - after - 1 for before, after in pairwise(left) if before - after > 1]
    assert drops
    assert all(drop % 20 == 0 for drop in drops)
    assert [(each["foreign"], each["served"]) for each in told] == [(60, 100)]


async def test_a_foreign_app_gets_no_more_than_is_left_and_nothing_of_what_went_by(talk: Talk) -> None:
    await settings(talk, "limits", calls=4, window_seconds=10)
    await statuses(talk, 3)
    talk.clock.move(5)
    await settings(talk, "foreign", per_window=100)
    talk.clock.move(4)

    assert await statuses(talk, 1) == [503]
    assert (await settings(talk, "limits"))["windows"][0]["foreign"] == 1


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("limits", {"calls": 0}),
        ("limits", {"window_seconds": 0}),
        ("limits", {"minutes": 1}),
        ("foreign", {"pattern": "odd"}),
        ("foreign", {"per_window": -1}),
    ],
)
async def test_settings_of_no_sense_are_refused(talk: Talk, name: str, given: dict[str, Any]) -> None:
    assert (await talk.post(f"/__sandbox/{name}", json=given)).status_code == 400


async def test_a_throttled_answer_on_request_is_the_one_of_a_spent_window(talk: Talk) -> None:
    await settings(talk, "limits", calls=1)
    await talk.post("/__sandbox/hardship", json={"kind": "throttled"})

    asked_for = await talk.ask(PATH)
    await talk.ask(PATH)
    spent = await talk.ask(PATH)

    unlike = ("ruid", "date")
    assert (asked_for.status_code, asked_for.text) == (spent.status_code, spent.text)
    assert {name: value for name, value in asked_for.headers.items() if name not in unlike} == {
        name: value for name, value in spent.headers.items() if name not in unlike
    }
