"""Where a URL leads, read in one way for every check: what two readers could take differently is refused."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

from providers.kit.errors import ForbiddenAddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

KEPT_MAX = 4_096
NAME_SIZE_MAX = 253

_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?", re.IGNORECASE)
_NAME = re.compile(r"(?:(?!-)[a-z0-9_-]{1,63}(?<!-)\.)*(?!-)[a-z0-9_-]{1,63}(?<!-)\.?")
# What a resolver takes for a number, as a whole or as the last part of an address: `2130706433`, `127.1`, `0x7f.1`.
_ENDS_IN_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")
# Names that nobody on the open internet has: of the network around this machine, of a neighbouring container.
# They are not even looked up, or the answer would tell which of them there are.
_LOCAL = re.compile(r"[^.]+|.+\.(?:local|internal|home\.arpa)")
_HERE = ipaddress.ip_address("127.0.0.1")

# Ranges that `is_global` calls global although they reach inside, or carry an inner address. Of IPv6, only
# `2000::/3` is given out: what lies outside it is local, or holds an IPv4 address in one of its many forms.
_NEVER: tuple[Network, ...] = (
    ipaddress.ip_network("168.63.129.16/32"),  # Azure's own services, metadata among them.
    ipaddress.ip_network("192.0.0.0/24"),  # Oracle's metadata is at 192.0.0.192.
    ipaddress.ip_network("192.88.99.0/24"),
    ipaddress.ip_network("2001::/23"),
    ipaddress.ip_network("2002::/16"),
    ipaddress.ip_network("3ffe::/16"),
    ipaddress.ip_network("3fff::/20"),
)
_IPV6_GIVEN_OUT = ipaddress.ip_network("2000::/3")
# ISATAP: below any network's prefix, these 32 bits are followed by an IPv4 address.
_ISATAP = frozenset({b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe"})


@dataclass(frozen=True, slots=True)
class Destination:
    """The host of a URL, in small letters and without a last dot, and its address where it tells one.

    `is_inside`: the host alone says so. What another name leads to is only known once it is looked up.
    """

    scheme: str
    host: str
    address: Address | None
    is_inside: bool


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open internet, mapped and tunnelled forms seen through."""
    if address.version == 6 and (address not in _IPV6_GIVEN_OUT or address.packed[8:12] in _ISATAP):
        return False
    if address.is_multicast or any(address in net for net in _NEVER if net.version == address.version):
        return False
    return address.is_global


def destination_of(url: str) -> Destination:
    """Raises `ForbiddenAddress` for a URL whose host is not plainly a name or an address."""
    end = url.find("/", 8)
    return _read(url if end < 0 else url[:end])


@lru_cache(KEPT_MAX)
def _read(origin: str) -> Destination:
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        raise _unusable()
    scheme, host, port = found.groups()
    if port is not None and not 0 < int(port) < 65_536:
        raise _unusable()
    return _placed(scheme.lower(), host.lower())


def _placed(scheme: str, host: str) -> Destination:
    if host.startswith("["):
        host = host[1:-1]
        address = _address(host)
        return Destination(scheme, host, address, not is_public(address))
    if len(host) > NAME_SIZE_MAX or _NAME.fullmatch(host) is None:
        raise _unusable()
    if _ENDS_IN_NUMBER.fullmatch(host):
        address = _address(host)
        return Destination(scheme, host, address, not is_public(address))
    host = host.removesuffix(".")
    here = _HERE if host == "localhost" or host.endswith(".localhost") else None
    return Destination(scheme, host, here, here is not None or _LOCAL.fullmatch(host) is not None)


def _address(text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise _unusable() from None


def _unusable() -> ForbiddenAddress:
    return ForbiddenAddress("the address cannot be used")
