"""Takes gzip or deflate off a body piece by piece, so that a bomb never holds more than the limit."""

from __future__ import annotations

import zlib
from io import BytesIO

from providers.kit.errors import BadAnswer, Unusable

STEP_SIZE = 1024 * 1024
MEMBERS_MAX = 1_000
_ENCODINGS = ("gzip", "x-gzip", "deflate")


class Inflater:
    """One body, decoded as it comes; the decoded bytes may be `size_max` at most.

    gzip may come in several members; each is a decompressor of its own, and an honest server sends one.
    """

    __slots__ = ("_first", "_gathered", "_left", "_members", "_stream", "_window_bits")

    def __init__(self, encoding: str, size_max: int) -> None:
        if encoding not in _ENCODINGS:
            raise BadAnswer("the provider's answer is encoded in a way nobody asked for")
        self._window_bits = 32 + zlib.MAX_WBITS if encoding != "deflate" else 0
        self._left = size_max
        self._gathered = BytesIO()
        self._members = 0
        self._first = b""
        self._stream: zlib._Decompress | None = None

    def take(self, piece: bytes) -> None:
        """Decode the next piece; raises `BadAnswer` where it cannot be, `Unusable` above the limit."""
        if not self._window_bits:
            piece = self._first + piece
            if len(piece) < 2:
                self._first = piece
                return
            # Some send deflate as HTTP means it, with zlib's header, and some without.
            self._window_bits = zlib.MAX_WBITS if _has_zlib_header(piece) else -zlib.MAX_WBITS
        is_full = False
        try:
            while piece or is_full:
                piece, is_full = self._step(piece)
        except zlib.error as error:
            raise BadAnswer("the provider's answer cannot be decompressed") from error

    def whole(self) -> bytes:
        """All of it; `BadAnswer` where it broke off."""
        if self._stream is None or not self._stream.eof:
            raise BadAnswer("the provider's answer broke off")
        return self._gathered.getvalue()

    def _step(self, piece: bytes) -> tuple[bytes, bool]:
        """Decode one step: what is left of the piece, and whether more may be held back for want of room."""
        if self._stream is None or self._stream.eof:
            self._members += 1
            if self._members > MEMBERS_MAX:
                raise Unusable("the provider's answer is compressed in too many members")
            self._stream = zlib.decompressobj(self._window_bits)
        decoded = self._stream.decompress(piece, STEP_SIZE)
        self._left -= len(decoded)
        if self._left < 0:
            raise Unusable("the provider's answer is too large")
        self._gathered.write(decoded)
        if self._stream.eof:
            return self._stream.unused_data, False
        return self._stream.unconsumed_tail, len(decoded) == STEP_SIZE


def _has_zlib_header(body: bytes) -> bool:
    return body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
