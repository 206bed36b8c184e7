"""What the calls of each account say of its provider: who fails again and again is left alone for a while.

Kept in this process alone: each learns by itself, within a few calls.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from cachetools import LRUCache

from app.upstream.circuit import Circuit
from providers.kit.clock import Clock
from providers.kit.retries import Retries

FAILURES_MAX = 5
"""So many failures of one account in a row open its circuit."""
ACCOUNTS_MAX = 3
"""So many accounts whose circuits opened, and no call between them that worked, open that of their host."""
WINDOW_SECONDS = 120.0
HOSTS_MAX = 20_000


class Host:
    """What the accounts of one provider on one host say of it: a data centre of many, or one customer's site."""

    __slots__ = ("_clock", "circuit", "failing")

    def __init__(self, integration: str, clock: Clock) -> None:
        self.circuit = Circuit(integration, "provider", clock)
        self.failing: dict[Health, float] = {}
        self._clock = clock

    def failed(self, account: Health) -> None:
        """An account fails again and again; when several do, the host does."""
        now = self._clock.monotonic()
        self.failing = {other: at for other, at in self.failing.items() if now - at < WINDOW_SECONDS}
        self.failing[account] = now
        if self.circuit.is_open or len(self.failing) >= ACCOUNTS_MAX:
            self.circuit.open()

    def worked(self) -> None:
        """A call of any account has worked."""
        self.failing = {}
        self.circuit.close()


class Health:
    """What one account's calls say of its provider, and what it may still ask again."""

    __slots__ = ("_circuit", "_failures", "_host", "retries")

    def __init__(self, integration: str, host: Host, clock: Clock) -> None:
        self.retries = Retries()
        self._circuit = Circuit(integration, "account", clock)
        self._host = host
        self._failures = 0

    @property
    def is_troubled(self) -> bool:
        """Whether there is anything to ask or to tell: while all is well, a call pays for no more than this."""
        return self._failures > 0 or bool(self._host.failing)

    @property
    def rest_seconds(self) -> float:
        """For how long the account or its host is left alone yet."""
        return max(self._circuit.rest_seconds, self._host.circuit.rest_seconds)

    def admit(self) -> None:
        """Raises `Resting` while the account or its host is left alone."""
        self._circuit.admit()
        self._host.circuit.admit()

    def failed(self) -> None:
        """The provider could not be reached, is down, or did not answer in time."""
        self._failures += 1
        if self._circuit.is_open or self._failures >= FAILURES_MAX:
            self._circuit.open()
            self._host.failed(self)
        elif self._host.circuit.is_open:
            self._host.failed(self)

    def worked(self) -> None:
        """The provider answered as one that is up, whatever it said."""
        self._failures = 0
        self._circuit.close()
        self._host.worked()


def alone(integration: str, clock: Clock) -> Health:
    """The health of a connection that is only tried: it is asked whatever others have met, and tells nobody."""
    return Health(integration, Host(integration, clock), clock)


class Healths:
    """Makes the health of accounts, which share that of their hosts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hosts: LRUCache[tuple[str, str], Host] = LRUCache(HOSTS_MAX)

    def of_account(self, integration: str, base_url: str) -> Health:
        """The health of an account that is at this address."""
        key = (integration, urlsplit(base_url).netloc)
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = Host(integration, self._clock)
        return Health(integration, host, self._clock)
