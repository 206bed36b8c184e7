"""A key service of the owner's: the transit engine of HashiCorp Vault or OpenBao, spoken over plain HTTP.

The engine's own `rewrap` knows no associated data, so what is bound to its place is re-wrapped by unwrapping and
wrapping. `context` is sent beside it, for keys that are made with `derived=true`; other keys ignore it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import msgspec

from app.connections.key_service import (
    KeyGone,
    KeyProblem,
    VaultProblem,
    WrappedKey,
)
from app.errors import KeysUnavailable
from app.settings import Settings

TIMEOUT_SECONDS = 5.0
ATTEMPTS = 2
_ADDRESS = re.compile(r"(https?://[^/?#@\s]+/v1/[^?#\s]+)/keys/([A-Za-z0-9._-]{1,40})")
_CIPHERTEXT = re.compile(rb"vault:v([0-9]{1,9}):[A-Za-z0-9+/=]+")
_KEY_ID = re.compile(r"transit:.{1,40}:[0-9]{1,9}")

# The engine's own words, each the whole of an answer with status 400.
_GONE = frozenset(
    {
        "encryption key not found",
        "ciphertext or signature version is disallowed by policy (too old)",
        "invalid ciphertext: version is too new",
        "no such key version",
    }
)
_DAMAGED = frozenset(
    {
        "cipher: message authentication failed",
        "invalid ciphertext: could not decode base64",
        "invalid ciphertext: no prefix",
        "invalid ciphertext length",
    }
)


class _Data(msgspec.Struct, frozen=True):
    ciphertext: str = ""
    plaintext: str = ""


class _Answer(msgspec.Struct, frozen=True):
    data: _Data


class _Refusal(msgspec.Struct, frozen=True):
    errors: list[str]


class Transit:
    """One named key of a transit engine; a key's id names the key and its version."""

    def __init__(self, address: str, token: Callable[[], str], namespace: str | None = None) -> None:
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise KeyProblem("LEDGERWAY_KEY_SERVICE must be a transit key: https://HOST/v1/MOUNT/keys/NAME")
        self._engine, self._name = found.groups()
        self._token = token
        self._namespace = {"X-Vault-Namespace": namespace} if namespace else {}
        self._http = httpx2.AsyncClient(timeout=TIMEOUT_SECONDS)

    async def wrap(self, data_key: bytes, bound: bytes) -> WrappedKey:
        """Under the key's newest version, which the ciphertext names."""
        answer = await self._ask("encrypt", bound, plaintext=_text(data_key))
        wrapped = answer.ciphertext.encode()
        found = _CIPHERTEXT.fullmatch(wrapped)
        if found is None:
            raise KeysUnavailable("the key service answered what is no ciphertext of a transit engine")
        return WrappedKey(f"transit:{self._name}:{int(found[1])}", wrapped)

    async def unwrap(self, key: WrappedKey, bound: bytes) -> bytes:
        """The data key; the engine says whether the version may still open."""
        if key.key_id.split(":")[1] != self._name:
            raise KeyGone(f"the key {key.key_id} is not the one of LEDGERWAY_KEY_SERVICE")
        wrapped = key.wrapped.decode("ascii", "replace")
        if not wrapped.startswith(f"vault:v{key.key_id.split(':')[2]}:"):
            raise VaultProblem("the wrapped key is not of the version that it is kept under")
        answer = await self._ask("decrypt", bound, ciphertext=wrapped)
        try:
            return base64.b64decode(answer.plaintext, validate=True)
        except (ValueError, binascii.Error):
            raise KeysUnavailable("the key service answered what is no key") from None

    async def current_id(self) -> str:
        """Told by wrapping: whoever may only wrap and unwrap may not ask for it."""
        return (await self.wrap(bytes(32), b"current")).key_id

    def has_made(self, key_id: str) -> bool:
        """Ids of the ring have no colon."""
        return _KEY_ID.fullmatch(key_id) is not None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(self, operation: str, bound: bytes, **what: str) -> _Data:
        place = _text(bound)
        answer = await self._send(operation, {**what, "context": place, "associated_data": place})
        if answer.status_code != 200:
            raise self._refusal(answer)
        try:
            return msgspec.json.decode(answer.content, type=_Answer).data
        except msgspec.DecodeError:
            raise KeysUnavailable("the key service's answer cannot be read") from None

    async def _send(self, operation: str, body: dict[str, Any]) -> httpx2.Response:
        headers = {"X-Vault-Token": self._read_token(), "X-Vault-Request": "true", **self._namespace}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                url = f"{self._engine}/{operation}/{self._name}"
                return await self._http.post(url, json=body, headers=headers)
            except (httpx2.HTTPError, httpx2.InvalidURL):
                # Both operations may be repeated; a connection that was kept open may have been closed.
                if attempt == ATTEMPTS:
                    break
        # Without its cause, which holds the request and the token in it.
        raise KeysUnavailable("the key service could not be reached") from None

    def _read_token(self) -> str:
        try:
            return self._token()
        except (OSError, UnicodeDecodeError):
            raise KeysUnavailable("the key service's token cannot be read") from None

    def _refusal(self, answer: httpx2.Response) -> Exception:
        """What a refusal means; the service's words are only compared, for they are not ours to repeat."""
        try:
            said = set(msgspec.json.decode(answer.content, type=_Refusal).errors)
        except msgspec.DecodeError:
            said = set()
        if answer.status_code == 400 and said & _GONE:
            return KeyGone(f"the key service no longer has the key {self._name} in the version that is needed")
        if answer.status_code == 400 and said & _DAMAGED:
            return VaultProblem("the record's key does not open with the key service")
        return KeysUnavailable(f"the key service refuses with status {answer.status_code}")


def transit(settings: Settings, address: str) -> Transit:
    """The key service at that address, as the settings have it."""
    given, path = settings.key_service_token, settings.key_service_token_file
    if (given is None) == (path is None):
        raise KeyProblem("set one of LEDGERWAY_KEY_SERVICE_TOKEN and LEDGERWAY_KEY_SERVICE_TOKEN_FILE")
    secret = given.get_secret_value() if given is not None else ""
    return Transit(
        address,
        # A file is read each time: an agent beside us puts a new token there before the old one ends.
        (lambda: secret) if path is None else (lambda: _first_line(path)),
        settings.key_service_namespace,
    )


def _first_line(path: Path) -> str:
    return path.read_text("ascii").strip()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
