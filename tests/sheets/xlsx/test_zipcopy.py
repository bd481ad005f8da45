"""Copying an archive: all that is not replaced keeps its bytes, its order and its metadata."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import SheetRefused
from glaze_cli.sheets.xlsx.zipcopy import copy_zip, methods, packed


class Unseekable(io.RawIOBase):
    """A stream that zipfile cannot seek in, so that it writes data descriptors."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.data += bytes(data)  # type: ignore[call-overload]
        return len(bytes(data))  # type: ignore[call-overload]


def archive(
    members: Mapping[str, bytes],
    method: int = zipfile.ZIP_DEFLATED,
    descriptors: bool = False,
    zip64: bool = False,
) -> bytes:
    target: BinaryIO | Unseekable = Unseekable() if descriptors else io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:  # type: ignore[arg-type]
        made.comment = b"a comment"
        for number, (name, content) in enumerate(members.items()):
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            info.compress_type = method
            info.comment = b"of a member"
            info.extra = struct.pack("<HHH", 0x4242, 2, number)
            info.external_attr = 0o600 << 16
            with made.open(info, "w", force_zip64=zip64) as member:
                member.write(content)
    return target.data if isinstance(target, Unseekable) else target.getvalue()  # type: ignore[union-attr]


def copied(
    source: bytes,
    new: Mapping[str, bytes],
    dropped: tuple[str, ...] = (),
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    target = io.BytesIO()
    method = methods(io.BytesIO(source))
    replaced = {name: packed([content], method[name]) for name, content in new.items()}
    more = {name: packed([content], zipfile.ZIP_DEFLATED) for name, content in (added or {}).items()}
    copy_zip(io.BytesIO(source), target, replaced, dropped, more)
    return target.getvalue()


def raw(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """A member's compressed bytes."""
    name, extra = struct.unpack_from("<2H", data, info.header_offset + 26)
    start = info.header_offset + 30 + name + extra
    return data[start : start + info.compress_size]


MEMBERS = {"b.xml": b"<b/>" * 50, "a.xml": b"<a/>" * 9, "é/c.bin": bytes(range(256)), "empty": b""}
KINDS = [
    pytest.param({}, id="plain"),
    pytest.param({"method": zipfile.ZIP_STORED}, id="stored"),
    pytest.param({"descriptors": True}, id="data descriptors"),
    pytest.param({"zip64": True}, id="zip64 fields"),
    pytest.param({"descriptors": True, "zip64": True}, id="both"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_without_changes_is_the_same_file(kind: Mapping[str, bool]) -> None:
    """Where nothing is replaced, not one byte of the archive changes."""
    source = archive(MEMBERS, **kind)
    assert copied(source, {}) == source


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", list(MEMBERS))
def test_only_the_replaced_member_changes(kind: Mapping[str, bool], name: str) -> None:
    """The new content is there; the other members keep compressed bytes, order, times, extras, comments."""
    source = archive(MEMBERS, **kind)
    result = copied(source, {name: b"new content" * 99})
    with zipfile.ZipFile(io.BytesIO(source)) as before, zipfile.ZipFile(io.BytesIO(result)) as after:
        assert after.testzip() is None
        assert after.comment == before.comment
        assert after.namelist() == before.namelist()
        for old, new in zip(before.infolist(), after.infolist(), strict=True):
            same = (
                "date_time",
                "compress_type",
                "comment",
                "create_system",
                "external_attr",
                "internal_attr",
            )
            assert [getattr(old, field) for field in same] == [getattr(new, field) for field in same]
            assert struct.pack("<HHH", 0x4242, 2, list(MEMBERS).index(new.filename)) in new.extra
            if new.filename == name:
                assert after.read(new) == b"new content" * 99
            else:
                assert raw(result, new) == raw(source, old)
                assert old.CRC == new.CRC


@settings(max_examples=40)
@given(
    st.dictionaries(st.text("abc/", min_size=1, max_size=6), st.binary(max_size=60), min_size=1, max_size=6),
    st.data(),
)
def test_any_archive(members: dict[str, bytes], data: st.DataObject) -> None:
    """Whichever members are replaced, each member reads as it should."""
    new = data.draw(st.dictionaries(st.sampled_from(sorted(members)), st.binary(max_size=90)))
    with zipfile.ZipFile(io.BytesIO(copied(archive(members), new))) as after:
        assert {name: after.read(name) for name in after.namelist()} == members | new


def test_a_dropped_member_is_gone() -> None:
    """It is in neither place: not among the members, not in the directory."""
    result = copied(archive(MEMBERS), {"b.xml": b"x"}, ("a.xml",))
    with zipfile.ZipFile(io.BytesIO(result)) as after:
        assert after.namelist() == ["b.xml", "é/c.bin", "empty"]
        assert after.testzip() is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("before", [b"", b"a prefix"])
def test_an_added_member_is_the_last(kind: Mapping[str, bool], before: bytes) -> None:
    """It reads as it should, behind the others, which keep their bytes; dropping it gives the file back."""
    source = before + archive(MEMBERS, **kind)
    result = copied(source, {}, added={"new.xml": b"<new/>" * 99})
    assert result.startswith(source[: source.index(b"PK\1\2")])
    with zipfile.ZipFile(io.BytesIO(result)) as after:
        assert after.testzip() is None
        assert after.namelist() == [*MEMBERS, "new.xml"]
        assert after.read("new.xml") == b"<new/>" * 99
        assert after.comment == b"a comment"
    assert copied(result, {}, ("new.xml",)) == source


def test_what_precedes_and_lies_between_stays() -> None:
    """Bytes before the archive and gaps between members are copied."""
    source = b"a prefix" + archive(MEMBERS)
    result = copied(source, {"empty": b"x"})
    assert result.startswith(b"a prefixPK")
    with zipfile.ZipFile(io.BytesIO(result)) as after:
        assert after.read("é/c.bin") == MEMBERS["é/c.bin"]


def test_an_order_of_its_own_stays() -> None:
    """Members may lie in another order than the directory has them: both orders stay."""
    source = archive(MEMBERS)
    with zipfile.ZipFile(io.BytesIO(source)) as made:
        start = made.start_dir
    first = 46 + len("b.xml") + 6 + len(b"of a member")
    directory = source[start : -22 - len(b"a comment")]
    swapped = source[:start] + directory[first:] + directory[:first] + source[start + len(directory) :]
    with zipfile.ZipFile(io.BytesIO(copied(swapped, {"a.xml": b"new"}))) as after:
        assert after.namelist() == ["a.xml", "é/c.bin", "empty", "b.xml"]
        assert sorted(after.namelist(), key=lambda name: after.getinfo(name).header_offset) == list(MEMBERS)
        assert after.testzip() is None


def test_members_that_overlap_are_refused() -> None:
    """An archive whose directory is not what its bytes are is not copied by guessing."""
    source = bytearray(archive(MEMBERS))
    at = source.index(b"PK\1\2")
    struct.pack_into("<L", source, at + 20, 5000)  # the first member's compressed size
    with pytest.raises(SheetRefused, match="overlap"):
        copied(bytes(source), {})


def test_a_strange_compression_is_refused() -> None:
    """Only what spreadsheet programs write is written."""
    with pytest.raises(SheetRefused, match="compressed in a way"):
        packed([b"x"], zipfile.ZIP_BZIP2)


def test_packed_knows_its_sizes() -> None:
    """Checksum and sizes are known before the member is written, so that no descriptor is needed."""
    made = packed([b"ab", b"c" * 100], zipfile.ZIP_DEFLATED)
    made.content.seek(0)
    assert zlib.decompress(made.content.read(), -15) == b"ab" + b"c" * 100
    assert (made.size, made.crc) == (102, zlib.crc32(b"ab" + b"c" * 100))
