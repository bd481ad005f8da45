"""Carries calls by aiohttp: cheap at any concurrency, exact about what was sent.

Nearly all go the short way (direct.py). Through a proxy, with a large body, with a header or an address that
aiohttp has more to do for, or with another version of it, they go the long way: by a request of its session.

httpx-aiohttp does nearly this, but writes addresses anew (`%2E%2E` in a path becomes a step up), lets
aiohttp send a GET twice when its reply was lost, and calls that lost reply a timeout on the way there; and
httpx's own requests and replies take as long as the call itself. Errors are told in httpx's words.
"""

from __future__ import annotations

import ssl
from collections.abc import Coroutine, Sequence
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

from glaze_cli.providers.deadline import Deadline
from glaze_cli.providers.journey import (
    JOURNEY,
    TROUBLE,
    Journey,
    WatchedRequest,
    WatchedResponse,
    told,
)
from glaze_cli.providers.line import Incoming, Outgoing
from glaze_cli.providers.pinned import PINNED, PinnedResolver
from glaze_cli.providers.proxies import NO_PROXIES, Proxies
from glaze_cli.providers.tls import trusted_context
from glaze_cli.providers.wire import (
    HEADER_BYTES,
    TRIED,
    address_of,
    headers_of,
    patience,
    plain_lines,
    plain_parts,
)

if TYPE_CHECKING:
    import httpx

IS_TRIED = aiohttp.__version__.startswith(TRIED)
"""Whether there is a short way with this aiohttp."""
if IS_TRIED:
    from glaze_cli.providers.direct import Route, ask, is_small

_IDLE_S = 4.0  # many servers hang up after five idle seconds; better not to call just then
_MOST_ROUTES = 1000  # kept: websites are asked a few times each, services again and again
_NO_TYPE = ("Content-Type",)  # what a body is, the call says, or nobody
_NONE = SimpleCookie()


