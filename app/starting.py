"""What keeps a process from starting, in words for its owner."""

from __future__ import annotations


class NotStarted(Exception):
    """The process cannot start as it was asked to; the message says what to put right, and holds no secret."""
