"""How a hosted page looks for an environment: its name, colour and logo, and who may frame it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from cachetools import TTLCache

from app.environments.store import EnvironmentStore
from app.upstream.sender import Upstream
from providers.kit.clock import Clock
from providers.kit.errors import ProviderError
from providers.kit.upstream import Request

LOGO_SIZE_MAX = 512 * 1024
LOGO_SECONDS = 10.0
KEPT_MAX = 200
KEPT_SECONDS = 600.0
_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "image/avif"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A picture as it was fetched."""

    kind: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the hosted page needs of an environment."""

    id: str
    brand: Mapping[str, Any]
    origins: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    allow_private: bool


class Brands:
    """Looks environments up, and fetches their logos so that a customer's browser asks nobody else."""

    def __init__(self, environments: EnvironmentStore, upstream: Upstream, clock: Clock) -> None:
        self._environments = environments
        self._upstream = upstream
        self._logos: TTLCache[tuple[str, str], Logo | None] = TTLCache(
            KEPT_MAX, KEPT_SECONDS, timer=clock.monotonic
        )

    async def of(self, environment_id: str) -> House | None:
        """The environment, if it is there."""
        row = await self._environments.find(environment_id)
        if row is None:
            return None
        return House(
            id=row.id,
            brand=row.brand,
            origins=tuple(filter(None, map(origin_of, row.origins))),
            redirect_uris=tuple(row.redirect_uris),
            allow_private=bool(row.allow_private_hosts),
        )

    async def logo(self, house: House) -> Logo | None:
        """The environment's logo; None where there is none to be had. A failure is kept for a while too."""
        url = house.brand.get("logo_url")
        if not url:
            return None
        key = (house.id, str(url))
        if key not in self._logos:
            self._logos[key] = await self._fetched(str(url), allow_private=house.allow_private)
        return self._logos[key]

    async def _fetched(self, url: str, *, allow_private: bool) -> Logo | None:
        request = Request(method="GET", url=url, headers=(("Accept", "image/*"),), wants_signing=False)
        try:
            async with asyncio.timeout(LOGO_SECONDS):
                answer = await self._upstream.send(request, allow_private=allow_private)
                try:
                    content = await answer.read(LOGO_SIZE_MAX)
                    kind = (answer.header("Content-Type") or "").partition(";")[0].strip().lower()
                finally:
                    await answer.close()
        except (ProviderError, TimeoutError):
            return None
        return Logo(kind=kind, content=content) if answer.status == 200 and kind in _IMAGES else None


def origin_of(url: str) -> str | None:
    """The origin of an address, as a browser writes it; None where there is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" if port in (None, usual) else f"{parts.scheme}://{host}:{port}"
