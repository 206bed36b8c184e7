"""Which addresses a customer's URL may reach: never our own network, unless the owner allows it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any

from app.upstream.destination import Address, Destination, Network, is_public
from providers.kit.errors import ForbiddenAddress

AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]
SocketFactory = Callable[[AddressInfo], socket.socket]

WINDOW_SIZE_MAX = 1024 * 1024
INSIDE = "the address points inside this network"


class AllowedHosts:
    """What `LEDGERWAY_ALLOW_PRIVATE_HOSTS` lets privileged environments reach: networks and host names."""

    def __init__(self, entries: Iterable[str]) -> None:
        self.networks: list[Network] = []
        self.names: set[str] = set()
        for entry in (text.strip().lower().removesuffix(".") for text in entries):
            if not entry:
                continue
            try:
                self.networks.append(ipaddress.ip_network(entry, strict=False))
            except ValueError:
                self.names.add(entry)
        if "localhost" in self.names:
            self.networks += [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]

    def contains(self, address: Address) -> bool:
        """Whether the owner named this address."""
        return any(address in network for network in self.networks if network.version == address.version)

    def check(self, destination: Destination) -> None:
        """Raises `ForbiddenAddress` for an address inside that the owner did not name.

        What a name of the owner's network leads to is held against them at each connection.
        """
        address = destination.address
        if address is None or not destination.is_inside or destination.host in self.names:
            return
        if not self.contains(address):
            raise ForbiddenAddress(INSIDE)


def guarded_socket(allowed: AllowedHosts | None) -> SocketFactory:
    """Makes sockets for public addresses, and for those in `allowed`; raises `ForbiddenAddress` for others.

    It sees the address of every connection as it is made, so a name that resolves inside, and one that
    changes its mind between two look-ups, are both caught.
    """

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        host = ipaddress.ip_address(str(address[0]).partition("%")[0])
        if not is_public(host) and not (allowed and allowed.contains(host)):
            raise ForbiddenAddress(INSIDE)
        return _bounded(family, kind, protocol)

    return make


def open_socket(info: AddressInfo) -> socket.socket:
    """Makes a socket for any address: for host names the owner allowed by name."""
    family, kind, protocol, _, _ = info
    return _bounded(family, kind, protocol)


def _bounded(family: int, kind: int, protocol: int) -> socket.socket:
    """A socket that takes at most so much ahead of its reader: a provider is not drained for a caller who left."""
    made = socket.socket(family, kind, protocol)
    if hasattr(socket, "TCP_WINDOW_CLAMP"):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_WINDOW_CLAMP, WINDOW_SIZE_MAX)
    return made
