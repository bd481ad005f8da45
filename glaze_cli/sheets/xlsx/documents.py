"""Small parts that are edited as a whole, in UTF-8, one edit on top of another."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from glaze_cli.sheets.xlsx import encoding
from glaze_cli.sheets.xlsx.package import Package

TYPES = "[Content_Types].xml"


def rels_of(part: str) -> str:
    """The part that says what `part` points at; it need not be there."""
    folder, _, base = part.rpartition("/")
    return posixpath.join(folder, "_rels", f"{base}.rels")


class Documents:
    """The workbook part, its relationships, the content types, as they are to be."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._edited: dict[str, tuple[bytes, str]] = {}

    def read(self, part: str) -> bytes:
        """The part in UTF-8 with the edits so far. Raises SheetRefused when it is missing or damaged."""
        if part in self._edited:
            return self._edited[part][0]
        return self._decoded(part)[0]

    def edit(self, part: str, data: bytes) -> None:
        """From now on it is `data`, UTF-8."""
        before, codec = self._edited.get(part) or self._decoded(part)
        if data != before:
            self._edited[part] = data, codec

    def changed(self) -> Iterator[tuple[str, bytes]]:
        """The parts that were edited, each in the encoding it had."""
        for part, (data, codec) in self._edited.items():
            yield part, b"".join(encoding.from_utf8([data], codec))

    def _decoded(self, part: str) -> tuple[bytes, str]:
        codec, chunks = encoding.of_part(self._package.document(part), part)
        return b"".join(encoding.to_utf8(chunks, codec, part)), codec
