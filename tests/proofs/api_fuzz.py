"""No made-up call brings a served gateway down or gets an answer that the OpenAPI does not tell of."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from providers.erpnext import sandbox as erpnext
from tests.app.erpnext_books import bill, item, sale
from tests.fuzz import CHECKS, Target, fuzz
from tests.proofs.process import command, running_gateway
from tests.world import served

DESCRIPTION = "every documented route of a served gateway, fuzzed by Schemathesis, each answer as documented"
EXAMPLES = 60
DOCUMENTS = {
    "Sales Invoice": [sale("A"), sale("S2")],
    "Purchase Invoice": [bill("B")],
    "Item": [item("X"), item("WIDGET/L")],
}


async def prove(scale: float) -> dict[str, float | int | str]:
    """At full scale 60 calls as documented and 60 that are not, of each operation."""
    examples = max(2, round(EXAMPLES * scale))
    box = erpnext.create_sandbox(documents=DOCUMENTS)
    with tempfile.TemporaryDirectory() as folder:
        async with served(box.app) as site, running_gateway(Path(folder)) as gateway:
            admin = await command(Path(folder), "admin-token", "create")
            context = {"site_url": site, "api_key": erpnext.API_KEY, "api_secret": erpnext.API_SECRET}
            account = await gateway.account("erpnext", context)
            target = Target(gateway.base_url, gateway.token, admin["token"], account, gateway.environment_id, site)
            counted = await asyncio.to_thread(fuzz, target, lambda path: True, examples)
            assert (await gateway.http.get("/readyz")).status_code == 200
    return {
        "calls": sum(counted.values()),
        "checks": len(CHECKS),
        **{f"answers_{status}": count for status, count in sorted(counted.items())},
    }
