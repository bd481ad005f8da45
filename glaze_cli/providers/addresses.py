"""IP addresses: which of them are on the open internet, and the odd ways to write one."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress

_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out for the open internet
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet.

    Private, shared (100.64.0.0/10), loopback, link-local, multicast, reserved and unspecified ones do not,
    nor does an IPv6 address that leads to such an IPv4 one: mapped, NAT64, 6to4, Teredo.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _inside(ip)
        if inner:
            return all(is_public(str(v4)) for v4 in inner)
        if ip not in _GLOBAL_V6:  # older Pythons call some of these global
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def literal(host: str) -> str | None:
    """The address that a host's name is, in its usual form; None for a name.

    `2130706433`, `0x7f.1` and `127.1` are what they are to the machine: 127.0.0.1.
    """
    plain = host.rstrip(".")
    with suppress(ValueError):
        return str(ipaddress.ip_address(plain.partition("%")[0]))
    try:
        return socket.inet_ntoa(socket.inet_aton(plain))
    except (OSError, ValueError):
        return None


def _inside(ip: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 one stands for."""
    if ip in _NAT64:
        return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    if ip.teredo:
        return ip.teredo
    one = ip.ipv4_mapped or ip.sixtofour
    return (one,) if one else ()
