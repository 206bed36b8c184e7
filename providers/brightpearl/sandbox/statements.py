"""What contacts owe and are owed: the statement of all transactions, and the balance in one currency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.journal_posts import day_of
from providers.brightpearl.sandbox.journals import CREDITORS, DEBTORS
from providers.brightpearl.sandbox.replies import Reply, Row, unexplained
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import Store

INVOICES, PAYMENTS = ("SI", "SC", "PI", "PC"), ("SR", "PP")


def _controlled(journal: Row) -> tuple[Decimal, Row] | None:
    """What a journal does to its contact's account, in its own currency, and the line that does it."""
    found = [
        (sign * Decimal(line["transactionAmount"]), line)
        for side, sign in (("debits", 1), ("credits", -1))
        for line in journal[side]
        if line["nominalCode"] in (DEBTORS, CREDITORS)
    ]
    return (sum((amount for amount, _ in found), Decimal(0)), found[0][1]) if found else None


def _rows(store: Store) -> Iterator[Row]:
    paid: dict[int, Decimal] = {}
    documents: list[tuple[Row, Decimal, Row]] = []
    for journal in store.journals.values():
        controlled = _controlled(journal)
        if controlled is None or "contactId" not in journal:
            continue
        amount, line = controlled
        if journal["journalTypeCode"] in INVOICES:
            documents.append((journal, amount, line))
        elif journal["journalTypeCode"] in PAYMENTS:
            order_id = line.get("orderId", 0)
            paid[order_id] = paid.get(order_id, Decimal(0)) - amount
    for journal, amount, line in documents:
        order_id = line.get("orderId", 0)
        settled = paid.get(order_id, Decimal("0.00")) if order_id else Decimal("0.00")
        yield {
            "journalId": journal["id"],
            "orderId": order_id,
            "journalTypeCode": journal["journalTypeCode"],
            "journalDate": journal["taxDate"],
            "journalDueDate": journal.get("dueDate"),
            "reference": line.get("invoiceReference", ""),
            "customerReference": store.orders.get(order_id, {}).get("reference", ""),
            "invoiceAmount": str(amount),
            "paidAmount": str(settled),
            "dueAmount": str(amount - settled),
            "contactId": journal["contactId"],
            "currencyId": journal.get("currencyId"),
        }


STATEMENT = Search(
    columns=columns(
        Column("journalId", "IDSET"),
        Column("orderId", "IDSET"),
        Column("journalTypeCode", "STRING"),
        Column("journalDate", "PERIOD"),
        Column("journalDueDate", "PERIOD"),
        Column("reference", "STRING"),
        Column("customerReference", "STRING"),
        *(
            Column(name, "STRING", is_sortable=False, is_filterable=False)
            for name in ("invoiceAmount", "paidAmount", "dueAmount")
        ),
    ),
    rows=_rows,
    sorted_by="journalId",
    filters_only={"contactId": "INTEGER", "currencyId": "INTEGER"},
)


def get_balance(call: Call) -> Reply:
    """Open invoices less open credits of a contact in one currency, up to a day; null where there is nothing."""
    store, contact_id = call.store, call.number()
    currency = store.currency(call.parts[1])
    if currency is None:
        raise unexplained()
    asked = dict(call.params)
    first, last = (day_of(asked[name]) if name in asked else None for name in ("dateFrom", "dateTo"))
    total: Decimal | None = None
    for journal in store.journals.values():
        day = store.day_of(journal["taxDate"])
        is_asked = (first is None or first <= day) and (last is None or day <= last)
        is_theirs = journal.get("contactId") == contact_id and journal.get("currencyId") == currency["id"]
        controlled = _controlled(journal) if is_theirs and is_asked else None
        if controlled is not None:
            total = (total or Decimal(0)) + controlled[0]
    return Reply({"response": None if total is None else str(total)})


ROUTES: Routes = (("GET", "accounting-service/contact/*/currency/*/balance", get_balance, "get-contact-balance"),)
