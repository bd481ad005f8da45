"""Which hosts may be asked when a cell or a stranger's redirect names them: those of the open internet."""

from __future__ import annotations

import asyncio
import functools
import socket
from collections.abc import Awaitable, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glaze_cli.providers.addresses import is_public, literal

if TYPE_CHECKING:
    import httpx

Resolve = Callable[[str], Awaitable[Collection[str]]]
"""Host name to IP addresses; empty where the name is unknown here (a proxy may know it)."""

WEB_PORTS = frozenset({80, 443, 8080, 8443})
"""Where websites are. Whatever listens elsewhere did not expect a stranger's address."""

_PATIENCE_S = 10.0
_AT_HOME = ("localhost", "local", "internal", "home.arpa")  # endings that no name on the internet has
_INSIDE = "is inside a private network"


class Refused(Exception):
    """A host that must not be asked. Says why, as the end of a sentence that begins with it."""


async def resolve_host(host: str) -> Collection[str]:
    """The addresses of a host, as this machine sees them, in its order of preference."""
    ask = functools.partial(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            found = await asyncio.get_running_loop().run_in_executor(_threads(), ask)
    except (OSError, UnicodeError):  # a TimeoutError is an OSError; a name too long is the other
        return ()
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


@functools.cache
def _threads() -> ThreadPoolExecutor:
    """Threads of their own: names that nobody answers for must not hold up the loop's few."""
    return ThreadPoolExecutor(32, "resolve")


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides by a host's addresses. Who connects must use the addresses that were decided on.

    `ports` are those that may be asked; None: any.
    """

    resolve: Resolve = resolve_host
    allow: Callable[[str], bool] = is_public
    ports: Collection[int] | None = WEB_PORTS

    async def admit(self, url: httpx.URL) -> tuple[str, ...]:
        """The addresses of the url's host; empty where this machine does not know it. Raises Refused."""
        host = url.raw_host.decode("ascii").rstrip(".").lower()
        port = url.port or (443 if url.scheme == "https" else 80)
        if self.ports is not None and port not in self.ports:
            raise Refused(f"is at port {port}, where no website is")
        address = literal(host)
        if address is None and ("." not in host or host.endswith(tuple(f".{end}" for end in _AT_HOME))):
            raise Refused(_INSIDE)  # said without asking: behind a proxy, nobody here knows such a name
        addresses = (address,) if address else tuple(await self.resolve(host))
        if not all(self.allow(address) for address in addresses):
            raise Refused(_INSIDE)
        return addresses

    async def outside(self, host: str) -> bool:
        """Whether nothing says that the host is in a private network."""
        address = literal(host)
        return all(self.allow(one) for one in ((address,) if address else await self.resolve(host)))
