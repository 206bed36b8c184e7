"""What was done with credits, by the ledger of their parties: their own rows, and those of journals that used them.

A credit that is made against its invoice takes from that invoice by itself. One that was kept open is set against
others by a journal, which takes from them what it uses of the credit (both measured).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from providers.erpnext.decode import Read
from providers.erpnext.joins import names_of
from providers.erpnext.lists import read_list
from providers.erpnext.questions import Asked, Condition
from providers.erpnext.site import Site
from providers.erpnext.source import Join, Joining, Source
from providers.erpnext.wire import Document
from providers.erpnext.wire_credits import JOURNAL, LedgerRow
from providers.kit.client import Client


async def _read_uses(client: Client, site: Site, source: Source, heads: Sequence[Document]) -> Joining:
    """One call for the credits, and one more for the journals that used some of them."""
    del site
    names = names_of(heads)
    mine = await _ledger(client, or_filters=[["voucher_no", "in", names], ["against_voucher_no", "in", names]])
    users = users_of(source.doctype, names, mine.records)
    journals = sorted({journal for used_by in users.values() for journal in used_by})
    others: dict[str, list[LedgerRow]] = {}
    cautions = list(mine.cautions)
    if journals:
        read = await _ledger(client, filters=[["voucher_type", "=", JOURNAL], ["voucher_no", "in", journals]])
        cautions += read.cautions
        for row in read.records:
            others.setdefault(row.voucher_no or "", []).append(row)
    return Joining(
        rows={
            name: [
                *(row for row in mine.records if (row.voucher_type, row.voucher_no) == (source.doctype, name)),
                *(row for journal in users.get(name, ()) for row in others.get(journal, ())),
            ]
            for name in names
        },
        refused=mine.refused,
        cautions=tuple(replace(each, id=None, field=f"allocations.{each.field}") for each in cautions),
    )


async def _ledger(
    client: Client, *, filters: Sequence[Condition] = (), or_filters: Sequence[Condition] = ()
) -> Read[LedgerRow]:
    """Rows that count: those of what was undone are delinked."""
    asked = Asked(
        doctype="Payment Ledger Entry",
        filters=[["delinked", "=", 0], *filters],
        or_filters=or_filters,
        order_by="creation asc, name asc",
        limit=0,
    )
    return await read_list(client, asked, LedgerRow, ())


def users_of(doctype: str, names: Sequence[str], rows: Sequence[LedgerRow]) -> Mapping[str, list[str]]:
    """The journals that took something of each credit."""
    wanted = set(names)
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        is_ours = row.against_voucher_type == doctype and row.against_voucher_no in wanted
        if is_ours and row.voucher_type == JOURNAL and row.against_voucher_no and row.voucher_no:
            found.setdefault(row.against_voucher_no, {})[row.voucher_no] = None
    return {name: list(journals) for name, journals in found.items()}


USES = Join(field="uses", ours="allocations", read=_read_uses)
