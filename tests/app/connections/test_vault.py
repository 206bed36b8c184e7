"""Sealed credentials open for the record they belong to, whole and unmoved, and for nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connections.keys import KeyProblem, KeyRing, new_key
from app.connections.vault import NONCE_SIZE, Place, Vault, VaultProblem, WrappedKey

PLACE = Place("environment-1", "account-1")
SECRETS = {"api_secret": "private-words", "access_token": "private-too"}
_texts = st.text(st.characters(exclude_categories=("Cs",)))


def _vault(**keys: bytes) -> Vault:
    return Vault(KeyRing(lambda: keys or {"k1": new_key()}))


@given(values=st.dictionaries(_texts, _texts, max_size=5), place=st.builds(Place, _texts, _texts), field=_texts)
async def test_what_was_sealed_opens_as_it_was(values: dict[str, str], place: Place, field: str) -> None:
    vault = _vault()
    key = await vault.new_key(place)

    sealed = await vault.seal(values, key, place, field)

    assert await vault.open(sealed, key, place, field) == values


@given(where=st.integers(0), change=st.integers(1, 255))
async def test_a_sealed_record_with_one_byte_changed_does_not_open(where: int, change: int) -> None:
    vault = _vault()
    key = await vault.new_key(PLACE)
    sealed = bytearray(await vault.seal(SECRETS, key, PLACE))
    sealed[where % len(sealed)] ^= change

    with pytest.raises(VaultProblem):
        await vault.open(bytes(sealed), key, PLACE)


@given(where=st.integers(0), change=st.integers(1, 255))
async def test_a_wrapped_key_with_one_byte_changed_does_not_open(where: int, change: int) -> None:
    vault = _vault()
    key = await vault.new_key(PLACE)
    sealed = await vault.seal(SECRETS, key, PLACE)
    wrapped = bytearray(key.wrapped)
    wrapped[where % len(wrapped)] ^= change

    with pytest.raises(VaultProblem):
        await vault.open(sealed, WrappedKey(key.key_id, bytes(wrapped)), PLACE)


@given(size=st.integers(0, 60))
async def test_a_sealed_record_that_was_cut_does_not_open(size: int) -> None:
    vault = _vault()
    key = await vault.new_key(PLACE)
    sealed = await vault.seal(SECRETS, key, PLACE)

    with pytest.raises(VaultProblem):
        await vault.open(sealed[:size], key, PLACE)


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (Place("environment-1", "account-2"), "secrets"),
        (Place("environment-2", "account-1"), "secrets"),
        (Place("environment-1", "account-1"), "previous_secrets"),
        (Place("environment-1\0account-1", ""), "secrets"),
        (Place("", "environment-1\0account-1"), "secrets"),
    ],
    ids=["another account", "another environment", "another field", "shifted right", "shifted left"],
)
async def test_a_record_that_was_moved_does_not_open(place: Place, field: str) -> None:
    vault = _vault()
    key = await vault.new_key(PLACE)
    sealed = await vault.seal(SECRETS, key, PLACE)

    with pytest.raises(VaultProblem):
        await vault.open(sealed, key, place, field)


async def test_a_record_does_not_open_with_the_key_of_its_neighbour() -> None:
    vault = _vault()
    neighbour = Place("environment-1", "account-2")
    sealed = await vault.seal(SECRETS, await vault.new_key(PLACE), PLACE)

    with pytest.raises(VaultProblem):
        await vault.open(sealed, await vault.new_key(neighbour), neighbour)


async def test_a_ring_with_another_key_of_the_same_id_opens_nothing() -> None:
    vault = _vault(k1=new_key())
    key = await vault.new_key(PLACE)
    sealed = await vault.seal(SECRETS, key, PLACE)

    with pytest.raises(VaultProblem) as caught:
        await _vault(k1=new_key()).open(sealed, key, PLACE)

    assert "private" not in f"{caught.value!r}{caught.value.__cause__!r}"


async def test_a_key_given_another_id_does_not_open() -> None:
    shared = new_key()
    vault = _vault(k1=shared, k2=shared)
    key = await vault.new_key(PLACE)
    sealed = await vault.seal(SECRETS, key, PLACE)

    with pytest.raises(VaultProblem):
        await vault.open(sealed, replace(key, key_id="k2"), PLACE)


async def test_a_key_that_the_ring_has_not_is_named() -> None:
    vault = _vault(k1=new_key())

    with pytest.raises(KeyProblem, match="k9"):
        await vault.open(b"x" * 60, WrappedKey("k9", b"y" * 60), PLACE)


async def test_rewrapping_puts_the_same_data_key_under_the_first_key() -> None:
    old, new = new_key(), new_key()
    key = await _vault(k1=old).new_key(PLACE)
    sealed = await _vault(k1=old).seal(SECRETS, key, PLACE)

    moved = await _vault(k2=new, k1=old).rewrap(key, PLACE)

    assert moved.key_id == "k2"
    assert await _vault(k2=new).open(sealed, moved, PLACE) == SECRETS


async def test_nothing_is_sealed_twice_with_one_nonce() -> None:
    vault = _vault()
    key = await vault.new_key(PLACE)

    nonces = {(await vault.seal(SECRETS, key, PLACE))[:NONCE_SIZE] for _ in range(200)}

    assert len(nonces) == 200


async def test_a_sealed_record_holds_no_word_of_what_it_seals() -> None:
    vault = _vault()
    key = await vault.new_key(PLACE)

    sealed = await vault.seal(SECRETS, key, PLACE)

    assert b"private" not in sealed + key.wrapped
    assert b"api_secret" not in sealed
