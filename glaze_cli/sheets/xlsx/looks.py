"""What the styles part says that matters to a write: which cells are locked, which show dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from glaze_cli.sheets.xlsx.markup import events
from glaze_cli.sheets.xlsx.numfmt import Format
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.styles import read_formats


@dataclass(frozen=True, slots=True)
class Looks:
    """Asked by style index, a cell's `s`; an index that the part does not have is as style 0."""

    _formats: tuple[Format, ...]
    _unlocked: frozenset[int]

    @classmethod
    def read(cls, package: Package, part: str | None) -> Self:
        """`part`: the styles part, None when there is none. Raises SheetRefused when it is damaged."""
        return cls(read_formats(package, part), _unlocked(package, part) if part else frozenset())

    def locked(self, style: int) -> bool:
        """Whether a cell of that style is locked when its sheet is protected."""
        return style not in self._unlocked

    def date(self, style: int) -> bool:
        """Whether a number is shown as a date."""
        shows = self._formats[style].shows if style < len(self._formats) else None
        return shows is not None and shows.date


def _unlocked(package: Package, part: str) -> frozenset[int]:
    """The indexes of the cell formats that lift the lock."""
    found = set()
    index = -1
    inside = False
    for event in events(package, part):
        if event.name == "cellXfs":
            inside = event.attributes is not None
        elif inside and event.attributes is not None:
            index += event.name == "xf"
            if event.name == "protection" and event.attributes.get("locked") in ("0", "false"):
                found.add(index)
    return frozenset(found)
