"""Who may call the sandbox: a staff token, an account token, or OAuth access tokens that expire."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import parse_qs

from providers.brightpearl.sandbox.replies import Row, said
from providers.kit.sandbox.grants import Client, Grants, Pair, Refused, loopback
from providers.kit.sandbox.rules import Rules

ACCOUNT = "acme"
APP_REF = "acme_ledgerway"
DEV_REF = "ledgerway"
# The sandbox's own, known to all.
STAFF_TOKEN = "sandbox-staff-token"  # noqa: S105
ACCOUNT_TOKEN = "sandbox-account-token"  # noqa: S105
DEV_SECRET = "sandbox-dev-secret"  # noqa: S105
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105
REDIRECT_URI = "http://127.0.0.1:8000/connect/brightpearl/callback"
CLIENT = Client(
    client_id=APP_REF, client_secret=CLIENT_SECRET, redirect_uris=(REDIRECT_URI, *loopback("brightpearl"))
)
LASTS_SECONDS = 604_800.0
INSTANCE_ID = 13

_SPENT = {
    "error_description": "The auth token has either expired or does not exist",
    "error": "invalid_grant",
}
_REFUSALS = {
    "client": {"error": "invalid_client"},
    "redirect": {
        "error_description": "Redirect uri does not match that used to request auth token",
        "error": "invalid_grant",
    },
}


def signed_account_token() -> str:
    """The account token as a public system app sends it."""
    return base64.b64encode(hmac.digest(DEV_SECRET.encode(), ACCOUNT_TOKEN.encode(), hashlib.sha256)).decode()


def _token() -> str:
    # Theirs hold +, / and =, which fail now and then in clients that do not encode them; these always do.
    return f"{secrets.token_urlsafe(18)}+/{secrets.token_urlsafe(6)}="


class Access:
    """The credentials the sandbox knows."""

    def __init__(self, clock: Callable[[], datetime], *, rotates: bool, client: Client = CLIENT) -> None:
        rules = Rules(rotates=rotates, access_seconds=LASTS_SECONDS)
        self.grants = Grants(clock, _token, rules, can_keep=True)
        self.grants.register(client)
        self._client = client

    @property
    def refresh_tokens(self) -> Mapping[str, Pair]:
        """Those that are known."""
        return self.grants.refresh_tokens

    def grant(self) -> tuple[str, str]:
        """A fresh access token and refresh token, as a finished consent would give."""
        pair = self.grants.give(self._client.client_id)
        return pair.access_token, pair.refresh_token

    def code(self) -> str:
        """A code as the browser brings it back; good once."""
        return self.grants.code({"client_id": self._client.client_id, "redirect_uri": REDIRECT_URI})

    def expire(self) -> None:
        """Make every access token old; refresh tokens live on."""
        self.grants.expire()

    def check(self, account: str, headers: Mapping[str, str]) -> dict[str, str]:
        """Refuse what is not good, always with 401 and a text; headers of its own for an installed app."""
        bearer = headers.get("authorization", "")
        if bearer.startswith("Bearer "):
            self._check_bearer(account, bearer.removeprefix("Bearer "), headers)
            return {"brightpearl-installed-integration-instance-id": str(INSTANCE_ID)}
        given = headers.get("brightpearl-staff-token") or headers.get("brightpearl-account-token")
        if given is None or "brightpearl-app-ref" not in headers:
            raise said(401, "Not authenticated. You must provide a valid authentication token.")
        is_public = "brightpearl-dev-ref" in headers
        good = {
            "brightpearl-staff-token": STAFF_TOKEN,
            "brightpearl-account-token": signed_account_token() if is_public else ACCOUNT_TOKEN,
        }
        is_known = any(headers.get(name) == token for name, token in good.items())
        if not is_known or account != ACCOUNT or headers["brightpearl-app-ref"] != APP_REF:
            raise said(401, f"Invalid instance token: {given}")
        return {}

    def _check_bearer(self, account: str, token: str, headers: Mapping[str, str]) -> None:
        pair = self.grants.access_tokens.get(token)
        if (
            pair is None
            or pair.is_revoked
            or account != ACCOUNT
            or headers.get("brightpearl-dev-ref") != DEV_REF
            or headers.get("brightpearl-app-ref") != pair.client_id
        ):
            raise said(401, f"Invalid instance token: {token}")
        if pair.access_until <= self.grants.now():
            raise said(401, "Authorization token expired")

    def token_answer(self, account: str, host: str, content_type: str, body: bytes) -> tuple[int, Row]:
        """The token endpoint: form bodies only, and no wrapper around what it says."""
        if not content_type.startswith("application/x-www-form-urlencoded"):
            return 400, {"error": "invalid_request"}
        form = {name: values[0] for name, values in parse_qs(body.decode("ascii", "replace")).items()}
        try:
            self._check_client(account, form)
            return self._given(form, host)
        except Refused as refused:
            return 400, _REFUSALS.get(refused.reason, _SPENT)

    def _check_client(self, account: str, form: Mapping[str, str]) -> None:
        client = self.grants.client(form.get("client_id"))
        if account != ACCOUNT or client.client_secret != form.get("client_secret"):
            raise Refused("client")

    def _given(self, form: Mapping[str, str], host: str) -> tuple[int, Row]:
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return 200, self._about(self.grants.redeem(form), host, {"installation_instance_id": str(INSTANCE_ID)})
        if kind != "refresh_token":
            return 400, {"error": "unsupported_grant_type"}
        token = form.get("refresh_token", "")
        if self.grants.live(token).client_id != form["client_id"]:
            return 400, _SPENT
        return 200, self._about(self.grants.refresh(token), host, {})

    def _about(self, pair: Pair, host: str, more: Row) -> Row:
        return {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            **more,
            "api_domain": host,
            "token_type": "Bearer",
            "expires_in": int(self.grants.rules.access_seconds),
        }


def pool(headers: Mapping[str, str]) -> str:
    """Whose quota a call takes: private apps of an account share one, a developer's public apps another."""
    return headers.get("brightpearl-dev-ref", "private")
