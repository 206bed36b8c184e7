"""Who may call the sandbox: an API key pair, Basic, or OAuth access tokens that expire."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from providers.erpnext.sandbox.replies import FrappeError
from providers.erpnext.sandbox.rights import Rights

API_KEY = "sandbox-key"
API_SECRET = "sandbox-secret"  # noqa: S105 - the sandbox's own, known to all
CLIENT_ID = "sandbox-client"
LASTS = timedelta(hours=1)


class Access:
    """The credentials the sandbox knows, and what they let their user read."""

    def __init__(self, clock: Callable[[], datetime], rights: Rights) -> None:
        self._clock = clock
        self.rights = rights
        self.access_tokens: dict[str, datetime] = {}
        self.refresh_tokens: set[str] = set()

    def grant(self) -> tuple[str, str]:
        """A fresh access token and refresh token, as a finished consent would give."""
        access, refresh = secrets.token_hex(15), secrets.token_hex(15)
        self.access_tokens[access] = self._clock() + LASTS
        self.refresh_tokens.add(refresh)
        return access, refresh

    def expire(self) -> None:
        """Make every access token old; refresh tokens live on."""
        self.access_tokens = dict.fromkeys(self.access_tokens, self._clock())

    def check(self, header: str | None) -> None:
        """Refuse what is not good: 403 where nothing was sent, 401 where something wrong was."""
        if header is None:
            raise FrappeError("PermissionError", "Login to access")
        scheme, _, given = header.partition(" ")
        if scheme.lower() == "bearer":
            if self.access_tokens.get(given, self._clock()) > self._clock():
                return
        elif self._pair(scheme.lower(), given) == f"{API_KEY}:{API_SECRET}":
            return
        raise FrappeError("AuthenticationError", "", told=False)

    def _pair(self, scheme: str, given: str) -> str:
        if scheme != "basic":
            return given if scheme == "token" else ""
        try:
            return base64.b64decode(given).decode()
        except (binascii.Error, UnicodeDecodeError):
            return ""

    def token_answer(self, content_type: str, body: bytes) -> tuple[int, dict[str, object]]:
        """The token endpoint: form bodies only; an unknown refresh token is a refusal of rights, not of OAuth."""
        if not content_type.startswith("application/x-www-form-urlencoded"):
            return 400, {"error": "unsupported_grant_type"}
        form = {name: values[0] for name, values in parse_qs(body.decode("ascii", "replace")).items()}
        if form.get("grant_type") != "refresh_token":
            return 400, {"error": "unsupported_grant_type"}
        if form.get("refresh_token") not in self.refresh_tokens or not form.get("client_id"):
            refusal = FrappeError("PermissionError", "No permission for OAuth Bearer Token").body()
            return 403, refusal
        access, refresh = self.grant()
        return 200, {
            "access_token": access,
            "expires_in": int(LASTS.total_seconds()),
            "token_type": "Bearer",
            "scope": "all openid",
            "refresh_token": refresh,
        }
