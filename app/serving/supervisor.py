"""`ledgerway serve --workers N`: one listening socket, N processes that serve it, and one that looks after them."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from pathlib import Path

from app.logs import configure_logs, get_logger
from app.serving.notices import READY, STOPPING, notify
from app.serving.places import Places
from app.serving.workers import Workers

log = get_logger()

BACKLOG = 2_048
# While workers are replaced there is one more of them, and those that are ending.
PLACES_PER_WORKER = 4


def become_supervisor(host: str, port: int, count: int, log_level: str) -> None:
    """Go on as the supervisor, in a process that holds nothing else: the gateway would take some 90 MB."""
    root = str(Path(__file__).parent.parent.parent)
    searched = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    # The same code for the workers, wherever this was started.
    environment = {**os.environ, "PYTHONPATH": searched, "PYTHONSAFEPATH": "1"}
    given = (host, str(port), str(count), log_level)
    os.execve(sys.executable, [sys.executable, "-m", "app.serving.supervisor", *given], environment)  # noqa: S606


def main(host: str, port: str, count: str, log_level: str) -> int:
    """0 once all that was in hand is done; 1 where it could not start."""
    configure_logs(log_level)
    try:
        listener = _bound(host, int(port))
    except OSError as error:
        print(f"ledgerway: cannot listen on {host}:{port}: {error.strerror}", file=sys.stderr)  # noqa: T201
        return 1
    with listener, tempfile.TemporaryFile() as file, tempfile.TemporaryDirectory(prefix="ledgerway-") as folder:
        places = Places.new(file, int(count) * PLACES_PER_WORKER)
        workers = Workers(listener, places, file.fileno(), Path(folder))
        return asyncio.run(_supervise(workers, int(count), f"{folder}/notices"))


def _bound(host: str, port: int) -> socket.socket:
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server(address[:2], family=family, backlog=BACKLOG)


async def _supervise(workers: Workers, count: int, notices: str) -> int:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: workers.notices, local_addr=notices, family=socket.AF_UNIX
    )
    under_way: set[asyncio.Task[None]] = set()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda each: under_way.add(loop.create_task(workers.stop(each))), number)
    loop.add_signal_handler(signal.SIGHUP, lambda: under_way.add(loop.create_task(workers.replace())))
    try:
        has_started = await workers.start(count)
        if not has_started:
            await workers.stop()
            return 1
        notify(READY)
        log.info("all workers serve", workers=count)
        await workers.keep()
        notify(STOPPING)
        await asyncio.gather(*under_way)
        return 0
    finally:
        transport.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
