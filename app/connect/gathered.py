"""What a flow has gathered on its way, kept sealed in the link token's row between two steps."""

from __future__ import annotations

from typing import Any

import msgspec

from app.connect.store import LinkToken
from app.connections.vault import Vault


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """Credentials included: only ever written sealed. `mode` and `origin` are the page's, for the way back."""

    integration: str
    way: str
    mode: str
    origin: str | None = None
    form: dict[str, str] = {}
    verifier: str = ""
    context: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    findings: dict[str, Any] = {}

    def __repr__(self) -> str:
        return f"Gathered({self.integration}, {self.way})"


async def sealed(vault: Vault, link: LinkToken, gathered: Gathered) -> bytes:
    """As it is kept."""
    text = msgspec.json.encode(gathered).decode()
    return await vault.seal({"json": text}, link.key, link.place, "gathered")


async def opened(vault: Vault, link: LinkToken) -> Gathered | None:
    """What was kept; None where nothing is."""
    if link.gathered is None:
        return None
    kept = await vault.open(link.gathered, link.key, link.place, "gathered")
    return msgspec.json.decode(kept["json"], type=Gathered)
