"""The workers of one listening socket: started, replaced, and started again where one dies."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from app.logs import get_logger
from app.serving.notices import READY, VARIABLE
from app.serving.places import Places

log = get_logger()

START_SECONDS_MAX = 60.0
START_AGAIN_SECONDS = 1.0
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
_LEDGERWAY = (sys.executable, "-c", "from app.cli import main; main()", "serve")


@dataclass(slots=True, eq=False)
class Worker:
    """One process, and whether it has begun to serve."""

    process: asyncio.subprocess.Process
    place: int
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)


class Notices(asyncio.DatagramProtocol):
    """Hears from workers that they are ready."""

    def __init__(self) -> None:
        self.workers: dict[int, Worker] = {}

    def datagram_received(self, data: bytes, addr: object) -> None:
        """Note who is ready."""
        del addr
        said = dict(line.partition("=")[::2] for line in data.decode("ascii", "replace").splitlines())
        worker = self.workers.get(int(said.get("MAINPID", "0")))
        if worker is not None and f"READY={said.get('READY')}" == READY:
            worker.is_ready.set()


class Workers:
    """Keeps so many workers at one socket, until it is told to stop."""

    def __init__(self, listener: socket.socket, places: Places, places_descriptor: int, folder: Path) -> None:
        self._listener = listener
        self._places = places
        self._descriptors = (listener.fileno(), places_descriptor)
        self._address = folder / "notices"
        # Where the workers keep what they count, so that any of them can tell it for all.
        self._counts = folder / "counts"
        self._counts.mkdir()
        self.notices = Notices()
        self._current: list[Worker] = []
        self._stopping = asyncio.Event()
        self._replacing = asyncio.Lock()

    async def start(self, count: int) -> bool:
        """Start them all; False where one does not, which has said why."""
        # The first alone: it brings the database up to date, or says once why it does not start.
        for together in (1, count - 1):
            begun = [await self._begin() for _ in range(together)]
            self._current += begun
            if not all(await asyncio.gather(*(self._until_ready(worker) for worker in begun))):
                return False
        return True

    async def keep(self) -> None:
        """Start another wherever one dies, until all are to stop."""
        await asyncio.gather(*(self._keep(number) for number in range(len(self._current))))

    async def replace(self) -> None:
        """One after the other: a new one serves before the old one is told to stop."""
        async with self._replacing:
            for number, old in enumerate(self._current):
                if self._stopping.is_set():
                    return
                new = await self._begin()
                if not await self._until_ready(new):
                    log.error("a new worker did not start, the old ones go on", worker=new.process.pid)
                    await self._end(new, signal.SIGKILL)
                    return
                self._current[number] = new
                await self._end(old, signal.SIGTERM)
        log.info("the workers were replaced")

    async def stop(self, number: int = signal.SIGTERM) -> None:
        """Have all finish what they have in hand."""
        self._stopping.set()
        await asyncio.gather(*(self._end(worker, number) for worker in self.notices.workers.copy().values()))

    async def _keep(self, number: int) -> None:
        while not self._stopping.is_set():
            worker = self._current[number]
            code = await worker.process.wait()
            self._forget(worker)
            if self._stopping.is_set() or self._current[number] is not worker:
                continue
            log.error("a worker has died", worker=worker.process.pid, code=code)
            if not worker.is_ready.is_set():
                await asyncio.sleep(START_AGAIN_SECONDS)
            if not self._stopping.is_set():
                self._current[number] = await self._begin()
                if await self._until_ready(self._current[number]):
                    log.info("a worker was started again", worker=self._current[number].process.pid)

    async def _begin(self) -> Worker:
        taken = {worker.place for worker in self.notices.workers.values()}
        place = next(number for number in itertools.count() if number not in taken)
        listener, places = self._descriptors
        process = await asyncio.create_subprocess_exec(
            *_LEDGERWAY,
            *("--fd", str(listener), "--places", str(places), "--place", str(place)),
            pass_fds=self._descriptors,
            env={**os.environ, VARIABLE: str(self._address), MULTIPROCESS: str(self._counts)},
            # A terminal's Ctrl-C reaches the supervisor alone, which tells the others.
            start_new_session=True,
        )
        worker = Worker(process, place)
        self.notices.workers[process.pid] = worker
        return worker

    async def _until_ready(self, worker: Worker) -> bool:
        ready = asyncio.create_task(worker.is_ready.wait())
        ended = asyncio.create_task(worker.process.wait())
        await asyncio.wait({ready, ended}, timeout=START_SECONDS_MAX, return_when=asyncio.FIRST_COMPLETED)
        for task in (ready, ended):
            task.cancel()
        return worker.is_ready.is_set() and worker.process.returncode is None

    async def _end(self, worker: Worker, number: int) -> None:
        if worker.process.returncode is None:
            worker.process.send_signal(number)
        await worker.process.wait()
        self._forget(worker)

    def _forget(self, worker: Worker) -> None:
        if self.notices.workers.pop(worker.process.pid, None) is not None:
            self._places.leave(worker.place)
            # What it counted stays; what it held at the time is gone with it.
            for held in self._counts.glob(f"gauge_live*_{worker.process.pid}.db"):
                held.unlink()
