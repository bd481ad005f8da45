"""A company's page: its title, what it says of itself in its head, and the links that lead to the company."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

_LONGEST = 500

_WALLS = (
    *("just a moment", "attention required", "access denied", "are you a robot", "captcha", "verify you are"),
    *("domain for sale", "domain is for sale", "this domain", "parked domain", "domain parking", "buy this"),
    *("welcome to nginx", "apache2 debian default", "apache2 ubuntu default", "iis windows server"),
    *("test page for the", "default web site page", "index of /", "account suspended", "site not found"),
    *("coming soon", "under construction", "404 not found", "page not found", "error 404", "403 forbidden"),
    *("checking your browser", "please wait", "website unavailable", "service unavailable", "it works!"),
)
"""Beginnings of titles of pages that say nothing of a company, whatever their status."""


class Page:
    """A page, as much of it as is sound. Never raises for what it holds."""

    def __init__(self, html: bytes, url: str, charset: str | None) -> None:
        """`url`: where it came from, after redirects; `charset`: what the header says, if it does."""
        # Not a parser that builds what a browser would: a few hundred thousand open boxes keep those busy
        # for minutes. This one gives up below 256 levels.
        from lxml import etree  # type: ignore[import-untyped]

        self.url = url
        parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, remove_comments=True)
        text = decode(html, charset).replace("\0", "")
        try:
            self._root: Any = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
        except (etree.XMLSyntaxError, ValueError):  # nothing that could be recovered
            self._root = None

    @property
    def title(self) -> str | None:
        """Of the page."""
        return next((clean("".join(node.itertext())) for node in self._all("title")), None)

    @property
    def wall(self) -> str | None:
        """Its title, where that is of a page that says nothing of a company."""
        title = (self.title or "").casefold()
        return self.title if any(title.startswith(wall) or f" {wall}" in title for wall in _WALLS) else None

    def meta(self, *names: str) -> str | None:
        """The content of the first meta element of one of these names (`description`, `og:site_name`)."""
        for name in names:
            for node in self._all("meta"):
                named = (node.get("name") or node.get("property") or "").strip().lower()
                if named == name and (text := clean(node.get("content") or "")):
                    return text
        return None

    @property
    def refresh(self) -> str | None:
        """Where a meta refresh leads at once, as an address."""
        for node in self._all("meta"):
            if (node.get("http-equiv") or "").strip().lower() != "refresh":
                continue
            delay, _, rest = (node.get("content") or "").partition(";")
            name, _, target = rest.strip().partition("=")
            if name.strip().lower() == "url" and delay.strip().isdecimal() and int(delay.strip()) <= 5:
                return self.absolute(target.strip().strip("'\""))
        return None

    def scripts(self) -> Iterator[str]:
        """The texts of its JSON-LD blocks."""
        for node in self._all("script"):
            if (node.get("type") or "").strip().lower() == "application/ld+json":
                yield node.text or ""

    def links(self) -> Iterator[str]:
        """Where its links lead: http, https, mailto and tel."""
        for node in self._all("a"):
            href = (node.get("href") or "").strip()
            if href.lower().startswith(("mailto:", "tel:")):
                yield href
            elif href and (target := self.absolute(href)) is not None:
                yield target

    def icon(self) -> str | None:
        """A large picture that stands for the site."""
        for node in self._all("link"):
            if "apple-touch-icon" in (node.get("rel") or "").lower().split():
                return self.absolute(node.get("href") or "")
        return None

    def _all(self, tag: str) -> Iterator[Any]:
        return iter(()) if self._root is None else self._root.iter(tag)

    def absolute(self, href: str) -> str | None:
        """A link as a whole web address; None for others."""
        try:
            target = urljoin(self.url, href)
            parts = urlsplit(target)
        except ValueError:
            return None
        sound = parts.scheme in ("http", "https") and parts.hostname and target.isprintable()
        return target if sound and len(target) <= 2_000 else None


def decode(html: bytes, charset: str | None) -> str:
    """By byte order mark, header, or what the page says of itself; else UTF-8, with U+FFFD in it."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if html.startswith(mark):
            return html[len(mark) :].decode(name, errors="replace")
    for encoding in (charset, _said(html)):
        try:
            if encoding:
                return html.decode(encoding, errors="replace")
        except (LookupError, ValueError):
            continue
    return html.decode("utf-8", errors="replace")


def _said(html: bytes) -> str | None:
    """`<meta charset="windows-1251">`, near its beginning."""
    head = html[:2_048].lower()
    _, found, rest = head.partition(b"charset=")
    name = rest.lstrip(b"\"' ")[:40].split(b'"')[0].split(b"'")[0].split(b">")[0].split(b"/")[0].strip()
    return name.decode("ascii", errors="ignore") if found and name else None


def clean(text: Any, longest: int = _LONGEST) -> str | None:
    """One line of what can be seen, cut at a word; None where nothing is left or it could not be read."""
    if not isinstance(text, str) or "\ufffd" in text:
        return None
    seen = (letter if letter.isspace() or unicodedata.category(letter)[0] != "C" else "" for letter in text)
    line = " ".join("".join(seen).split())
    if len(line) > longest:
        line = line[:longest].rsplit(" ", 1)[0] + " …"
    return line or None
