"""What each sandbox holds, told from its own books: which records a walk must give, and when each last changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

Changes = Mapping[str, datetime | None]
"""When each record last changed, by its id; None where the provider does not tell."""
