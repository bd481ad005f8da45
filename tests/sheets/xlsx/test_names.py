"""Names in a workbook, and the cells they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.errors import SelectionError
from glaze_cli.sheets.xlsx.book import XlsxBook
from tests.sheets.xlsx.workbooks import MAIN, OFFICE, build, rels, sheet_xml


def table(name: str, ref: str, columns: list[str], more: str = "") -> str:
    listed = "".join(f'<tableColumn id="{n}" name="{column}"/>' for n, column in enumerate(columns, 1))
    return (
        f'<table xmlns="{MAIN}" id="1" name="x" displayName="{name}" ref="{ref}" {more}>'
        f'<tableColumns count="{len(columns)}">{listed}</tableColumns></table>'
    )


@pytest.fixture
def book(tmp_path: Path) -> XlsxBook:
    """Two sheets, two tables, and names of every kind."""
    names = {
        "Prices": "Data!$A$1:$B$9",
        "One": "'Q3 ''leads'''!$C$4",
        "Columns": "data!$B:$D",
        "Rows": "Data!$2:$40",
        "Moving": "OFFSET(Data!$A$1,0,0,9)",
        "Two": "Data!$A$1:$A$3,Data!$C$1:$C$3",
        "Gone": "#REF!",
        "Elsewhere": "[1]Sheet1!$A$1",
        "Chart": "Nowhere!$A$1",
    }
    defined = "".join(
        f'<definedName name="{name}">{formula}</definedName>' for name, formula in names.items()
    )
    defined += '<definedName name="PRICES" localSheetId="1">Data!$Z$1</definedName>'
    defined += '<definedName name="Own" localSheetId="1">Data!$Y$1</definedName>'
    path = build(
        tmp_path / "a.xlsx",
        sheet_xml(""),
        {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="Data" r:id="rId1"/><sheet name="Q3 \'leads\'" r:id="rId3"/></sheets>'
            f"<definedNames>{defined}</definedNames></workbook>",
            "xl/worksheets/sheet2.xml": sheet_xml(""),
            "xl/worksheets/_rels/sheet1.xml.rels": rels(("table", "../tables/t1.xml")),
            "xl/worksheets/_rels/sheet2.xml.rels": rels(
                ("table", "../tables/t2.xml"), ("table", "../tables/t3.xml")
            ),
            "xl/tables/t1.xml": table("Leads", "B2:D40", ["Name", "Email", "a_x000a_[b]"]),
            "xl/tables/t2.xml": table(
                "Bare", "A1:B9", ["Name", "Email"], 'headerRowCount="0" totalsRowCount="1"'
            ),
            "xl/tables/t3.xml": table("Empty", "F1:G1", ["Name", "Email"]),
        },
        (("worksheet", "worksheets/sheet2.xml"),),
    )
    return XlsxBook.open(path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Prices", "Data!A1:B9"),  # the whole workbook's name before a sheet's own
        ("prices", "Data!A1:B9"),  # case aside
        ("Own", "Data!Y1"),
        ("One", "Q3 'leads'!C4"),
        ("Columns", "Data!B1:D1048576"),
        ("Rows", "Data!A2:XFD40"),
        ("Leads", "Data!B3:D40"),  # without its header
        ("leads[email]", "Data!C3:C40"),
        ("Leads[a\n[b]]", "Data!D3:D40"),
        ("Leads[a\n'[b']]", "Data!D3:D40"),  # as a formula spells it
        ("Bare", "Q3 'leads'!A1:B8"),  # no header, but totals
        ("Bare[Email]", "Q3 'leads'!B1:B8"),
    ],
)
def test_a_name_is_its_cells(book: XlsxBook, name: str, expected: str) -> None:
    """Defined names, tables and their columns, data rows only."""
    found = book.named_range(name)
    assert found is not None and f"{found.sheet}!{found.a1}" == expected


@pytest.mark.parametrize("name", ["Nobody", "Nobody[Email]", "Prices[Email]", "Leads[", ""])
def test_an_unknown_name_is_none(book: XlsxBook, name: str) -> None:
    """The caller says what there is instead."""
    assert book.named_range(name) is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Moving", "stands for 'OFFSET"),
        ("Two", "not for one range"),
        ("Gone", "not for one range"),
        ("Elsewhere", "not for one range"),
        ("Chart", "not for one range"),
        ("Leads[Phone]", "has no column Phone; it has Name, Email"),
        ("Empty", "has no data rows"),
    ],
)
def test_a_name_of_something_else_is_said(book: XlsxBook, name: str, sentence: str) -> None:
    """It is there, but it selects nothing that can be filled."""
    with pytest.raises(SelectionError, match=sentence):
        book.named_range(name)
