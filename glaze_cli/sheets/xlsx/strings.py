"""Shared strings, unpacked only as far as they are asked for, and held as packed UTF-8."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping
from itertools import chain

from glaze_cli.sheets.xlsx.markup import LocalNames, PartParser
from glaze_cli.sheets.xlsx.package import Package

_ESCAPE = re.compile(r"_x(D[89AB][0-9A-F]{2})__x(D[C-F][0-9A-F]{2})_|_x([0-9A-F]{4})_", re.IGNORECASE)

_SPACE = "http://www.w3.org/XML/1998/namespace space"


def unescape(text: str) -> str:
    """`_x000D_` is how a workbook writes what XML cannot hold; half of a surrogate pair stays as it is."""
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    high, low, single = found.groups()
    if high:
        return bytes.fromhex(high + low).decode("utf-16-be")
    code = int(single, 16)
    return found[0] if 0xD800 <= code < 0xE000 else chr(code)


class TextItem:
    """Gathers the text of a string item (`si`, `is`): all its runs, without the phonetic hints."""

    def __init__(self, names: LocalNames) -> None:
        self._names = names
        self.piece: list[str] = []
        """What came since the last tag: expat's character data goes here."""
        self._runs: list[str] = []
        self._phonetic = False
        self._preserve = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """A tag within an item, or the item's own, as expat names it."""
        self.piece.clear()
        local = self._names[name]
        if local == "t":
            self._preserve = attributes.get(_SPACE) == "preserve"
        elif local == "rPh":
            self._phonetic = True

    def end(self, name: str) -> str:
        """The end of such a tag; its local name. Space at the ends is dropped unless marked, as in Excel."""
        local = self._names[name]
        if local == "t" and not self._phonetic:
            text = "".join(self.piece)
            self._runs.append(text if self._preserve else text.strip(" \t\r\n"))
        elif local == "rPh":
            self._phonetic = False
        self.piece.clear()
        return local

    def take(self) -> str:
        """The whole text, as it is stored; empties the item."""
        text = "".join(self._runs)
        self._runs.clear()
        return text

    def length(self) -> int:
        """Characters held, to be bounded."""
        return sum(map(len, self.piece)) + sum(map(len, self._runs))


class SharedStrings:
    """The strings by their index. Asking for one unpacks all before it, and keeps them.

    A table of 800,000 strings (29 MB of XML) takes 25 MB and a second, once; `limits.strings` bounds it.
    """

    def __init__(self, package: Package, part: str | None) -> None:
        self._package = package
        self._text = bytearray()
        self._ends = array("Q")
        self._item = TextItem(LocalNames())
        self._more = self._read(part) if part else iter(())

    def get(self, index: int) -> str | None:
        """The string; None when the table has no such index. Raises SheetRefused when it is damaged."""
        while index >= len(self._ends):
            if next(self._more, None) is None:
                return None
        if index < 0:
            return None
        start = self._ends[index - 1] if index else 0
        return self._text[start : self._ends[index]].decode()

    def _read(self, part: str) -> Iterator[int]:
        """Unpack a chunk at a time; yields how many strings there are so far."""
        parser = PartParser(self._package, part)
        parser.expat.StartElementHandler = self._item.start
        parser.expat.EndElementHandler = self._end
        parser.expat.CharacterDataHandler = self._item.piece.append
        limits = self._package.limits
        for chunk in chain(self._package.stream(part), (b"",)):
            parser.feed(chunk)
            if len(self._text) + 8 * len(self._ends) > limits.strings:
                raise self._package.refusal(f"{part} holds more text than the limit limits.strings")
            if self._item.length() > limits.cell_text:
                raise self._package.refusal(f"{part} has a string over the limit limits.cell_text")
            yield len(self._ends)

    def _end(self, name: str) -> None:
        if self._item.end(name) == "si":
            self._text += unescape(self._item.take()).encode()
            self._ends.append(len(self._text))
