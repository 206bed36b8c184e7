"""Reads movements of bank accounts: Brightpearl's journals of bank payments, receipts and transfers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from providers.brightpearl.idsets import sole
from providers.brightpearl.journals import dates_of, look_up, page_of, read_journals
from providers.brightpearl.plain import number_of
from providers.brightpearl.site import Site
from providers.brightpearl.wire_journals import Journal
from providers.kit.client import Client
from providers.kit.errors import NotFound
from providers.kit.pages import Query
from providers.kit.resource import Record, Rows

# Not SR and PP: what customers and suppliers pay is in `payments`, and would be counted twice.
CODES = {"spend": "BP", "receive": "BR", "transfer": "BT"}


async def list_movements(client: Client, site: Site, query: Query) -> Rows[Journal]:
    """One page: payments, then receipts, then transfers, each in the order of ids."""
    wanted = query.filter("transaction_type")
    codes = [CODES[str(wanted)]] if wanted is not None else list(CODES.values())
    return await page_of(client, site, query, codes, _values)


async def get_movement(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[Journal]:
    """One by the number of its journal."""
    del expand
    number = number_of(record_id)
    if number is None:
        raise NotFound("there is no such transaction")
    found = await read_journals(client, [number])
    journal = sole(found, number, "transaction")
    if journal.journalTypeCode not in CODES.values():
        raise NotFound("there is no such transaction")
    await look_up(client, site, [journal])
    return Record(wire=journal, remote_data=found.raws.get(number), cautions=site.cautions)


def _values(journal: Journal) -> Mapping[str, Callable[[], Any]]:
    # The type was asked for exactly; a search that passed over it would give others, which are left out.
    kinds = {code: kind for kind, code in CODES.items()}
    return {**dates_of(journal), "transaction_type": lambda: kinds.get(journal.journalTypeCode or "")}
