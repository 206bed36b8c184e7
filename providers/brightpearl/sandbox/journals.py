"""Journals: booked by invoices, payments and the bank, told whole by id set and line by line by a search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from providers.brightpearl.sandbox.calls import STAFF_ID, Call
from providers.brightpearl.sandbox.idsets import known, shuffled
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import CUSTOMER, TYPES, Store, cents

DEBTORS, CREDITORS, SALES_TAX, PURCHASE_TAX = "1100", "2100", "2200", "2201"
NO_TAX = "N"
_INVOICES = {"SO": "SI", "SC": "SC", "PO": "PI", "PC": "PC"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it moves in the books' currency and in the transaction's."""

    nominal: str
    base: Decimal
    amount: Decimal
    is_debit: bool
    tax_code: str = NO_TAX
    assignment: Mapping[str, int] | None = None
    """What the line is analysed by, where it is not what the whole journal is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a journal says of itself."""

    code: str
    made: datetime
    day: date
    currency: str
    rate: str
    description: str = ""
    contact_id: int | None = None
    due: str | None = None
    order_id: int = 0
    reference: str = ""
    assignment: Mapping[str, int] | None = None


def book(store: Store, header: Header, lines: Sequence[Line]) -> int:
    """A new journal's number. What does not balance is not booked."""
    debits, credits = ([line for line in lines if line.is_debit is side] for side in (True, False))
    if _sums(debits) != _sums(credits):
        raise ValueError("the journal does not balance")
    number = store.next_id("journal", (880,))
    currency = store.currency(header.currency) or {}
    store.journals[number] = {
        "id": number,
        **({"contactId": header.contact_id} if header.contact_id else {}),
        "journalTypeCode": header.code,
        "taxDate": store.local_midnight(header.day),
        **({"dueDate": header.due} if header.due else {}),
        "createdOn": store.written(header.made),
        "createdByContactId": STAFF_ID,
        **({"description": header.description} if header.description else {}),
        "taxReconciliation": {},
        "credits": [_line(header, line) for line in credits],
        "debits": [_line(header, line) for line in debits],
        "currencyId": currency["id"],
        "exchangeRate": header.rate,
    }
    return number


def _sums(lines: Sequence[Line]) -> tuple[Decimal, Decimal]:
    """In the books' currency and in the journal's own."""
    return sum((line.base for line in lines), Decimal(0)), sum((line.amount for line in lines), Decimal(0))


def _line(header: Header, line: Line) -> Row:
    return {
        "nominalCode": line.nominal,
        "change": {"value": str(line.base)},
        "assignment": dict((header.assignment if line.assignment is None else line.assignment) or {}),
        **({"orderId": header.order_id} if header.order_id else {}),
        **({"invoiceReference": header.reference} if header.reference else {}),
        "taxCode": line.tax_code,
        "transactionAmount": str(line.amount),
    }


def book_invoice(store: Store, order: Row, made: datetime) -> None:
    """The journal of an order that was invoiced: goods by tax code and nominal, tax, and the control account."""
    is_sale = TYPES[order["orderTypeCode"]].party == CUSTOMER
    # A sale and what is taken back of a purchase stand on the credit side.
    is_credited = order["orderTypeCode"] in ("SO", "PC")
    totals = {name: Decimal(text) for name, text in order["totalValue"].items()}
    lines = [Line(code, base, net, not is_credited, tax) for code, tax, base, net in _goods(order, totals)]
    if totals["taxAmount"]:
        tax = SALES_TAX if is_sale else PURCHASE_TAX
        lines.append(Line(tax, totals["baseTaxAmount"], totals["taxAmount"], not is_credited))
    if not lines:
        return
    control = DEBTORS if is_sale else CREDITORS
    lines.append(Line(control, totals["baseTotal"], totals["total"], is_credited))
    invoice, currency = order["invoices"][0], order["currency"]
    header = Header(
        code=_INVOICES[order["orderTypeCode"]],
        made=made,
        day=store.day_of(invoice["taxDate"]),
        currency=currency["orderCurrencyCode"],
        rate=currency["exchangeRate"],
        contact_id=store.party_contact(order),
        due=invoice.get("dueDate"),
        assignment=_assigned(order),
        order_id=order["id"],
        reference=invoice["invoiceReference"],
    )
    book(store, header, lines)


def _goods(order: Row, totals: Mapping[str, Decimal]) -> Iterator[tuple[str, str, Decimal, Decimal]]:
    """Net by nominal and tax code, in both currencies; what rounding leaves over is on the last."""
    nets: dict[tuple[str, str], Decimal] = {}
    for row in order["orderRows"].values():
        key = (row["nominalCode"], row["rowValue"]["taxCode"])
        nets[key] = nets.get(key, Decimal(0)) + Decimal(row["rowValue"]["rowNet"]["value"])
    rate = Decimal(order["currency"]["exchangeRate"])
    left, base_left = totals["net"], totals["baseNet"]
    for index, ((nominal, tax), net) in enumerate(nets.items(), start=1):
        is_last = index == len(nets)
        amount = left if is_last else cents(net)
        base = base_left if is_last else cents(amount / rate)
        left, base_left = left - amount, base_left - base
        yield nominal, tax, base, amount


def _assigned(order: Row) -> Mapping[str, int]:
    current = order["assignment"]["current"]
    return {name: current[name] for name in ("channelId", "projectId", "leadSourceId") if current.get(name)}


