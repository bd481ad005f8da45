"""The package: what cannot be used is refused with a sentence, whatever is wrong with it."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from glaze_cli.errors import SheetError, SheetRefused
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx.package import Package, Relationship
from tests.sheets.xlsx.workbooks import build, rels, sheet_xml


def zipped(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # a name that comes twice
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def compound(entry: str) -> bytes:
    """A compound file whose directory, in its second sector, has one entry."""
    head = bytes.fromhex("D0CF11E0A1B11AE1").ljust(30, b"\0") + struct.pack("<H", 9)
    directory = (entry + "\0").encode("utf-16-le")
    return head.ljust(48, b"\0") + struct.pack("<I", 1) + bytes(512 * 2 - 52) + directory.ljust(512, b"\0")


def locked() -> bytes:
    """A zip file whose member is marked as encrypted."""
    data = bytearray(zipped(("a.xml", b"<a/>")))
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


WHOLE = zipped(("a.xml", b"<a/>"))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"name,email\n", "is not an Excel workbook"),
        (WHOLE[:-30], "damaged or cut short"),
        (WHOLE.replace(b"PK\1\2\x14\3\x14", b"PK\1\2\x14\3\xff"), "damaged or cut short"),  # zip version 25.5
        (compound("")[:30], "is not an Excel workbook"),
        (compound("EncryptedPackage"), "is password-protected; save it without a password"),
        (compound("Workbook"), "is an old .xls workbook"),
        (compound("WordDocument"), "another kind of Office file"),
        (locked(), "is password-protected"),
        (zipped(("a.xml", b""), ("a.xml", b"")), "holds the part a.xml twice"),
        (zipped(("a.xml", b""), ("A.XML", b"")), "holds the part a.xml twice"),
        (zipped(("x/a.xml", b""), ("x\\a.xml", b"")), "holds the part x/a.xml twice"),
    ],
    ids=range(12),  # the bytes hold the time they were packed at
)
def test_a_file_that_is_no_sound_package_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    """One sentence each, which names the file."""
    path = tmp_path / "leads.xlsx"
    path.write_bytes(content)
    with pytest.raises(SheetRefused, match=sentence) as caught:
        Package.open(path, Limits())
    assert str(path) in str(caught.value)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """It is not a refusal: there is nothing to refuse."""
    with pytest.raises(SheetError, match="does not exist"):
        Package.open(tmp_path / "no.xlsx", Limits())


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(parts=1), "limits.parts"),
        (Limits(inflated=1 << 20), "limits.inflated"),
        (Limits(ratio_from=1 << 20, ratio=100), "limits.ratio"),
        (Limits(part=1 << 20), "limits.part"),
        (Limits(document=1 << 20), "limits.document"),
    ],
)
def test_what_is_over_a_limit_is_refused_by_its_name(tmp_path: Path, limits: Limits, named: str) -> None:
    """Either when the file is opened, or when the part is asked for."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(("small.xml", b"<a/>"), ("big.xml", bytes(3 << 20))))
    with pytest.raises(SheetRefused, match=named), Package.open(path, limits) as package:
        package.read("big.xml")


def test_a_damaged_part_is_refused_when_it_is_read(tmp_path: Path) -> None:
    """The checksum is checked; the parts beside it can still be read."""
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.xml", b"<good/>")
        archive.writestr("bad.xml", b"<broken/>")
    path.write_bytes(path.read_bytes().replace(b"<broken/>", b"<Broken/>"))
    with Package.open(path, Limits()) as package:
        assert package.read("good.xml") == b"<good/>"
        with pytest.raises(SheetRefused, match=r"bad\.xml is damaged"):
            package.read("bad.xml")


@pytest.mark.parametrize(
    "asked", ["xl/Sheet 1.xml", "/XL/sheet 1.XML", "xl\\Sheet 1.xml", "xl/sheet%201.xml"]
)
def test_a_part_is_found_however_it_is_spelled(tmp_path: Path, asked: str) -> None:
    """Case, a leading slash, backslashes and percent signs do not matter."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(("xl\\Sheet 1.xml", b"<a/>")))
    with Package.open(path, Limits()) as package:
        assert package.names == ("xl\\Sheet 1.xml",)
        assert package.stored_name(asked) == "xl\\Sheet 1.xml"
        assert package.read(asked) == b"<a/>"
        with pytest.raises(SheetRefused, match="its part xl/no is missing"):
            package.read("xl/no")


@pytest.mark.parametrize(
    ("target", "part"),
    [
        ("worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
        ("../other/a.xml", "other/a.xml"),
        ("./worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"),
    ],
)
def test_relationships_lead_to_parts(tmp_path: Path, target: str, part: str) -> None:
    """A target is relative to its part's folder, or absolute; the kind is the last word of its type."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(zipped(("xl/_rels/workbook.xml.rels", rels(("worksheet", target)).encode())))
    with Package.open(path, Limits()) as package:
        assert package.rels("xl/workbook.xml") == {"rId1": Relationship("worksheet", part)}
        assert package.rels("xl/other.xml") == {}


def test_links_out_of_the_file_are_no_parts(tmp_path: Path) -> None:
    """A hyperlink is never looked for in the file."""
    path = tmp_path / "a.xlsx"
    external = rels(("hyperlink", "http://example.com")).replace("Target=", 'TargetMode="External" Target=')
    path.write_bytes(zipped(("_rels/.rels", external.encode())))
    with Package.open(path, Limits()) as package:
        assert package.rels("") == {}


def test_a_signed_file_is_known(tmp_path: Path) -> None:
    """It can be read; the writer refuses it."""
    plain = build(tmp_path / "a.xlsx", sheet_xml(""))
    signed = build(tmp_path / "b.xlsx", sheet_xml(""), {"_xmlsignatures/origin.sigs": ""})
    with Package.open(plain, Limits()) as one, Package.open(signed, Limits()) as other:
        assert (one.signed, other.signed) == (False, True)
