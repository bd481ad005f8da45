"""Encodings: what is certain, what is guessed aloud, and units that give back every byte."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.errors import SheetError, SheetRefused
from glaze_cli.sheets.csv.encoding import SAMPLE, Encoding, Units, detect_encoding

TEXT = "id,name\r\n1,Jürgen\r\n2,Zoë\r\n"


@pytest.mark.parametrize(
    ("data", "name", "bom", "noticed"),
    [
        (TEXT.encode(), "utf-8", b"", False),
        (b"plain,ascii\n", "utf-8", b"", False),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8", codecs.BOM_UTF8, False),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le", codecs.BOM_UTF16_LE, False),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be", codecs.BOM_UTF16_BE, False),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le", codecs.BOM_UTF32_LE, False),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be", codecs.BOM_UTF32_BE, False),
        (TEXT.encode("utf-16-le"), "utf-16-le", b"", True),  # no BOM: the zeros tell, and it is said
        (TEXT.encode("utf-16-be"), "utf-16-be", b"", True),
        (TEXT.encode("utf-32-le"), "utf-32-le", b"", True),
        (TEXT.encode("utf-32-be"), "utf-32-be", b"", True),
        (TEXT.encode("cp1252"), "cp1252", b"", True),
        (b"a\0b,c\n" * 9, "utf-8", b"", False),  # a stray NUL does not make UTF-16
        (b"x,y\n" * SAMPLE + "ü\n".encode("cp1252"), "cp1252", b"", True),  # far beyond the sample
    ],
)
def test_detects(tmp_path: Path, data: bytes, name: str, bom: bytes, noticed: bool) -> None:
    """BOM, NULs and strict UTF-8 decide, over the whole file; a guess is told."""
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    found = detect_encoding(path)
    assert (found.name, found.bom, bool(found.notice)) == (name, bom, noticed)


@pytest.mark.parametrize(
    ("asked", "data", "found"),
    [
        ("shift-jis", b"a", Encoding("shift_jis")),
        ("UTF8", codecs.BOM_UTF8 + b"a", Encoding("utf-8", codecs.BOM_UTF8)),
        ("utf-8-sig", b"a", Encoding("utf-8")),
        ("utf-16", codecs.BOM_UTF16_BE + b"\0a", Encoding("utf-16-be", codecs.BOM_UTF16_BE)),
        ("utf-16", b"a\0", Encoding("utf-16-le")),  # no BOM: what Windows writes
        ("latin-1", codecs.BOM_UTF8 + b"a", Encoding("iso8859-1")),  # the user knows better
    ],
)
def test_takes_the_named_encoding(tmp_path: Path, asked: str, data: bytes, found: Encoding) -> None:
    """--encoding is not doubted; a BOM that belongs to it is still no text."""
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    assert detect_encoding(path, asked) == found


@pytest.mark.parametrize("asked", ["klingon", "rot13", "hex", "zlib"])
def test_refuses_a_name_that_is_no_encoding(tmp_path: Path, asked: str) -> None:
    """A name Python has no text encoding for is an error that repeats it."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"a")
    with pytest.raises(SheetError, match=asked):
        detect_encoding(path, asked)


@pytest.mark.parametrize(
    ("name", "marks", "bytewise"),
    [
        ("utf-8", ',"\r\n', True),
        ("cp1252", ',"\r\n', True),
        ("shift_jis", ',"\r\n', True),  # no character of it holds a comma
        ("shift_jis", '|"\r\n', False),  # but many hold the byte of a pipe
        ("gb18030", ';"\r\n', True),
        ("utf-16-le", ',"\r\n', False),
        ("utf-8", '¦"\r\n', False),
        ("cp037", ',"\r\n', False),  # EBCDIC
    ],
)
def test_units_are_bytes_where_that_is_safe(name: str, marks: str, bytewise: bool) -> None:
    """A unit is a byte only where no other character can hold a mark's byte."""
    assert Units(Encoding(name), marks).bytewise is bytewise


@pytest.mark.parametrize("name", ["iso2022_jp", "hz", "utf-7"])
def test_refuses_an_encoding_with_a_state(name: str) -> None:
    """Where a byte's meaning depends on those before, no field can be replaced safely."""
    with pytest.raises(SheetRefused, match=name):
        Units(Encoding(name), ",")


class Trickle(io.BytesIO):
    """A file that gives three bytes at a time."""

    def read(self, size: int | None = -1) -> bytes:
        """At most three bytes."""
        return super().read(3)


@given(data=st.binary(max_size=60), name=st.sampled_from(["utf-8", "cp1252", "utf-16-le", "utf-16-be"]))
def test_every_byte_comes_back(data: bytes, name: str) -> None:
    """Reading as units and writing them is the identity: for invalid bytes, half characters and all."""
    units = Units(Encoding(name), ",")
    out = io.BytesIO()
    reader = units.open(Trickle(data))
    while text := reader.read(3):
        out.write(units.bytes(text))
    reader.copy_rest(out)
    assert out.getvalue() == data


def test_bytes_that_would_not_come_back_are_refused() -> None:
    """A code point beyond Unicode in UTF-32 cannot be kept, so the file is refused."""
    with pytest.raises(SheetRefused, match="utf-32-le"):
        Units(Encoding("utf-32-le"), ",").open(io.BytesIO(b"\xff\xff\xff\x7f")).read(8)
