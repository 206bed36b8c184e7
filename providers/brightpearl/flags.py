"""Brightpearl's flags as our words."""

from __future__ import annotations

from typing import Literal


def state(is_active: bool | None) -> Literal["active", "archived"] | None:
    """Whether something is in use; None where Brightpearl does not say."""
    if is_active is None:
        return None
    return "active" if is_active else "archived"
