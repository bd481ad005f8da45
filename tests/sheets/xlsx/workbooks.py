"""Workbooks made part by part, so that a test can say exactly what stands in the file."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = "xl/worksheets/sheet1.xml"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="0"><protection locked="0"/></xf></cellXfs></styleSheet>'
)
"""Style 0: as usual; 1: a date; 2: not locked."""


def sheet_xml(rows: str, before: str = "", after: str = "") -> str:
    """A worksheet part whose `<sheetData>` holds `rows`."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def rels(*related: tuple[str, str]) -> str:
    """A relationships part: (kind, target) each; the ids count from rId1."""
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{entries}</Relationships>'


def build(
    path: Path,
    sheet: str | bytes,
    parts: Mapping[str, str | bytes] | None = None,
    book_rels: tuple[tuple[str, str], ...] = (),
    workbook: str = "",
) -> Path:
    """Write a workbook with one worksheet, `Data` (sheetId 7), and the parts given; `book_rels`: more
    relationships of the workbook; `workbook`: what follows `</sheets>` in it."""
    every: dict[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/calcChain.xml" ContentType="calc"/></Types>',
        "_rels/.rels": rels(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="Data" sheetId="7" r:id="rId1"/></sheets>{workbook}</workbook>',
        "xl/_rels/workbook.xml.rels": rels(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), *book_rels
        ),
        "xl/styles.xml": STYLES,
        SHEET: sheet,
        **(parts or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in every.items():
            archive.writestr(name, content)
    return path


def part(path: Path, name: str = SHEET) -> str:
    """A part's text."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()
