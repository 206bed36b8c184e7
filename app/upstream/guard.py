"""Which addresses a customer's URL may reach: never our own network, unless the owner allows it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any

from providers.kit.errors import ForbiddenAddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]
SocketFactory = Callable[[AddressInfo], socket.socket]

WINDOW_SIZE_MAX = 1024 * 1024

# Ranges that `is_global` calls global although they reach inside or carry an inner address. Of IPv6, only
# `2000::/3` is given out: what lies outside it is local, or holds an IPv4 address in one of its many forms.
_NEVER: tuple[Network, ...] = (
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("192.88.99.0/24"),
)
_IPV6_GIVEN_OUT = ipaddress.ip_network("2000::/3")


class AllowedHosts:
    """What `LEDGERWAY_ALLOW_PRIVATE_HOSTS` lets privileged environments reach: networks and host names."""

    def __init__(self, entries: Iterable[str]) -> None:
        self.networks: list[Network] = []
        self.names: set[str] = set()
        for entry in (text.strip().lower() for text in entries):
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


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open internet, mapped and tunnelled forms seen through."""
    if address.version == 6 and address not in _IPV6_GIVEN_OUT:
        return False
    if address.is_multicast or any(address in net for net in _NEVER if net.version == address.version):
        return False
    return address.is_global


def check_host(host: str, allowed: AllowedHosts | None) -> None:
    """Raises `ForbiddenAddress` for a host that is an address inside, or this machine by name, unless `allowed`."""
    name = host.lower().rstrip(".")
    if allowed is not None and name in allowed.names:
        return
    if name == "localhost" or name.endswith(".localhost"):
        name = "127.0.0.1"
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return
    if not is_public(address) and not (allowed and allowed.contains(address)):
        raise ForbiddenAddress("the address points inside this network")


def guarded_socket(allowed: AllowedHosts | None) -> SocketFactory:
    """Makes sockets for public addresses, and for those in `allowed`; raises `ForbiddenAddress` for others.

    It sees the address of every connection as it is made, so a name that resolves inside, and one that
    changes its mind between two look-ups, are both caught.
    """

    def make(info: AddressInfo) -> socket.socket:
        family, kind, protocol, _, address = info
        host = ipaddress.ip_address(str(address[0]).partition("%")[0])
        if not is_public(host) and not (allowed and allowed.contains(host)):
            raise ForbiddenAddress("the address points inside this network")
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
