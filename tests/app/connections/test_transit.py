"""A transit engine as the key service: what it opens, what its refusals mean, and how seldom it is asked.

With `LEDGERWAY_TEST_TRANSIT` (the address of a development server of OpenBao or Vault whose root token is
`root-token`) the first part is run against that, too.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from app.connections.key_service import KeptKeys, KeyGone, KeyProblem, KeyServices, VaultProblem, WrappedKey
from app.connections.keys import KeyRing, new_key
from app.connections.transit import Transit, transit
from app.connections.vault import Place, Vault
from app.errors import KeysUnavailable
from tests.app.clock import VirtualClock
from tests.app.connections.transit_engine import TOKEN, TransitEngine
from tests.world import served, settings_in

REAL = os.environ.get("LEDGERWAY_TEST_TRANSIT")
# A server of one's own may be named: then it is held to the same.
SERVERS = ("look-alike",) if REAL is None else ("look-alike", "real")
PLACE = Place("environment-1", "account-1")
SECRETS = {"access_token": "private-words"}


@dataclass(slots=True)
class Server:
    """A server, and a key of this test's in it."""

    url: str
    name: str

    @property
    def address(self) -> str:
        return f"{self.url}/v1/transit/keys/{self.name}"

    def service(self, token: str = TOKEN) -> Transit:
        return Transit(self.address, lambda: token)

    async def do(self, method: str, path: str = "", **body: Any) -> None:
        async with httpx2.AsyncClient(headers={"X-Vault-Token": TOKEN}) as http:
            answer = await http.request(method, f"{self.address}{path}", json=body)
        assert answer.is_success, answer.text


