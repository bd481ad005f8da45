"""How far a request has come with aiohttp, and what its failure therefore means."""

from __future__ import annotations

import weakref
from contextvars import ContextVar

import aiohttp
import httpx
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError

TROUBLE = (aiohttp.ClientError, HttpProcessingError, OSError, ValueError)
"""What aiohttp raises, at any stage."""

_USED: weakref.WeakSet[ResponseHandler] = weakref.WeakSet()
"""Connections that carried a request before."""


class Journey:
    """Knows how far a request has come."""

    def __init__(self) -> None:
        self.reused = False
        self.sent = False
        self.broke_off = False

    async def travel(
        self, request: aiohttp.ClientRequest, onward: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Let the request go, once: aiohttp would send a GET again when the connection breaks."""
        try:
            return await onward(request)
        except (aiohttp.ClientConnectionError, OSError) as error:
            if not self.sent:
                raise
            self.broke_off = not isinstance(error, TimeoutError)
            raise told(error, sent=True) from None


JOURNEY: ContextVar[Journey] = ContextVar("JOURNEY")
"""Of the request that the running task sends."""


class WatchedRequest(aiohttp.ClientRequest):
    """Tells the journey under way where it is: a tenth of the cost of aiohttp's own traces."""

    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        """From here on bytes may be on their way."""
        journey = JOURNEY.get()
        journey.sent = True
        journey.reused = conn.protocol in _USED
        if conn.protocol is not None:
            _USED.add(conn.protocol)
        return await super().send(conn)


def told(error: Exception, sent: bool, proxied: bool = False) -> httpx.TransportError:
    """The error as httpx names it."""
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
