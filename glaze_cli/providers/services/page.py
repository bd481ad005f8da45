"""A web page: its title, what its head says, its JSON-LD, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from glaze_cli.providers.services.page_text import clean, decode

_MOST_LINKS = 5_000
_MOST_NAMES = 2_000
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{16000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_SEEN = "//body//text()[not(ancestor::script or ancestor::style or ancestor::noscript or ancestor::template)]"
_ENOUGH_WORDS = 10


class Page:
    """A page, as much of it as is sound. Never raises for what it holds."""

    def __init__(self, html: bytes, url: str, charset: str | None) -> None:
        """`url`: where it came from, after redirects; `charset`: what the header says, if it does."""
        # Not a parser that builds what a browser would: a few hundred thousand open boxes keep those busy
        # for minutes. This one gives up below 256 levels.
        from lxml import etree  # type: ignore[import-untyped]

        self.url = url
        self._root: Any = None
        parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True, remove_comments=True)
        text = decode(html, charset).replace("\0", "")
        if not _too_many_names(text):
            with suppress(etree.XMLSyntaxError, ValueError):  # nothing that could be recovered
                self._root = etree.fromstring(text.encode("utf-8", errors="replace"), parser)
        self._base = self._declared_base()

    @property
    def title(self) -> str | None:
        """Of the page, not of a drawing in it."""
        titles = self.find("//title[not(ancestor::*[local-name() = 'svg'])]")
        return next((clean("".join(node.itertext()), 300) for node in titles), None)

    @property
    def empty(self) -> bool:
        """Whether its body holds hardly a word and no link: a shell that a script would fill."""
        words = (word for text in self.find(_SEEN) for word in text.split())
        return len(list(islice(words, _ENOUGH_WORDS))) < _ENOUGH_WORDS and next(self.links(), None) is None

    def meta(self, *names: str) -> str | None:
        """The content of the first meta element of one of these names (`description`, `og:site_name`)."""
        said: dict[str, str] = {}
        for node in self._all("meta"):
            for name in (node.get("name"), node.get("property")):
                if name and (text := clean(node.get("content"))):
                    said.setdefault(name.strip().lower(), text)
        return next((said[name] for name in names if name in said), None)

    @property
    def refresh(self) -> str | None:
        """Where a meta refresh leads at once, as an address; None where it only comes back to the page."""
        for node in self._all("meta"):
            if (node.get("http-equiv") or "").strip().lower() != "refresh":
                continue
            delay, _, rest = (node.get("content") or "").replace(",", ";").partition(";")
            name, _, target = rest.strip().partition("=")
            if name.strip().lower() == "url" and re.fullmatch(r"\s*[0-5](\.\d*)?\s*", delay):
                onward = self.absolute(target.strip().strip("'\""))
                return None if onward is None or onward.partition("#")[0] == self.url else onward
        return None

    def scripts(self) -> Iterator[str]:
        """The texts of its JSON-LD blocks."""
        for node in self._all("script"):
            if (node.get("type") or "").partition(";")[0].strip().lower() == "application/ld+json":
                yield node.text or ""

    def links(self) -> Iterator[str]:
        """Where its links lead: http, https, mailto and tel."""
        for node in islice(self._all("a"), _MOST_LINKS):
            href = (node.get("href") or "").strip()
            if href.lower().startswith(("mailto:", "tel:")):
                yield href
            elif href and not href.startswith("#") and (target := self.absolute(href)) is not None:
                yield target

    def icon(self) -> str | None:
        """The picture that stands for the site on a telephone's screen."""
        for node in self._all("link"):
            if {"apple-touch-icon", "apple-touch-icon-precomposed"} & set(
                (node.get("rel") or "").lower().split()
            ):
                return self.absolute(node.get("href") or "")
        return None

    def sources(self) -> Iterator[str]:
        """The hosts that its scripts and frames come from."""
        for node in self._all("script", "iframe", "frame"):
            if target := self.absolute(node.get("src") or ""):
                yield urlsplit(target).hostname or ""

    def find(self, path: str) -> list[Any]:
        """What an XPath of ours finds."""
        return [] if self._root is None else list(self._root.xpath(path))

    def absolute(self, href: str) -> str | None:
        """A link as a whole web address; None for others."""
        try:
            target = urljoin(self._base, href.strip()) if href.strip() and len(href) <= 2_000 else ""
            sound = urlsplit(target).scheme in ("http", "https") and urlsplit(target).hostname
        except ValueError:
            return None
        return target if sound and target.isprintable() and " " not in target else None

    def _declared_base(self) -> str:
        self._base = self.url
        bases = (self.absolute(node.get("href") or "") for node in self._all("base"))
        return next((base for base in bases if base), self.url)

    def _all(self, *tags: str) -> Iterator[Any]:
        return iter(()) if self._root is None else self._root.iter(*tags)


def _too_many_names(text: str) -> bool:
    """Whether a tag has more attributes than any page's: the parser compares each with all before it."""
    return any(len(set(_QUOTED.sub("", tag[0]).split())) > _MOST_NAMES for tag in _LONG_TAG.finditer(text))
