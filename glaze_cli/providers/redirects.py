"""Where a redirect leads, and whether a key may go along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glaze_cli.errors import LookupFailed

if TYPE_CHECKING:
    import httpx

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses of an answer that only says where to go."""


def same_party(old: httpx.URL, new: httpx.URL) -> bool:
    """Whether a key given to `old` may go to `new`: the same origin, or its https twin."""
    if old.host != new.host:
        return False
    upgraded = (old.scheme, new.scheme) == ("http", "https") and old.port is None and new.port is None
    return upgraded or (old.scheme, old.port) == (new.scheme, new.port)


def next_stop(url: httpx.URL, location: str) -> httpx.URL:
    """Where `location` leads from `url`. Raises LookupFailed when it is no plain web address."""
    import httpx

    try:
        target = url.join(location).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise LookupFailed(f"{url.host} redirected to an address that is not valid") from None
    if not is_plain(target):
        raise LookupFailed(f"{url.host} redirected to an address that is no plain web address")
    return target


def is_plain(url: httpx.URL) -> bool:
    """Whether it is a web address without a user or a port that cannot be."""
    plain = url.scheme in ("http", "https") and url.host and not url.userinfo
    return bool(plain and 0 < (url.port or 1) < 65_536)
