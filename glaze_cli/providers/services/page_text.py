"""Text of a page: bytes as they were meant, and words as a cell can hold them."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Any

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
"""What pages say, and what browsers read it as (https://encoding.spec.whatwg.org/#names-and-labels)."""

_PLAIN = re.compile(
    r"utf-8|utf-16-[lb]e|cp125\d|cp932|cp949|cp866|cp874|iso8859-\d+|koi8-[ru]|mac-roman|mac-cyrillic|"
    r"gb18030|big5hkscs|euc_jp|iso2022_jp"
)
"""Codecs that only map bytes to letters. Python has others, slow or worse (`punycode`)."""


def decode(html: bytes, declared: str | None) -> str:
    """By byte order mark, then `declared` (by the header), then what the page says of itself; else UTF-8.

    What cannot be read is U+FFFD, and `clean` gives no text that has one.
    """
    for mark, name in _MARKS:
        if html.startswith(mark):
            return html[len(mark) :].decode(name, errors="replace")
    said = _META.search(html[:4_096])
    in_page = said[1].decode("ascii", errors="ignore") if said else ""
    # A page that says UTF-16 in plain letters is not in it.
    names = (declared or "", "" if in_page.lower().startswith("utf-16") else in_page)
    codec = next((found for name in names if (found := _codec(name))), "utf-8")
    return html.decode(codec, errors="replace")


def clean(text: Any, longest: int = 500) -> str | None:
    """One line of what can be seen, cut at a word; None where nothing is left or it could not be read."""
    if not isinstance(text, str):
        return None
    text = text[: longest * 20]  # what is left of a megabyte of blanks does not matter
    seen = (letter if letter.isspace() or unicodedata.category(letter)[0] != "C" else "" for letter in text)
    line = unicodedata.normalize("NFC", " ".join("".join(seen).split()))
    if "\ufffd" in line:
        return None
    if len(line) > longest:
        line = line[: longest - 1].rsplit(" ", 1)[0] + "…"
    return line or None


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return None
    found = _READ_AS.get(found, found)
    return found if _PLAIN.fullmatch(found) else None
