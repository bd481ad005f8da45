"""What a cell's style says to the writer."""

from __future__ import annotations

from pathlib import Path

from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx.looks import Looks
from glaze_cli.sheets.xlsx.package import Package
from tests.sheets.xlsx.workbooks import build, sheet_xml


def test_styles_are_asked_by_index(tmp_path: Path) -> None:
    """Locked unless the style lifts it, a date where its format shows one; an unknown style is plain."""
    with Package.open(build(tmp_path / "a.xlsx", sheet_xml("")), Limits()) as package:
        looks = Looks.read(package, "xl/styles.xml")
    assert [looks.date(style) for style in range(4)] == [False, True, False, False]
    assert [looks.locked(style) for style in range(4)] == [True, True, False, True]


def test_a_workbook_without_styles(tmp_path: Path) -> None:
    """Everything is locked and nothing a date."""
    with Package.open(build(tmp_path / "a.xlsx", sheet_xml("")), Limits()) as package:
        looks = Looks.read(package, None)
    assert looks.locked(0)
    assert not looks.date(0)
