"""The way to Redis: whether it is there, since when, and how many processes use it. It never keeps a call waiting.

A call that Redis does not answer in time finds it gone, and all calls after it know. Each time it comes back the
process has a new name there: what it had under way before is taken to have counted.
"""

from __future__ import annotations

import asyncio
import math
import uuid
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from app.logs import get_logger
from app.metrics import tell_quota_shared
from app.quota.shared.offset import Offset
from providers.kit.clock import Clock

log = get_logger()

ANSWER_SECONDS_MAX = 0.2
LOOK_SECONDS = 0.05
CONNECT_SECONDS_MAX = 2.0
CONNECTIONS_MAX = 32
LATE_SECONDS_MAX = 2.0
"""Whatever is gone for longer may have been put back as it was some time ago."""
SETTLE_SECONDS = 2.5
"""How long an emptied Redis is left alone, until every process has come back: longer than a few beats."""
UNSEEN_PROCESSES = 2
"""How many share an allowance if Redis has never been reached: whoever sets one has more than one process."""
PREFIX = "ledgerway:quota:"
PROCESSES = f"{PREFIX}processes"
READY_AT = f"{PREFIX}ready-at"
_FOLDER = Path(__file__).parent


class LinkDown(Exception):
    """Redis is not there, or not ready to be used."""


class Link:
    """The process's one link. `era` counts how often it was found; what belongs to another era is void."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._client: Any = None
        self._acquire: Any = None
        self._beat: Any = None
        self._ready_at = 0.0
        self._was_told = False
        self._gone_at = -math.inf
        self._under_way: dict[asyncio.Timeout, float] = {}
        self._late: set[asyncio.Timeout] = set()
        self._watching: asyncio.TimerHandle | None = None
        self.offset = Offset()
        self.name = ""
        self.era = 0
        self.processes = UNSEEN_PROCESSES

    @property
    def is_there(self) -> bool:
        """Whether Redis answered last time."""
        return self._client is not None

    @property
    def has_kept_all(self) -> bool:
        """Whether Redis was only late, and knows what it knew before."""
        return self.ready_in_seconds == 0.0 and self._clock.monotonic() - self._gone_at < LATE_SECONDS_MAX

    @property
    def ready_in_seconds(self) -> float:
        """How long it must still be left alone."""
        return max(self._ready_at - self._clock.monotonic(), 0.0)

    @property
    def is_up(self) -> bool:
        """Whether what is counted there may be used."""
        return self._client is not None and self.ready_in_seconds == 0.0

    async def run(self, keys: Sequence[str], request: bytes) -> bytes:
        """One trip for one account; `LinkDown` where there is no answer in time."""
        if not self.is_there:
            raise LinkDown
        return bytes(await self._answered(self._acquire((PROCESSES, *(PREFIX + key for key in keys)), (request,))))

    async def beat(self) -> bool:
        """Tell that this process lives, and look for Redis where it was gone; whether it has just come back."""
        has_come_back = not self.is_there and await self._connect()
        if not self.is_there:
            return False
        sent = self._clock.monotonic()
        try:
            answer = await self._answered(self._beat((PROCESSES, READY_AT), (self.name, SETTLE_SECONDS)))
        except LinkDown:
            return False
        self.offset.learn(sent, self._clock.monotonic(), float(answer[2]))
        self.processes = max(int(answer[0]), 1)
        self._ready_at = self._clock.monotonic() + float(answer[1]) if float(answer[1]) else 0.0
        if self.is_up and self._was_told:
            self._was_told = False
            log.warning("quota is shared again", processes=self.processes)
        tell_quota_shared(is_shared=self.is_up)
        return has_come_back

    async def close(self) -> None:
        """Leave, so that nobody waits for this process."""
        self._was_told = True  # That it is gone now is no news.
        if self._client is not None:
            with suppress(Exception):
                await asyncio.wait_for(self._client.zrem(PROCESSES, self.name), ANSWER_SECONDS_MAX)
            await self._drop()

    async def _connect(self) -> bool:
        # Only a gateway that has a Redis need hold its client.
        from redis.asyncio import BlockingConnectionPool, Redis  # noqa: PLC0415
        from redis.asyncio.retry import Retry  # noqa: PLC0415
        from redis.backoff import NoBackoff  # noqa: PLC0415

        # What is late is given up here, and once: the client's own patience and repeats would only hide it.
        pool = BlockingConnectionPool.from_url(
            self._url,
            max_connections=CONNECTIONS_MAX,
            socket_connect_timeout=CONNECT_SECONDS_MAX,
            retry=Retry(NoBackoff(), 0),
        )
        client = Redis.from_pool(pool)
        try:
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                # Nobody else need wait until it is sure that the name this process had is not used any more.
                await client.zrem(PROCESSES, self.name)
        except Exception as error:
            self._tell_gone(error)
            with suppress(Exception):
                await client.aclose()
            return False
        self._acquire = client.register_script(_script("aligned", "rolling", "acquire"))
        self._beat = client.register_script(_script("beat"))
        self._client = client
        self.name, self.offset = uuid.uuid4().hex, Offset()
        self.era += 1
        return True

    async def _answered(self, trip: Awaitable[Any]) -> Any:
        era = self.era
        try:
            async with asyncio.timeout(None) as patience:
                self._under_way[patience] = asyncio.get_running_loop().time()
                self._watch()
                try:
                    return await trip
                finally:
                    del self._under_way[patience]
        except Exception as error:
            if era == self.era:
                self._tell_gone(error)
                await self._drop()
            raise LinkDown from error

    def _watch(self) -> None:
        """Look after those under way while there are any: a timer for each would cost too much."""
        if self._watching is None:
            self._watching = asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        self._watching = None
        now = asyncio.get_running_loop().time()
        late = {each for each, since in self._under_way.items() if now - since > ANSWER_SECONDS_MAX}
        for each in late & self._late:
            # Seen late twice: it is not this process that had no time to read the answer.
            each.reschedule(now)
        self._late = late
        if self._under_way:
            self._watch()

    async def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(Exception):
                await client.aclose()

    def _tell_gone(self, error: BaseException) -> None:
        tell_quota_shared(is_shared=False)
        if self._client is not None:
            self._gone_at = self._clock.monotonic()
        if not self._was_told:
            self._was_told = True
            log.warning(
                "Redis is gone: each process keeps to its part of the quota",
                kind=type(error).__name__,
                processes=self.processes,
            )


def _script(*names: str) -> str:
    return "\n".join((_FOLDER / f"{name}.lua").read_text(encoding="utf-8") for name in names)
