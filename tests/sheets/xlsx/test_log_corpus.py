"""Real workbooks of other people get a log sheet: nothing else changes, and it goes again without a trace."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree

from glaze_cli.errors import SheetRefused
from glaze_cli.sheets.log import NAME
from glaze_cli.sheets.xlsx.book import XlsxBook
from tests.sheets.xlsx.logs import changed, log_of, logged, parts

CORPUS = Path(__file__).parents[3] / ".." / "shared" / "corpus"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/corpus, which is not published"),
]
EACH = 15
"""One in so many of the workbooks: all of them take minutes."""


def sample() -> list[dict[str, Any]]:
    entries = json.loads((CORPUS / "xlsx.json").read_text(encoding="utf-8"))
    return [entry for entry in entries if entry["edits"] is not None][::EACH]


def opens(path: Path) -> list[str] | None:
    """The worksheets openpyxl finds; None where it gives up. Of strict workbooks it finds none."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return list(openpyxl.load_workbook(path).sheetnames)
    except Exception:  # it fails in many ways
        return None


def test_a_log_in_a_real_workbook(tmp_path: Path) -> None:
    """Three small parts change, well-formed, with one tab more, the last; or there is a sentence why not."""
    refused = 0
    every = sample()
    for number, entry in enumerate(every):
        source = CORPUS / entry["file"]
        path = tmp_path / str(number) / source.name
        path.parent.mkdir()
        path.write_bytes(source.read_bytes())
        try:
            target, warned = logged(path, "one", "Ann", "=1+1")
        except SheetRefused:
            refused += 1
            continue
        if warned:
            assert warned[0].startswith("The log was not written. ") and target.is_file()
            refused += 1
            continue
        differ, new = changed(path, target)
        names = {name.rpartition("/")[2] for name in differ}
        assert names == {"workbook.xml", "workbook.xml.rels", "[Content_Types].xml"}, source.name
        assert len(new) == 1
        for name in differ | new:
            etree.fromstring(parts(target)[name])
        assert XlsxBook.open(target).sheet_names == (*XlsxBook.open(path).sheet_names, NAME)
        assert log_of(target) == [(2, "Ann", "one"), (3, "=1+1", "one")]
        before = opens(path)
        if before:
            assert opens(target) == [*before, NAME], source.name
        back, warned = logged(target, "one")
        assert (parts(back), warned) == (parts(path), ()), source.name
    assert refused <= 0.05 * len(every)
