"""Invoices, credits, receipts and payments of invoices, posted as what they book: each a journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.journal_posts import (
    DIMENSIONS,
    amount_of,
    base_code,
    booked,
    currency_and_rate,
    day_of,
    is_bank,
    nominal_of,
    open_day,
    required,
)
from providers.brightpearl.sandbox.journals import CREDITORS, DEBTORS, PURCHASE_TAX, SALES_TAX, Header, Line
from providers.brightpearl.sandbox.replies import Reply, Row, unexplained
from providers.brightpearl.sandbox.store import CUSTOMER, SUPPLIER, TYPES, Store, cents


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document: its journal, its side, and whether its lines stand among the credits."""

    code: str
    side: str
    is_credited: bool

    @property
    def control(self) -> str:
        """The account that the whole stands on."""
        return DEBTORS if self.side == CUSTOMER else CREDITORS


INVOICES: Mapping[str, Kind] = {
    "sales-invoice": Kind("SI", CUSTOMER, True),
    "sales-credit": Kind("SC", CUSTOMER, False),
    "purchase-invoice": Kind("PI", SUPPLIER, False),
    "purchase-credit": Kind("PC", SUPPLIER, True),
}
# Money in stands against what customers owe, money out against what is owed to suppliers.
PAYMENTS: Mapping[str, Kind] = {
    "sales-receipt": Kind("SR", CUSTOMER, True),
    "purchase-payment": Kind("PP", SUPPLIER, False),
}


def post_invoice(kind: Kind, call: Call) -> Reply:
    """An invoice or a credit. Its order, if it has one, is not marked as invoiced: closing does that."""
    given, store = call.given(), call.store
    head = required(given, "header")
    if kind.side == SUPPLIER and not head.get("invoiceRef"):
        raise unexplained()
    code, rate = currency_and_rate(store, head)
    contact_id = _contact(store, kind, head)
    order_id = head.get("orderId", 0)
    if order_id and not _is_theirs(store, kind, order_id, contact_id):
        raise unexplained()
    lines: list[Line] = []
    tax_nominal = SALES_TAX if kind.side == CUSTOMER else PURCHASE_TAX
    for line in required(given, "lines"):
        lines += _lines(store, kind, line, rate, tax_nominal)
    due = head.get("dueDate")
    header = Header(
        code=kind.code,
        made=store.now().replace(microsecond=0),
        day=open_day(store, required(head, "taxDate")),
        currency=code,
        rate=str(rate),
        description=str(head.get("description", "")),
        contact_id=contact_id,
        due=store.utc_midnight(day_of(due)) if due else None,
        order_id=order_id,
        reference=str(head.get("invoiceRef", "")),
    )
    total, base = (sum((getattr(line, name) for line in lines), Decimal(0)) for name in ("amount", "base"))
    return booked(store, header, [*lines, Line(kind.control, base, total, kind.is_credited)])


def _lines(store: Store, kind: Kind, given: Row, rate: Decimal, tax_nominal: str) -> list[Line]:
    net, tax = amount_of(given.get("net")), amount_of(given.get("tax"))
    code = next((row["code"] for row in store.lists["tax-code"] if row["id"] == given.get("taxClassId")), None)
    nominal = nominal_of(store, given)
    if code is None or nominal in (DEBTORS, CREDITORS):
        raise unexplained()
    assigned = {name: given[name] for name in DIMENSIONS if given.get(name)}
    found = [Line(nominal, cents(net / rate), net, not kind.is_credited, code, assigned)]
    if tax:
        found.append(Line(tax_nominal, cents(tax / rate), tax, not kind.is_credited, code, assigned))
    return found


def _contact(store: Store, kind: Kind, head: Row) -> int:
    contact = store.contacts.get(head.get("contactId", 0))
    if contact is None or contact["relationshipToAccount"]["isSupplier"] != (kind.side == SUPPLIER):
        raise unexplained()
    return int(contact["contactId"])


def _is_theirs(store: Store, kind: Kind, order_id: int, contact_id: int) -> bool:
    order = store.orders.get(order_id)
    is_of_side = order is not None and TYPES[order["orderTypeCode"]].party == kind.side
    return order is not None and is_of_side and store.party_contact(order) == contact_id


def post_payment(kind: Kind, call: Call) -> Reply:
    """Money for invoices; an adjustment is what was lost or gained on the way."""
    return _pay(call.store, kind, call.given())


def _pay(store: Store, kind: Kind, given: Row) -> Reply:
    head = required(given, "header")
    code, rate = currency_and_rate(store, head)
    bank = str(required(head, "bankAccountNominalCode"))
    if not is_bank(store, bank):
        raise unexplained()
    contact_id = _contact(store, kind, head)
    paid = required(given, "payments")
    lines: list[Line] = []
    for payment in paid:
        lines += _paid(store, kind, payment, rate)
    left, base_left = (
        sum((getattr(line, name) * (1 if line.is_debit else -1) for line in lines), Decimal(0))
        for name in ("amount", "base")
    )
    is_in = kind.side == CUSTOMER
    sign = -1 if is_in else 1
    lines.append(Line(bank, sign * base_left, sign * left, is_in))
    header = Header(
        code=kind.code,
        made=store.now().replace(microsecond=0),
        day=open_day(store, required(head, "taxDate")),
        currency=code,
        rate=str(rate),
        description=str(head.get("description", "")),
        contact_id=contact_id,
        order_id=paid[0].get("orderId", 0),
        reference=str(paid[0].get("invoiceRef", "")),
    )
    return booked(store, header, lines)


def _paid(store: Store, kind: Kind, payment: Row, rate: Decimal) -> list[Line]:
    value = amount_of(payment.get("value"))
    found = [Line(kind.control, cents(value / rate), value, not kind.is_credited)]
    adjustment = payment.get("adjustment") or {}
    lost = amount_of(adjustment.get("value", 0))
    if lost:
        nominal = nominal_of(store, adjustment)
        found.append(Line(nominal, cents(lost / rate), lost, kind.is_credited))
    return found


def post_old_receipt(call: Call) -> Reply:
    """The deprecated way: one receipt for one order, in the books' own currency."""
    given, store = call.given(), call.store
    received = required(given, "received")
    header = {
        "contactId": given.get("customerId"),
        "bankAccountNominalCode": given.get("bankAccountNominalCode"),
        "description": given.get("description", ""),
        "taxDate": given.get("taxDate"),
        "currencyId": (store.currency(base_code(store)) or {})["id"],
    }
    payment = {
        "orderId": given.get("orderId", 0),
        "invoiceRef": given.get("invoiceReference", ""),
        "value": received.get("value"),
    }
    if received.get("currency") != base_code(store):
        raise unexplained()
    return _pay(store, PAYMENTS["sales-receipt"], {"header": header, "payments": [payment]})


_PATH = "accounting-service/invoice"
ROUTES: Routes = (
    *(("POST", f"{_PATH}/{name}", partial(post_invoice, kind), f"post-{name}") for name, kind in INVOICES.items()),
    *(("POST", f"{_PATH}/{name}", partial(post_payment, kind), f"post-{name}") for name, kind in PAYMENTS.items()),
    ("POST", "accounting-service/sales-receipt", post_old_receipt, "post-sales-receipt"),
)
