"""A look-alike of OpenBao's transit engine, as far as a gateway uses it: paths and refusals are the real one's."""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

TOKEN = "root-token"


@dataclass(slots=True)
class _Key:
    derived: bool = False
    versions: list[bytes] = field(default_factory=lambda: [secrets.token_bytes(32)])
    oldest: int = 1
    deletion_allowed: bool = False

    def cipher(self, version: int, context: bytes) -> AESGCM:
        key = self.versions[version - 1]
        if self.derived:
            key = HKDF(algorithm=SHA256(), length=32, salt=None, info=context).derive(key)
        return AESGCM(key)


class _Refused(Exception):
    pass


@dataclass(slots=True)
class TransitEngine:
    """Mounted at `transit`; `trouble` is what it answers instead, while it is set."""

    token: str = TOKEN
    keys: dict[str, _Key] = field(default_factory=dict)
    trouble: Response | None = None
    asked: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        body = await request.json() if await request.body() else {}
        await self._answer(request, body)(scope, receive, send)

    def _answer(self, request: Request, body: dict[str, Any]) -> Response:
        _, version, mount, operation, name, *more = [*request.url.path.split("/"), ""]
        if request.headers.get("x-vault-token") != self.token:
            return _errors(403, "permission denied")
        self.asked.append(operation)
        if self.trouble is not None:
            return self.trouble
        if (version, mount) != ("v1", "transit"):
            path = request.url.path.removeprefix("/v1/")
            return _errors(404, f'no handler for route "{path}". route entry not found.')
        try:
            return _data(self._done(operation, name, more[0], request.method, body))
        except _Refused as refused:
            return _errors(400, str(refused))

    def _done(self, operation: str, name: str, more: str, method: str, body: dict[str, Any]) -> dict[str, Any]:
        if operation == "keys":
            return self._configured(name, more, method, body)
        key = self.keys.get(name)
        if key is None and operation == "encrypt":
            # Whoever may `create`, as this token may, makes a key by a name that there is none of.
            key = self.keys[name] = _Key(derived=bool(body.get("context")))
        if key is None:
            raise _Refused("encryption key not found")
        context, bound = (base64.b64decode(body.get(part, "")) for part in ("context", "associated_data"))
        if key.derived and not context:
            raise _Refused("missing 'context' for key derivation; the key was created using a derived key")
        if operation == "encrypt":
            newest, nonce = len(key.versions), secrets.token_bytes(12)
            sealed = nonce + key.cipher(newest, context).encrypt(nonce, base64.b64decode(body["plaintext"]), bound)
            return {"ciphertext": f"vault:v{newest}:{base64.b64encode(sealed).decode()}", "key_version": newest}
        return {"plaintext": base64.b64encode(_opened(key, body["ciphertext"], context, bound)).decode()}

    def _configured(self, name: str, more: str, method: str, body: dict[str, Any]) -> dict[str, Any]:
        if method == "DELETE":
            del self.keys[name]
        elif more == "rotate":
            self.keys[name].versions.append(secrets.token_bytes(32))
        elif more == "config":
            self.keys[name].oldest = body.get("min_decryption_version", self.keys[name].oldest)
        else:
            self.keys[name] = _Key(derived=body.get("derived", False))
        return {}


def _opened(key: _Key, ciphertext: str, context: bytes, bound: bytes) -> bytes:
    if not ciphertext.startswith("vault:v"):
        raise _Refused("invalid ciphertext: no prefix")
    version, _, encoded = ciphertext.removeprefix("vault:v").partition(":")
    if int(version) > len(key.versions):
        raise _Refused("invalid ciphertext: version is too new")
    if int(version) < key.oldest:
        raise _Refused("ciphertext or signature version is disallowed by policy (too old)")
    try:
        sealed = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise _Refused("invalid ciphertext: could not decode base64") from None
    if len(sealed) < 12:
        raise _Refused("invalid ciphertext length")
    try:
        return key.cipher(int(version), context).decrypt(sealed[:12], sealed[12:], bound)
    except InvalidTag:
        raise _Refused("cipher: message authentication failed") from None


def _data(data: dict[str, Any]) -> Response:
    frame = {"lease_id": "", "renewable": False, "lease_duration": 0, "wrap_info": None, "warnings": None}
    return JSONResponse({"request_id": secrets.token_hex(8), **frame, "data": data, "auth": None})


def _errors(status: int, *words: str) -> Response:
    return JSONResponse({"errors": list(words)}, status)
