"""A part's encoding: read as UTF-8, written back as it was, byte for byte."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterable, Iterator

from glaze_cli.errors import SheetRefused

_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([\w.-]+)["']""")
_ONE_BYTE = {"ascii", "iso8859-1", "cp1252"}
"""Besides UTF-8 and UTF-16: each byte is a character, so that what is read is what is written back."""


def of_part(chunks: Iterable[bytes], place: str) -> tuple[str, Iterator[bytes]]:
    """A codec's name, and the same chunks again. Raises SheetRefused for an encoding nobody writes."""
    stream = iter(chunks)
    first = next(stream, b"")
    rest = itertools.chain((first,), stream)
    for start, codec in (
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"<\0?\0", "utf-16-le"),
        (b"\0<\0?", "utf-16-be"),
    ):
        if first.startswith(start):
            return codec, rest  # a byte order mark stays a character of the text
    declared = _DECLARED.match(first)
    name = declared[1].decode() if declared else "utf-8"
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = ""
    if codec == "utf-8" or codec in _ONE_BYTE:
        return codec, rest
    raise SheetRefused(
        f"{place} is written in the encoding {name}, which Glaze cannot edit safely. Open it in a"
        " spreadsheet program and save it again."
    )


def to_utf8(chunks: Iterable[bytes], codec: str, place: str) -> Iterator[bytes]:
    """The part in UTF-8. Raises SheetRefused where the bytes are not what the codec allows."""
    if codec == "utf-8":
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk).encode()
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise SheetRefused(f"{place} is damaged: it is not the {codec} text it says it is.") from None


def from_utf8(chunks: Iterable[bytes], codec: str) -> Iterator[bytes]:
    """Back to the part's own encoding; a new character it lacks becomes a character reference."""
    if codec == "utf-8":
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        yield decoder.decode(chunk).encode(codec, "xmlcharrefreplace")
