"""Where a redirect may lead, and whether a key may go along."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

from glaze_cli.errors import LookupFailed

if TYPE_CHECKING:
    import httpx

Resolve = Callable[[str], Awaitable[Collection[str]]]
"""Host name to IP addresses; empty where the name is unknown here (a proxy may know it)."""

_PATIENCE_S = 10.0


async def resolve_host(host: str) -> Collection[str]:
    """The addresses of a host, as this machine sees them."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:  # a TimeoutError is one too
        return ()
    return {str(address[0]) for *_, address in found}


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet: not private, loopback, link-local, multicast."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return ip.is_global and not ip.is_multicast


def same_party(old: httpx.URL, new: httpx.URL) -> bool:
    """Whether a key given to `old` may go to `new`: the same origin, or its https twin."""
    if old.host != new.host:
        return False
    upgraded = (old.scheme, new.scheme) == ("http", "https") and old.port is None and new.port is None
    return upgraded or (old.scheme, old.port) == (new.scheme, new.port)


async def next_stop(url: httpx.URL, location: str, resolve: Resolve) -> httpx.URL:
    """Where `location` leads from `url`. Raises LookupFailed when nobody should go there."""
    import httpx

    try:
        target = url.join(location).copy_with(fragment=None)
    except httpx.InvalidURL:
        raise LookupFailed(f"{url.host} redirected to an address that is not valid") from None
    plain = target.scheme in ("http", "https") and target.host and not target.userinfo
    if not plain or not 0 < (target.port or 1) < 65_536:
        raise LookupFailed(f"{url.host} redirected to an address that is no plain web address")
    inward = target.host != url.host and not await _outside(target.host, resolve)
    if inward and await _outside(url.host, resolve):
        raise LookupFailed(f"{url.host} redirected to {target.host}, which is inside a private network")
    return target


async def _outside(host: str, resolve: Resolve) -> bool:
    """Whether every address of the host is public."""
    try:
        return is_public(host)
    except ValueError:  # a name, not an address
        return all(is_public(address) for address in await resolve(host))
