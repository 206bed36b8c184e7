"""Takes an account's secrets out of what its provider said: some repeat what they were sent."""

from __future__ import annotations

import base64
from collections.abc import Iterable

HIDDEN = "[hidden]"
# Shorter ones would be found in ordinary words.
SIZE_MIN = 6


def without(secrets: Iterable[str], said: str | None) -> str | None:
    """The provider's words with every secret hidden: plain, in base64, and cut off at the end."""
    if said is None:
        return None
    forms = {form for secret in secrets if len(secret) >= SIZE_MIN for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        said = said.replace(form, HIDDEN)
    for form in forms:
        for size in range(len(form) - 1, SIZE_MIN - 1, -1):
            if said.endswith(form[:size]):
                said = said[:-size] + HIDDEN
                break
    return said


def _forms(secret: str) -> tuple[str, ...]:
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return secret, encoded
