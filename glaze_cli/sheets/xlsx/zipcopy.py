"""A zip file with a few members replaced: all others are copied as they stand, compressed bytes and all.

Order, names, times, comments, extra fields, gaps and whatever precedes the archive stay. zipfile reads the
directory; what it cannot do is write a member without compressing it again.
"""

from __future__ import annotations

import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO, BinaryIO

from glaze_cli.errors import SheetRefused

_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_END64, _LOCATOR = struct.Struct("<4sQ2H2L4Q"), struct.Struct("<4sLQL")
_ZIP64_EXTRA = 1
_TOO_BIG = 0xFFFFFFFF
"""In a 32-bit field: the number is in the zip64 extra field."""
_SIZES_FOLLOW = 0x08
"""The flag for a data descriptor behind the member."""
_IN_MEMORY = 8 << 20
_VERSION = 20
"""What a reader has to be able to: deflate."""
_FIRST_DAY = 0x21
"""1980-01-01."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A member's new content, compressed."""

    content: IO[bytes]
    crc: int
    compressed: int
    size: int


def packed(chunks: Iterable[bytes], method: int) -> Packed:
    """Compress a part into a temporary file, which `Packed.content.close()` removes.

    Raises SheetRefused for a method that no spreadsheet program uses.
    """
    if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise SheetRefused("The file is compressed in a way no spreadsheet program writes; save it again.")
    content = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (the caller closes it)
    crc = size = 0
    compressor = zlib.compressobj(wbits=-15) if method == zipfile.ZIP_DEFLATED else None
    for chunk in chunks:
        crc = zlib.crc32(chunk, crc)
        size += len(chunk)
        content.write(compressor.compress(chunk) if compressor else chunk)
    if compressor:
        content.write(compressor.flush())
    return Packed(content, crc, content.tell(), size)


@dataclass(frozen=True, slots=True)
class _Member:
    """One member as the directory has it."""

    name: str
    record: bytes
    """Its raw directory record."""
    start: int
    """Where its local header begins."""
    compressed: int


def methods(source: BinaryIO) -> dict[str, int]:
    """How each member is compressed, by its name."""
    with zipfile.ZipFile(source) as archive:
        return {info.filename: info.compress_type for info in archive.infolist()}


def copy_zip(
    source: BinaryIO,
    target: BinaryIO,
    replaced: Mapping[str, Packed],
    dropped: Collection[str] = (),
    added: Mapping[str, Packed] = MappingProxyType({}),
) -> None:
    """Write `source` to `target` with those members replaced or dropped (names as zipfile gives them), and
    others, new and deflated, behind them (names in ASCII).

    Raises SheetRefused when the archive is not laid out as its directory says, or grows over 4 GB.
    """
    with zipfile.ZipFile(source) as archive:
        directory = archive.start_dir
        members = list(_members(source, archive))
    physical = sorted(members, key=lambda member: member.start)
    first = physical[0].start if physical else directory
    _copy(source, target, 0, first)
    moved: dict[str, int] = {}
    for member, after in zip(physical, [*(m.start for m in physical[1:]), directory], strict=True):
        if member.name in dropped:
            continue
        moved[member.name] = target.tell()
        if member.name in replaced:
            _write_member(source, target, member, replaced[member.name])
        else:
            _copy(source, target, member.start, after)
    shift = _shift(members, first)
    fresh = [_add_member(target, name, content, shift) for name, content in added.items()]
    start = target.tell()
    kept = [member for member in members if member.name in moved]
    for member in kept:
        target.write(_record(member.record, moved[member.name] - shift, replaced.get(member.name)))
    target.write(b"".join(fresh))
    _write_end(source, target, directory, start, shift, len(kept) + len(fresh))


def _members(source: BinaryIO, archive: zipfile.ZipFile) -> Iterator[_Member]:
    """The directory's records, raw, each with what zipfile understands of it."""
    at = archive.start_dir
    for info in archive.infolist():
        source.seek(at)
        fixed = source.read(_CENTRAL.size)
        lengths = _CENTRAL.unpack(fixed)[10:13]
        record = fixed + source.read(sum(lengths))
        at += len(record)
        yield _Member(info.filename, record, info.header_offset, info.compress_size)
    ends = sorted((member.header_offset, member.compress_size) for member in archive.infolist())
    for (start, compressed), (after, _) in zip(ends, [*ends[1:], (archive.start_dir, 0)], strict=True):
        if start + _LOCAL.size + compressed > after:
            raise SheetRefused("The file's zip directory is damaged: two of its parts overlap.")


def _shift(members: list[_Member], first: int) -> int:
    """By how much the directory's offsets are too small, where something was put before the archive."""
    written = min((_offset(member.record) for member in members), default=first)
    return first - written


def _offset(record: bytes) -> int:
    """The offset in a record, from its zip64 field if it is there."""
    offset: int = _CENTRAL.unpack_from(record)[16]
    if offset != _TOO_BIG:
        return offset
    at = _zip64_offset(record)
    return int.from_bytes(record[at : at + 8], "little")


