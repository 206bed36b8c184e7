"""Rows that are not what they should be, found by mutating answers: each is told of, none is lost in silence."""

from __future__ import annotations

import pytest

from providers.brightpearl.idsets import read_list
from providers.brightpearl.search import numbers_of
from providers.brightpearl.wire_lists import ContactGroup, ContactGroupRecord
from providers.kit.exact import find_inexact
from tests.providers.brightpearl.account import Account
from tests.providers.fake_send import Reply


@pytest.mark.parametrize("number", [None, "7", 7.5, True, {}, []])
def test_a_search_row_whose_id_is_no_number_is_named(number: object) -> None:
    ids, cautions = numbers_of([{"orderId": 3}, {"orderId": number}, {}], "orderId")

    assert ids == [3]
    assert [(caution.code, caution.field) for caution in cautions] == [("wrong_type", "orderId")] * 2


async def test_a_row_that_holds_a_number_beyond_all_bounds_is_named() -> None:
    account = Account()
    body = b'{"response": [{"id": 1e400}, {"id": 2, "name": "A"}]}'
    account.send.on("contact-service/contact-group", lambda call: Reply(body))

    listed = await read_list(account.client(), "contact-service/contact-group", ContactGroup)

    assert [row.id for row, _ in listed.rows] == [2]
    assert [caution.code for caution in listed.cautions] == ["wrong_type"]


def test_a_record_with_a_field_named_members_is_searched_like_any() -> None:
    record = ContactGroupRecord(group=ContactGroup(id=1), members=[1, 2])

    assert find_inexact(record) is None
