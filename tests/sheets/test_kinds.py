"""Which file can be written as which."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.errors import SheetRefused
from glaze_cli.sheets.kinds import refuse_target


@pytest.mark.parametrize(
    ("path", "kind", "target"),
    [
        ("a.csv", "csv", "a.csv"),
        ("a.csv", "csv", "b.txt"),
        ("a.txt", "tsv", "out"),  # text may be called anything but a workbook
        ("a.xlsx", "xlsx", "b.XLSX"),
        ("download", "xlsx", "download"),  # in place, whatever its name
        ("a.ods", "ods", "b.xlsx"),
        ("a.xls", "xls", "b.csv"),
    ],
)
def test_allows(path: str, kind: str, target: str) -> None:
    """A target of the same kind, or a plain one for what is only read."""
    refuse_target(Path(path), kind, Path(target))


@pytest.mark.parametrize(
    ("path", "kind", "target", "way"),
    [
        ("a.csv", "csv", "b.xlsx", "b.csv"),  # bytes of a CSV would lie under that name
        ("a.tsv", "tsv", "b.ods", "b.csv"),
        ("a.xlsx", "xlsx", "b.csv", "b.xlsx"),
        ("a.xlsm", "xlsm", "b.xlsx", "b.xlsm"),  # Excel opens no macros under .xlsx
        ("a.ods", "ods", "a.ods", "--output a.xlsx"),
        ("a.xls", "xls", "b.xlsb", "--output a.csv"),
    ],
)
def test_refuses(path: str, kind: str, target: str, way: str) -> None:
    """A name that its bytes would belie is refused, with one that would do."""
    with pytest.raises(SheetRefused) as refused:
        refuse_target(Path(path), kind, Path(target))
    assert way in str(refused.value) and path in str(refused.value)
