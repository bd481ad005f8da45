"""A patch: changes to a file, in the order of the file."""

from __future__ import annotations

from dataclasses import dataclass

from glaze_cli.model.change import Change


@dataclass(frozen=True, slots=True)
class Patch:
    """Changes to one file, ordered by sheet, row, column; no cell twice."""

    file: str
    sha256: str
    """Of the file's bytes when it was read; "" where it is not known."""
    changes: tuple[Change, ...]
