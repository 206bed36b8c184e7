"""What a sandbox grants: codes good once, refresh tokens that are rotated in every way, time that passes."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.kit.sandbox.grants import Client, Grants, Pair, Refused, loopback
from providers.kit.sandbox.rules import Rules, changed

URI = "http://127.0.0.1:9/connect/x/callback"
ASKED = {"client_id": "app", "redirect_uri": URI}


class World:
    """Grants, and a time that moves when told."""

    def __init__(self, *, can_keep: bool = False, **rules: Any) -> None:
        numbers = itertools.count()
        self.moment = datetime(2026, 11, 25, tzinfo=UTC)
        self.grants = Grants(
            lambda: self.moment,
            lambda: f"token-{next(numbers)}",
            Rules(**{"rotates": True, "access_seconds": 3_600.0, **rules}),
            can_keep=can_keep,
        )
        self.grants.register(Client(client_id="app", redirect_uris=loopback("x")))

    def pass_by(self, **time: float) -> None:
        self.moment += timedelta(**time)

    def is_good(self, pair: Pair) -> bool:
        try:
            self.grants.live(pair.refresh_token)
        except Refused:
            return False
        return True


@pytest.mark.parametrize(
    ("uri", "may"),
    [
        ("http://127.0.0.1:8000/connect/x/callback", True),
        ("http://localhost:49152/connect/x/callback", True),
        ("http://localhost:49152/connect/y/callback", False),
        ("http://localhost:49152/connect/x/callback?next=1", False),
        ("http://localhost:49152/connect/x/callback/", False),
        ("https://localhost:49152/connect/x/callback", False),
        ("http://localhost/connect/x/callback", False),
        ("http://localhost:99999/connect/x/callback", False),
        ("http://localhost:80@evil.example/connect/x/callback", False),
        ("http://evil.example:80/connect/x/callback", False),
        ("", False),
    ],
)
def test_consent_leads_back_only_to_an_address_that_is_registered(uri: str, may: bool) -> None:
    assert Client(client_id="app", redirect_uris=loopback("x")).may_return_to(uri) is may


def test_a_code_is_good_once() -> None:
    world = World()
    code = world.grants.code(ASKED)

    world.grants.redeem({**ASKED, "code": code})

    with pytest.raises(Refused, match="code"):
        world.grants.redeem({**ASKED, "code": code})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "other"}, "code"),
        ({"client_id": "other"}, "code"),
        ({"redirect_uri": URI.replace("9", "8")}, "redirect"),
        ({"code_verifier": "wrong"}, "verifier"),
    ],
)
def test_a_code_is_bound_to_its_client_address_and_verifier(change: dict[str, str], reason: str) -> None:
    world = World()
    # RFC 7636, appendix B.
    verifier, challenge = (
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    )
    code = world.grants.code({**ASKED, "code_challenge": challenge, "code_challenge_method": "S256"})
    asked = {**ASKED, "code": code, "code_verifier": verifier}

    with pytest.raises(Refused, match=reason):
        world.grants.redeem({**asked, **change})

    world.grants.redeem(asked)


def test_a_code_with_a_challenge_is_used_up_by_who_has_no_verifier() -> None:
    world = World()
    code = world.grants.code({**ASKED, "code_challenge": "plain", "code_challenge_method": "plain"})

    with pytest.raises(Refused, match="verifier"):
        world.grants.redeem({**ASKED, "code": code})

    with pytest.raises(Refused, match="code"):
        world.grants.redeem({**ASKED, "code": code, "code_verifier": "plain"})


def test_a_code_is_too_old_after_ten_minutes() -> None:
    world = World()
    early, late = world.grants.code(ASKED), world.grants.code(ASKED)

    world.pass_by(seconds=599)
    world.grants.redeem({**ASKED, "code": early})
    world.pass_by(seconds=1)

    with pytest.raises(Refused, match="code"):
        world.grants.redeem({**ASKED, "code": late})


def test_a_rotated_refresh_token_is_dead_at_once() -> None:
    world = World()
    old = world.grants.give("app")

    new = world.grants.refresh(old.refresh_token)

    assert (world.is_good(old), world.is_good(new)) == (False, True)


def test_in_its_grace_a_rotated_refresh_token_is_good_and_its_grace_is_not_prolonged() -> None:
    world = World(grace_seconds=30.0)
    old = world.grants.give("app")
    world.grants.refresh(old.refresh_token)

    world.pass_by(seconds=29)
    newest = world.grants.refresh(old.refresh_token)
    world.pass_by(seconds=1)

    assert (world.is_good(old), world.is_good(newest)) == (False, True)


@pytest.mark.parametrize("can_keep", [True, False])
def test_without_rotation_the_same_refresh_token_comes_back_or_one_more(can_keep: bool) -> None:
    world = World(rotates=False, can_keep=can_keep)
    old = world.grants.give("app")

    new = world.grants.refresh(old.refresh_token)

    assert (new.refresh_token == old.refresh_token) is can_keep
    assert world.is_good(old)
    assert new.access_token != old.access_token


@pytest.mark.parametrize(("days", "is_good"), [(59, True), (60, True), (61, False)])
def test_a_refresh_token_that_nobody_uses_dies(days: int, is_good: bool) -> None:
    world = World(refresh_unused_days=60.0)
    pair = world.grants.give("app")

    world.pass_by(days=days)

    assert world.is_good(pair) is is_good


def test_use_keeps_a_refresh_token_alive() -> None:
    world = World(rotates=False, can_keep=True, refresh_unused_days=60.0)
    pair = world.grants.give("app")

    for _ in range(3):
        world.pass_by(days=59)
        pair = world.grants.refresh(pair.refresh_token)

    assert world.is_good(pair)


@pytest.mark.parametrize("is_dead", [True, False])
def test_a_refresh_may_end_the_access_token_before_it(is_dead: bool) -> None:
    world = World(is_old_access_dead=is_dead)
    old = world.grants.give("app")

    new = world.grants.refresh(old.refresh_token)

    assert (old.access_until <= world.grants.now()) is is_dead
    assert new.access_until == world.grants.now() + timedelta(hours=1)


def test_revoking_a_token_ends_its_pair_and_no_other() -> None:
    world = World()
    one, other = world.grants.give("app"), world.grants.give("app")

    world.grants.revoke(one.access_token)
    assert (world.is_good(one), world.is_good(other)) == (False, True)
    world.grants.revoke()
    assert not world.is_good(other)


def test_time_may_be_run_ahead() -> None:
    world = World(refresh_unused_days=60.0)
    pair = world.grants.give("app")

    world.grants.rules = changed(world.grants.rules, {"ahead_seconds": 61 * 86_400})

    assert not world.is_good(pair)


@pytest.mark.parametrize("given", [{"surprise": 1}, {"rotates": "yes"}, {"consent": "perhaps"}])
def test_a_rule_that_is_none_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"surprise|rotates|consent"):
        changed(World().grants.rules, given)
