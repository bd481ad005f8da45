"""What stands around the rows, and the guard that only well-formed XML passes."""

from __future__ import annotations

import pytest

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRange
from glaze_cli.sheets.xlsx.outline import Outline, guarded
from tests.sheets.xlsx.workbooks import sheet_xml

AFTER = """<sheetProtection sheet="1"/>
<protectedRanges><protectedRange sqref="A1 C1:C3"/><protectedRange password="1" sqref="D1"/></protectedRanges>
<mergeCells><mergeCell ref="A1:B2"/></mergeCells>
<dataValidations><dataValidation sqref="E1 F2:F3"/></dataValidations>
<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
 xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">
<x14:conditionalFormatting><xm:sqref>Z1</xm:sqref></x14:conditionalFormatting>
<x14:dataValidation><x14:formula1/><xm:sqref>G1</xm:sqref></x14:dataValidation></ext></extLst>"""


def test_the_outline_of_a_sheet() -> None:
    """Column styles, merged cells, rules of both kinds, protection and what it leaves open."""
    outline = Outline("Data")
    cols = '<cols><col min="2" max="3" style="5"/><col min="4" max="4"/></cols>'
    for character in sheet_xml("", cols, AFTER):
        outline.feed(character.encode())
    outline.feed(b"", final=True)
    assert [outline.column_style(column) for column in (1, 2, 3, 4)] == [0, 5, 5, 0]
    assert outline.protected
    assert outline.merged == [CellRange("Data", 1, 1, 2, 2)]
    assert [area.a1 for area in outline.validated] == ["E1", "F2:F3", "G1"]
    assert [area.a1 for area in outline.unlocked] == ["A1", "C1:C3"]


def test_protection_that_is_off_is_none() -> None:
    """`<sheetProtection>` alone protects nothing."""
    outline = Outline("Data")
    outline.feed(sheet_xml("", after='<sheetProtection objects="1"/>').encode(), final=True)
    assert not outline.protected


@pytest.mark.parametrize(
    ("chunks", "words"),
    [
        ([b"<a><b>", b"</a>"], "The sheet Data is damaged"),
        ([b"<a>"], "The sheet Data is damaged"),
        ([b"<a>\xff</a>"], "The sheet Data is damaged"),
        ([b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"], "document type"),
    ],
)
def test_what_is_no_sound_xml_is_stopped(chunks: list[bytes], words: str) -> None:
    """Damage and entity bombs are refused with the sheet's name."""
    with pytest.raises(SheetRefused, match=words):
        list(guarded(chunks, "Data"))


def test_sound_xml_passes() -> None:
    """The same chunks come out."""
    assert list(guarded([b"<a", b"/>"], "Data")) == [b"<a", b"/>"]
