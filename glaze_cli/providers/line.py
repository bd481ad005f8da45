"""What carries a call: one request out, one answer in. The network, or any transport of httpx's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request, complete."""

    method: str
    address: str = field(repr=False)
    """Encoded; may hold the key."""
    headers: Sequence[tuple[str, str]] = field(repr=False)
    content: bytes | None
    connect_s: float
    silence_s: float
    """Longest silence of the server."""
    addresses: Sequence[str] | None = None
    """The only IP addresses to connect to; None: whatever the name leads to."""


class Incoming(Protocol):
    """One answer, its body still under way."""

    status: int
    headers: dict[str, str]
    """Lower-case names; a repeated header's values joined by commas."""

    def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes, packed as it is. Raises httpx's ReadError or ReadTimeout."""

    async def close(self) -> None:
        """No more of it is wanted."""


class Line(Protocol):
    """Sends over HTTP/1.1; nothing is unpacked, followed, kept or sent twice."""

    async def exchange(self, outgoing: Outgoing) -> Incoming:
        """The answer once its headers are there. Raises httpx's ConnectError, ConnectTimeout, ProxyError or
        LocalProtocolError where nothing was sent; else ReadError or ReadTimeout."""

    async def close(self) -> None:
        """Close the connections."""


class HttpxLine:
    """Any transport of httpx's as a line: `httpx.MockTransport` in tests, a user's own."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def exchange(self, outgoing: Outgoing) -> Incoming:
        """By one request of httpx's."""
        import httpx

        silence = outgoing.silence_s
        timeout = {"connect": outgoing.connect_s, "read": silence, "write": silence, "pool": silence}
        request = httpx.Request(
            outgoing.method,
            outgoing.address,
            headers=list(outgoing.headers),
            content=outgoing.content,
            extensions={"timeout": timeout, "addresses": outgoing.addresses},
        )
        return _HttpxAnswer(await self._transport.handle_async_request(request))

    async def close(self) -> None:
        """The transport's own end."""
        await self._transport.aclose()


class _HttpxAnswer:
    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers = dict(response.headers.items())

    async def chunks(self) -> AsyncIterator[bytes]:
        # The raw stream: httpx's own decoders unpack a whole chunk at once, a thousandfold for a bomb.
        async for chunk in self._response.stream:  # type: ignore[union-attr]
            yield chunk

    async def close(self) -> None:
        await self._response.aclose()
