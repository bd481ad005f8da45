"""What carries a call: one request out, one answer in. The network, or any transport of httpx's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import httpx

    from glaze_cli.providers.deadline import Deadline


class Outgoing(NamedTuple):
    """One request, complete. No repr shows address or headers: they may hold the key."""

    method: str
    address: str
    """Encoded."""
    headers: Sequence[tuple[str, str]]
    """All but what the connection itself asks for; `user-agent`, `accept`, `accept-encoding` are there."""
    content: bytes | None
    connect_s: float
    deadline: Deadline
    """Of the call. A line counts the server's silence itself, or tells this when it begins to listen."""
    addresses: Sequence[str] | None = None
    """The only IP addresses to connect to; None: whatever the name leads to."""

    def __repr__(self) -> str:
        return f"Outgoing({self.method})"


class Incoming(Protocol):
    """One answer, its body still under way."""

    status: int
    headers: dict[str, str]
    """Lower-case names; a repeated header's values joined by commas."""

    def at_once(self, most: int) -> bytes | None:
        """The whole body, packed as it is, where it is here and not more than `most` bytes, and nothing is to
        close; None, and nothing was given out, where that is not known."""

    @property
    def ended(self) -> bool:
        """Whether the last byte was given out, and there is nothing to close; False: perhaps not."""

    async def chunk(self) -> bytes:
        """The next bytes of the body, packed as they are; b"" after the last. Raises httpx's ReadError or
        ReadTimeout."""

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

        silence = outgoing.deadline.silence_s
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
    ended = False

    def __init__(self, response: httpx.Response) -> None:
        self._response = response
        self.status = response.status_code
        self.headers = dict(response.headers.items())
        # The raw stream: httpx's own decoders unpack a whole chunk at once, a thousandfold for a bomb.
        self._chunks = aiter(response.stream)  # type: ignore[arg-type]

    def at_once(self, most: int) -> bytes | None:
        return None

    async def chunk(self) -> bytes:
        async for chunk in self._chunks:
            if chunk:  # an empty one is not the end
                return chunk
        return b""

    async def close(self) -> None:
        await self._response.aclose()
