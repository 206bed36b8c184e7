"""The sandbox's books: orders and contacts as a GET gives them, payments as searches do, lists, and time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.trial import Balance, balances

CENT, SIX = Decimal("0.01"), Decimal("0.000001")
CUSTOMER, SUPPLIER = "customer", "supplier"


@dataclass(frozen=True, slots=True)
class OrderType:
    """What one of the four types of order has of its own."""

    code: str
    id: int
    name: str
    party: str
    status_id: int
    stock: str


TYPES = {
    kind.code: kind
    for kind in (
        OrderType("SO", 1, "SALES_ORDER", CUSTOMER, 3, "SO"),
        OrderType("PO", 2, "PURCHASE_ORDER", SUPPLIER, 6, "PO"),
        OrderType("SC", 3, "SALES_CREDIT", CUSTOMER, 10, "SC"),
        OrderType("PC", 4, "PURCHASE_CREDIT", SUPPLIER, 12, "PC"),
    )
}


class Payments(dict[int, Row]):
    """One side's payments by number, found by their order too: thousands are asked for at once."""

    def __init__(self) -> None:
        super().__init__()
        self._by_order: dict[int, dict[int, Row]] = {}

    def __setitem__(self, number: int, row: Row) -> None:
        super().__setitem__(number, row)
        self._by_order.setdefault(row["orderId"], {})[number] = row

    def __delitem__(self, number: int) -> None:
        del self._by_order[self[number]["orderId"]][number]
        super().__delitem__(number)

    def clear(self) -> None:
        """Forget them all."""
        super().clear()
        self._by_order.clear()

    def of_order(self, number: int) -> list[Row]:
        """An order's."""
        return list(self._by_order.get(number, {}).values())


