"""Who may call the sandbox: an API key pair, Basic, OAuth access tokens that expire, or a browser's session."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from providers.erpnext.sandbox.replies import FrappeError
from providers.erpnext.sandbox.rights import Rights
from providers.kit.sandbox.grants import Client, Grants, Pair, loopback
from providers.kit.sandbox.rules import Rules

API_KEY = "sandbox-key"
API_SECRET = "sandbox-secret"  # noqa: S105 - the sandbox's own, known to all
CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - likewise
REDIRECT_URI = "http://127.0.0.1:8000/connect/erpnext/callback"
CLIENT = Client(
    client_id=CLIENT_ID, client_secret=CLIENT_SECRET, redirect_uris=(REDIRECT_URI, *loopback("erpnext"))
)
LASTS_SECONDS = 3_600.0


class Access:
    """The credentials the sandbox knows, and what they let their user read.

    With `tells_missing` a guest is told that a token or client is missing (404, with the token in the words), as
    15.56 does; 15.72 says that it is forbidden (403).
    """

    def __init__(self, clock: Callable[[], datetime], rights: Rights, client: Client = CLIENT) -> None:
        self.rights = rights
        rules = Rules(rotates=False, access_seconds=LASTS_SECONDS)
        self.grants = Grants(clock, lambda: secrets.token_hex(15), rules, can_keep=False)
        self.grants.register(client)
        self.sessions: set[str] = set()
        self.tells_missing = False
        self._client = client

    @property
    def refresh_tokens(self) -> Mapping[str, Pair]:
        """Those that are known."""
        return self.grants.refresh_tokens

    def grant(self) -> tuple[str, str]:
        """A fresh access token and refresh token, as a finished consent would give."""
        pair = self.grants.give(self._client.client_id)
        return pair.access_token, pair.refresh_token

    def expire(self) -> None:
        """Make every access token old; refresh tokens live on."""
        self.grants.expire()

    def log_in(self) -> str:
        """A browser's new session."""
        session = secrets.token_hex(28)
        self.sessions.add(session)
        return session

    def check(self, header: str | None) -> None:
        """Refuse what is not good: 403 where nothing was sent, 401 where something wrong was."""
        if header is None:
            raise FrappeError("PermissionError", "Login to access")
        scheme, _, given = header.partition(" ")
        if scheme.lower() == "bearer":
            pair = self.grants.access_tokens.get(given)
            if pair is not None and not pair.is_revoked and pair.access_until > self.grants.now():
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
