"""Which addresses are on the open internet, however they are written."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.providers.addresses import is_public, literal


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "8.8.8.8",
        "2606:4700::1111",
        "::ffff:8.8.8.8",  # IPv4, mapped
        "64:ff9b::808:808",  # IPv4 by NAT64: how networks without IPv4 reach it
        "2002:808:808::1",  # IPv4 by 6to4
    ],
)
def test_the_open_internet(address: str) -> None:
    """What anybody can reach may be asked."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",  # this machine
        "127.255.255.254",
        "::1",
        "0.0.0.0",  # unspecified: this machine, to many
        "0.1.2.3",
        "::",
        "10.0.0.7",  # private
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "fc00::1",
        "fd12:3456::1",
        "100.64.0.1",  # shared by a provider's customers
        "100.127.255.254",
        "169.254.169.254",  # link-local: a cloud machine's own secrets
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",  # site-local, of old
        "224.0.0.1",  # multicast
        "ff02::1",
        "240.0.0.1",  # reserved
        "255.255.255.255",
        "192.0.2.1",  # for documents
        "198.18.0.1",  # for benchmarks
        "2001:db8::1",
        "::ffff:127.0.0.1",  # IPv4, mapped
        "::ffff:169.254.169.254",
        "::127.0.0.1",  # IPv4, compatible
        "::ffff:0:127.0.0.1",  # IPv4, translated
        "64:ff9b::7f00:1",  # NAT64
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1",  # NAT64 of one's own network
        "2002:7f00:1::",  # 6to4
        "2002:a00:1::5",
        "2001:0:7f00:1::",  # Teredo
    ],
)
def test_not_the_open_internet(address: str) -> None:
    """Private, shared, loopback, link-local, multicast, reserved, and whatever leads there."""
    assert not is_public(address)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),  # the root's dot
        ("2130706433", "127.0.0.1"),  # one number
        ("0x7f.1", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),  # octal
        ("0", "0.0.0.0"),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("127.0.0.1.example", None),
        ("one.example", None),
        ("", None),
    ],
)
def test_an_address_is_known_however_it_is_written(host: str, address: str | None) -> None:
    """What the machine would read as an address is one; a name is none."""
    known = literal(host)
    assert (known and ipaddress.ip_address(known)) == (address and ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_ipv6_hides_no_private_ipv4(inner: ipaddress.IPv4Address) -> None:
    """An IPv4 address inside an IPv6 one is judged as itself."""
    number = int(inner)
    for outer in (
        ipaddress.IPv6Address(0xFFFF << 32 | number),
        ipaddress.IPv6Address(0x64FF9B << 96 | number),
        ipaddress.IPv6Address(0x2002 << 112 | number << 80),
    ):
        assert is_public(str(outer)) == is_public(str(inner))


@given(st.text())
def test_any_host_has_an_answer(host: str) -> None:
    """Whatever a cell holds, it is an address or none; nothing raises."""
    known = literal(host)
    assert known is None or ipaddress.ip_address(known)
