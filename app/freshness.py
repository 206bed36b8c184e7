"""Forgets what this process holds in memory once it is old: it is told of changes, and looks for what it missed."""

from __future__ import annotations

from app.connections.connections import Connections
from app.db.news import Changed
from app.tokens.store import TokenStore
from app.tokens.tokens import Tokens


class Freshness:
    """Forgets what has changed. Changes are numbered without a gap, so what was missed shows."""

    def __init__(self, store: TokenStore, tokens: Tokens, connections: Connections) -> None:
        self._store = store
        self._tokens = tokens
        self._connections = connections
        self._seen: int | None = None

    def hear(self, changed: Changed) -> None:
        """Forget the account that has changed, or everything where it is not known to be that alone."""
        if self._seen is not None and changed.number <= self._seen:
            return  # Heard before, from this process itself.
        is_next = self._seen is not None and changed.number == self._seen + 1
        self._seen = changed.number
        if is_next and changed.environment_id is not None and changed.account_id is not None:
            self._connections.reopen(changed.environment_id, changed.account_id)
            return
        self._forget_all()

    async def look(self) -> None:
        """Forget everything if there was a change that this process was not told of."""
        number = await self._store.change_number()
        if number != self._seen:
            self._seen = number
            self._forget_all()

    def _forget_all(self) -> None:
        self._tokens.clear()
        self._connections.clear()
