"""Profiles of a company on other sites: the page's own ones, never a share button or a post."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_SITES: dict[str, tuple[tuple[str, ...], str]] = {
    "linkedin": (("linkedin.com",), r"/(company|school|showcase)/[^/]+"),
    "twitter": (("twitter.com", "x.com"), r"/(?!intent$|share$|home$|search$|hashtag$|i$|login$)\w{1,15}"),
    "facebook": (
        ("facebook.com",),
        r"/(?!sharer|share|dialog|plugins|login|tr$|policies|help|groups|events|photo)[\w.\-]{3,}",
    ),
    "instagram": (("instagram.com",), r"/(?!p$|explore$|accounts$|share$)[\w.]{2,}"),
    "youtube": (("youtube.com",), r"/(@[\w.\-]+|(user|channel|c)/[^/]+)"),
    "github": (("github.com",), r"/(?!about$|features$|pricing$|login$|join$|site$|contact$)[\w\-]+"),
}
"""Field → hosts, and the whole path of a profile there."""


def profiles(links: Iterable[str], same_as: Iterable[str]) -> dict[str, str]:
    """Field → address. What the site says of itself (`sameAs`) counts first; else just one link must fit."""
    own, linked = _by_site(same_as), _by_site(links)
    found = {}
    for field in _SITES:
        for candidates in (own.get(field, set()), linked.get(field, set())):
            if len(candidates) == 1:
                found[field] = next(iter(candidates))
                break
            if candidates:
                break  # two of them: nobody can tell
    return found


def _by_site(links: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for link in links:
        for field, (hosts, path) in _SITES.items():
            if (address := _profile(link, hosts, path)) is not None:
                found.setdefault(field, set()).add(address)
    return found


def _profile(link: str, hosts: Iterable[str], path: str) -> str | None:
    """The profile's plain address, without what was added to follow people around."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    bare = host.removeprefix("www.").removeprefix("m.")
    trail = parts.path.rstrip("/")
    country = re.fullmatch(r"[a-z]{2}\.linkedin\.com", bare)
    site = "linkedin.com" if country else bare
    if parts.scheme not in ("http", "https") or site not in hosts or not re.fullmatch(path, trail):
        return None
    return (
        f"https://www.{site}{trail}"
        if site not in ("x.com", "github.com", "twitter.com")
        else f"https://{site}{trail}"
    )
