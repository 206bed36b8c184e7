"""`/link/{token}/state`: where a link stands, for a page that waits and for the SDK on a known origin."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.api.link.shown import STATUS
from app.connect.brands import Brands
from app.connect.known import Known
from app.connect.links import BadLink, Links


async def told_state(links: Links, known: Known, brands: Brands, request: Request) -> Response:
    """The step, and the account once there is one."""
    headers = {"cache-control": "no-store", "vary": "Origin"}
    asking = request.headers.get("origin")
    try:
        link = await links.open(request.path_params["token"])
    except BadLink as bad:
        # Whoever holds no good link learns nothing by this.
        headers["access-control-allow-origin"] = "*"
        return JSONResponse(_body("expired", error_type="invalid_token"), STATUS[bad.kind], headers=headers)
    house = await brands.of(link.environment_id)
    if asking is not None and house is not None and asking in house.origins:
        headers["access-control-allow-origin"] = asking
    account = await known.made_by(link)
    if account is None:
        return JSONResponse(_body(link.step), headers=headers)
    return JSONResponse(_body(link.step, account.id, account.integration), headers=headers)


def _body(
    step: str, account_id: str | None = None, integration: str | None = None, error_type: str | None = None
) -> dict[str, str | None]:
    return {
        "step": step,
        "integrated_account_id": account_id,
        "integration": integration,
        "error_type": error_type,
    }
