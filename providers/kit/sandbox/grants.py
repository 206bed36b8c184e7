"""What a sandbox has granted: OAuth clients, codes good once, tokens that expire and are rotated or not."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from providers.kit.sandbox.rules import Rules

Reason = Literal["client", "redirect", "code", "verifier", "refresh_token"]


class Refused(Exception):
    """A grant that is not given; each provider has its own words for the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An app registered with the provider; without a secret it is a public one.

    A redirect URI is matched to the letter, but that `:*/` in it stands for any port.
    """

    client_id: str
    client_secret: str | None = None
    redirect_uris: tuple[str, ...] = ()
    name: str = "Ledgerway"

    def may_return_to(self, uri: str) -> bool:
        """Whether consent may lead the browser there."""
        return any(_is_like(known, uri) for known in self.redirect_uris)


def _is_like(known: str, uri: str) -> bool:
    if ":*/" not in known:
        return known == uri
    try:
        port = urlsplit(uri).port
    except ValueError:
        return False
    return port is not None and known.replace(":*/", f":{port}/") == uri


def loopback(slug: str) -> tuple[str, ...]:
    """The gateway's callback on this machine, on whatever port."""
    return tuple(f"http://{host}:*/connect/{slug}/callback" for host in ("127.0.0.1", "localhost"))


@dataclass(slots=True, kw_only=True)
class Code:
    """What the browser brings back from consent."""

    client_id: str
    redirect_uri: str
    until: datetime
    challenge: str | None = None
    method: str | None = None


@dataclass(slots=True, kw_only=True)
class Pair:
    """An access token and the refresh token that came with it. `until` is set once that was rotated away."""

    client_id: str
    access_token: str
    refresh_token: str
    access_until: datetime
    used_at: datetime
    until: datetime | None = None
    is_revoked: bool = False


@dataclass(slots=True)
class Grants:
    """All that is granted. `can_keep`: with rotation off a refresh answers the same refresh token, not one more."""

    clock: Callable[[], datetime]
    make_token: Callable[[], str]
    rules: Rules
    can_keep: bool
    clients: dict[str, Client] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    access_tokens: dict[str, Pair] = field(default_factory=dict)
    refresh_tokens: dict[str, Pair] = field(default_factory=dict)

    def now(self) -> datetime:
        """The tokens' present, which the rules may have run ahead."""
        return self.clock() + timedelta(seconds=self.rules.ahead_seconds)

    def register(self, client: Client) -> None:
        """Know a client, in place of one of the same id."""
        self.clients[client.client_id] = client

    def client(self, client_id: str | None) -> Client:
        """The client of that id."""
        try:
            return self.clients[client_id or ""]
        except KeyError:
            raise Refused("client") from None

    def asking(self, asked: Mapping[str, str]) -> Client:
        """Who asks for consent; refused where the browser must not be led back."""
        client = self.client(asked.get("client_id"))
        if not client.may_return_to(asked.get("redirect_uri", "")):
            raise Refused("redirect")
        return client

    def code(self, asked: Mapping[str, str]) -> str:
        """The code for a consent that was given."""
        code = self.make_token()
        self.codes[code] = Code(
            client_id=asked["client_id"],
            redirect_uri=asked["redirect_uri"],
            until=self.now() + timedelta(seconds=self.rules.code_seconds),
            challenge=asked.get("code_challenge"),
            method=asked.get("code_challenge_method"),
        )
        return code

    def redeem(self, asked: Mapping[str, str]) -> Pair:
        """Tokens for a code. With another address or a wrong verifier it is not used up, without one it is."""
        found = self.codes.get(asked.get("code", ""))
        if found is None or found.until <= self.now() or found.client_id != asked.get("client_id"):
            raise Refused("code")
        if found.redirect_uri != asked.get("redirect_uri"):
            raise Refused("redirect")
        verifier = asked.get("code_verifier", "")
        if found.challenge is not None and found.challenge != _answer_to(found.method, verifier):
            if not verifier:
                del self.codes[asked["code"]]
            raise Refused("verifier")
        del self.codes[asked["code"]]
        return self.give(found.client_id)

    def refresh(self, token: str) -> Pair:
        """Tokens for a refresh token."""
        old, now, rules = self.live(token), self.now(), self.rules
        if rules.is_old_access_dead:
            old.access_until = now
        if rules.rotates:
            if old.until is None:
                old.until = now + timedelta(seconds=rules.grace_seconds)
            self._forget(now)
            return self.give(old.client_id)
        old.used_at = now
        return self.give(old.client_id, old.refresh_token if self.can_keep else None)

    def live(self, token: str) -> Pair:
        """The pair of a refresh token that is still good."""
        found, now = self.refresh_tokens.get(token), self.now()
        if found is None or found.is_revoked or (found.until is not None and found.until <= now):
            raise Refused("refresh_token")
        days = self.rules.refresh_unused_days
        if days is not None and found.used_at + timedelta(days=days) < now:
            raise Refused("refresh_token")
        return found

    def give(self, client_id: str, refresh_token: str | None = None) -> Pair:
        """A fresh pair, as a finished consent would give."""
        now = self.now()
        pair = Pair(
            client_id=client_id,
            access_token=self.make_token(),
            refresh_token=refresh_token or self.make_token(),
            access_until=now + timedelta(seconds=self.rules.access_seconds),
            used_at=now,
        )
        self.access_tokens[pair.access_token] = pair
        self.refresh_tokens[pair.refresh_token] = pair
        return pair

    def expire(self) -> None:
        """Make every access token old; refresh tokens live on."""
        now = self.now()
        for pair in self.access_tokens.values():
            pair.access_until = min(pair.access_until, now)

    def revoke(self, token: str | None = None) -> None:
        """Take back the pair of a token, or all of them."""
        for pair in (*self.access_tokens.values(), *self.refresh_tokens.values()):
            if token in (None, pair.access_token, pair.refresh_token):
                pair.is_revoked = True

    def _forget(self, now: datetime) -> None:
        for token, pair in list(self.refresh_tokens.items()):
            if pair.until is not None and pair.until <= now:
                del self.refresh_tokens[token]


def _answer_to(method: str | None, verifier: str) -> str:
    if method != "S256":
        return verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
