"""A compressed body is decoded piece by piece, within its limit whatever it is made of."""

from __future__ import annotations

import gzip
import zlib

import pytest

from app.upstream.inflater import MEMBERS_MAX, STEP_SIZE, Inflater
from providers.kit.errors import BadAnswer, Unusable

WORDS = bytes(range(256)) * 40


def _raw(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(body) + deflater.flush()


def _inflated(encoding: str, body: bytes, size_max: int, piece_size: int) -> bytes:
    inflater = Inflater(encoding, size_max)
    for start in range(0, len(body), piece_size):
        inflater.take(body[start : start + piece_size])
    return inflater.whole()


@pytest.mark.parametrize("piece_size", [1, 2, 7, 100_000])
@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(WORDS, mtime=0)),
        ("gzip", b"".join(gzip.compress(WORDS[n : n + 512], mtime=0) for n in range(0, len(WORDS), 512))),
        ("deflate", zlib.compress(WORDS)),
        ("deflate", _raw(WORDS)),
    ],
    ids=["gzip", "members", "zlib", "raw"],
)
def test_a_body_may_come_in_any_pieces(encoding: str, body: bytes, piece_size: int) -> None:
    assert _inflated(encoding, body, len(WORDS), piece_size) == WORDS


@pytest.mark.parametrize("size", [STEP_SIZE - 1, STEP_SIZE, STEP_SIZE + 1, 3 * STEP_SIZE])
@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, _raw], ids=["gzip", "zlib", "raw"])
def test_what_fills_a_step_is_read_to_its_end(pack: object, size: int) -> None:
    assert callable(pack)
    encoding = "gzip" if pack is gzip.compress else "deflate"

    assert _inflated(encoding, pack(b"\0" * size), size, 65_536) == b"\0" * size


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_one_byte_above_the_limit_is_refused(encoding: str) -> None:
    body = gzip.compress(WORDS, mtime=0) if encoding == "gzip" else _raw(WORDS)

    with pytest.raises(Unusable):
        _inflated(encoding, body, len(WORDS) - 1, 100_000)


def test_a_bomb_behind_an_honest_member_is_refused() -> None:
    body = gzip.compress(b"{}", mtime=0) + gzip.compress(b"\0" * 10_000_000, mtime=0)

    with pytest.raises(Unusable):
        _inflated("gzip", body, 1_000_000, 65_536)


def test_more_members_than_an_honest_server_sends_are_refused() -> None:
    with pytest.raises(Unusable):
        _inflated("gzip", gzip.compress(b"", mtime=0) * (MEMBERS_MAX + 1), 1_000_000, 65_536)


@pytest.mark.parametrize("cut", [1, 2, 8, 9, 20])
def test_a_torn_body_is_told(cut: int) -> None:
    for encoding, body in (("gzip", gzip.compress(WORDS, mtime=0)), ("deflate", zlib.compress(WORDS))):
        with pytest.raises(BadAnswer):
            _inflated(encoding, body[:-cut] if cut < 20 else body[:1], len(WORDS), 7)
