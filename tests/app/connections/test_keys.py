"""The key ring: read with care, written whole, watched for changes, and silent about its keys."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connections.keys import KeyProblem, key_file, key_ring, new_key, write_keys
from app.settings import Settings
from tests.world import encoded_key, settings_in

KEY = base64.b64encode(b"private-words-private-words-1234").decode()


def _given(ring: str) -> Settings:
    return settings_in(Path("nowhere"), encryption_keys=ring)


@pytest.mark.parametrize(
    "ring",
    [
        "",
        " , ",
        KEY,
        f":{KEY}",
        f"k1:{KEY[:-4]}",
        f"k1:{KEY}AAAA",
        f"k1:{KEY[:-1]}",
        f"k1:{KEY[:20]}\n{KEY[20:]}",
        f"k1:{KEY[:20]}é{KEY[20:]}",
        f"k1:{KEY},k2",
        f"k1:{KEY},k1:{base64.b64encode(bytes(32)).decode()}",
        f"{'k' * 61}:{KEY}",
        f"k\0:{KEY}",
    ],
    ids=[
        "empty",
        "blank",
        "no id",
        "an empty id",
        "a short key",
        "a long key",
        "torn base64",
        "a broken line",
        "not ASCII",
        "an id alone",
        "one id twice",
        "a long id",
        "an id with NUL",
    ],
)
def test_a_ring_that_cannot_be_used_is_refused_without_a_word_of_its_keys(ring: str) -> None:
    with pytest.raises(KeyProblem) as caught:
        key_ring(_given(ring))

    _holds_no_key(caught.value)


# What begins with the sign that was torn off makes the key whole again.
@given(torn=st.text(max_size=80).filter(lambda text: not text.startswith(KEY[-1])))
def test_no_torn_key_is_ever_repeated(torn: str) -> None:
    with pytest.raises(KeyProblem) as caught:
        key_ring(_given(f"k1:{KEY[:-1]}{torn},"))

    _holds_no_key(caught.value)


def _holds_no_key(error: BaseException) -> None:
    chain = [error, error.__cause__, error.__context__ if not error.__suppress_context__ else None]
    words = " ".join(f"{each} {each!r}" for each in chain)
    assert KEY[:12] not in words
    assert "private" not in words


def test_a_key_file_that_is_not_text_is_refused_without_a_word_of_it(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    key_file(settings).write_bytes(f"k1:{KEY}é\n".encode())

    with pytest.raises(KeyProblem) as caught:
        key_ring(settings)

    _holds_no_key(caught.value)


def test_the_first_key_seals_and_the_others_open() -> None:
    ring = key_ring(_given(f"{encoded_key('k2', b'b' * 32)}, {encoded_key('k1', b'a' * 32)},"))

    assert ring.primary_id == "k2"
    assert ring.ids == ("k2", "k1")
    assert ring.key("k1") == b"a" * 32


def test_a_new_gateway_makes_its_own_key_readable_by_its_owner_alone(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "fresh")

    ring = key_ring(settings)

    assert stat.S_IMODE(key_file(settings).stat().st_mode) == 0o600
    assert len(ring.key(ring.primary_id)) == 32
    assert key_ring(settings).key(ring.primary_id) == ring.key(ring.primary_id)


def test_of_two_gateways_that_start_at_once_the_second_takes_the_firsts_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path)
    first = key_ring(settings)
    # The second looked before the first had written.
    monkeypatch.setattr(Path, "exists", lambda path: False)

    second = key_ring(settings)

    assert second.ids == first.ids
    assert first.ids == key_ring(settings).ids
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_a_shared_database_needs_keys_of_its_own(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, database_url="postgresql://somebody:private@127.0.0.1/books")

    with pytest.raises(KeyProblem, match="LEDGERWAY_ENCRYPTION_KEYS"):
        key_ring(settings)

    assert not key_file(settings).exists()


def test_a_ring_notices_at_once_that_its_file_has_another_first_key(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    ring = key_ring(settings)
    old = ring.primary_id

    write_keys(key_file(settings), {"new": new_key(), old: ring.key(old)})

    assert ring.primary_id == "new"
    assert ring.ids == ("new", old)


def test_a_ring_goes_on_with_what_it_has_when_its_file_is_gone(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    ring = key_ring(settings)
    primary = ring.primary_id

    key_file(settings).unlink()

    assert ring.primary_id == primary


def test_a_key_for_another_purpose_is_another_key_and_goes_with_the_one_it_was_made_from(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    ring = key_ring(settings)
    old = ring.primary_id
    derived = ring.derived("cursor", old)

    write_keys(key_file(settings), {"new": new_key()})

    assert derived not in (ring.key("new"), ring.derived("cursor", "new"))
    with pytest.raises(KeyProblem):
        ring.derived("cursor", old)


def test_a_write_that_fails_leaves_the_old_ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_in(tmp_path)
    ring = key_ring(settings)
    monkeypatch.setattr(os, "fsync", _fails)

    with pytest.raises(OSError, match="full"):
        write_keys(key_file(settings), {"new": new_key()})

    assert key_ring(settings).ids == ring.ids


def _fails(_: int) -> None:
    raise OSError("the disk is full")
