"""Payments of orders: searched by order, summed by what each kind does to cash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from providers.brightpearl.idsets import IDS_MAX, id_set, read_set
from providers.brightpearl.search import PAGE_SIZE_MAX, search
from providers.brightpearl.wire import Payment, PaymentTotal
from providers.kit.client import Client
from providers.kit.errors import BadAnswer
from providers.kit.pages import chunks

PAGES_MAX = 1_000


async def read_payments(client: Client, path: str, order_ids: Sequence[int]) -> Mapping[int, list[Payment]]:
    """The payments of these orders, by order, in the order of their ids.

    `supplier-payment-search` always claims 500 results, so its pages go on while they are full.
    """
    found: dict[int, dict[int, Payment]] = {number: {} for number in order_ids}
    for chunk in chunks(sorted(set(order_ids)), IDS_MAX):
        first: int | None = 1
        for _ in range(PAGES_MAX):
            if first is None:
                break
            page = await search(
                client,
                path,
                [("orderId", id_set(chunk)), ("sort", "paymentId.ASC")],
                first,
                PAGE_SIZE_MAX,
                while_full=path.endswith("supplier-payment-search"),
            )
            before = sum(map(len, found.values()))
            for row in page.rows:
                payment = _payment(row)
                # A search that ignored the filter would give other orders' payments: they are left aside.
                if payment.orderId in found:
                    found[payment.orderId][payment.paymentId] = payment
            if page.next_result is not None and sum(map(len, found.values())) == before:
                break  # A full page of nothing new: the search repeats itself.
            first = page.next_result
    return {number: [payments[key] for key in sorted(payments)] for number, payments in found.items()}


def _payment(row: Mapping[str, object]) -> Payment:
    try:
        return msgspec.convert(row, Payment)
    except msgspec.ValidationError:
        raise BadAnswer("a payment cannot be read, so what is paid is not known") from None


async def read_totals(client: Client, path: str, order_ids: Sequence[int]) -> Mapping[int, PaymentTotal]:
    """What Brightpearl itself reports as paid."""
    found = await read_set(client, path, order_ids, PaymentTotal, lambda total: total.orderId, "orderId")
    return found.records
