"""Where this machine is found in its network."""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Iterable
from ipaddress import IPv4Address

OUTSIDE = "192.0.2.1"
"""A documentation address: nothing is sent there."""


def lan_address(outside: str = OUTSIDE) -> str:
    """This machine's address in its network, as far as it can be told without asking anyone."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((outside, 9))
            name: str = probe.getsockname()[0]
        except OSError:  # no way out: a router without the internet, this laptop's own hotspot
            return nearest(own(probe))
    return name


def nearest(addresses: Iterable[str]) -> str:
    """The first one others can reach: not this machine's alone, and a made-up one (no router gave it) only at need."""

    def lonely(address: str) -> tuple[bool, bool]:
        known = IPv4Address(address)
        return known.is_loopback, known.is_link_local

    return min(addresses, key=lonely, default="127.0.0.1")


def own(probe: socket.socket) -> list[str]:
    """The addresses of this machine's network cards, in the system's order."""
    if sys.platform != "linux":
        try:
            return socket.gethostbyname_ex(socket.gethostname())[2]
        except OSError:
            return []
    import fcntl  # the name of a Linux machine often means 127.0.1.1 alone

    found = []
    for _, card in socket.if_nameindex():
        try:
            told = fcntl.ioctl(probe, 0x8915, struct.pack("256s", card.encode()))  # SIOCGIFADDR
        except OSError:  # a card without an address
            continue
        found.append(socket.inet_ntoa(told[20:24]))
    return found
