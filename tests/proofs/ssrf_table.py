"""Hosts that lead inside, or that one reader may take for another host than the next: each is to be refused."""

from __future__ import annotations

from dataclasses import dataclass

INSIDE = "forbidden_address"
NO_ADDRESS = "validation_failed"


@dataclass(frozen=True, slots=True)
class Probe:
    """A host as it is put into an address, and the codes that an account and a webhook with it are refused with.

    Some are no addresses at all to the form of a body, which says so before the guard is asked.
    """

    host: str
    what: str
    account_code: str = INSIDE
    webhook_code: str = INSIDE


PROBES = (
    # This machine, in every spelling.
    Probe("127.0.0.1", "loopback"),
    Probe("127.0.0.2", "loopback, another of its addresses"),
    Probe("127.255.255.254", "loopback, its last address"),
    Probe("2130706433", "loopback, decimal"),
    Probe("4294967297", "loopback, decimal that overflows", webhook_code=NO_ADDRESS),
    Probe("0x7f000001", "loopback, hexadecimal"),
    Probe("0X7F000001", "loopback, hexadecimal in capitals"),
    Probe("0x7f.0x0.0x0.0x1", "loopback, hexadecimal parts"),
    Probe("0x7f.1", "loopback, hexadecimal and short"),
    Probe("0177.0.0.1", "loopback, octal"),
    Probe("017700000001", "loopback, octal as a whole"),
    Probe("0177.0x0.0.1", "loopback, octal and hexadecimal"),
    Probe("127.1", "loopback, short"),
    Probe("127.0.1", "loopback, three parts"),
    Probe("127.0.0.1.", "loopback, a last dot"),
    Probe("127.000.000.001", "loopback, leading zeros"),
    Probe("0", "any address, decimal"),
    Probe("0.0.0.0", "any address"),  # noqa: S104 - to be refused
    Probe("0.1.2.3", "this network"),
    Probe("localhost", "loopback by name"),
    Probe("LOCALHOST", "loopback by name, in capitals"),
    Probe("localhost.", "loopback by name, a last dot"),
    Probe("books.localhost", "loopback by a name below it"),
    Probe("ⓛocalhost", "loopback by name, a circled letter", NO_ADDRESS),
    Probe("１２７.0.0.1", "loopback, full-width digits", NO_ADDRESS),
    Probe("127。0。0。1", "loopback, ideographic dots", NO_ADDRESS),
    Probe("127．0．0．1", "loopback, full-width dots", NO_ADDRESS),
    Probe("①②⑦.⓪.⓪.①", "loopback, circled digits", NO_ADDRESS),
    Probe("loc\u00adalhost", "loopback by name, a soft hyphen", NO_ADDRESS),
    Probe("%31%32%37.0.0.1", "loopback, percent-encoded", NO_ADDRESS),
    Probe("127.0.0.1%00.example.com", "loopback, an encoded NUL", NO_ADDRESS, NO_ADDRESS),
    Probe("[::1]", "loopback, version 6"),
    Probe("[0:0:0:0:0:0:0:1]", "loopback, version 6 in full"),
    Probe("[::1%25lo]", "loopback with a zone", NO_ADDRESS, NO_ADDRESS),
    Probe("[::]", "any address, version 6"),
    Probe("[::127.0.0.1]", "version 4 in version 6, compatible"),
    Probe("[::ffff:127.0.0.1]", "version 4 in version 6, mapped"),
    Probe("[::ffff:7f00:1]", "version 4 in version 6, mapped, hexadecimal"),
    Probe("[::ffff:0:127.0.0.1]", "version 4 in version 6, translated"),
    Probe("[64:ff9b::7f00:1]", "loopback through NAT64"),
    Probe("[64:ff9b:1::7f00:1]", "loopback through a local NAT64"),
    Probe("[2001::7f00:1]", "loopback through Teredo"),
    Probe("[2002:7f00:1::]", "loopback through 6to4"),
    Probe("[2a00:1450:4001:81b:0:5efe:7f00:1]", "loopback through ISATAP"),
    # Networks around this machine.
    Probe("10.0.0.1", "private"),
    Probe("172.16.0.1", "private"),
    Probe("172.31.255.254", "private"),
    Probe("192.168.0.1", "private"),
    Probe("3232235521", "private, decimal"),
    Probe("100.64.0.1", "a carrier's own"),
    Probe("169.254.0.1", "link-local"),
    Probe("192.0.0.1", "protocol assignments"),
    Probe("192.88.99.1", "a 6to4 relay"),
    Probe("198.18.0.1", "benchmarks"),
    Probe("192.0.2.1", "documentation"),
    Probe("198.51.100.1", "documentation"),
    Probe("203.0.113.1", "documentation"),
    Probe("224.0.0.1", "multicast"),
    Probe("240.0.0.1", "reserved"),
    Probe("255.255.255.255", "broadcast"),
    Probe("[fe80::1]", "link-local, version 6"),
    Probe("[fc00::1]", "unique local"),
    Probe("[fec0::1]", "site-local"),
    Probe("[ff02::1]", "multicast, version 6"),
    Probe("[2001:db8::1]", "documentation, version 6"),
    Probe("[3fff::1]", "documentation, version 6, the newer"),
    Probe("[5f00::1]", "segment routing"),
    Probe("[::ffff:10.0.0.1]", "private, mapped"),
    Probe("redis", "a neighbour's name"),
    Probe("vault.internal", "a name of the network"),
    Probe("printer.local", "a name of the network"),
    # What clouds tell their machines.
    Probe("169.254.169.254", "metadata of most clouds"),
    Probe("2852039166", "metadata of most clouds, decimal"),
    Probe("0xa9fea9fe", "metadata of most clouds, hexadecimal"),
    Probe("[::ffff:169.254.169.254]", "metadata of most clouds, mapped"),
    Probe("169.254.170.2", "credentials of a container"),
    Probe("[fd00:ec2::254]", "metadata of EC2, version 6"),
    Probe("100.100.100.200", "metadata of Alibaba"),
    Probe("168.63.129.16", "Azure's own services"),
    Probe("192.0.0.192", "metadata of Oracle"),
    Probe("metadata.google.internal", "metadata of Google by name"),
    # Another host behind the one that a reader sees.
    Probe("books.example.com@127.0.0.1", "a user that looks like the host", NO_ADDRESS, NO_ADDRESS),
    Probe("user:word@127.0.0.1", "user and password", NO_ADDRESS, NO_ADDRESS),
    Probe("1.1.1.1@@127.0.0.1", "two users", NO_ADDRESS, NO_ADDRESS),
    Probe("127.0.0.1\\@books.example.com", "a backslash, where browsers end the host", NO_ADDRESS),
    Probe("1.1.1.1#@127.0.0.1", "a fragment before a user", NO_ADDRESS, NO_ADDRESS),
    Probe("1.1.1.1 @127.0.0.1", "a blank before a user", NO_ADDRESS, NO_ADDRESS),
    Probe("127\t.0.0.1", "a tab within", NO_ADDRESS),
    Probe("127.0.0.1\n", "a line end", NO_ADDRESS),
    Probe("[::1]books.example.com", "a name behind an address", INSIDE, NO_ADDRESS),
    Probe("127.0.0.1:80:books", "two ports", NO_ADDRESS, NO_ADDRESS),
)