def _zip64_offset(record: bytes) -> int:
    """Where in a record the zip64 field holds the offset: after the sizes that are there too."""
    fields = _CENTRAL.unpack_from(record)
    at: int = _CENTRAL.size + fields[10]
    for number, body in _extras(record[at : at + fields[11]]):
        if number == _ZIP64_EXTRA:
            return at + 4 + 8 * fields[8:10].count(_TOO_BIG)
        at += 4 + len(body)
    raise SheetRefused("The file's zip directory is damaged: a 64-bit offset is missing.")


def _extras(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The extra fields: number and content."""
    while len(extra) >= 4:
        number, length = struct.unpack_from("<2H", extra)
        yield number, extra[4 : 4 + length]
        extra = extra[4 + length :]


def _without_zip64(extra: bytes) -> bytes:
    return b"".join(
        struct.pack("<2H", number, len(body)) + body
        for number, body in _extras(extra)
        if number != _ZIP64_EXTRA
    )


def _write_member(source: BinaryIO, target: BinaryIO, member: _Member, new: Packed) -> None:
    """The member's own header with its new sizes, known beforehand, and the new content."""
    source.seek(member.start)
    magic, version, flags, method, clock, day, *_, name, extra = _LOCAL.unpack(source.read(_LOCAL.size))
    raw_name, raw_extra = source.read(name), _without_zip64(source.read(extra))
    sizes = (new.crc, new.compressed, new.size)
    flags &= ~_SIZES_FOLLOW
    target.write(
        _LOCAL.pack(magic, version, flags, method, clock, day, *_fit(sizes), len(raw_name), len(raw_extra))
    )
    target.write(raw_name + raw_extra)
    new.content.seek(0)
    shutil.copyfileobj(new.content, target)


def _add_member(target: BinaryIO, name: str, new: Packed, shift: int) -> bytes:
    """Write a member that was not there; its directory record. Its time is the first a zip file can hold, as
    spreadsheet programs have it."""
    raw, start = name.encode("ascii"), target.tell() - shift
    sizes = _fit((new.crc, new.compressed, new.size))
    common = (_VERSION, 0, zipfile.ZIP_DEFLATED, 0, _FIRST_DAY, *sizes, len(raw), 0)
    target.write(_LOCAL.pack(b"PK\3\4", *common) + raw)
    new.content.seek(0)
    shutil.copyfileobj(new.content, target)
    return _CENTRAL.pack(b"PK\1\2", _VERSION, *common, 0, 0, 0, 0, *_fit((start,))) + raw


def _record(record: bytes, offset: int, new: Packed | None) -> bytes:
    """A directory record for a member at that offset, with its new sizes if it was replaced."""
    if new is None and _CENTRAL.unpack_from(record)[16] == _TOO_BIG:
        at = _zip64_offset(record)
        return record[:at] + offset.to_bytes(8, "little") + record[at + 8 :]
    fields = list(_CENTRAL.unpack_from(record))
    rest = record[_CENTRAL.size :]
    (fields[16],) = _fit((offset,))
    if new is not None:
        name, extra = rest[: fields[10]], _without_zip64(rest[fields[10] : fields[10] + fields[11]])
        rest = name + extra + rest[fields[10] + fields[11] :]
        fields[3] &= ~_SIZES_FOLLOW
        fields[7:10] = _fit((new.crc, new.compressed, new.size))
        fields[11] = len(extra)
    return _CENTRAL.pack(*fields) + rest


def _fit(numbers: tuple[int, ...]) -> tuple[int, ...]:
    if max(numbers) > _TOO_BIG or _TOO_BIG in numbers[1:]:
        raise SheetRefused("The file would grow over 4 GB, which Glaze does not write.")
    return numbers


def _write_end(
    source: BinaryIO, target: BinaryIO, directory: int, start: int, shift: int, count: int
) -> None:
    """The end records (zip64 ones if there were), with the directory's new place, and the comment."""
    source.seek(directory)
    tail = source.read()
    end = tail.rfind(_END.pack(b"PK\5\6", *[0] * 7)[:4])
    fields = list(_END.unpack_from(tail, end))
    comment = tail[end + _END.size :]
    size = target.tell() - start
    at64 = tail.rfind(b"PK\6\6", 0, end)
    if at64 >= 0 and tail[end - _LOCATOR.size : end].startswith(b"PK\6\7"):
        big = list(_END64.unpack_from(tail, at64))
        big[6:10] = [count, count, size, start - shift]
        place = target.tell() - shift
        target.write(_END64.pack(*big) + tail[at64 + _END64.size : end - _LOCATOR.size])
        target.write(_LOCATOR.pack(b"PK\6\7", 0, place, 1))
    for index, value in ((3, count), (4, count), (5, size), (6, start - shift)):
        if fields[index] not in (0xFFFF, _TOO_BIG):
            fields[index] = value
    _fit((fields[5], fields[6]))
    target.write(_END.pack(*fields) + comment)


def _copy(source: BinaryIO, target: BinaryIO, start: int, end: int) -> None:
    """Those bytes, as they are."""
    source.seek(start)
    left = end - start
    while left > 0:
        piece = source.read(min(left, 1 << 20))
        if not piece:
            raise SheetRefused("The file ends before its zip directory says.")
        target.write(piece)
        left -= len(piece)
