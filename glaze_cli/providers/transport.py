"""Carries calls by aiohttp: cheap at any concurrency, exact about what was sent.

httpx-aiohttp does nearly this, but writes addresses anew (`%2E%2E` in a path becomes a step up), lets
aiohttp send a GET twice when its reply was lost, and calls that lost reply a timeout on the way there; and
httpx's own requests and replies take as long as the call itself. Errors are told in httpx's words.
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import AsyncIterator, Sequence

import aiohttp
import httpx
from yarl import URL

from glaze_cli.providers.journey import JOURNEY, TROUBLE, Journey, WatchedRequest, told
from glaze_cli.providers.line import Outgoing
from glaze_cli.providers.pinned import PINNED, PinnedResolver
from glaze_cli.providers.proxies import NO_PROXIES, Proxies
from glaze_cli.providers.tls import trusted_context

_IDLE_S = 4.0  # many servers hang up after five idle seconds; better not to call just then
_HEADER_BYTES = 32_768  # of one header: security policies of big sites outgrow the usual 8 KB


class WebLine:
    """A line over connections that are kept open.

    Behind a proxy, addresses that were decided on count for nothing: it is the proxy that connects.
    """

    def __init__(self, proxies: Proxies = NO_PROXIES) -> None:
        self._proxies = proxies
        self._tls: ssl.SSLContext | None = None
        self._sessions: dict[tuple[bool, bool], aiohttp.ClientSession] = {}
        self._hang_up: set[str] = set()  # whoever did so between two requests, just as the second went out

    async def exchange(self, outgoing: Outgoing) -> WebAnswer:
        """The answer once its headers are there; raises what a line does."""
        journey = Journey()
        addresses = outgoing.addresses
        address = _address(outgoing.address)
        proxy = self._way_out(address)
        on_way, token = JOURNEY.set(journey), PINNED.set(addresses or ())
        try:
            pinned = addresses is not None and proxy is None
            session = self._session(pinned, once=address.authority in self._hang_up)
            response = await session.request(
                outgoing.method,
                address,
                headers=outgoing.headers,
                data=outgoing.content or None,
                allow_redirects=False,
                # No `total`: the door bounds the whole. `connect` is all of the way there, names included.
                timeout=_patience(outgoing.connect_s, outgoing.silence_s),
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
        return WebAnswer(response)

    async def close(self) -> None:
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


class WebAnswer:
    """The body as it comes; what is not read is not fetched."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers = _headers(response.raw_headers)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Packed as they are."""
        try:
            async for chunk in self._response.content.iter_any():
                yield chunk
        except TROUBLE as error:
            raise told(error, sent=True) from None

    async def close(self) -> None:
        """A connection that was read to the end is used again; another is closed."""
        self._response.release()


def _headers(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in raw:
        key = name.decode("latin-1").lower()
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


@functools.lru_cache(100)
def _patience(connect: float | None, read: float | None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(connect=connect, sock_read=read)


def _address(text: str) -> URL:
    """The same address to aiohttp: no other encoding."""
    try:
        return URL(text, encoded=True)
    except ValueError:  # a port that cannot be
        raise httpx.LocalProtocolError("not a valid address") from None
