"""The sandbox's OAuth: Frappe's own methods from consent to introspection, and its page to log in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from providers.erpnext.sandbox.access import Access
from providers.erpnext.sandbox.replies import FrappeError, answer
from providers.kit.sandbox.consent import button, headers, page, points, text
from providers.kit.sandbox.grants import Client, Pair, Refused

SCOPES = "all openid"
USER = {"name": "Gateway", "given_name": "Gateway", "family_name": None, "email": "gateway@acme.example"}
_ROOT = "/api/method/frappe.integrations.oauth2."
_APPROVE = f"{_ROOT}approve"
_DETAILS = ("All", "Full Name", "Email", "User Image", "Roles")
_MISMATCH = "Mismatching redirect URI."
_PROBLEMS = {"client": "Invalid client_id parameter value.", "redirect": _MISMATCH}


class OAuth:
    """The methods, by their names."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._methods = {
            "authorize": self._authorize,
            "approve": self._approve,
            "get_token": self._get_token,
            "revoke_token": self._revoke,
            "introspect_token": self._introspect,
            "openid_profile": self._profile,
            "openid_configuration": self._configuration,
        }

    async def answered(self, request: Request, segments: Sequence[str]) -> Response | None:
        """The answer where the path is one of OAuth's, or leads there; else None."""
        if segments == ["login"]:
            return await self._log_in(request)
        if segments == [".well-known", "openid-configuration"]:
            return RedirectResponse(f"{_ROOT}openid_configuration", 301)
        path = "/" + "/".join(segments)
        method = self._methods.get(path.removeprefix(_ROOT)) if path.startswith(_ROOT) else None
        return None if method is None else await method(request)

    async def _log_in(self, request: Request) -> Response:
        """Any press of the button logs in, and leads back to where the browser came from."""
        if request.method != "POST":
            inside = text("This is a sandbox: it takes nobody's password.")
            inside += button("Login", str(request.url.replace(scheme="", netloc="")), [])
            return _shown("Login to ERPNext", inside)
        target = urlsplit(request.query_params.get("redirect-to", ""))
        is_here = target.netloc in ("", request.headers.get("host"))
        to = f"{target.path or '/app'}?{target.query}" if is_here else "/app"
        response = RedirectResponse(to, 302)
        response.set_cookie("sid", self._access.log_in(), httponly=True, samesite="lax")
        return response

    async def _authorize(self, request: Request) -> Response:
        if not self._is_logged_in(request):
            return RedirectResponse(f"/login?{urlencode({'redirect-to': str(request.url)}, quote_via=quote)}", 302)
        client = self._asking(request)
        if isinstance(client, Response):
            return client
        asked = dict(request.query_params)
        # The real page's button forgets `state`, too.
        denied = f"{asked['redirect_uri']}?error=access_denied"
        consent = self._access.grants.rules.consent
        if consent != "ask":
            return RedirectResponse(denied if consent == "deny" else f"{_APPROVE}?{request.url.query}", 302)
        inside = (
            text(f"{client.name} wants to access the following details from your account")
            + points(_DETAILS)
            + button("Deny", asked["redirect_uri"], [("error", "access_denied")], method="get")
            + button("Allow", _APPROVE, asked.items(), method="get")
        )
        return _shown("Confirm Access", inside)

    async def _approve(self, request: Request) -> Response:
        if not self._is_logged_in(request):
            raise FrappeError("PermissionError", f"Function <strong>{_APPROVE[12:]}</strong> is not whitelisted.")
        client = self._asking(request)
        if isinstance(client, Response):
            return client
        asked = dict(request.query_params)
        told = {"code": self._access.grants.code(asked)}
        if "state" in asked:
            told["state"] = asked["state"]
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(told)}", 302)

    def _is_logged_in(self, request: Request) -> bool:
        return request.cookies.get("sid") in self._access.sessions

    def _asking(self, request: Request) -> Client | Response:
        """Who asks. Whatever is wrong is told here, as JSON: the browser is never led back with it."""
        asked = request.query_params
        try:
            client = self._access.grants.asking(asked)
        except Refused as refused:
            told = {"description": _PROBLEMS[refused.reason], "error": "invalid_request"}
            return JSONResponse({**told, "status_code": 400}, 400)
        wrong = _wrong(asked)
        return client if wrong is None else JSONResponse({**wrong, "status_code": 400}, 400)

    async def _get_token(self, request: Request) -> Response:
        header = request.headers.get("authorization")
        if header is not None:
            self._access.check(header)  # A client's Basic is taken for a key pair, and refused as one.
        if request.method != "POST":
            wrong = {"description": f"Unsupported request method {request.method}", "error": "invalid_request"}
            return answer({**wrong, "status_code": 400}, 400)
        form = await _form(request)
        kind = form.get("grant_type")
        if kind not in ("authorization_code", "refresh_token"):
            error = "unauthorized_client" if kind == "client_credentials" else "unsupported_grant_type"
            return answer({"error": error}, 400)
        grants = self._access.grants
        try:
            client = grants.client(form.get("client_id"))
            if kind == "authorization_code":
                pair = grants.redeem(form)
                return answer({**self._about(pair), "id_token": self._id_token(client, request)})
            return answer(self._about(grants.refresh(form.get("refresh_token", ""))))
        except Refused as refused:
            return self._refusal(refused, form)

    def _about(self, pair: Pair) -> dict[str, Any]:
        return {
            "access_token": pair.access_token,
            "expires_in": int(self._access.grants.rules.access_seconds),
            "token_type": "Bearer",
            "scope": SCOPES,
            "refresh_token": pair.refresh_token,
        }

    def _refusal(self, refused: Refused, form: Mapping[str, str]) -> Response:
        """What is wrong with a grant. What a guest cannot find is forbidden, or missing."""
        if refused.reason == "redirect":
            return answer({"error": "invalid_request", "error_description": _MISMATCH}, 400)
        if refused.reason in ("code", "verifier"):
            return answer({"error": "invalid_grant"}, 400)
        sought = {"refresh_token": form.get("refresh_token"), "status": "Active"}
        is_client = refused.reason == "client"
        doctype = "OAuth Client" if is_client else "OAuth Bearer Token"
        return self._not_found(doctype, form.get("client_id") if is_client else sought)

    def _not_found(self, doctype: str, sought: object) -> Response:
        if self._access.tells_missing:
            error = FrappeError("DoesNotExistError", f"{doctype} {sought} not found")
        else:
            words = f"User <strong>Guest</strong> does not have doctype access via role permission for document <strong>{doctype}</strong>"  # noqa: E501
            error = FrappeError(
                "PermissionError",
                words,
                is_traced=False,
                is_bare=True,
                error_message=f"No permission for {doctype}",
            )
        return answer(error.body(), error.status)

    async def _revoke(self, request: Request) -> Response:
        token, grants = (await _form(request)).get("token", ""), self._access.grants
        if token not in grants.access_tokens and token not in grants.refresh_tokens:
            return self._not_found("OAuth Client", None)
        grants.revoke(token)
        return answer({})

    async def _introspect(self, request: Request) -> Response:
        """An expired token counts as active: only a revoked one does not (measured)."""
        form, grants = await _form(request), self._access.grants
        is_refresh = form.get("token_type_hint") == "refresh_token"
        pair = (grants.refresh_tokens if is_refresh else grants.access_tokens).get(form.get("token", ""))
        if pair is None:
            return answer({"active": False})
        told = {
            "client_id": pair.client_id,
            "trusted_client": 0,
            "active": not pair.is_revoked,
            "exp": round(pair.access_until.timestamp()),
            "scope": SCOPES,
        }
        return answer({**told, **self._user(request)})

    async def _profile(self, request: Request) -> Response:
        self._access.check(request.headers.get("authorization"))
        return answer(self._user(request))

    async def _configuration(self, request: Request) -> Response:
        root = f"{str(request.base_url).rstrip('/')}{_ROOT}"
        return answer(
            {
                "issuer": str(request.base_url).rstrip("/"),
                "authorization_endpoint": f"{root}authorize",
                "token_endpoint": f"{root}get_token",
                "userinfo_endpoint": f"{root}openid_profile",
                "revocation_endpoint": f"{root}revoke_token",
                "introspection_endpoint": f"{root}introspect_token",
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["HS256"],
            }
        )

    def _user(self, request: Request) -> dict[str, Any]:
        return {
            "sub": hashlib.sha256(b"gateway").hexdigest()[:39],
            **USER,
            "picture": None,
            "roles": ["Accounts User", "All", "Guest", "Desk User"],
            "iss": str(request.base_url).rstrip("/"),
        }

    def _id_token(self, client: Client, request: Request) -> str:
        issued = int(self._access.grants.now().timestamp())
        claims = {"aud": client.client_id, "iat": issued, "exp": issued + 3_600, **self._user(request)}
        signed = ".".join(_base64(json.dumps(part).encode()) for part in ({"typ": "jwt", "alg": "HS256"}, claims))
        secret = (client.client_secret or "").encode()
        return f"{signed}.{_base64(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def _wrong(asked: Mapping[str, str]) -> dict[str, str] | None:
    """What is wrong with a question of a client that is known."""
    if "response_type" not in asked:
        return {"description": "Missing response_type parameter.", "error": "invalid_request"}
    if asked["response_type"] != "code":
        return {"description": "", "error": "unauthorized_client"}
    if not set(asked.get("scope", SCOPES).split()) <= set(SCOPES.split()):
        return {"description": "", "error": "invalid_scope"}
    return None


def _shown(title: str, inside: str) -> Response:
    return HTMLResponse(page(title, inside), headers=headers("SAMEORIGIN"))


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


async def _form(request: Request) -> dict[str, str]:
    """A form's fields; a body of another kind has none."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    return dict(parse_qsl((await request.body()).decode("ascii", "replace")))
