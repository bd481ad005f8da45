"""Which encoding a text file is in, and its text as units that map back to the very same bytes."""

from __future__ import annotations

import codecs
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from glaze_cli.errors import SheetError, SheetRefused

SAMPLE = 1 << 18
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WIDE = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}
"""Without a BOM these names leave the byte order open; little is what files have."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes are text."""

    name: str
    """Python's name, without the BOM: `utf-8`, `utf-16-le`, `cp1252`."""
    bom: bytes = b""
    """What the file begins with; kept, and no part of the first field."""
    notice: str = ""
    """What the user should know after the file's name, because it was guessed."""


def detect_encoding(path: Path, asked: str | None = None) -> Encoding:
    """The encoding of a file, or the one that was asked for. Reads the file once when it has no BOM.

    BOM, NULs and strict UTF-8 are reliable; anything else is called cp1252, and said aloud. Raises
    SheetError for a name that Python does not know.
    """
    with path.open("rb") as handle:
        sample = handle.read(SAMPLE)
    if asked:
        return _asked(asked, sample)
    for bom, name in BOMS:
        if sample.startswith(bom):
            return Encoding(name, bom)
    if wide := _wide_without_bom(sample):
        return Encoding(wide, notice=f"read as {wide}, by where its zero bytes are.")
    if _is_utf8(path):
        return Encoding("utf-8")
    notice = "read as cp1252 (Western), since it is not UTF-8; name another with --encoding."
    return Encoding("cp1252", notice=notice)


def _asked(asked: str, sample: bytes) -> Encoding:
    try:
        name = codecs.lookup(asked).name
        "a".encode(name)  # hex, rot13 and zlib are codecs too, but not of text
    except (LookupError, ValueError):
        raise SheetError(
            f"--encoding {asked} is not an encoding; try utf-8, cp1252, shift_jis, ..."
        ) from None
    name = "utf-8" if name == "utf-8-sig" else name
    for bom, mark in BOMS:
        if sample.startswith(bom) and (mark.startswith(name) or name == mark):
            return Encoding(mark, bom)
    return Encoding(WIDE.get(name, name))


def _wide_without_bom(sample: bytes) -> str:
    """UTF-16 or UTF-32 by where the zero bytes are: ASCII letters leave them in the same places."""
    if b"\0" not in sample:
        return ""
    for name, width, full in (
        ("utf-32-le", 4, (0,)),
        ("utf-32-be", 4, (3,)),
        ("utf-16-le", 2, (0,)),
        ("utf-16-be", 2, (1,)),
    ):
        units = len(sample) // width
        zeros = [sample[place::width].count(0) for place in range(width)]
        if units and all(
            (zeros[place] < 0.1 * units) if place in full else (zeros[place] > 0.5 * units)
            for place in range(width)
        ):
            return name
    return ""


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as handle:
        try:
            while block := handle.read(SAMPLE):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


class Units:
    """Text to splice in: a string that gives back the file's bytes, invalid ones too.

    Where the marks (delimiter, quote, line ends) are bytes of their own, a unit is a byte: no byte needs to
    be valid, and nothing is decoded. Elsewhere (UTF-16, UTF-32, a `|` in Shift-JIS) it is a character.
    """

    def __init__(self, encoding: Encoding, marks: str) -> None:
        """Raises SheetRefused for an encoding whose pieces cannot be put together again."""
        self.encoding = encoding
        if encoding.name.startswith(("iso2022", "hz", "utf-7")):
            raise SheetRefused(f"A file in {encoding.name} cannot be edited safely; save it as UTF-8 first.")
        self.bytewise = _bytes_of_their_own(encoding.name, marks)
        self._codec = "latin-1" if self.bytewise else encoding.name
        self._errors = "surrogatepass" if encoding.name.startswith("utf-") else "surrogateescape"

    def of(self, value: str) -> str:
        """A value as units. Raises UnicodeEncodeError when the file's encoding has no such character."""
        if value.isascii() and self.bytewise:
            return value
        encoded = value.encode(self.encoding.name)
        return encoded.decode("latin-1") if self.bytewise else value

    def bytes(self, units: str) -> bytes:
        """The bytes of units that were read from the file or made by `of`."""
        return units.encode(self._codec, self._errors)

    def open(self, source: BinaryIO) -> UnitReader:
        """Units of a file, read from the handle's place."""
        return UnitReader(source, self, codecs.getincrementaldecoder(self._codec)(self._errors))


class UnitReader:
    """Reads a file block by block as units."""

    def __init__(self, source: BinaryIO, units: Units, decoder: codecs.IncrementalDecoder) -> None:
        self._source = source
        self._units = units
        self._decoder = decoder

    def read(self, size: int) -> str:
        """The next units, of about `size` bytes; "" at the end. Raises SheetRefused for bytes that would
        not come back as they were."""
        while block := self._source.read(size):
            pending = self._decoder.getstate()[0]
            try:
                text = self._decoder.decode(block)
                came_back = self._units.bytes(text) + self._decoder.getstate()[0] == pending + block
            except UnicodeError:
                came_back = False
            if not came_back:
                raise SheetRefused(
                    f"The file has bytes that are not {self._units.encoding.name}, so it cannot be edited"
                    " safely; name its encoding with --encoding."
                )
            if text:
                return text
        return ""

    def copy_rest(self, out: BinaryIO) -> None:
        """Write what was not read yet, as it is."""
        out.write(self._decoder.getstate()[0])  # half a character, cut by a block or by the file's end
        shutil.copyfileobj(self._source, out, SAMPLE)


def _bytes_of_their_own(name: str, marks: str) -> bool:
    """Whether a mark's byte never is a part of another character."""
    if not marks.isascii():
        return False
    try:
        return all(
            mark.encode(name) == mark.encode("ascii")
            and all(
                bytes((lead, ord(mark))).decode(name, "replace").endswith(mark) for lead in range(128, 256)
            )
            for mark in marks
        )
    except UnicodeError:
        return False
