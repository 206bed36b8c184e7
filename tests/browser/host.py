"""A SaaS product's settings page, on a site of its own, with the SDK in it."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

MODULE = Path(__file__).parents[2] / "sdk/link/index.js"

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Settings</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{sdk}<script type="module" src="/{kind}.js"></script>
</head><body><main><h1>Settings</h1><button id="connect">Connect your books</button>
<button>Elsewhere</button>
<output id="outcome" aria-label="Outcome"></output></main></body></html>"""

_WORK = """
const asked = new URLSearchParams(location.search);
const say = (outcome) => { document.querySelector("#outcome").textContent = JSON.stringify(outcome); };
const why = (reason) => say(typeof reason === "string" ? { rejected: reason }
  : { name: reason.name, error_type: reason.error_type, integration: reason.integration, message: reason.message });
document.querySelector("#connect").addEventListener("click", () => {
  authenticate(asked.get("token"), JSON.parse(asked.get("options") ?? "{}")).then(say, why);
});
result().then((found) => { if (found) say(found); }, why);
document.body.dataset.ready = "yes";
"""
_SCRIPTS = {
    "script": "const { authenticate, result } = Ledgerway;" + _WORK,
    "module": 'import { authenticate, result } from "/index.js";' + _WORK,
}


def host_page(gateway: str) -> Starlette:
    """The product, which knows the gateway's address. Its own security policy is as strict as the SDK allows."""
    policy = (
        f"default-src 'none'; script-src 'self' {gateway}; connect-src {gateway}; frame-src {gateway}; "
        "base-uri 'none'; form-action 'none'"
    )

    async def page(request: Request) -> Response:
        kind = "module" if "module" in request.query_params else "script"
        sdk = f'<script src="{gateway}/link-sdk.js"></script>' if kind == "script" else ""
        return HTMLResponse(_PAGE.format(sdk=sdk, kind=kind), headers={"content-security-policy": policy})

    async def script(request: Request) -> Response:
        return Response(_SCRIPTS[request.url.path[1:-3]], media_type="text/javascript")

    async def module(_: Request) -> Response:
        return Response(MODULE.read_bytes(), media_type="text/javascript")

    async def anything(request: Request) -> Response:
        """A page of somebody else's, that frames what it is told to."""
        framed = request.query_params.get("framed", "about:blank")
        return HTMLResponse(f'<!doctype html><html lang="en"><title>Other</title><iframe src="{framed}"></iframe>')

    return Starlette(
        routes=[
            Route("/", page),
            Route("/settings", page),
            Route("/script.js", script),
            Route("/module.js", script),
            Route("/index.js", module),
            Route("/other", anything),
        ]
    )
