"""Gateways that die at a named point of a renewal; `python -m tests.proofs.killable` forks one for each line.

Forked from a process that has imported everything, a gateway is up in a moment. The points are wrapped around
the service's own functions from here: nothing of it is in the service.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, TypedDict

import uvicorn

from app.connections import lease, renewal, store
from app.connections.connection import Connection
from app.connections.lease_store import LeaseStore
from app.connections.oauth import OAuthCalls
from app.connections.store import AccountStore
from app.main import create_app
from app.server import config
from providers.kit.registry import all_providers

OwnPoint = Literal["claimed", "extended", "answered", "written", "committed", "adopted", "worked", "forgotten"]
_DIE_WITH_PARENT = 1
# What a gateway imports only once it needs it.
_LATER = (
    "aiosqlite",
    "asyncpg",
    "authlib.integrations.httpx_client",
    "uvloop",
    "uvicorn.protocols.http.httptools_impl",
)


class Order(TypedDict):
    """What a gateway is to be."""

    id: int
    environment: dict[str, str]
    output: str
    kill_at: OwnPoint | None
    lease_seconds: float


def main() -> None:
    """Fork a gateway for each order; tell of each where it serves, and of each how it ended."""
    for name in _LATER:
        importlib.import_module(name)
    all_providers()
    gc.freeze()
    signal.signal(signal.SIGCHLD, lambda *_: _tell_of_the_dead())
    for line in sys.stdin:
        order: Order = json.loads(line)
        if os.fork() == 0:
            try:
                _serve(order)
            finally:
                os._exit(1)


def _tell(**said: Any) -> None:
    """One line, in one piece: children write to the same pipe."""
    os.write(sys.stdout.fileno(), json.dumps(said).encode() + b"\n")


def _tell_of_the_dead() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _tell(died=pid, signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)


def _serve(order: Order) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    os.environ.update(order["environment"])
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)  # Who comes before it serves waits in line.
    _tell(id=order["id"], pid=os.getpid(), port=listener.getsockname()[1])
    with Path(order["output"]).open("ab") as output, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    # Each is named where it is used as well as where it is made.
    lease.LEASE = renewal.LEASE = timedelta(seconds=order["lease_seconds"])
    lease.BEAT_SECONDS = order["lease_seconds"] * 0.3
    if order["kill_at"] is not None:
        _ARM[order["kill_at"]]()
    uvicorn.Server(config("127.0.0.1", 0, create_app())).run(sockets=[listener])


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _wrap(owner: Any, name: str, *, before: bool = False, when: Callable[[Any], bool] = lambda _: True) -> None:
    """Die before the function, or once it has given what `when` takes."""
    original = getattr(owner, name)

    async def deadly(*given: Any, **more: Any) -> Any:
        if before:
            _die()
        result = await original(*given, **more)
        if when(result):
            _die()
        return result

    setattr(owner, name, deadly)


def _die_adopted() -> None:
    original = Connection.adopt

    def deadly(self: Connection, account: Any, secrets: Any) -> None:
        original(self, account, secrets)
        if account.previous_secrets is not None:  # Those of a renewal, which nobody has used yet.
            _die()

    Connection.adopt = deadly  # type: ignore[method-assign]


def _die_written() -> None:
    """In the transaction that brings the new tokens, before its commit."""
    settle = AccountStore.settle

    async def armed(*given: Any) -> Any:
        _wrap(store, "mark_changed")
        return await settle(*given)

    AccountStore.settle = armed  # type: ignore[method-assign, assignment]


_ARM: dict[OwnPoint, Callable[[], None]] = {
    "claimed": lambda: _wrap(LeaseStore, "claim", when=lambda claimed: claimed is not None),
    "extended": lambda: _wrap(LeaseStore, "extend"),
    "answered": lambda: _wrap(OAuthCalls, "refresh"),
    "written": _die_written,
    "committed": lambda: _wrap(AccountStore, "settle"),
    "adopted": _die_adopted,
    "worked": lambda: _wrap(LeaseStore, "forget_previous", before=True),
    "forgotten": lambda: _wrap(LeaseStore, "forget_previous"),
}


if __name__ == "__main__":
    main()