@pytest.fixture(params=SERVERS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    name = f"key-{uuid.uuid4().hex[:8]}"
    if request.param == "real":
        async with httpx2.AsyncClient(headers={"X-Vault-Token": TOKEN}) as http:
            await http.post(f"{REAL}/v1/sys/mounts/transit", json={"type": "transit"})
        yield Server(str(REAL), name)
        return
    async with served(TransitEngine()) as url:
        yield Server(url, name)


@pytest.mark.parametrize("derived", [False, True])
async def test_what_the_service_wraps_it_opens_in_its_place_and_nowhere_else(server: Server, derived: bool) -> None:
    await server.do("POST", derived=derived)
    service = server.service()
    vault = Vault(service)

    key = await vault.new_key(PLACE)
    sealed = await vault.seal(SECRETS, key, PLACE)

    assert key.key_id == f"transit:{server.name}:1"
    assert service.has_made(key.key_id)
    assert await vault.open(sealed, key, PLACE) == SECRETS
    for place in (Place("environment-1", "account-2"), Place("environment-2", "account-1"), Place("", "", "other")):
        with pytest.raises(VaultProblem):
            await service.unwrap(key, place.bound("key"))
    await service.close()


@pytest.mark.parametrize(
    "wrapped", [b"vault:v1:AAAA", b"vault:v1:!", b"vault:v1:" + b"A" * 80, b"nothing", b"", b"\xff"]
)
async def test_a_damaged_wrapping_does_not_open(server: Server, wrapped: bytes) -> None:
    await server.do("POST")
    service = server.service()

    with pytest.raises(VaultProblem):
        await service.unwrap(WrappedKey(f"transit:{server.name}:1", wrapped), b"place")
    await service.close()


async def test_a_rotated_key_opens_what_is_old_until_the_version_is_retired(server: Server) -> None:
    await server.do("POST")
    service = server.service()
    vault = Vault(service)
    old = await vault.new_key(PLACE)
    sealed = await vault.seal(SECRETS, old, PLACE)

    await server.do("POST", "/rotate")
    new = await vault.rewrap(old, PLACE)
    await server.do("POST", "/config", min_decryption_version=2)

    assert await service.current_id() == new.key_id == f"transit:{server.name}:2"
    assert await vault.open(sealed, new, PLACE) == SECRETS
    with pytest.raises(KeyGone):
        await vault.open(sealed, old, PLACE)
    with pytest.raises(VaultProblem):
        await vault.open(sealed, WrappedKey(new.key_id, old.wrapped), PLACE)
    await service.close()


async def test_a_key_that_was_deleted_or_is_of_another_name_is_gone(server: Server) -> None:
    await server.do("POST")
    service = server.service()
    key = await Vault(service).new_key(PLACE)

    with pytest.raises(KeyGone):
        await service.unwrap(WrappedKey("transit:other:1", key.wrapped), PLACE.bound("key"))
    with pytest.raises(KeyGone):
        await service.unwrap(
            WrappedKey(f"transit:{server.name}:7", key.wrapped.replace(b"v1", b"v7")), PLACE.bound("key")
        )
    await server.do("POST", "/config", deletion_allowed=True)
    await server.do("DELETE")
    with pytest.raises(KeyGone):
        await service.unwrap(key, PLACE.bound("key"))
    await service.close()


async def test_a_token_that_is_refused_says_nothing_of_the_key(server: Server) -> None:
    service = server.service("private-token")

    with pytest.raises(KeysUnavailable, match="403") as caught:
        await service.wrap(new_key(), b"place")

    assert "private" not in repr(caught.value)
    await service.close()


@pytest.mark.parametrize(
    "trouble",
    [
        JSONResponse({"errors": ["Vault is sealed"]}, 503),
        JSONResponse({"errors": ["internal error"]}, 500),
        JSONResponse({"errors": ["refusing to use soft-deleted key"]}, 400),
        JSONResponse({"errors": ["encryption key not found"]}, 404),
        JSONResponse({"errors": 7}, 400),
        PlainTextResponse("<html>encryption key not found</html>", 400),
        PlainTextResponse("<html>ok</html>", 200),
        JSONResponse({"data": {"plaintext": "!", "ciphertext": "!"}}),
        JSONResponse({"data": None}),
        JSONResponse({}, 429),
        RedirectResponse("http://127.0.0.1:9/elsewhere", 307),
    ],
    ids=lambda trouble: f"{trouble.status_code} {trouble.body[:40]!r}",
)
async def test_an_outage_or_a_strange_answer_is_no_word_about_a_key(trouble: Response) -> None:
    engine = TransitEngine(trouble=trouble)
    async with served(engine) as url:
        service = Server(url, "key").service()

        with pytest.raises(KeysUnavailable):
            await service.unwrap(WrappedKey("transit:key:1", b"vault:v1:AAAA"), b"place")
        with pytest.raises(KeysUnavailable):
            await service.wrap(new_key(), b"place")
        await service.close()


async def test_a_service_that_cannot_be_reached_is_unavailable_and_its_token_is_in_no_error() -> None:
    service = Server("http://127.0.0.1:9", "key").service("private-token")

    with pytest.raises(KeysUnavailable) as caught:
        await service.wrap(new_key(), b"place")

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "private" not in repr(caught.value)
    await service.close()


@pytest.mark.parametrize(
    "address",
    [
        "vault.internal",
        "https://vault.internal/v1/transit/encrypt/name",
        "https://vault.internal/transit/keys/name",
        "https://user:word@vault.internal/v1/transit/keys/name",
        "https://vault.internal/v1/transit/keys/" + "n" * 41,
        "https://vault.internal/v1/transit/keys/name?x",
        "ftp://vault.internal/v1/transit/keys/name",
    ],
)
def test_an_address_that_is_no_key_is_refused(address: str) -> None:
    with pytest.raises(KeyProblem, match="LEDGERWAY_KEY_SERVICE"):
        Transit(address, lambda: TOKEN)


async def test_a_token_file_is_read_each_time_and_exactly_one_kind_of_token_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "token"
    async with served(TransitEngine()) as url:
        address = Server(url, "key").address
        for more in ({}, {"key_service_token": "t", "key_service_token_file": file}):
            with pytest.raises(KeyProblem, match="_TOKEN_FILE"):
                transit(settings_in(tmp_path, **more), address)
        service = transit(settings_in(tmp_path, key_service_token_file=file), address)

        with pytest.raises(KeysUnavailable, match="token cannot be read"):
            await service.wrap(new_key(), b"place")
        file.write_text("old\n")
        with pytest.raises(KeysUnavailable, match="403"):
            await service.wrap(new_key(), b"place")
        file.write_text(f"{TOKEN}\n")
        assert await service.wrap(new_key(), b"place")
        await service.close()


async def test_a_data_key_is_asked_for_again_after_some_minutes_and_outlives_an_outage_for_an_hour() -> None:
    clock, engine = VirtualClock(), TransitEngine()
    async with served(engine) as url:
        service = KeptKeys(Server(url, "key").service(), clock)
        key = await service.wrap(b"k" * 32, b"place")
        assert await service.unwrap(key, b"place") == b"k" * 32
        assert engine.asked == ["encrypt"]

        clock.advance(KeptKeys.FRESH_SECONDS)
        await service.unwrap(key, b"place")
        assert engine.asked == ["encrypt", "decrypt"]

        engine.trouble = JSONResponse({"errors": ["Vault is sealed"]}, 503)
        clock.advance(KeptKeys.STALE_SECONDS - 1)
        assert await service.unwrap(key, b"place") == b"k" * 32
        clock.advance(1)
        with pytest.raises(KeysUnavailable):
            await service.unwrap(key, b"place")
        await service.close()


async def test_a_key_that_is_taken_away_stops_opening_after_some_minutes() -> None:
    clock, engine = VirtualClock(), TransitEngine()
    async with served(engine) as url:
        service = KeptKeys(Server(url, "key").service(), clock)
        key = await service.wrap(new_key(), b"place")
        with pytest.raises(VaultProblem):
            await service.unwrap(key, b"elsewhere")

        del engine.keys["key"]
        clock.advance(KeptKeys.FRESH_SECONDS)

        for _ in range(2):
            with pytest.raises(KeyGone):
                await service.unwrap(key, b"place")
        await service.close()


async def test_of_two_services_the_first_wraps_and_each_opens_its_own() -> None:
    ring = KeyRing(lambda: {"k1": b"k" * 32})
    async with served(TransitEngine()) as url:
        service = Server(url, "key").service()
        both = KeyServices((service, ring))
        here, there = await ring.wrap(b"1" * 32, b"place"), await both.wrap(b"2" * 32, b"place")

        assert [await both.unwrap(key, b"place") for key in (here, there)] == [b"1" * 32, b"2" * 32]
        assert await both.current_id() == there.key_id
        with pytest.raises(KeyGone, match="not set"):
            await KeyServices((ring,)).unwrap(there, b"place")
        await both.close()
