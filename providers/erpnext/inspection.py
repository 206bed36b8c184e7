"""What is found out of an ERPNext site at connect."""

from __future__ import annotations

from providers.erpnext.site import check
from providers.kit.client import Client
from providers.kit.provider import Inspection


async def inspect(client: Client) -> Inspection:
    """All that can be told without a failure of any part losing the rest."""
    learnt = await check(client)
    return Inspection(settings=learnt, time_zone=learnt.get("time_zone"), base_currency=learnt.get("base_currency"))
