"""The short way of a plain call: aiohttp's connections and parser, and nothing between.

What `aiohttp.ClientSession` does for each request (cookies, redirects, traces, second tries, a request and a
response of many parts) takes twice as long as the call itself, and a GET or small POST of ours, without a
proxy, wants none of it: its bytes are written to a connection of the session's own connector, and the
connection's own parser reads the answer. What is sent, what is read and what a failure means are the same on
both ways: tests/providers/test_direct.py holds them against each other. The parts are aiohttp's, but not what
it documents: with a version that this was not tried with (`wire.TRIED`), every call goes the long way.
"""

from __future__ import annotations

import ssl
from functools import cached_property

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ConnectionKey
from aiohttp.connector import Connection
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader
from yarl import URL

from glaze_cli.providers.deadline import Deadline
from glaze_cli.providers.journey import TROUBLE, USED, has_strayed, is_break, told
from glaze_cli.providers.line import Outgoing
from glaze_cli.providers.pinned import PINNED
from glaze_cli.providers.wire import HEADER_BYTES, headers_of, patience

_SMALL = 8_192  # bytes of a body: the system takes them in one go, and the server's silence begins


class Route(aiohttp.ClientRequest):
    """Tells a connector where to: one for all calls to an origin. What they ask, it does not say."""

    def __init__(
        self,
        connector: aiohttp.BaseConnector,
        origin: URL,
        trusted: ssl.SSLContext | None,
        hang_up: set[str],
    ) -> None:
        """`trusted` is for https. `hang_up` gets the authority of who does so between two requests, just as
        the second goes out. Raises ValueError for an origin without a host."""
        super().__init__("GET", origin, ssl=trusted or True)
        self.connector = connector
        self.authority = origin.authority
        self.hang_up = hang_up
        self.host_line = f"Host: {self.headers['Host']}\r\n"

    @cached_property
    def connection_key(self) -> ConnectionKey:
        """Which connections lead there. aiohttp puts it together anew for every call."""
        return super().connection_key


def is_small(outgoing: Outgoing) -> bool:
    """Whether it is of the kind that can go the short way, and all of it is sent at once."""
    content = outgoing.content
    if not content:
        return outgoing.method in ("GET", "POST")
    # (a provider of the user's own may give text, which aiohttp takes too)
    return outgoing.method == "POST" and isinstance(content, bytes) and len(content) <= _SMALL


async def ask(route: Route, target: str, lines: str, outgoing: Outgoing) -> DirectAnswer:
    """Send what is small, once, over a connection of the route; the answer once its headers are there.

    `target` and `lines` are as `wire` has them. Raises what a line does.
    """
    connection = await _connect(route, outgoing)
    protocol = connection.protocol
    assert protocol is not None
    try:
        # All of it is sent at once, and the call's deadline does: two timers of aiohttp's would take a tenth
        # of a call's time. The headers must then come whole within one silence.
        outgoing.deadline.listen()
        content = outgoing.content or b""
        length = "" if outgoing.method == "GET" else f"Content-Length: {len(content)}\r\n"
        head = f"{outgoing.method} {target} HTTP/1.1\r\n{route.host_line}{lines}{length}\r\n"
        message, payload = await _exchange(protocol, head.encode("ascii") + content)
    except BaseException as error:
        connection.close()
        if not isinstance(error, TROUBLE):
            raise
        if protocol in USED and is_break(error):
            route.hang_up.add(route.authority)
        # The original may quote the address, and with it the key.
        raise told(error, sent=True) from None
    USED.add(protocol)
    return DirectAnswer(connection, message, payload, outgoing.deadline)


async def _connect(route: Route, outgoing: Outgoing) -> Connection:
    pinned = None if outgoing.addresses is None else PINNED.set(outgoing.addresses)
    try:
        while True:
            connection = await route.connector.connect(route, [], patience(outgoing.connect_s))
            if not has_strayed(connection.protocol):
                return connection
            connection.close()
    except TROUBLE as error:
        raise told(error, sent=False) from None
    finally:
        if pinned is not None:
            PINNED.reset(pinned)


async def _exchange(protocol: ResponseHandler, request: bytes) -> tuple[RawResponseMessage, StreamReader]:
    protocol.set_response_params(
        read_until_eof=True, auto_decompress=False, max_line_size=HEADER_BYTES, max_field_size=HEADER_BYTES
    )
    transport = protocol.transport
    if transport is None or transport.is_closing():
        raise aiohttp.ClientConnectionResetError
    transport.write(request)
    while True:
        message, payload = await protocol.read()
        if not 100 <= message.code < 200 or message.code == 101:  # the others say: wait
            return message, payload


class DirectAnswer:
    """The body as it comes; what is not read is not fetched."""

    __slots__ = ("_connection", "_deadline", "_open", "_payload", "headers", "status")

    def __init__(
        self,
        connection: Connection,
        message: RawResponseMessage,
        payload: StreamReader,
        deadline: Deadline,
    ) -> None:
        self._connection = connection
        self._payload = payload
        self._deadline = deadline
        self._open = True
        self.status = message.code
        self.headers = headers_of(message.raw_headers)
        payload.on_eof(self._over)  # at once, where all of it came with the headers

    def at_once(self, most: int) -> bytes | None:
        """Small answers come in one piece."""
        payload = self._payload
        if self._open or payload.total_bytes > most or payload.exception() is not None:
            return None
        return payload.read_nowait()

    @property
    def ended(self) -> bool:
        """A connection that was read to the end is in use again, perhaps."""
        return not self._open and self._payload.at_eof() and self._payload.exception() is None

    async def chunk(self) -> bytes:
        """Packed as they are."""
        self._deadline.listen()
        try:
            return await self._payload.readany()
        except TROUBLE as error:
            raise told(error, sent=True) from None

    async def close(self) -> None:
        """What is not read to the end by now will not be: the connection is closed, not kept."""
        if self._open:
            self._open = False
            self._connection.release()

    def _over(self) -> None:
        protocol = self._connection.protocol
        if protocol is None or not protocol.upgraded:
            self._open = False
            self._connection.release()
