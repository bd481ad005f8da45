"""JSON-LD of a page: its entries, however badly written, and the texts in them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from glaze_cli.providers.services.page_text import clean

Entry = Mapping[str, Any]

_STRING = r'"(?:[^"\\]|\\.)*+"?'
_COMMENT = re.compile(rf"({_STRING})|//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|<!--|-->", re.DOTALL)
_LAST_COMMA = re.compile(rf"({_STRING})|,(?=\s*[}}\]])", re.DOTALL)
_DEEPEST, _MOST = 8, 2_000


def entries(blocks: Iterable[str]) -> Iterator[Entry]:
    """The entries that stand by themselves: in lists and graphs, and as what a website names as its own.

    An article's publisher, a product's maker or a person's employer is not among them: it may be another.
    """
    count = 0
    for block in blocks:
        for entry in _top(_read(block)):
            yield entry
            count += 1
            if count >= _MOST:
                return


def kinds(entry: Entry) -> set[str]:
    """Its types, without the vocabulary's address: `{"Organization"}`."""
    named = entry.get("@type")
    listed = named if isinstance(named, list) else [named]
    return {re.split(r"[/#:]", kind)[-1] for kind in listed if isinstance(kind, str)}


def text(value: object, longest: int = 500) -> str | None:
    """A text, or the one there is of several; None where they differ. See `texts`."""
    return only(texts(value, longest))


def texts(value: object, longest: int = 500, depth: int = 0) -> list[str]:
    """The texts of a text, a thing with a name, one in a language (`{"@value": ...}`), or a list of such."""
    if depth > 3:
        return []
    if isinstance(value, list):
        return [found for one in value[:200] for found in texts(one, longest, depth + 1)]
    if isinstance(value, dict):
        return texts(value.get("@value") or value.get("name"), longest, depth + 1)
    found = clean(_without_tags(value), longest) if isinstance(value, str) else None
    return [found] if found else []


def addresses(value: object) -> list[str]:
    """The addresses of an address, a picture or page with one, or a list of such."""
    listed = value if isinstance(value, list) else [value]
    urls = (
        next((one.get(key) for key in ("url", "contentUrl", "@id") if one.get(key)), None)
        if isinstance(one, dict)
        else one
        for one in listed[:200]
    )
    return [found for url in urls if isinstance(url, str) and (found := clean(url, 2_000))]


def only(found: Iterable[str]) -> str | None:
    """The one there is, however often; None where there are several."""
    different = set(found)
    return different.pop() if len(different) == 1 else None


def _read(block: str) -> Any:
    """As JSON; once more without comments and last commas, which pages are full of."""
    for mend in (False, True):
        text = _LAST_COMMA.sub(r"\1", _COMMENT.sub(r"\1", block)) if mend else block
        try:
            # Not strict: line breaks in strings. What follows the first value is a stray semicolon.
            return json.JSONDecoder(strict=False).raw_decode(text.lstrip())[0]
        except (ValueError, RecursionError):
            continue
    return None


def _top(document: Any, depth: int = 0) -> Iterator[Entry]:
    if depth > _DEEPEST:
        return
    if isinstance(document, list):
        for entry in document[:_MOST]:
            yield from _top(entry, depth + 1)
    elif isinstance(document, dict):
        yield document
        yield from _top(document.get("@graph"), depth + 1)
        if "WebSite" in kinds(document):
            yield from _top(document.get("publisher"), depth + 1)


def _without_tags(text: str) -> str:
    """`Acme &amp; Sons<br>` as it was meant: what is JSON there was often written for a page."""
    text = html.unescape(text[:20_000])
    if re.search(r"<[a-zA-Z/!]", text) is None:
        return text
    from lxml import etree  # type: ignore[import-untyped]

    root = etree.fromstring(
        f"<p>{text}</p>".encode("utf-8", errors="replace"), etree.HTMLParser(encoding="utf-8")
    )
    return "" if root is None else " ".join(root.itertext())
