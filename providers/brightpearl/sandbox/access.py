"""Who may call the sandbox: a staff token, an account token, or OAuth access tokens that expire."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from providers.brightpearl.sandbox.replies import Row, said

ACCOUNT = "acme"
APP_REF = "acme_ledgerway"
DEV_REF = "ledgerway"
# The sandbox's own, known to all.
STAFF_TOKEN = "sandbox-staff-token"  # noqa: S105
ACCOUNT_TOKEN = "sandbox-account-token"  # noqa: S105
DEV_SECRET = "sandbox-dev-secret"  # noqa: S105
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105
REDIRECT_URI = "http://127.0.0.1:8000/oauth/callback"
LASTS = timedelta(seconds=604_800)
INSTANCE_ID = 13

_SPENT = {
    "error_description": "The auth token has either expired or does not exist",
    "error": "invalid_grant",
}
_ELSEWHERE = {
    "error_description": "Redirect uri does not match that used to request auth token",
    "error": "invalid_grant",
}


def signed_account_token() -> str:
    """The account token as a public system app sends it."""
    return base64.b64encode(hmac.digest(DEV_SECRET.encode(), ACCOUNT_TOKEN.encode(), hashlib.sha256)).decode()


def _token() -> str:
    # Theirs hold +, / and =, which fail now and then in clients that do not encode them; these always do.
    return f"{secrets.token_urlsafe(18)}+/{secrets.token_urlsafe(6)}="


class Access:
    """The credentials the sandbox knows."""

    def __init__(self, clock: Callable[[], datetime], *, rotates: bool) -> None:
        self._clock = clock
        self._rotates = rotates
        self.access_tokens: dict[str, datetime] = {}
        self.refresh_tokens: set[str] = set()
        self.codes: set[str] = set()

    def grant(self) -> tuple[str, str]:
        """A fresh access token and refresh token, as a finished consent would give."""
        access, refresh = _token(), _token()
        self.access_tokens[access] = self._clock() + LASTS
        self.refresh_tokens.add(refresh)
        return access, refresh

    def code(self) -> str:
        """A code as the browser brings it back; good once."""
        code = _token()
        self.codes.add(code)
        return code

    def expire(self) -> None:
        """Make every access token old; refresh tokens live on."""
        self.access_tokens = dict.fromkeys(self.access_tokens, self._clock())

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
        expires = self.access_tokens.get(token)
        is_ours = headers.get("brightpearl-dev-ref") == DEV_REF and headers.get("brightpearl-app-ref") == APP_REF
        if expires is None or not is_ours or account != ACCOUNT:
            raise said(401, f"Invalid instance token: {token}")
        if expires <= self._clock():
            raise said(401, "Authorization token expired")

    def token_answer(self, account: str, host: str, content_type: str, body: bytes) -> tuple[int, Row]:
        """The token endpoint: form bodies only, and no wrapper around what it says."""
        if not content_type.startswith("application/x-www-form-urlencoded"):
            return 400, {"error": "invalid_request"}
        form = {name: values[0] for name, values in parse_qs(body.decode("ascii", "replace")).items()}
        secret = form.get("client_secret")
        if account != ACCOUNT or form.get("client_id") != APP_REF or secret not in (None, CLIENT_SECRET):
            return 400, {"error": "invalid_client"}
        kind = form.get("grant_type")
        if kind == "authorization_code":
            return self._redeem(form, host)
        if kind == "refresh_token":
            return self._refresh(form, host)
        return 400, {"error": "unsupported_grant_type"}

    def _redeem(self, form: Mapping[str, str], host: str) -> tuple[int, Row]:
        code = form.get("code", "")
        if code not in self.codes:
            return 400, _SPENT
        if form.get("redirect_uri") != REDIRECT_URI:
            return 400, _ELSEWHERE
        self.codes.remove(code)
        access, refresh = self.grant()
        return 200, {
            "access_token": access,
            "refresh_token": refresh,
            "installation_instance_id": str(INSTANCE_ID),
            **_about(host),
        }

    def _refresh(self, form: Mapping[str, str], host: str) -> tuple[int, Row]:
        sent = form.get("refresh_token", "")
        if sent not in self.refresh_tokens:
            return 400, _SPENT
        access, refresh = self.grant()
        if self._rotates:
            self.refresh_tokens.remove(sent)
        else:
            self.refresh_tokens.remove(refresh)
            refresh = sent
        return 200, {"access_token": access, "refresh_token": refresh, **_about(host)}


def _about(host: str) -> Row:
    return {"api_domain": host, "token_type": "Bearer", "expires_in": int(LASTS.total_seconds())}


def pool(headers: Mapping[str, str]) -> str:
    """Whose quota a call takes: private apps of an account share one, a developer's public apps another."""
    return headers.get("brightpearl-dev-ref", "private")
