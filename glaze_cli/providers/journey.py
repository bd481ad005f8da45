"""How far a request has come with aiohttp, and what its failure therefore means."""

from __future__ import annotations

import weakref
from contextvars import ContextVar
from typing import TYPE_CHECKING

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError

from glaze_cli.providers.deadline import Deadline

if TYPE_CHECKING:
    import httpx

TROUBLE = (aiohttp.ClientError, HttpProcessingError, OSError, ValueError)
"""What aiohttp raises, at any stage."""

_BROKEN = (aiohttp.ClientConnectionError, OSError)
USED: weakref.WeakSet[ResponseHandler] = weakref.WeakSet()
"""Connections that carried a request before."""


class Journey:
    """Knows how far a request has come."""

    __slots__ = ("_deadline", "broke_off", "reused", "sent")

    def __init__(self, deadline: Deadline | None = None) -> None:
        """`deadline` is told when all is sent and an answer is waited for."""
        self._deadline = deadline
        self.reused = False
        self.sent = False
        self.broke_off = False

    def depart(self, connection: ResponseHandler | None) -> None:
        """From here on bytes may be on their way."""
        self.sent = True
        if self._deadline is not None:
            self._deadline.listen()
        if connection in USED:
            self.reused = True
        elif connection is not None:
            USED.add(connection)


JOURNEY: ContextVar[Journey] = ContextVar("JOURNEY")
"""Of the request that the running task sends."""


class WatchedRequest(aiohttp.ClientRequest):
    """Tells the journey under way where it is: a tenth of the cost of aiohttp's own traces."""

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """Send it, having said so."""
        if has_strayed(conn.protocol):
            raise aiohttp.ServerDisconnectedError  # nothing was sent: a GET is, over another connection
        JOURNEY.get().depart(conn.protocol)
        try:
            return await super().send(conn)
        except _BROKEN as error:
            raise _broken_off(error) from None


class WatchedResponse(aiohttp.ClientResponse):
    """What was sent is sent once: aiohttp would send a GET again when the connection breaks."""

    async def start(self, connection: Connection) -> aiohttp.ClientResponse:
        """Wait for the headers."""
        try:
            return await super().start(connection)
        except _BROKEN as error:
            raise _broken_off(error) from None


def has_strayed(connection: ResponseHandler | None) -> bool:
    """Whether a connection that was kept has heard something since that nobody asked for: aiohttp would take
    it for the answer to the next request."""
    return connection is not None and connection.should_close and connection in USED


def _broken_off(error: Exception) -> httpx.TransportError:
    """A break of the connection in words that aiohttp does not take for a reason to try again."""
    JOURNEY.get().broke_off = is_break(error)
    return told(error, sent=True)


def is_break(error: BaseException) -> bool:
    """Whether the connection broke off; another error is a reply that is none, or came too late."""
    return isinstance(error, _BROKEN) and not isinstance(error, TimeoutError)


def told(error: Exception, sent: bool, proxied: bool = False) -> httpx.TransportError:
    """The error as httpx names it."""
    import httpx  # only here: a run in which all goes well has no use for it, and it takes a while

    if sent:
        name = type(error).__name__
        return httpx.ReadTimeout(name) if isinstance(error, TimeoutError) else httpx.ReadError(name)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return httpx.ProxyError(f"the proxy answered {error.status}")
    if isinstance(error, TimeoutError):
        return httpx.ConnectTimeout("no connection in time")
    if isinstance(error, aiohttp.ClientConnectorError):
        why = error.os_error.strerror or str(error.os_error)
        # Behind a proxy, its name is the only one that is looked up.
        its_own = aiohttp.ClientProxyConnectionError, aiohttp.ClientConnectorDNSError
        if proxied and isinstance(error, its_own):
            return httpx.ProxyError(f"the proxy: {why}")
        return httpx.ConnectError(why)
    if isinstance(error, OSError | aiohttp.ClientConnectionError):
        return httpx.ConnectError("the connection broke off")
    return httpx.LocalProtocolError("not a valid request")