def book_payment(store: Store, side: str, payment: Row, made: datetime) -> int | None:
    """The journal of a payment whose method has a bank account for its currency."""
    bank = _bank_of(store, payment)
    kind, amount = payment["paymentType"], Decimal(payment["amountPaid"])
    order = store.orders.get(payment["orderId"])
    if bank is None or kind in ("AUTH", "VOID") or order is None:
        return None
    rate = order["currency"]["exchangeRate"]
    base = cents(amount / Decimal(rate))
    # Money comes in by receipts and captures, and goes out by payments, whichever side it is on.
    is_in = kind != "PAYMENT"
    control = DEBTORS if side == CUSTOMER else CREDITORS
    header = Header(
        code="SR" if side == CUSTOMER else "PP",
        made=made,
        day=store.day_of(payment["paymentDate"]),
        currency=payment["currencyCode"],
        rate=rate,
        description=f"{kind} {payment['transactionRef'] or ''}".strip(),
        contact_id=store.party_contact(order),
        order_id=order["id"],
        reference=order["invoices"][0]["invoiceReference"],
    )
    return book(store, header, [Line(bank, base, amount, is_in), Line(control, base, amount, not is_in)])


def _bank_of(store: Store, payment: Row) -> str | None:
    for method in store.lists["payment-method"]:
        for account in method["bankAccounts"]:
            if (method["code"], account["currencyIsoCode"]) == (
                payment["paymentMethodCode"],
                payment["currencyCode"],
            ):
                return str(account["bankAccountNominalCode"])
    return None


def get_journals(call: Call) -> Reply:
    """Whole journals by id set, in no order, one level down."""
    numbers = known(call.store.journals, call.id_set())
    if not numbers:
        raise nothing_found("No Journals Found")
    return Reply({"response": {"journals": [call.store.journals[number] for number in shuffled(numbers)]}})


def _rows(store: Store) -> Iterator[Row]:
    """A row for each line. Ids that a line does not have are 0."""
    taxes = {row["code"]: row["id"] for row in store.lists["tax-code"]}
    row_id = 0
    for journal in store.journals.values():
        for side in ("debits", "credits"):
            for line in journal[side]:
                row_id += 1
                is_debit = side == "debits"
                base, own = line["change"]["value"], line["transactionAmount"]
                yield {
                    "journalId": journal["id"],
                    "journalType": journal["journalTypeCode"],
                    "orderId": line.get("orderId", 0),
                    "invoiceReference": line.get("invoiceReference", ""),
                    "channelId": line["assignment"].get("channelId", 0),
                    "nominalCode": line["nominalCode"],
                    "journalDate": journal["taxDate"],
                    "journalDebit": base if is_debit else "0.00",
                    "journalCredit": "0.00" if is_debit else base,
                    "journalRef": journal.get("description", ""),
                    "currencyId": journal.get("currencyId"),
                    "exchangeRate": journal.get("exchangeRate"),
                    "transactionDebit": own if is_debit else "0.00",
                    "transactionCredit": "0.00" if is_debit else own,
                    "projectId": line["assignment"].get("projectId", 0),
                    "leadSourceId": line["assignment"].get("leadSourceId", 0),
                    "contactId": journal.get("contactId", 0),
                    "journalDueDate": journal.get("dueDate"),
                    "journalDateEntered": journal["createdOn"],
                    "createdContactId": journal["createdByContactId"],
                    "taxCodeId": taxes.get(line["taxCode"]),
                    "taxReconciliationDate": journal["taxReconciliation"].get("date"),
                    "taxPeriodId": journal["taxReconciliation"].get("taxPeriodId"),
                    "journalRowId": row_id,
                }


_AMOUNTS = ("journalDebit", "journalCredit", "transactionDebit", "transactionCredit")
_KINDS = {
    **dict.fromkeys(("journalId", "orderId"), "IDSET"),
    "invoiceReference": "SEARCH_STRING",
    **dict.fromkeys(
        ("channelId", "currencyId", "projectId", "leadSourceId", "contactId", "createdContactId", "taxCodeId"),
        "INTEGER",
    ),
    **dict.fromkeys(("taxPeriodId", "journalRowId"), "INTEGER"),
    **dict.fromkeys(("journalDate", "journalDueDate", "journalDateEntered", "taxReconciliationDate"), "PERIOD"),
}
_NAMES = (
    *("journalId", "journalType", "orderId", "invoiceReference", "channelId", "nominalCode", "journalDate"),
    *("journalDebit", "journalCredit", "journalRef", "currencyId", "exchangeRate", "transactionDebit"),
    *("transactionCredit", "projectId", "leadSourceId", "contactId", "journalDueDate", "journalDateEntered"),
    *("createdContactId", "taxCodeId", "taxReconciliationDate", "taxPeriodId", "journalRowId"),
)

JOURNALS = Search(
    columns=columns(
        *(
            Column(
                name,
                _KINDS.get(name, "STRING"),
                is_sortable=name not in _AMOUNTS,
                # Recorded in 2015: a journal cannot be searched for by its number.
                is_filterable=name not in (*_AMOUNTS, "journalId"),
            )
            for name in _NAMES
        )
    ),
    rows=_rows,
    sorted_by="journalId",
)
