"""How far a request has come with aiohttp, and what its failure therefore means."""

from __future__ import annotations

from types import SimpleNamespace

import aiohttp
import httpx
from aiohttp.http_exceptions import HttpProcessingError

TROUBLE = (aiohttp.ClientError, HttpProcessingError, OSError, ValueError)
"""What aiohttp raises, at any stage."""


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


def watch() -> aiohttp.TraceConfig:
    """Tells a journey where it is."""

    async def on_used_connection(_: aiohttp.ClientSession, trace: SimpleNamespace, __: object) -> None:
        trace.trace_request_ctx.reused = True

    async def goes_out(_: aiohttp.ClientSession, trace: SimpleNamespace, __: object) -> None:
        trace.trace_request_ctx.sent = True

    watch = aiohttp.TraceConfig()
    watch.on_connection_reuseconn.append(on_used_connection)
    watch.on_request_headers_sent.append(goes_out)
    return watch


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
