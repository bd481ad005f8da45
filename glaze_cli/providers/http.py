"""The one door to the network: every HTTP provider sends its calls through it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from glaze_cli import __version__
from glaze_cli.errors import LookupFailed, Throttled
from glaze_cli.model import FailReason
from glaze_cli.providers.addresses import is_public
from glaze_cli.providers.call import NO_SECRET, Call, Reply, Secret, reply_lost
from glaze_cli.providers.destination import host_of, parsed, written
from glaze_cli.providers.guard import WEB_PORTS, Guard, Refused, Resolve, resolve_host
from glaze_cli.providers.line import HttpxLine, Incoming, Line, Outgoing
from glaze_cli.providers.proxies import NO_PROXIES, Proxies
from glaze_cli.providers.redirects import REDIRECTS, is_plain, next_stop, same_party
from glaze_cli.providers.unpack import Unpacker, Unreadable

if TYPE_CHECKING:
    import httpx

__all__ = ["NO_SECRET", "Call", "HttpDoor", "Reply", "Secret", "reply_lost"]

_MAX_REDIRECTS = 5
_UNFIT = re.compile(r"[^\t -~]")  # of a header: what ends it, and what would be read differently


class HttpDoor:
    """Sends calls. Bounds every answer in time and size; carries a key to its own host only.

    `transport` replaces the network (tests, a faster client). `contact` is an address or mail box that
    services may write to about us. `connect_s` and `reply_s` bound the way there and each silence on the
    way back; together they bound the whole call, redirects included, so that a slow drip ends too.
    `resolve`, `allow` (an address) and `ports` (None: any) decide on hosts that a cell or a redirect names.
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
        allow: Callable[[str], bool] = is_public,
        ports: Collection[int] | None = WEB_PORTS,
        proxies: Proxies = NO_PROXIES,
    ) -> None:
        self._line: Line | None = None if transport is None else HttpxLine(transport)
        agent = f"glaze/{__version__}" + (f" (+{contact})" if contact else "")
        self._usual = (("user-agent", agent), ("accept", "*/*"), ("accept-encoding", "gzip"))
        self._connect_s = connect_s
        self._reply_s = reply_s
        self._max_bytes = max_bytes
        self._guard = Guard(resolve, allow, ports)
        self._proxies = proxies

    async def send(self, call: Call) -> Reply:
        """The answer, whatever its status; a GET is followed along at most five redirects.

        Raises Throttled when nothing was sent, or the reply of a call that may be sent again was lost;
        LookupFailed when another reply was lost (`unknown_outcome`), is too large or cannot be unpacked,
        or leads to where nobody must go (a foreign call's own host: `bad_input`).
        """
        address = written(call.url)
        try:
            async with asyncio.timeout(self._connect_s + self._silence(call)):
                return await self._follow(call, address)
        except TimeoutError:
            raise reply_lost(call) from None

    def warm(self) -> None:
        """Import what carries the calls: it takes a while, and the first calls must not be late for it."""
        self._carrier()

    async def close(self) -> None:
        """Close the connections."""
        if self._line is not None:
            await self._line.close()

    async def _follow(self, call: Call, address: str) -> Reply:
        secret, foreign = call.secret, call.foreign
        addresses = await self._decide(parsed(call.url), None) if foreign else None
        for _ in range(_MAX_REDIRECTS + 1):
            reply = await self._send_once(call, address, secret, addresses)
            # What is posted is never sent on: it may cost money, and holds the user's cells.
            if reply.status not in REDIRECTS or call.method not in ("GET", "HEAD"):
                return reply
            location = reply.headers.get("location")
            if not location:
                return reply
            url = parsed(address)
            onward = next_stop(url, location)
            if same_party(url, onward):
                for name, _value in secret.query:
                    onward = onward.copy_remove_param(name)
            elif secret.in_text(location):
                raise LookupFailed(f"{url.host} redirected to {onward.host} with the key in the address")
            else:
                secret = NO_SECRET  # for good: a way back could be chosen by the other host
            if not foreign and onward.host != url.host:
                # A stranger chooses every stop from here on; one's own network may do as it likes.
                foreign = await self._guard.outside(url.host)
            addresses = await self._decide(onward, url) if foreign else None
            address = written(str(onward))
        raise LookupFailed(f"{parsed(address).host} redirected more than {_MAX_REDIRECTS} times")

    async def _decide(self, url: httpx.URL, sender: httpx.URL | None) -> Sequence[str]:
        """The addresses to connect to, where a cell (or a redirect of `sender`) named the host."""
        try:
            if not is_plain(url):
                raise Refused("is in no plain web address")
            return await self._guard.admit(url)
        except Refused as refusal:
            if sender is not None:
                raise LookupFailed(f"{sender.host} redirected to {url.host}, which {refusal}") from None
            message = f"{url.host or 'the host'} {refusal}; it was not asked"
            raise LookupFailed(message, reason=FailReason.BAD_INPUT) from None

    async def _send_once(
        self, call: Call, address: str, secret: Secret, addresses: Sequence[str] | None
    ) -> Reply:
        import httpx

        try:
            answer = await self._carrier().exchange(self._outgoing(call, address, secret, addresses))
            try:
                unpacker = await self._read(call, answer)
            finally:
                await answer.close()
            body = unpacker.finish()
        # `from None`: the original errors can quote the request, and with it the key.
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            message = f"{host_of(address)} could not be reached: {error or type(error).__name__}"
            raise Throttled(message, reason=FailReason.UNREACHABLE) from None
        except (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError):
            raise LookupFailed(f"the request to {host_of(address)} is not valid; nothing was sent") from None
        except Unreadable as error:
            raise LookupFailed(f"{host_of(address)} sent an answer {error}", call.unread_reason) from None
        except (httpx.TransportError, EOFError):
            raise reply_lost(call) from None
        return Reply(answer.status, answer.headers, body, address, unpacker.full)

    def _outgoing(
        self, call: Call, address: str, secret: Secret, addresses: Sequence[str] | None
    ) -> Outgoing:
        import httpx

        if secret.query:
            # Joined by hand: httpx would rewrite the encoding of the whole query.
            address += ("&" if "?" in address else "?") + urlencode(secret.query, quote_via=quote)
        headers = [*call.headers, *secret.headers]
        named = {name.lower() for name, _ in headers}
        headers += [usual for usual in self._usual if usual[0] not in named]
        if any(_UNFIT.search(value) for _, value in headers):
            raise httpx.LocalProtocolError("a header that is none")
        silence = self._silence(call)
        return Outgoing(call.method, address, headers, call.content, self._connect_s, silence, addresses)

    async def _read(self, call: Call, answer: Incoming) -> Unpacker:
        """Takes the body in; not more than the cap is ever held, or fetched."""
        cap = self._max_bytes if call.max_bytes is None else call.max_bytes
        unpacker = Unpacker(answer.headers.get("content-encoding", ""), cap, call.cut)
        async for chunk in answer.chunks():
            unpacker.feed(chunk)
            if unpacker.full:
                break
        return unpacker

    def _silence(self, call: Call) -> float:
        return self._reply_s if call.reply_s is None else call.reply_s

    def _carrier(self) -> Line:
        """Opened by the first call: what carries it takes a while to import."""
        if self._line is None:
            from glaze_cli.providers.transport import WebLine

            self._line = WebLine(self._proxies)
        return self._line
