"""Carries requests by aiohttp behind httpx's interface: cheap at any concurrency, exact about what was sent.

httpx-aiohttp does nearly this, but writes addresses anew (`%2E%2E` in a path becomes a step up), lets
aiohttp send a GET twice when its reply was lost, and calls that lost reply a timeout on the way there.
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import AsyncIterator, Sequence

import aiohttp
import httpx
from yarl import URL

from glaze_cli.providers.journey import JOURNEY, TROUBLE, Journey, WatchedRequest, told
from glaze_cli.providers.pinned import PINNED, PinnedResolver
from glaze_cli.providers.proxies import NO_PROXIES, Proxies
from glaze_cli.providers.tls import trusted_context

_IDLE_S = 4.0  # many servers hang up after five idle seconds; better not to call just then
_HEADER_BYTES = 32_768  # of one header: security policies of big sites outgrow the usual 8 KB


class WebTransport(httpx.AsyncBaseTransport):
    """Sends over HTTP/1.1, over connections kept open; nothing is unpacked, followed, kept or sent twice.

    A request's extensions may hold `timeout`, as httpx has it, and `addresses`: the only ones to connect to.
    Behind a proxy they count for nothing: it is the proxy that connects.
    """

    def __init__(self, proxies: Proxies = NO_PROXIES) -> None:
        self._proxies = proxies
        self._tls: ssl.SSLContext | None = None
        self._sessions: dict[tuple[bool, bool], aiohttp.ClientSession] = {}
        self._hang_up: set[str] = set()  # whoever did so between two requests, just as the second went out

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer once its headers are there. Raises ConnectError, ConnectTimeout, ProxyError or
        LocalProtocolError where nothing was sent; else ReadError or ReadTimeout."""
        journey = Journey()
        addresses: Sequence[str] | None = request.extensions.get("addresses")
        timeout = request.extensions.get("timeout", {})
        address = _address(request.url)
        proxy = self._way_out(address)
        on_way, token = JOURNEY.set(journey), PINNED.set(addresses or ())
        try:
            pinned = addresses is not None and proxy is None
            session = self._session(pinned, once=address.authority in self._hang_up)
            response = await session.request(
                request.method,
                address,
                headers=request.headers.multi_items(),
                data=request.content or None,
                allow_redirects=False,
                # No `total`: the door bounds the whole. `connect` is all of the way there, names included.
                timeout=_patience(timeout.get("connect"), timeout.get("read")),
                ssl=self._trusted() if "https" in (address.scheme, proxy and proxy.scheme) else True,
                proxy=proxy,
                middlewares=(journey.travel,),
            )
        except TROUBLE as error:
            # The original may quote the address, and with it the key.
            raise told(error, journey.sent, proxied=proxy is not None) from None
        finally:
            PINNED.reset(token)
            JOURNEY.reset(on_way)
            if journey.broke_off and journey.reused:
                self._hang_up.add(address.authority)
        return httpx.Response(response.status, headers=response.raw_headers, stream=_Body(response))

    async def aclose(self) -> None:
        """Close the connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    def _session(self, pinned: bool, once: bool) -> aiohttp.ClientSession:
        """Where connections are kept; with `once`, none is.

        Pinned ones are apart: a connection to an address nobody decided on never serves where one was.
        """
        if (pinned, once) not in self._sessions:
            self._sessions[pinned, once] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=0,  # the caller's own limits hold
                    keepalive_timeout=None if once else _IDLE_S,
                    force_close=once,
                    resolver=PinnedResolver() if pinned else None,
                    use_dns_cache=not pinned,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
                request_class=WatchedRequest,
                max_line_size=_HEADER_BYTES,
                max_field_size=_HEADER_BYTES,
            )
        return self._sessions[pinned, once]

    def _way_out(self, address: URL) -> URL | None:
        """The proxy, if there is one. Raises ProxyError when it is of no kind that can be used."""
        proxy = self._proxies.towards(address.scheme, address.raw_host or "", address.port or 0)
        try:
            way = URL(proxy) if proxy else None
        except ValueError:
            raise httpx.ProxyError("the proxy's address is not valid") from None
        if way and way.scheme not in ("http", "https"):  # aiohttp would speak HTTP to it all the same
            raise httpx.ProxyError(
                f"the proxy is a {way.scheme} one, and only http and https ones can be used"
            )
        return way

    def _trusted(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = trusted_context()
        return self._tls


class _Body(httpx.AsyncByteStream):
    """The body as it comes; what is not read is not fetched."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except TROUBLE as error:
            raise told(error, sent=True) from None

    async def aclose(self) -> None:
        """A connection that was read to the end is used again; another is closed."""
        self._response.release()


@functools.lru_cache(100)
def _patience(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=connect, sock_read=read)


def _address(url: httpx.URL) -> URL:
    """The same address to aiohttp, part by part: no second reading of it, no other encoding."""
    path, _, query = url.raw_path.decode("ascii").partition("?")
    host = url.raw_host.decode("ascii")
    try:
        return URL.build(
            scheme=url.scheme, host=host, port=url.port, path=path, query_string=query, encoded=True
        )
    except ValueError:  # a port that cannot be
        raise httpx.LocalProtocolError("not a valid address") from None
