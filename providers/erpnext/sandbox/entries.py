"""Which accounts a voucher debits and credits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from providers.erpnext.sandbox.amounts import ZERO, cents, number
from providers.erpnext.sandbox.sides import ORDERS, PURCHASE, SALE
from providers.erpnext.sandbox.store import Row, Store
from providers.erpnext.sandbox.totals import base_payable, company_currency, payable

Entry = dict[str, Any]
"""What a row of the ledger says beside its voucher."""


def entry(
    store: Store, account: str | None, debit: Decimal, debit_in_account: Decimal | None = None, **more: Any
) -> Entry:
    """A debit of an account; a negative one is a credit. Without an amount of its own, it is in base currency."""
    in_account = debit if debit_in_account is None else debit_in_account
    in_transaction = number(more.pop("in_transaction", None) or 0) or in_account
    known = store.documents["Account"].get(account or "", {})
    return {
        "account": account,
        "account_currency": known.get("account_currency"),
        **dict(zip(_AMOUNTS, (*_sides(debit), *_sides(in_account), *_sides(in_transaction)), strict=True)),
        **more,
    }


_AMOUNTS = [
    f"{side}{of}" for of in ("", "_in_account_currency", "_in_transaction_currency") for side in ("debit", "credit")
]


def _sides(amount: Decimal) -> tuple[float, float]:
    """A debit and a credit, one of which is nothing."""
    value = float(amount)
    return (value, 0.0) if value >= 0 else (0.0, -value)


def _invoice(store: Store, document: Row) -> Iterator[Entry]:
    side = SALE if "debit_to" in document else PURCHASE
    base = company_currency(store, document)
    dimensions = tuple(store.dimensions())
    owed, owed_in_account = base_payable(document) * side.sign, payable(document) * side.sign
    if document["party_account_currency"] == base:
        owed_in_account = owed
    is_own = document["update_outstanding_for_self"] or not document["return_against"]
    groups: dict[tuple[Any, ...], tuple[Decimal, Decimal]] = {}
    for line in document["items"]:
        key = (
            line[side.line_account],
            line["cost_center"],
            line["project"],
            *(line.get(name) for name in dimensions),
        )
        amount, net = groups.get(key, (ZERO, ZERO))
        groups[key] = (amount + number(line["base_net_amount"]), net + number(line["net_amount"]))
    yield entry(
        store,
        document[side.control],
        owed,
        owed_in_account,
        in_transaction=payable(document) * side.sign,
        against=",".join(sorted({str(key[0]) for key in groups})),
        party_type=side.party_type,
        party=document[side.party],
        against_voucher_type=side.doctype,
        against_voucher=document["name"] if is_own else document["return_against"],
        due_date=document["due_date"],
        cost_center=document["cost_center"],
        project=document["project"],
        **{name: document.get(name) for name in dimensions},
    )
    party = document[side.party]
    for (account, cost_center, project, *values), (amount, net) in groups.items():
        own = dict(zip(dimensions, values, strict=True))
        more = {"against": party, "cost_center": cost_center, "project": project, **own}
        yield entry(store, account, amount * -side.sign, in_transaction=net * -side.sign, **more)
    for tax in document["taxes"]:
        amount = number(tax["base_tax_amount"]) * -side.sign
        if amount:
            in_transaction = number(tax["tax_amount"]) * -side.sign
            more = {"against": party, "cost_center": tax["cost_center"]}
            yield entry(store, tax["account_head"], amount, in_transaction=in_transaction, **more)
    rounding = (number(document["base_grand_total"]) - base_payable(document)) * side.sign
    if rounding:
        company = store.documents["Company"].get(document["company"] or "", {})
        center = company.get("round_off_cost_center")
        yield entry(store, company.get("round_off_account"), rounding, against=party, cost_center=center)


def _payment(store: Store, document: Row) -> Iterator[Entry]:
    own = {name: document.get(name) for name in store.dimensions()}
    common = {"cost_center": document["cost_center"], "project": document["project"], **own}
    paid_from, paid_to = document["paid_from"], document["paid_to"]
    base_paid, base_received = number(document["base_paid_amount"]), number(document["base_received_amount"])
    paid, received = number(document["paid_amount"]), number(document["received_amount"])
    if document["payment_type"] == "Internal Transfer":
        yield entry(store, paid_from, -base_paid, -paid, against=paid_to, **common)
        yield entry(store, paid_to, base_received, received, against=paid_from, **common)
        return
    is_pay = document["payment_type"] == "Pay"
    bank, account = (paid_from, paid_to) if is_pay else (paid_to, paid_from)
    sign = 1 if is_pay else -1
    rate = number(document["target_exchange_rate" if is_pay else "source_exchange_rate"])
    party = {"party_type": document["party_type"], "party": document["party"], "against": bank, **common}
    # Money given back settles a credit note, whose amounts are negative.
    given_back = -1 if (document["party_type"] == "Supplier") != is_pay else 1
    for reference in document["references"]:
        amount = number(reference["allocated_amount"]) * given_back
        kind, name = reference["reference_doctype"], reference["reference_name"]
        if kind in ORDERS:
            kind, name = "Payment Entry", document["name"]  # An advance is against itself (measured).
        of = {"against_voucher_type": kind, "against_voucher": name}
        yield entry(store, account, cents(amount * rate) * sign, amount * sign, **party, **of)
    deducted = sum((number(each["amount"]) for each in document["deductions"]), ZERO)
    base_party = base_received - deducted if is_pay else base_paid + deducted
    left = base_party - number(document["base_total_allocated_amount"])
    if left:
        yield entry(store, account, left * sign, number(document["unallocated_amount"]) * sign, **party)
    amounts = (-base_paid, -paid) if is_pay else (base_received, received)
    yield entry(store, bank, *amounts, against=document["party"], **common)
    for each in document["deductions"]:
        more = {name: each.get(name) for name in own}
        center = {"cost_center": each["cost_center"], "against": document["party"], **more}
        yield entry(store, each["account"], number(each["amount"]), **center)


def _journal(store: Store, document: Row) -> Iterator[Entry]:
    dimensions = tuple(store.dimensions())
    for row in document["accounts"]:
        yield {
            **entry(
                store,
                row["account"],
                number(row["debit"]) - number(row["credit"]),
                number(row["debit_in_account_currency"]) - number(row["credit_in_account_currency"]),
            ),
            "against": row["against_account"],
            "party_type": row["party_type"],
            "party": row["party"],
            "against_voucher_type": row["reference_type"],
            "against_voucher": row["reference_name"],
            "voucher_detail_no": row["reference_detail_no"],
            "cost_center": row["cost_center"],
            "project": row["project"],
            **{name: row.get(name) for name in dimensions},
        }


VOUCHERS: Mapping[str, Callable[[Store, Row], Iterator[Entry]]] = {
    "Sales Invoice": _invoice,
    "Purchase Invoice": _invoice,
    "Payment Entry": _payment,
    "Journal Entry": _journal,
}
