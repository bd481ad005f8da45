"""The one door to the network: every HTTP provider sends its calls through it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote, urlencode

from glaze_cli import __version__
from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import FailReason
from glaze_cli.providers.addresses import is_public
from glaze_cli.providers.call import NO_SECRET, Call, Reply, Secret, reply_lost
from glaze_cli.providers.deadline import Deadline, Watch
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
_Pairs = tuple[tuple[str, str], ...]
T = TypeVar("T")


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
        usual = (("user-agent", agent), ("accept", "*/*"), ("accept-encoding", "gzip"))
        # Nearly all calls of a provider have the same: they are put together, and looked at, once.
        self._headers = _remembering(functools.partial(_all_headers, usual))
        self._encoded = _remembering(_encoded)
        self._connect_s = connect_s
        self._reply_s = reply_s
        self._max_bytes = max_bytes
        self._guard = Guard(resolve, allow, ports)
        self._proxies = proxies
        self._watch = Watch()

    async def send(self, call: Call) -> Reply:
        """The answer, whatever its status; a GET is followed along at most five redirects.

        Raises Throttled when nothing was sent, or the reply of a call that may be sent again was lost;
        LookupFailed when another reply was lost (`unknown_outcome`), is too large or cannot be unpacked,
        or leads to where nobody must go (a foreign call's own host: `bad_input`).
        """
        address = written(call.url)
        silence_s = self._reply_s if call.reply_s is None else call.reply_s
        try:
            with (deadline := self._watch.deadline(self._connect_s + silence_s, silence_s)):
                addresses = await self._decide(parsed(call.url), None) if call.foreign else None
                reply = await self._send_once(call, address, call.secret, addresses, deadline)
                # What is posted is never sent on: it may cost money, and holds the user's cells.
                if reply.status not in REDIRECTS or call.method not in ("GET", "HEAD"):
                    return reply
                return await self._follow(call, reply, deadline)
        except TimeoutError:
            raise reply_lost(call) from None

    def warm(self) -> None:
        """Import what carries the calls: it takes a while, and the first calls must not be late for it."""
        self._carrier()

    async def close(self) -> None:
        """Close the connections."""
        self._watch.close()
        if self._line is not None:
            await self._line.close()

    async def _follow(self, call: Call, reply: Reply, deadline: Deadline) -> Reply:
        """The answer at the end of the redirects that begin with this one."""
        secret, foreign = call.secret, call.foreign
        for followed in range(_MAX_REDIRECTS + 1):
            location = reply.headers.get("location")
            if reply.status not in REDIRECTS or not location:
                return reply
            url = parsed(reply.url)
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
            if followed < _MAX_REDIRECTS:
                reply = await self._send_once(call, address, secret, addresses, deadline)
        raise LookupFailed(f"{host_of(address)} redirected more than {_MAX_REDIRECTS} times")

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
        self, call: Call, address: str, secret: Secret, addresses: Sequence[str] | None, deadline: Deadline
    ) -> Reply:
        try:
            headers = self._headers(call.headers, secret.headers)
            asked = address
            if secret.query:  # joined by hand: httpx would rewrite the encoding of the whole query
                asked += ("&" if "?" in address else "?") + self._encoded(secret.query)
            outgoing = Outgoing(
                call.method, asked, headers, call.content, self._connect_s, deadline, addresses
            )
            answer = await (self._line or self._carrier()).exchange(outgoing)
            cap = self._max_bytes if call.max_bytes is None else call.max_bytes
            encoding = answer.headers.get("content-encoding", "")
            whole = answer.at_once(cap)
            try:
                if whole is not None:  # as nearly always: all of it came in one piece
                    body, cut = _unpacked(whole, encoding, cap, call.cut) if encoding else (whole, False)
                else:
                    body, cut = await _read(answer, encoding, cap, call.cut)
            finally:
                deadline.hush()
                if whole is None and not answer.ended:
                    await answer.close()
            return Reply(answer.status, answer.headers, body, address, cut)
        except Exception as error:
            meaning = _meaning(error, call, address)
            if meaning is None:
                raise
            # `from None`: the original errors can quote the request, and with it the key.
            raise meaning from None

    def _carrier(self) -> Line:
        """Opened by the first call: what carries it takes a while to import."""
        if self._line is None:
            from glaze_cli.providers.transport import WebLine

            self._line = WebLine(self._proxies)
        return self._line


def _unpacked(whole: bytes, encoding: str, cap: int, cut: bool) -> tuple[bytes, bool]:
    """The body, and whether it is cut."""
    unpacker = Unpacker(encoding, cap, cut)
    unpacker.feed(whole)
    return unpacker.finish(), unpacker.full


async def _read(answer: Incoming, encoding: str, cap: int, cut: bool) -> tuple[bytes, bool]:
    """The body, and whether it is cut; not more than the cap is ever held, or fetched."""
    chunk = b"" if answer.ended else await answer.chunk()
    if answer.ended and not encoding and len(chunk) <= cap:
        return chunk, False  # all of it in one piece
    unpacker = Unpacker(encoding, cap, cut)
    while chunk:
        unpacker.feed(chunk)
        chunk = b"" if unpacker.full else await answer.chunk()
    return unpacker.finish(), unpacker.full


def _remembering(make: Callable[..., T]) -> Callable[..., T]:
    """The same, remembering what it made lately; of what cannot be looked up (a list) it makes it anew."""
    known = functools.lru_cache(100)(make)

    def made(*parts: _Pairs) -> T:
        try:
            return known(*parts)
        except TypeError:
            return make(*parts)

    return made


def _all_headers(usual: _Pairs, own: _Pairs, secret: _Pairs) -> _Pairs:
    """What the call says, the key, and what is usual of the rest. Raises LocalProtocolError."""
    headers = (*own, *secret)
    named = {name.lower() for name, _ in headers}
    headers += tuple(header for header in usual if header[0] not in named)
    if any(_UNFIT.search(value) for _, value in headers):
        import httpx

        raise httpx.LocalProtocolError("a header that is none")
    return headers


def _encoded(query: _Pairs) -> str:
    return urlencode(query, quote_via=quote)


def _meaning(error: Exception, call: Call, address: str) -> ProviderError | None:
    """What became of a call that ended in the error; None for an error that is a defect of ours."""
    import httpx  # only here: a call that goes well does not need its words

    unsent = httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError
    unfit = httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.InvalidURL, UnicodeError
    if isinstance(error, unsent):
        message = f"{host_of(address)} could not be reached: {error or type(error).__name__}"
        return Throttled(message, reason=FailReason.UNREACHABLE)
    if isinstance(error, unfit):
        return LookupFailed(f"the request to {host_of(address)} is not valid; nothing was sent")
    if isinstance(error, Unreadable):
        return LookupFailed(f"{host_of(address)} sent an answer {error}", call.unread_reason)
    if isinstance(error, (httpx.TransportError, EOFError)):
        return reply_lost(call)
    return None
