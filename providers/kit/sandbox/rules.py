"""How a sandbox's OAuth behaves: what real providers do differently, or do on some days only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeVar

import msgspec

Switches = TypeVar("Switches", bound=msgspec.Struct)


class Rules(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The switches. `POST /__sandbox/oauth` takes any of them and tells them all."""

    rotates: bool
    """Whether a refresh makes the refresh token that was sent worthless."""
    grace_seconds: float = 0.0
    """How long it is good all the same."""
    access_seconds: float
    refresh_unused_days: float | None = None
    """How long a refresh token that nobody uses is good."""
    code_seconds: float = 600.0
    is_old_access_dead: bool = False
    """Whether a refresh ends the access token before it, too."""
    consent: Literal["ask", "allow", "deny"] = "ask"
    """Whether a person is asked, or what is taken for the answer."""
    ahead_seconds: float = 0.0
    """How far the tokens' time is ahead of the clock's: a way to let a month pass."""


def changed(switches: Switches, given: Mapping[str, Any]) -> Switches:
    """The switches with what is given laid over them; `ValueError` where a name or a kind is wrong."""
    return msgspec.convert({**msgspec.structs.asdict(switches), **given}, type(switches))
