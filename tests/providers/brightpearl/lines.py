"""Journals and their lines, made for tests in the documented shape, and the columns of their search."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

JOURNAL_COLUMNS = (
    *("journalId", "journalType", "orderId", "invoiceReference", "channelId", "nominalCode", "journalDate"),
    *("journalDebit", "journalCredit", "journalRef"),
    # Since 2016:
    *("currencyId", "exchangeRate", "contactId", "journalDueDate", "journalDateEntered", "journalRowId"),
)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def line(code: str, value: str, **more: Any) -> dict[str, Any]:
    return {"nominalCode": code, "change": {"value": value}, "transactionAmount": value, "assignment": {}, **more}


def journal(number: int, code: str = "JJ", lines: int = 2, **more: Any) -> dict[str, Any]:
    """A balanced journal made on the number's own minute: one debit, and so many credits that there are `lines`."""
    return {
        "id": number,
        "journalTypeCode": code,
        "taxDate": "2026-03-01T00:00:00.000Z",
        "createdOn": (START + timedelta(minutes=number)).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "taxReconciliation": {},
        "debits": [line("5000", f"{lines - 1}.00")],
        "credits": [line("1200", "1.00")] * (lines - 1),
        "currencyId": 1,
        "exchangeRate": "1.000000",
        **more,
    }
