"""Tells a supervisor how the process is, in systemd's way: datagrams to the socket that `NOTIFY_SOCKET` names."""

from __future__ import annotations

import os
import socket
from contextlib import suppress

READY = "READY=1"
STOPPING = "STOPPING=1"
VARIABLE = "NOTIFY_SOCKET"


def notify(state: str) -> None:
    """Tell it, if anybody has asked for it."""
    address = os.environ.get(VARIABLE)
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]  # One of Linux's abstract names.
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(f"{state}\nMAINPID={os.getpid()}".encode(), address)
