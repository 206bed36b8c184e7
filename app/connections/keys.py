"""The key ring: keys that seal other keys, each with an id, the first of them in use."""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.connections.key_service import KeyGone, KeyProblem, VaultProblem, WrappedKey
from app.settings import Settings

__all__ = ["KeyProblem", "KeyRing", "key_file", "key_ring", "new_key", "new_key_id", "write_keys"]

KEY_SIZE = 32
NONCE_SIZE = 12
_ID = re.compile(r"[A-Za-z0-9._-]{1,60}")


class KeyRing:
    """Keys by id: the key service that needs no other.

    `primary_id` seals what is new; the others only open what is old.
    An unknown id makes the ring read its source again, and so does a new `stamp` before anything is sealed: a
    rotation done by another process counts at once, and nothing is sealed with a key that was retired there.
    """

    def __init__(
        self, load: Callable[[], Mapping[str, bytes]], stamp: Callable[[], object | None] = lambda: None
    ) -> None:
        self._load = load
        self._stamp = stamp
        self.reload()

    def reload(self) -> None:
        """Read the keys again."""
        self._seen = self._stamp()
        self._keys = dict(self._load())
        self._derived: dict[tuple[str, str], bytes] = {}
        if not self._keys:
            raise KeyProblem("there is no encryption key")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, the primary first."""
        return tuple(self._keys)

    @property
    def primary_id(self) -> str:
        """The id of the key that seals."""
        stamp = self._stamp()
        if stamp is not None and stamp != self._seen:
            self.reload()
        return next(iter(self._keys))

    def key(self, key_id: str) -> bytes:
        """The key of that id; `KeyGone` where the ring has none."""
        if key_id not in self._keys:
            self.reload()
        try:
            return self._keys[key_id]
        except KeyError:
            raise KeyGone(f"the key {key_id[:60]} is not in the ring") from None

    async def wrap(self, data_key: bytes, bound: bytes) -> WrappedKey:
        """The data key under the primary."""
        return self.wrapped_by(self.primary_id, data_key, bound)

    def wrapped_by(self, key_id: str, data_key: bytes, bound: bytes) -> WrappedKey:
        """The data key under the key of that id, bound to the place and to the id."""
        nonce = secrets.token_bytes(NONCE_SIZE)
        cipher = AESGCM(self.key(key_id))
        return WrappedKey(key_id, nonce + cipher.encrypt(nonce, data_key, bound + key_id.encode()))

    async def unwrap(self, key: WrappedKey, bound: bytes) -> bytes:
        """The data key, if it was wrapped by that key and for that place."""
        cipher = AESGCM(self.key(key.key_id))
        nonce, body = key.wrapped[:NONCE_SIZE], key.wrapped[NONCE_SIZE:]
        try:
            return cipher.decrypt(nonce, body, bound + key.key_id.encode())
        except (InvalidTag, ValueError):
            raise VaultProblem("the record's key does not open with this ring") from None

    async def current_id(self) -> str:
        """The primary's."""
        return self.primary_id

    def has_made(self, key_id: str) -> bool:
        """Whether the id is one that a ring's key may have."""
        return _ID.fullmatch(key_id) is not None

    async def close(self) -> None:
        """Nothing is open."""

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
        write_keys(path, {new_key_id(): new_key()}, is_first=True)
    # What is not ASCII becomes a letter that no key has, and is refused like any other.
    return KeyRing(lambda: _read(path.read_text("ascii", "replace").splitlines()), lambda: _stamp_of(path))


def key_file(settings: Settings) -> Path:
    """Where the embedded default keeps its keys."""
    return settings.var_dir / "keys"


def write_keys(path: Path, keys: Mapping[str, bytes], *, is_first: bool = False) -> None:
    """Write the ring, readable by its owner alone, whole or not at all.

    `is_first` leaves a ring that is there already, for two processes may start at the same time.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.writelines(f"{key_id}:{base64.b64encode(key).decode()}\n" for key_id, key in keys.items())
            file.flush()
            os.fsync(file.fileno())
        if not is_first:
            fresh.replace(path)
            return
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
    finally:
        fresh.unlink(missing_ok=True)


def _stamp_of(path: Path) -> object | None:
    """What changes whenever the file is written; None where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


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
        if not _ID.fullmatch(key_id) or len(key) != KEY_SIZE:
            raise KeyProblem("an encryption key is not `id:base64 of 32 bytes`; an id is of A-Z a-z 0-9 . _ -")
        if key_id in keys:
            raise KeyProblem("two encryption keys have one id")
        keys[key_id] = key
    return keys