class Store:
    """Everything the account holds."""

    def __init__(self, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self.zone = zone
        self._clock = clock
        self.orders: dict[int, Row] = {}
        self.contacts: dict[int, Row] = {}
        self.addresses: dict[int, Row] = {}
        self.payments: dict[str, Payments] = {CUSTOMER: Payments(), SUPPLIER: Payments()}
        self.journals: dict[int, Row] = {}
        self.products: dict[int, Row] = {}
        """Products as their search shows them, beside those that orders tell of."""
        self.prices: dict[tuple[int, int], dict[str, str]] = {}
        """Prices that were written, by product and price list."""
        self.notes: dict[int, Row] = {}
        """Notes on orders, each with its `orderId`."""
        self.goods_out: dict[int, Row] = {}
        self.goods_in: dict[int, Row] = {}
        self.webhooks: dict[int, Row] = {}
        self.pending: set[int] = set()
        """Purchases that were closed and not read since."""
        self.members: dict[int, set[int]] = {}
        """Contacts by the group they are in."""
        self.currencies: list[Row] = []
        self.lists: dict[str, list[Row]] = {}
        self.configuration: dict[str, str] = {}
        self.custom_fields: dict[str, dict[str, Row]] = {}
        """Definitions by what they belong to: sale, purchase, customer, supplier."""
        self.unstamped: set[int] = set()
        """Contacts that searches show without the updatedOn they have."""
        self.remembered: dict[Any, list[Row]] | None = None
        """Rows of searches in their order, where a large account is to answer fast; None to make them each time."""
        self._last: dict[str, int] = {}

    def changed(self) -> None:
        """Forget what searches remember: to be said by whoever changes the books by hand."""
        if self.remembered is not None:
            self.remembered.clear()

    def rate_at(self, code: str, moment: datetime) -> str:
        """Foreign units for one of the base, as the account had it then."""
        number = (self.currency(code) or {}).get("id")
        for row in self.lists["exchange-rate"]:
            # They stand newest first.
            if row["currencyId"] == number and datetime.fromisoformat(row["rateActiveFrom"]) <= moment:
                return str(Decimal(row["rate"]).quantize(SIX))
        return "1.000000"

    def trial_balance(self) -> dict[tuple[str, str], Balance]:
        """The account's own truth: what its journals' lines come to, by nominal code and currency."""
        return balances(self.journals.values(), self.currencies)

    def now(self) -> datetime:
        """The present instant."""
        return self._clock()

    def written(self, moment: datetime) -> str:
        """An instant as the account shows it: its own offset, milliseconds."""
        local = moment.astimezone(self.zone).isoformat(timespec="milliseconds")
        return local.removesuffix("+00:00") + "Z" if local.endswith("+00:00") else local

    def stamp(self) -> str:
        """The present, to the second, as changes are stamped."""
        return self.written(self.now().replace(microsecond=0))

    def utc_midnight(self, day: date) -> str:
        """A day as due dates and searches show it: midnight in UTC."""
        return self.written(datetime.combine(day, time(0), UTC))

    def local_midnight(self, day: date) -> str:
        """A day as tax dates on orders show it: midnight of the account."""
        return self.written(datetime.combine(day, time(0), self.zone))

    def day_of(self, written: str) -> date:
        """The day in the account's own zone."""
        return datetime.fromisoformat(written).astimezone(self.zone).date()

    def next_id(self, kind: str, taken: Iterable[int] = ()) -> int:
        """A number never used before."""
        number = max([self._last.get(kind, 0), *taken]) + 1
        self._last[kind] = number
        return number

    def use_id(self, kind: str, number: int) -> None:
        """Take note of a number that is in use."""
        self._last[kind] = max(self._last.get(kind, 0), number)

    def tax_code(self, code: str) -> Row | None:
        """A tax code by what rows call it."""
        return next((row for row in self.lists.get("tax-code", ()) if row["code"] == code), None)

    def status(self, number: int) -> Row | None:
        """An order status of the account."""
        return next((row for row in self.lists.get("order-status", ()) if row["statusId"] == number), None)

    def currency(self, code: str) -> Row | None:
        """A currency by its ISO code."""
        return next((row for row in self.currencies if row["code"] == code), None)

    def party_contact(self, order: Row) -> int | None:
        """Whom an order is with."""
        party = order["parties"].get(TYPES[order["orderTypeCode"]].party, {})
        number = party.get("contactId")
        return number if isinstance(number, int) else None

    def payments_of(self, order: Row) -> list[Row]:
        """An order's payments, on the side its type belongs to."""
        return self.payments[TYPES[order["orderTypeCode"]].party].of_order(order["id"])

    def touch_order(self, order: Row) -> None:
        """Stamp a change of an order. The stamp stands before createdById, as theirs does."""
        stamped: Row = {}
        for key, value in order.items():
            if key == "updatedOn":
                continue
            stamped[key] = value
            if key == "createdOn":
                stamped["updatedOn"] = self.stamp()
        stamped["version"] = stamped.get("version", 0) + 1
        order.clear()
        order.update(stamped)


def cents(amount: Decimal) -> Decimal:
    """An amount at two places."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def places(amount: Decimal, count: int) -> str:
    """An amount as text with so many places."""
    return str(amount.quantize(Decimal(1).scaleb(-count), ROUND_HALF_UP))


def money(code: str, amount: Decimal, count: int) -> Row:
    """An amount with its currency."""
    return {"currencyCode": code, "value": places(amount, count)}


def add_up(order: Row) -> None:
    """Bring an order's totals in line with its rows; tax is per row, the base by the rate."""
    rows = order["orderRows"].values()
    net = cents(sum((Decimal(row["rowValue"]["rowNet"]["value"]) for row in rows), Decimal(0)))
    tax = cents(sum((Decimal(row["rowValue"]["rowTax"]["value"]) for row in rows), Decimal(0)))
    rate = Decimal(order["currency"]["exchangeRate"])
    base_net, base_tax = cents(net / rate), cents(tax / rate)
    order["totalValue"] = {
        "net": str(net),
        "taxAmount": str(tax),
        "baseNet": str(base_net),
        "baseTaxAmount": str(base_tax),
        "baseTotal": str(base_net + base_tax),
        "total": str(net + tax),
    }


def settled(order: Row, payments: Iterable[Row]) -> str:
    """The payment status that an order's payments come to."""
    total = Decimal(order["totalValue"]["total"])
    if not order["orderRows"] or total == 0:
        return "NOT_APPLICABLE"
    signs: Mapping[str, int] = SIGNS[TYPES[order["orderTypeCode"]].party]
    paid = authorised = Decimal(0)
    for payment in payments:
        paid += signs.get(payment["paymentType"], 0) * Decimal(payment["amountPaid"])
        kind = {"AUTH": 1, "VOID": -1}.get(payment["paymentType"], 0)
        authorised += kind * Decimal(payment.get("amountAuthorized", "0"))
    if order["orderTypeCode"] in ("SC", "PC"):
        paid = -paid
    if paid >= total:
        return "PAID"
    if paid > 0:
        return "PARTIALLY_PAID"
    return "AUTHORIZED" if authorised > 0 else "UNPAID"


SIGNS: Mapping[str, Mapping[str, int]] = {
    CUSTOMER: {"RECEIPT": 1, "CAPTURE": 1, "PAYMENT": -1},
    SUPPLIER: {"PAYMENT": 1, "RECEIPT": -1},
}
"""What a payment does to what is paid: cash from a customer, cash to a supplier."""
