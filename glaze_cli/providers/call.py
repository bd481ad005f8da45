"""A call of an HTTP service and its reply, and the secret that goes with the one and never into the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote, urlsplit

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import FailReason

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)


@lru_cache(100)
def _charset(content_type: str) -> str:
    """The one that is declared, else UTF-8; a service says the same of all its answers."""
    declared = _CHARSET.search(content_type)
    return declared[1] if declared else "utf-8"


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


@dataclass(frozen=True, init=False)
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
    foreign: bool = False
    """The host comes from a cell: it is asked only if it is on the open internet."""
    cut: bool = False
    """A body over the cap is no error: its beginning is enough."""
    max_bytes: int | None = None
    """Most bytes of the body, unpacked; None: the door's own cap."""
    reply_s: float | None = None
    """Longest silence of the server, in seconds; None: the door's own."""

    def __init__(
        self,
        method: str,
        url: str,
        headers: tuple[tuple[str, str], ...] = (),
        content: bytes | None = None,
        secret: Secret = NO_SECRET,
        free: bool = False,
        idempotent: bool = False,
        foreign: bool = False,
        cut: bool = False,
        max_bytes: int | None = None,
        reply_s: float | None = None,
    ) -> None:
        # What a frozen dataclass does field by field, in one step: there is one of these for every cell.
        self.__dict__.update(
            method=method,
            url=url,
            headers=headers,
            content=content,
            secret=secret,
            free=free,
            idempotent=idempotent,
            foreign=foreign,
            cut=cut,
            max_bytes=max_bytes,
            reply_s=reply_s,
        )

    @property
    def unread_reason(self) -> FailReason:
        """Why the lookup fails when an answer came that cannot be read: a paid call was perhaps billed."""
        return FailReason.PROVIDER_ERROR if self.free else FailReason.UNKNOWN_OUTCOME


@dataclass(frozen=True, init=False)
class Reply:
    """One whole answer, whatever its status. `url` is where it came from after redirects, without keys."""

    status: int
    headers: Mapping[str, str]
    """Lower-case names; a repeated header's values joined by commas."""
    body: bytes = field(repr=False)
    url: str
    cut: bool = False
    """The body was longer; this is its beginning."""

    def __init__(
        self, status: int, headers: Mapping[str, str], body: bytes, url: str, cut: bool = False
    ) -> None:
        self.__dict__.update(status=status, headers=headers, body=body, url=url, cut=cut)  # as in Call

    @property
    def text(self) -> str:
        """The body by its declared charset, else UTF-8; what cannot be read becomes U+FFFD."""
        try:
            return self.body.decode(_charset(self.headers.get("content-type", "")), errors="replace")
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
