"""Where a call goes: its address as it is written on the wire, and as httpx reads it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from glaze_cli.errors import LookupFailed
from glaze_cli.model import FailReason

if TYPE_CHECKING:
    import httpx

_LONGEST = 65_536
_ORIGIN = re.compile(r"https?://[^/?#@]+(?=/)")
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_USUAL = re.compile(
    rf"https?://(?:(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*|(?:{_OCTET}\.){{3}}{_OCTET})(?::(?!(?:80|443)$)[1-9]\d{{1,4}})?",
    re.ASCII,
)
"""Origins that httpx leaves as they are, as nearly all are: it takes a while to load, and is not asked."""
_PLAIN = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*")
"""A path and query that need no other encoding. `/.` could be a step up, and is left to httpx."""


def written(url: str) -> str:
    """The address as it is sent: encoded, its host in ASCII, nobody's name or password in it.

    Raises LookupFailed (`bad_input`) for what is none: it came from a cell. Most addresses are plain, and
    reading each of them whole would take a third of a call's time: of those only the origin is read, once.
    """
    origin = _ORIGIN.match(url)
    if origin and len(url) <= _LONGEST and _is_normal(origin[0]):
        start = origin.end()
        if url.find("/.", start) < 0 and _PLAIN.fullmatch(url, start):
            return url
    read = parsed(url)
    host = read.raw_host.decode("ascii")
    port = "" if read.port is None else f":{read.port}"
    bracketed = f"[{host}]" if ":" in host else host
    return f"{read.scheme}://{bracketed}{port}{read.raw_path.decode('ascii')}"


def parsed(url: str) -> httpx.URL:
    """The address as httpx reads it. Raises LookupFailed (`bad_input`) for what is none."""
    import httpx

    try:
        return httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):  # a cell of a whole page, or with a host that is none
        why = "too long" if len(url) > _LONGEST else "not valid"
        raise LookupFailed(f"the request's address is {why}", reason=FailReason.BAD_INPUT) from None


def host_of(address: str) -> str:
    """Its host, for a sentence."""
    return parsed(address).host


@lru_cache(1000)
def _is_normal(origin: str) -> bool:
    if _USUAL.fullmatch(origin):
        return True
    try:
        return str(parsed(origin)) == origin
    except LookupFailed:
        return False
