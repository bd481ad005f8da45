"""Tables: read as they are, grown by columns that are added beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from glaze_cli.model import CellRange, CellRef
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.tables import Table, grown, new_columns, tables
from tests.sheets.xlsx.workbooks import MAIN, SHEET, build, rels, sheet_xml

LEADS = (
    f'<table xmlns="{MAIN}" id="1" name="Leads" displayName="Leads" ref="B2:C9" totalsRowCount="1">'
    '<autoFilter ref="B2:C8"/><tableColumns count="2"><tableColumn id="1" name="Name"/>'
    '<tableColumn id="5" name="E &amp; M"/></tableColumns></table>'
)
TABLE = Table("t", "Leads", CellRange("Data", 2, 2, 9, 3), True, True, True, ("Name", "E & M"))


def test_a_table_is_read(tmp_path: Path) -> None:
    """Its place, its header and totals rows, and its columns' names."""
    parts = {
        "xl/worksheets/_rels/sheet1.xml.rels": rels(("table", "../tables/table1.xml")),
        "xl/tables/table1.xml": LEADS,
    }
    with Package.open(build(tmp_path / "a.xlsx", sheet_xml(""), parts), Limits()) as package:
        (table,) = tables(package, "Data", SHEET)
    assert table == replace(TABLE, part="xl/tables/table1.xml")
    assert table.header_row == CellRange("Data", 2, 2, 2, 3)
    assert table.totals_row == CellRange("Data", 9, 2, 9, 3)


@pytest.mark.parametrize(
    ("table", "headers", "added", "expected"),
    [
        (TABLE, {4: "Email"}, [4], ("Email",)),
        (TABLE, {4: "Email", 5: "Phone"}, [4, 5], ("Email", "Phone")),
        (TABLE, {4: "Email", 6: "Phone"}, [4, 6], ("Email",)),  # a gap ends the table
        (TABLE, {5: "Email"}, [5], ()),  # not beside it
        (TABLE, {4: "name"}, [4], ()),  # a table's columns have different names, case aside
        (TABLE, {4: 42}, [4], ()),  # a header is text
        (TABLE, {}, [4], ()),
        (TABLE, {4: "Email"}, [], ()),  # not added, only written
        (replace(TABLE, header=False), {4: "Email"}, [4], ()),
        (replace(TABLE, own_columns=False), {4: "Email"}, [4], ()),  # a query says which columns there are
    ],
)
def test_which_columns_a_table_takes_in(
    table: Table, headers: dict[int, object], added: list[int], expected: tuple[str, ...]
) -> None:
    """Added columns right beside it, each with a header that can name a table's column."""
    cells = {CellRef("Data", 2, column): value for column, value in headers.items()}
    assert new_columns(table, cells, added) == expected


def test_a_table_grows() -> None:
    """Its range and filter are wider, its columns more; all else is as it was."""
    made = grown(LEADS.encode(), TABLE, ["A<B", "C"]).decode()
    assert made == LEADS.replace("B2:C9", "B2:E9").replace("B2:C8", "B2:E8").replace(
        'count="2"', 'count="4"'
    ).replace(
        "</tableColumns>",
        '<tableColumn id="6" name="A&lt;B"/><tableColumn id="7" name="C"/></tableColumns>',
    )
