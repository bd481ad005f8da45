"""The one door to the network: every HTTP provider sends its calls through it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from glaze_cli import __version__
from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import FailReason
from glaze_cli.providers.redirects import Resolve, next_stop, resolve_host, same_party
from glaze_cli.providers.unpack import Unpacker, Unreadable

if TYPE_CHECKING:
    import httpx

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 5
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Secret:
    """What carries a key. Apart from the call, so that no repr, error, log or cache key can show it."""

    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    def in_text(self, text: str) -> bool:
        """Whether the text gives the key away, as it is or percent-encoded."""
        values = [value.rpartition(" ")[2] for _, value in (*self.headers, *self.query)]  # `Bearer KEY`
        return any(form in text for value in values for form in (value, quote(value, safe="")))


NO_SECRET = Secret()


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `url` is complete and encoded. A `free` or `idempotent` call (one the service knows
    again) may be sent again after its reply was lost."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    secret: Secret = NO_SECRET
    free: bool = False
    idempotent: bool = False

    @property
    def unread_reason(self) -> FailReason:
        """Why the lookup fails when an answer came that cannot be read: a paid call was perhaps billed."""
        return FailReason.PROVIDER_ERROR if self.free else FailReason.UNKNOWN_OUTCOME


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole answer, whatever its status. `url` is where it came from after redirects, without keys."""

    status: int
    headers: Mapping[str, str]
    """Lower-case names; a repeated header's values joined by commas."""
    body: bytes = field(repr=False)
    url: str

    @property
    def text(self) -> str:
        """The body by its declared charset, else UTF-8; what cannot be read becomes U+FFFD."""
        declared = _CHARSET.search(self.headers.get("content-type", ""))
        try:
            return self.body.decode(declared[1] if declared else "utf-8", errors="replace")
        except (LookupError, ValueError):  # a charset nobody knows
            return self.body.decode("utf-8", errors="replace")


def reply_lost(call: Call) -> ProviderError:
    """The error for a call that was sent and whose reply was never seen.

    A free call is simply made again. A paid one may have been billed: it is sent again only if the
    service will know it again.
    """
    host = urlsplit(call.url).hostname
    if call.free:
        return Throttled(f"the reply of {host} was lost", reason=FailReason.UNREACHABLE)
    message = f"the reply of {host} was lost after the call was sent; it may have been billed"
    if call.idempotent:
        return Throttled(message, reason=FailReason.UNKNOWN_OUTCOME)
    return LookupFailed(message, reason=FailReason.UNKNOWN_OUTCOME)


class HttpDoor:
    """Sends calls. Bounds every answer in time and size; carries a key to its own host only.

    `transport` replaces the network (tests, a faster client). `contact` is an address or mail box that
    services may write to about us. `connect_s` and `reply_s` bound the way there and each silence on the
    way back; together they bound the whole call, so that a slow drip ends too.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        contact: str = "",
        connect_s: float = 10.0,
        reply_s: float = 60.0,
        max_bytes: int = 2_000_000,
        resolve: Resolve = resolve_host,
    ) -> None:
        self._transport = transport
        self._agent = f"glaze/{__version__}" + (f" (+{contact})" if contact else "")
        self._connect_s = connect_s
        self._reply_s = reply_s
        self._max_bytes = max_bytes
        self._resolve = resolve
        self._opened: httpx.AsyncClient | None = None

    async def send(self, call: Call) -> Reply:
        """The answer, whatever its status; a GET is followed along at most five redirects.

        Raises Throttled when nothing was sent, or the reply of a call that may be sent again was lost;
        LookupFailed when another reply was lost (`unknown_outcome`), is too large or cannot be unpacked,
        or redirects to where it must not.
        """
        import httpx

        try:
            url, secret = httpx.URL(call.url), call.secret
        except httpx.InvalidURL:  # a cell of a whole page makes too long an address
            raise LookupFailed("the request's address is too long", reason=FailReason.BAD_INPUT) from None
        for _ in range(_MAX_REDIRECTS + 1):
            reply = await self._send_once(call, url, secret)
            location = reply.headers.get("location")
            # What is posted is never sent on: it may cost money, and holds the user's cells.
            if reply.status not in _REDIRECTS or not location or call.method not in ("GET", "HEAD"):
                return reply
            onward = await next_stop(url, location, self._resolve)
            if same_party(url, onward):
                for name, _value in secret.query:
                    onward = onward.copy_remove_param(name)
            elif secret.in_text(location):
                raise LookupFailed(f"{url.host} redirected to {onward.host} with the key in the address")
            else:
                secret = NO_SECRET  # for good: a way back could be chosen by the other host
            url = onward
        raise LookupFailed(f"{url.host} redirected more than {_MAX_REDIRECTS} times")

    async def close(self) -> None:
        """Close the connections."""
        if self._opened is not None:
            await self._opened.aclose()

    async def _send_once(self, call: Call, url: httpx.URL, secret: Secret) -> Reply:
        import httpx

        try:
            async with asyncio.timeout(self._connect_s + self._reply_s):
                response = await self._client().send(self._request(call, url, secret), stream=True)
                try:
                    body = await self._read(response)
                finally:
                    await response.aclose()
        # `from None`: the original errors can quote the request, and with it the key.
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            message = f"{url.host} could not be reached: {error or type(error).__name__}"
            raise Throttled(message, reason=FailReason.UNREACHABLE) from None
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError):
            raise LookupFailed(f"the request to {url.host} is not valid; nothing was sent") from None
        except Unreadable as error:
            raise LookupFailed(f"{url.host} sent an answer {error}", call.unread_reason) from None
        except (httpx.TransportError, TimeoutError, EOFError):
            raise reply_lost(call) from None
        return Reply(response.status_code, dict(response.headers), body, str(url))

    def _request(self, call: Call, url: httpx.URL, secret: Secret) -> httpx.Request:
        address = str(url)
        if secret.query:
            # Joined by hand: httpx would rewrite the encoding of the whole query.
            address += ("&" if "?" in address else "?") + urlencode(secret.query, quote_via=quote)
        headers = [*call.headers, *secret.headers]
        return self._client().build_request(call.method, address, headers=headers, content=call.content)

    async def _read(self, response: httpx.Response) -> bytes:
        """The body, unpacked; not more than the cap is ever held."""
        unpacker = Unpacker(response.headers.get("content-encoding", ""), self._max_bytes)
        # The raw stream: httpx's own decoders unpack a whole chunk at once, a thousandfold for a bomb.
        async for chunk in response.stream:  # type: ignore[union-attr]
            unpacker.feed(chunk)
        return unpacker.finish()

    def _client(self) -> httpx.AsyncClient:
        if self._opened is None:
            from http.cookiejar import CookieJar, DefaultCookiePolicy

            import httpx

            # httpx logs whole addresses, and some services want their key in the address.
            logging.getLogger("httpx").setLevel(logging.WARNING)
            self._opened = httpx.AsyncClient(
                transport=self._transport,
                headers={"user-agent": self._agent, "accept-encoding": "gzip"},
                # One lookup must not influence the next, so no cookie is kept.
                cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
                timeout=httpx.Timeout(self._reply_s, connect=self._connect_s),
                limits=httpx.Limits(max_connections=None),  # the caller's own limits hold
            )
        return self._opened
