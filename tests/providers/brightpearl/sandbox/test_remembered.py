"""A full account remembers the rows of its searches: those that it would make anew, until the next write."""

from __future__ import annotations

import pytest

from providers.brightpearl.sandbox.quirks import Quirks
from providers.brightpearl.sandbox.search import run
from providers.brightpearl.sandbox.searches import SEARCHES
from tests.providers.brightpearl.sandbox.conftest import Talk

ASKED = (
    ("accounting-service/journal-search", (("journalType", "SI"), ("sort", "journalDateEntered.DESC"))),
    ("accounting-service/journal-search", (("nominalCode", "1200"), ("firstResult", "37"), ("pageSize", "37"))),
    ("accounting-service/customer-payment-search", (("paymentDate", "2026-01-01/2026-02-01"),)),
    ("order-service/order-search", (("orderId", "100-20000"), ("orderTypeId", "2"), ("sort", "updatedOn.ASC"))),
    ("contact-service/contact-search", (("companyName", "SAMPLE"), ("isSupplier", "true"))),
    ("product-service/product-search", (("productStatus", "DISCONTINUED"),)),
)


@pytest.mark.parametrize("talk", [{"size": "full"}], indirect=True)
async def test_what_is_remembered_is_what_would_be_made_and_a_write_is_seen(talk: Talk) -> None:
    for path, params in ASKED:
        talk.store.remembered = {}
        remembered = [run(SEARCHES[path], talk.store, Quirks(), params) for _ in range(2)]
        talk.store.remembered = None
        made = run(SEARCHES[path], talk.store, Quirks(), params)
        assert remembered == [made, made], path
        assert made["response"]["results"], path
    talk.store.remembered = {}
    number, order = talk.order("PO")["id"], "order-service/order"
    before = await talk.rows(f"{order}-search?orderId={number}")
    await talk.write("PUT", f"{order}/{number}/status", {"orderStatusId": 9})
    after = await talk.rows(f"{order}-search?orderId={number}")

    assert (before[0]["orderStatusId"] != 9, after[0]["orderStatusId"]) == (True, 9)


@pytest.mark.parametrize("talk", [{"size": "full"}], indirect=True)
async def test_a_change_by_hand_is_seen_once_it_is_said(talk: Talk) -> None:
    number, search = next(iter(talk.store.contacts)), "contact-service/contact-search"
    await talk.rows(f"{search}?contactId={number}")
    talk.store.contacts[number]["firstName"] = "Changed"

    talk.store.changed()

    assert (await talk.rows(f"{search}?contactId={number}"))[0]["firstName"] == "Changed"
