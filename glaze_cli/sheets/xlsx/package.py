"""The zip file that a workbook is: its parts by name, unpacked within limits, and how they relate."""

from __future__ import annotations

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from glaze_cli.errors import SheetError, SheetRefused
from glaze_cli.sheets.limits import MB, Limits
from glaze_cli.sheets.xlsx.container import why_not_zip
from glaze_cli.sheets.xlsx.markup import events

CHUNK = 1 << 16
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    IndexError,
    RuntimeError,  # and NotImplementedError: a method or version that zip files do not have
    ValueError,  # and UnicodeDecodeError: a name
)
"""What zipfile raises for a file that is damaged."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """What one part points at inside the file."""

    kind: str
    """The last word of the type's address, the same in transitional and strict files: `worksheet`."""
    part: str
    """The part's name, resolved: `xl/worksheets/sheet1.xml`. It need not be there."""


def _key(name: str) -> str:
    """Part names are equal case aside; some writers use backslashes."""
    return name.replace("\\", "/").lstrip("/").lower()


class Package:
    """An open workbook file. A context manager; every error of the file is a SheetRefused sentence."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self._zip = archive
        self._members = {_key(info.filename): info for info in archive.infolist()}

    @classmethod
    def open(cls, path: Path, limits: Limits) -> Package:
        """Open the file and judge it by its directory; nothing is unpacked yet.

        Raises SheetError when it is missing, SheetRefused when it is encrypted, damaged, not a zip file,
        over a limit, or names a part twice.
        """
        try:
            archive = zipfile.ZipFile(path)
        except DAMAGE:
            raise SheetRefused(why_not_zip(path)) from None
        except FileNotFoundError:
            raise SheetError(f"{path} does not exist.") from None
        except OSError as error:
            raise SheetError(f"{path} cannot be read: {error.strerror or error}.") from error
        try:
            _judge(path, archive, limits)
        except BaseException:
            archive.close()
            raise
        return cls(path, archive, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; an open book keeps it."""
        self._zip.close()

    @property
    def names(self) -> tuple[str, ...]:
        """Every member's name as it is stored, in the order of the directory."""
        return tuple(self._zip.namelist())

    @property
    def signed(self) -> bool:
        """Whether the file is digitally signed: any edit would break the signature."""
        return any(key.startswith("_xmlsignatures/") for key in self._members)

    def stored_name(self, name: str) -> str | None:
        """How the zip file spells that part's name (case, backslashes); None when it has no such part."""
        info = self._members.get(_key(name)) or self._members.get(_key(unquote(name)))
        return info.filename if info else None

    def stream(self, name: str) -> Iterator[bytes]:
        """The part, unpacked chunk by chunk; its checksum is checked at its end.

        Raises SheetRefused when it is missing, damaged or over the limits.
        """
        info = self._info(name)
        if info.file_size > self.limits.part:
            raise self.refusal(f"{name} unpacks to {info.file_size // MB} MB, over the limit limits.part")
        try:
            with self._zip.open(info) as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (OSError, *DAMAGE) as error:
            raise self.refusal(f"{name} is damaged ({error})") from error

    def document(self, name: str) -> Iterator[bytes]:
        """As `stream`, for a part of which much is kept: `limits.document` bounds it."""
        size = self._info(name).file_size
        if size > self.limits.document:
            raise self.refusal(f"{name} unpacks to {size // MB} MB, over the limit limits.document")
        return self.stream(name)

    def read(self, name: str) -> bytes:
        """A small part as a whole. Raises SheetRefused as `document` does."""
        return b"".join(self.document(name))

    def rels(self, part: str) -> Mapping[str, Relationship]:
        """What a part ("" for the file itself) points at inside the file, by relationship id."""
        folder, _, base = part.rpartition("/")
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if self.stored_name(name) is None:
            return {}
        found = {}
        for event in events(self, name):
            attributes = event.attributes
            if event.name == "Relationship" and attributes and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = Relationship(kind, place)
        return found

    def refusal(self, why: str) -> SheetRefused:
        """A SheetRefused that names the file; `why` has no full stop."""
        return SheetRefused(f"{self.path} cannot be used: {why}.")

    def _info(self, name: str) -> zipfile.ZipInfo:
        stored = self.stored_name(name)
        if stored is None:
            raise self.refusal(f"its part {name} is missing")
        return self._members[_key(stored)]


def _judge(path: Path, archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse by the directory alone. zipfile never unpacks more of a member than the directory says."""
    infos = archive.infolist()
    keys = [_key(info.filename) for info in infos if not info.filename.endswith("/")]
    total = sum(info.file_size for info in infos)
    if len(set(keys)) < len(keys):
        twice = Counter(keys).most_common(1)[0][0]
        raise SheetRefused(f"{path} holds the part {twice} twice; open and save it in a spreadsheet program.")
    if any(info.flag_bits & 1 for info in infos):
        raise SheetRefused(f"{path} is password-protected; save it without a password.")
    if len(infos) > limits.parts:
        raise SheetRefused(f"{path} holds {len(infos)} parts, over the limit limits.parts of {limits.parts}.")
    if total > limits.inflated:
        raise SheetRefused(f"{path} unpacks to {total // MB} MB, over the limit limits.inflated.")
    packed = path.stat().st_size
    for what, size, small in [
        (str(path), total, packed),
        *((f"{path}: {info.filename}", info.file_size, info.compress_size) for info in infos),
    ]:
        if size > limits.ratio_from and size > limits.ratio * small:
            raise SheetRefused(
                f"{what} unpacks to {size // MB} MB from {small // 1024} KB, which looks like a zip bomb; "
                f"if it is not, raise limits.ratio above {limits.ratio}."
            )
