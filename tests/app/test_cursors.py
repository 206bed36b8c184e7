"""A cursor opens for the list it was made for, whole, within its thirty days, and in no other case."""

from __future__ import annotations

import base64
import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connections.keys import KeyRing, new_key
from app.cursors import LIFETIME, TEXT_SIZE_MAX, Cursors
from app.errors import InvalidCursor
from tests.app.clock import VirtualClock

KEY = new_key()
SCOPE = ("environment", "account", "invoices", "filters")
NOW = VirtualClock().now()
_texts = st.text(st.characters(exclude_categories=("Cs",)))
_scopes = st.lists(st.text(), max_size=5)


def _cursors(**keys: bytes) -> Cursors:
    return Cursors(KeyRing(lambda: keys or {"k1": KEY}))


@given(position=_texts, scope=_scopes)
def test_a_cursor_opens_for_the_list_it_was_made_for(position: str, scope: list[str]) -> None:
    sealed = _cursors().seal(position, scope, NOW)

    assert _cursors().open(sealed, scope, NOW) == position


@given(where=st.integers(0), letter=st.characters(codec="ascii"))
def test_a_cursor_with_any_letter_changed_is_refused(where: int, letter: str) -> None:
    sealed = _cursors().seal("position", SCOPE, NOW)
    at = where % len(sealed)
    changed = sealed[:at] + letter + sealed[at + 1 :]

    if changed == sealed:
        assert _cursors().open(changed, SCOPE, NOW) == "position"
        return
    with pytest.raises(InvalidCursor):
        _cursors().open(changed, SCOPE, NOW)


@pytest.mark.parametrize("position", ["", "p", "po"])
def test_a_cursor_has_one_spelling(position: str) -> None:
    sealed = _cursors().seal(position, SCOPE, NOW)
    others = [
        sealed[:-1] + letter for letter in string.ascii_letters + string.digits + "-_" if letter != sealed[-1]
    ]

    for other in (*others, sealed + "=", sealed + "==", sealed + "\n", f" {sealed}", sealed + "AAAA"):
        with pytest.raises(InvalidCursor):
            _cursors().open(other, SCOPE, NOW)


@given(where=st.integers(0), change=st.integers(1, 255))
def test_a_cursor_with_any_byte_changed_is_refused(where: int, change: int) -> None:
    sealed = _cursors().seal("position", SCOPE, NOW)
    raw = bytearray(base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4)))
    raw[where % len(raw)] ^= change
    changed = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    with pytest.raises(InvalidCursor):
        _cursors().open(changed, SCOPE, NOW)


@given(
    anything=st.text() | st.text("abcXYZ019-_=\0 ") | st.binary().map(lambda raw: base64.b64encode(raw).decode())
)
def test_what_was_never_a_cursor_is_refused_and_nothing_else_happens(anything: str) -> None:
    with pytest.raises(InvalidCursor):
        _cursors().open(anything, SCOPE, NOW)


@given(first=_scopes, second=_scopes)
def test_a_cursor_of_one_list_opens_no_other(first: list[str], second: list[str]) -> None:
    sealed = _cursors().seal("position", first, NOW)

    if first == second:
        return
    with pytest.raises(InvalidCursor):
        _cursors().open(sealed, second, NOW)


@pytest.mark.parametrize(
    "scope",
    [
        ("environment 2", "account", "invoices", "filters"),
        ("environment", "account 2", "invoices", "filters"),
        ("environment", "account", "items", "filters"),
        ("environment", "account", "invoices", "other filters"),
        ("environment", "account", "invoices"),
        ("environmentaccount", "", "invoices", "filters"),
        ("environment", "account", "invoicesfilters", ""),
    ],
)
def test_a_cursor_is_bound_to_environment_account_resource_and_filters(scope: tuple[str, ...]) -> None:
    sealed = _cursors().seal("position", SCOPE, NOW)

    with pytest.raises(InvalidCursor):
        _cursors().open(sealed, scope, NOW)


def test_a_cursor_is_good_for_thirty_days_and_no_longer() -> None:
    clock = VirtualClock()
    sealed = _cursors().seal("position", SCOPE, clock.now())

    clock.advance(LIFETIME.total_seconds())
    assert _cursors().open(sealed, SCOPE, clock.now()) == "position"
    clock.advance(1)

    with pytest.raises(InvalidCursor, match="30 days"):
        _cursors().open(sealed, SCOPE, clock.now())
    assert timedelta(days=30) == LIFETIME


def test_a_cursor_outlives_a_rotation_until_its_key_is_retired() -> None:
    new = new_key()
    sealed = _cursors().seal("position", SCOPE, NOW)

    opened = _cursors(k2=new, k1=KEY).open(sealed, SCOPE, NOW)

    assert opened == "position"
    with pytest.raises(InvalidCursor):
        _cursors(k2=new).open(sealed, SCOPE, NOW)


def test_a_key_of_the_same_id_elsewhere_opens_nothing() -> None:
    sealed = _cursors(k1=new_key()).seal("position", SCOPE, NOW)

    with pytest.raises(InvalidCursor):
        _cursors().open(sealed, SCOPE, NOW)


def test_a_text_longer_than_any_cursor_is_refused_unread() -> None:
    sealed = _cursors().seal("p" * TEXT_SIZE_MAX, SCOPE, NOW)

    with pytest.raises(InvalidCursor):
        _cursors().open(sealed, SCOPE, NOW)
