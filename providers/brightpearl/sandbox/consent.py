"""The sandbox's consent: the page that a person who is logged in to the account sees, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from providers.brightpearl.sandbox.access import ACCOUNT
from providers.kit.sandbox.consent import button, headers, page, points, text
from providers.kit.sandbox.grants import Client, Grants, Refused

_PROBLEMS = {
    "client": "No app of this reference is registered.",
    "redirect": "The address to return to is not one that the app has registered.",
}
_READS = "Read and write your orders, contacts, products and accounting records"


async def consent(request: Request, account: str, grants: Grants) -> Response:
    """The page on GET, and after its button (POST) the way back. Whoever must not be led back is told here."""
    is_answer = request.method == "POST"
    query = (await request.body()).decode("ascii", "replace") if is_answer else request.url.query
    asked = dict(parse_qsl(query))
    if account != ACCOUNT:
        return _stop("There is no account of this name.", 404)
    try:
        client = grants.asking(asked)
    except Refused as refused:
        return _stop(_PROBLEMS[refused.reason], 400)
    if asked.get("response_type") != "code":
        return _back(asked, {"error": "unsupported_response_type"})
    decision = asked.get("decision", "") if is_answer else grants.rules.consent
    if decision == "allow":
        return _back(asked, {"code": grants.code(asked)})
    if decision == "deny":
        return _back(asked, {"error": "access_denied"})
    return _ask(account, client, asked)


def _ask(account: str, client: Client, asked: Mapping[str, str]) -> Response:
    fields = [(name, value) for name, value in asked.items() if name != "decision"]
    inside = (
        text(f"{client.name} asks for access to the Brightpearl account {account}. It will be able to:")
        + points([_READS])
        + button("Allow", f"/authorize/{account}", [*fields, ("decision", "allow")])
        + button("Deny", f"/authorize/{account}", [*fields, ("decision", "deny")])
    )
    return _shown(f"Connect {client.name} to Brightpearl", inside)


def _back(asked: Mapping[str, str], told: Mapping[str, str]) -> Response:
    """To the app, with what it gave to know its own question by."""
    state = {"state": asked["state"]} if "state" in asked else {}
    uri = asked["redirect_uri"]
    return RedirectResponse(f"{uri}{'&' if '?' in uri else '?'}{urlencode({**told, **state})}", 302)


def _stop(words: str, status: int) -> Response:
    return _shown("Brightpearl cannot connect this app", text(words), status)


def _shown(title: str, inside: str, status: int = 200) -> Response:
    return HTMLResponse(page(title, inside), status, headers("DENY"))
