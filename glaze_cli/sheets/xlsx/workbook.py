"""The workbook part: which worksheets there are, in the order of their tabs, and the defined names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from glaze_cli.sheets.xlsx.markup import PartParser, events, related
from glaze_cli.sheets.xlsx.package import Package, Relationship


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet, and where it is kept."""

    name: str
    part: str
    """`xl/worksheets/sheet1.xml`."""
    state: str = "visible"
    """`visible`, `hidden` or `veryHidden`."""

    @property
    def visible(self) -> bool:
        """Whether its tab is shown."""
        return self.state == "visible"


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A name and the formula it stands for."""

    name: str
    formula: str
    """`Sheet1!$A$1:$B$9`, without the equals sign."""
    scope: str | None = None
    """The only sheet where it holds; None: in the whole workbook."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the workbook part says."""

    part: str
    sheets: tuple[SheetPart, ...]
    """Worksheets only: no chart sheets, dialogs or macro sheets. Never empty."""
    date1904: bool
    """Whether day 0 is 1904-01-01, as on old Macs."""
    names: tuple[DefinedName, ...]
    strings: str | None
    """The part of the shared strings; None when there is none."""
    styles: str | None
    """The part of the cell styles; None when there is none."""

    @classmethod
    def read(cls, package: Package) -> Self:
        """Raises SheetRefused when it is damaged or has no worksheet."""
        part = _workbook_part(package)
        rels = package.rels(part)
        tabs: list[tuple[str, SheetPart | None]] = []
        names: list[tuple[str, str, str | None]] = []
        opened: Mapping[str, str] = {}
        date1904 = False
        for name, attributes, text in events(package, part):
            if attributes is not None:
                opened = attributes
                if name == "sheet":
                    tabs.append(_tab(package, rels, attributes))
                elif name == "workbookPr":
                    date1904 = attributes.get("date1904", "0") in ("1", "true", "on")
            elif name == "definedName":
                names.append((opened.get("name", ""), text, opened.get("localSheetId")))
        sheets = tuple(sheet for _, sheet in tabs if sheet)
        if not sheets:
            raise package.refusal("it has no worksheet with cells")
        scopes = {str(number): tab for number, (tab, _) in enumerate(tabs)}
        strings = _only(package, rels, "sharedStrings")
        if strings:  # an edit does not read them, but a file that spreadsheet programs refuse is not edited
            PartParser(package, strings).feed(next(package.stream(strings), b""))
        return cls(
            part,
            sheets,
            date1904,
            tuple(
                DefinedName(name, text, scopes.get(sheet) if sheet else None) for name, text, sheet in names
            ),
            strings,
            _only(package, rels, "styles"),
        )


def _workbook_part(package: Package) -> str:
    """Where the file's first relationship leads; some writers leave it out and use the usual place."""
    part = _only(package, package.rels(""), "officeDocument") or "xl/workbook.xml"
    if part.lower().endswith(".bin"):
        raise package.refusal("it is a binary .xlsb workbook; save it as .xlsx")
    if package.stored_name(part) is None:
        raise package.refusal("it is not a workbook, or its workbook part is missing; save it as .xlsx")
    return part


def _only(package: Package, rels: Mapping[str, Relationship], kind: str) -> str | None:
    """The part of that kind which is really there."""
    parts = (rel.part for rel in rels.values() if rel.kind == kind)
    return next((part for part in parts if package.stored_name(part)), None)


def _tab(
    package: Package, rels: Mapping[str, Relationship], attributes: Mapping[str, str]
) -> tuple[str, SheetPart | None]:
    """The tab's name, and its worksheet if it is one and is there."""
    name = attributes.get("name", "")
    rel = rels.get(related(attributes) or "")
    if rel is None or rel.kind != "worksheet" or package.stored_name(rel.part) is None:
        return name, None
    return name, SheetPart(name, rel.part, attributes.get("state", "visible"))
