"""The key ring: keys that seal other keys, each with an id, the first of them in use."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.settings import Settings

KEY_SIZE = 32


class KeyProblem(Exception):
    """The key ring cannot be used as it is; the message says what to do, and holds no key."""


class KeyRing:
    """Keys by id. `primary_id` seals what is new; the others only open what is old.

    An unknown id makes the ring look at its source again, so that a rotation done by another process is
    noticed without a restart.
    """

    def __init__(self, load: Callable[[], Mapping[str, bytes]]) -> None:
        self._load = load
        self._derived: dict[tuple[str, str], bytes] = {}
        self.reload()

    def reload(self) -> None:
        """Read the keys again."""
        self._keys = dict(self._load())
        if not self._keys:
            raise KeyProblem("there is no encryption key")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, the primary first."""
        return tuple(self._keys)

    @property
    def primary_id(self) -> str:
        """The id of the key that seals."""
        return next(iter(self._keys))

    def key(self, key_id: str) -> bytes:
        """The key of that id; `KeyProblem` where the ring has none."""
        if key_id not in self._keys:
            self.reload()
        try:
            return self._keys[key_id]
        except KeyError:
            raise KeyProblem(f"the key {key_id[:60]} is not in the ring") from None

    def derived(self, purpose: str, key_id: str) -> bytes:
        """A key for another purpose, made from one of the ring's; the same in every process."""
        found = self._derived.get((purpose, key_id))
        if found is None:
            kdf = HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=None, info=f"ledgerway:{purpose}".encode())
            found = self._derived[purpose, key_id] = kdf.derive(self.key(key_id))
        return found


def key_ring(settings: Settings) -> KeyRing:
    """The ring of the settings: from the environment, or the file of the embedded default."""
    if settings.encryption_keys is not None:
        given = settings.encryption_keys.get_secret_value()
        return KeyRing(lambda: _read(given.split(",")))
    if not settings.is_embedded:
        raise KeyProblem("set LEDGERWAY_ENCRYPTION_KEYS (id:base64 of 32 bytes): a shared database needs it")
    path = key_file(settings)
    if not path.exists():
        write_keys(path, {new_key_id(): new_key()})
    return KeyRing(lambda: _read(path.read_text(encoding="ascii").splitlines()))


def key_file(settings: Settings) -> Path:
    """Where the embedded default keeps its keys."""
    return settings.var_dir / "keys"


def write_keys(path: Path, keys: Mapping[str, bytes]) -> None:
    """Write the ring, readable by its owner alone, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.writelines(f"{key_id}:{base64.b64encode(key).decode()}\n" for key_id, key in keys.items())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def new_key() -> bytes:
    """A fresh key."""
    return secrets.token_bytes(KEY_SIZE)


def new_key_id() -> str:
    """A fresh id."""
    return f"k{secrets.token_hex(4)}"


def _read(lines: list[str]) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for line in lines:
        if not line.strip():
            continue
        key_id, _, encoded = line.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            key = b""
        if not key_id or len(key) != KEY_SIZE:
            raise KeyProblem("an encryption key is not `id:base64 of 32 bytes`")
        keys[key_id] = key
    return keys
