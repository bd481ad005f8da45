"""Profiles of a company on other sites: its own, never a share button, a post or a page of that site."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

_BEFORE = re.compile(r"^(?:www|m|mobile|[a-z]{2}(?:-[a-z]{2})?)\.(?=\w+\.com$)")
_UNSOUND = re.compile(r"[\s?#<>\"{}$%\\]")


@dataclass(frozen=True, slots=True)
class Site:
    """Where profiles are; social_sites.toml says what its parts mean."""

    hosts: tuple[str, ...]
    profile: re.Pattern[str]
    reserved: frozenset[str]
    tail: frozenset[str]
    www: bool


def profiles(links: Iterable[str], same_as: Iterable[str], domain: str) -> dict[str, str]:
    """Field → address. What the site says of itself (`sameAs`) counts first; else just one link must fit.

    `domain` is the site's own: its pages on itself are no profiles.
    """
    found = {}
    own, linked = list(same_as), list(links)
    for field, site in sites().items():
        if domain in site.hosts:
            continue
        for listed in (own, linked):
            fitting = [profile for link in listed if (profile := _profile(link, site))]
            # The same profile is often written twice: once in capitals, or at the site's old host.
            if len({urlsplit(profile).path.casefold() for profile in fitting}) == 1:
                found[field] = fitting[0]
            if fitting:
                break  # two of them: nobody can tell
    return found


@cache
def sites() -> Mapping[str, Site]:
    """Field → where its profiles are."""
    text = Path(__file__).with_name("social_sites.toml").read_text(encoding="utf-8")
    return {
        field: Site(
            tuple(site["hosts"]),
            re.compile(site["profile"], re.ASCII),
            frozenset(site.get("reserved", ())),
            frozenset(site.get("tail", ())),
            site.get("www", False),
        )
        for field, site in tomllib.loads(text).items()
    }


def _profile(link: str, site: Site) -> str | None:
    """The profile's plain address, without what was added to follow people around."""
    try:
        parts = urlsplit(link)
        host = _BEFORE.sub("", parts.hostname or "")  # de.linkedin.com, de-de.facebook.com
    except ValueError:
        return None
    path = site.profile.match(parts.path)
    if parts.scheme not in ("http", "https") or host not in site.hosts or path is None:
        return None
    first, rest = path[0].strip("/"), parts.path[path.end() :].strip("/")
    if first.lower() in site.reserved or (rest and rest not in site.tail):
        return None
    name = unquote(path[0])
    if not name.isprintable() or _UNSOUND.search(name):  # `{{handle}}`, `%user%`
        return None
    plain = "facebook.com" if host == "fb.com" else host
    return f"https://{'www.' if site.www else ''}{plain}{path[0]}"
