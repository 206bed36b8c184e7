"""What a transaction tells at its commit: to this process, and to every other where PostgreSQL carries it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.logs import get_logger

if TYPE_CHECKING:
    import asyncpg

log = get_logger()

CHANNEL = "ledgerway"
UNTOLD = "ledgerway_untold"
"""Where a connection keeps what its transaction is to tell."""

RECONNECT_SECONDS = 1.0
# A connection that is dead and does not know it is found out by a question.
ASK_SECONDS = 30.0
ANSWER_SECONDS_MAX = 5.0

_EVENT = "event"


@dataclass(frozen=True, slots=True)
class Changed:
    """The change of that number: of an account, or of something that many accounts and tokens depend on."""

    number: int
    environment_id: str | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """The event log has grown."""


News = Changed | Happened
Hear = Callable[[News], None]


async def tell(connection: AsyncConnection, news: News) -> None:
    """Tell it at the commit of the transaction that is open; never if it is rolled back."""
    connection.info[UNTOLD].append(news)
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_notify(CHANNEL, _written(news))))


def _written(news: News) -> str:
    """As it travels: `event`, or a change's number and whose it is."""
    if isinstance(news, Happened):
        return _EVENT
    return " ".join(filter(None, (str(news.number), news.environment_id, news.account_id)))


def _read(text: str) -> News:
    if text == _EVENT:
        return Happened()
    number, *of = text.split()
    # A newer process may say more than this one understands; then it is a change of many things.
    return Changed(int(number), *of) if len(of) == 2 else Changed(int(number))


async def listen(engine: AsyncEngine, hear: Hear, catch_up: Callable[[], Awaitable[None]]) -> None:
    """Hear what other processes tell, for as long as the task lives; after a loss, catch up on what was missed."""
    is_lost = False
    while True:
        try:
            async with engine.connect() as connection:
                driver = await _own(connection)
                ended = asyncio.Event()
                driver.add_termination_listener(lambda _: ended.set())  # noqa: B023 - each has its own
                await driver.add_listener(CHANNEL, lambda *given: hear(_read(given[-1])))
                if is_lost:
                    log.info("changes are told by the database again")
                is_lost = False
                await catch_up()
                await _until_ended(driver, ended)
        except Exception as error:
            if not is_lost:
                log.warning("the database tells of no changes: they are looked for", kind=type(error).__name__)
            is_lost = True
        await asyncio.sleep(RECONNECT_SECONDS)


async def _own(connection: AsyncConnection) -> asyncpg.Connection:
    """The driver's connection, which is the pool's no more."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert driver is not None  # noqa: S101 - it was opened just now
    await connection.run_sync(lambda sync: sync.detach())
    return driver


async def _until_ended(driver: asyncpg.Connection, ended: asyncio.Event) -> None:
    while not ended.is_set():
        try:
            await asyncio.wait_for(ended.wait(), ASK_SECONDS)
        except TimeoutError:
            await driver.execute("SELECT 1", timeout=ANSWER_SECONDS_MAX)
    raise ConnectionResetError