class WebLine:
    """A line over connections that are kept open.

    Behind a proxy, addresses that were decided on count for nothing: it is the proxy that connects.
    """

    def __init__(self, proxies: Proxies = NO_PROXIES) -> None:
        self._proxies = proxies
        self._tls: ssl.SSLContext | None = None
        self._sessions: dict[tuple[bool, bool], aiohttp.ClientSession] = {}
        self._routes: dict[tuple[str, bool], Route] = {}
        self._hang_up: set[str] = set()  # whoever did so between two requests, just as the second went out

    def exchange(self, outgoing: Outgoing) -> Coroutine[Any, Any, Incoming]:
        """The answer once its headers are there; raises what a line does."""
        if IS_TRIED and is_small(outgoing):
            parts, lines = plain_parts(outgoing.address), plain_lines(outgoing.headers)
            if parts is not None and lines is not None:
                origin, target = parts
                route = self._route(origin, outgoing.addresses is not None)
                if route is not None and route.authority not in self._hang_up:
                    return ask(route, target, lines, outgoing)
        return self._request(outgoing)

    async def _request(self, outgoing: Outgoing) -> WebAnswer:
        """By a request of aiohttp's own."""
        # Without a body, all is sent at once, and the door's deadline does: two timers of aiohttp's take a
        # tenth of a call's time. The headers must then come whole within one silence. Who sends a body may
        # take a while, and the server's silence begins after that: aiohttp knows when.
        deadline = None if outgoing.content else outgoing.deadline
        silence_s = outgoing.deadline.silence_s if deadline is None else None
        address = address_of(outgoing.address)
        proxy = self._way_out(address) if self._proxies.by_scheme else None
        secure = address.scheme == "https" or (proxy is not None and proxy.scheme == "https")
        journey = Journey(deadline)
        on_way, pinned = JOURNEY.set(journey), PINNED.set(outgoing.addresses or ())
        try:
            response = await self._session_for(outgoing, address, proxy).request(
                outgoing.method,
                address,
                headers=outgoing.headers,
                data=outgoing.content or None,
                skip_auto_headers=None if outgoing.method == "GET" else _NO_TYPE,
                allow_redirects=False,
                timeout=patience(outgoing.connect_s, silence_s),
                ssl=self._trusted() if secure else True,
                proxy=proxy,
            )
        except TROUBLE as error:
            # The original may quote the address, and with it the key.
            raise told(error, journey.sent, proxied=proxy is not None) from None
        finally:
            PINNED.reset(pinned)
            JOURNEY.reset(on_way)
            if journey.broke_off and journey.reused:
                self._hang_up.add(address.authority)
        return WebAnswer(response, deadline)

    async def close(self) -> None:
        """Close the connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
        self._routes.clear()

    def _session_for(self, outgoing: Outgoing, address: URL, proxy: URL | None) -> aiohttp.ClientSession:
        pinned = outgoing.addresses is not None and proxy is None
        return self._session(pinned, bool(self._hang_up) and address.authority in self._hang_up)

    def _session(self, pinned: bool, once: bool) -> aiohttp.ClientSession:
        """Where connections for a request are kept; none is (`once`) to who hung up on one.

        Pinned ones are apart: a connection to an address nobody decided on never serves where one was.
        """
        session = self._sessions.get((pinned, once))
        if session is None:
            session = self._sessions[pinned, once] = _open(pinned, once)
        return session

    def _route(self, origin: str, pinned: bool) -> Route | None:
        """The short way to a host; None where there is none, or the long way says what is wrong with it."""
        route = self._routes.get((origin, pinned))
        if route is None:
            address = address_of(f"{origin}/")
            if self._proxies.by_scheme and self._way_out(address) is not None:
                return None
            connector = self._session(pinned, once=False).connector
            assert connector is not None
            trusted = self._trusted() if address.scheme == "https" else None
            try:
                route = Route(connector, address, trusted, self._hang_up)
            except ValueError:
                return None
            if len(self._routes) >= _MOST_ROUTES:
                self._routes.clear()
            self._routes[origin, pinned] = route
        return route

    def _way_out(self, address: URL) -> URL | None:
        """The proxy, if there is one. Raises ProxyError when it is of no kind that can be used."""
        proxy = self._proxies.towards(address.scheme, address.raw_host or "", address.port or 0)
        try:
            way = URL(proxy) if proxy else None
        except ValueError:
            raise _no_proxy("the proxy's address is not valid") from None
        if way and way.scheme not in ("http", "https"):  # aiohttp would speak HTTP to it all the same
            raise _no_proxy(f"the proxy is a {way.scheme} one, and only http and https ones can be used")
        return way

    def _trusted(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = trusted_context()
        return self._tls


class _NoCookies(aiohttp.DummyCookieJar):
    """Keeps none, as the other does, and does not read them first either."""

    def filter_cookies(self, request_url: URL) -> SimpleCookie:
        """None."""
        return _NONE

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        """Keep none."""


def _open(pinned: bool, once: bool) -> aiohttp.ClientSession:
    """A session whose connections go to the addresses decided on (`pinned`) or are not kept (`once`)."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,  # the caller's own limits hold
            keepalive_timeout=None if once else _IDLE_S,
            force_close=once,
            resolver=PinnedResolver() if pinned else None,
            use_dns_cache=not pinned,
        ),
        cookie_jar=_NoCookies(),
        auto_decompress=False,
        request_class=WatchedRequest,
        response_class=WatchedResponse,
        max_line_size=HEADER_BYTES,
        max_field_size=HEADER_BYTES,
    )


class WebAnswer:
    """The body as it comes; what is not read is not fetched."""

    __slots__ = ("_deadline", "_response", "headers", "status")

    def __init__(self, response: aiohttp.ClientResponse, deadline: Deadline | None) -> None:
        self._response = response
        self._deadline = deadline
        self.status = response.status
        self.headers = headers_of(response.raw_headers)

    def at_once(self, most: int) -> bytes | None:
        """Perhaps it is: `chunk` says so."""
        return None

    @property
    def ended(self) -> bool:
        """A connection that was read to the end is in use again, perhaps."""
        content = self._response.content
        return content.at_eof() and content.exception() is None and self._response.closed

    async def chunk(self) -> bytes:
        """Packed as they are."""
        if self._deadline is not None:
            self._deadline.listen()
        try:
            return await self._response.content.readany()
        except TROUBLE as error:
            raise told(error, sent=True) from None

    async def close(self) -> None:
        """What is not read to the end by now will not be: the connection is closed."""
        self._response.release()


def _no_proxy(why: str) -> httpx.ProxyError:
    import httpx

    return httpx.ProxyError(why)
