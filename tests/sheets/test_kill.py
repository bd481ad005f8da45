"""kill -9 at any moment of a write leaves the old file or the new file, never a third."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

from glaze_cli.sheets.save import replacing
from tests.sheets.killed_writes import CELLS

KILLS = 100
"""For each format, so 200 in all."""


def make_csv(path: Path) -> None:
    """A column of `old` beside another."""
    rows = "".join(f"{number},old,{number * 7}\r\n" for number in range(CELLS))
    path.write_text("Id,Value,More\r\n" + rows, encoding="utf-8", newline="")


def make_xlsx(path: Path) -> None:
    """The same as a workbook."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["Id", "Value", "More"])
        for number in range(CELLS):
            sheet.write_row(number + 1, 0, [number, "old", number * 7])


@pytest.mark.parametrize(("name", "make"), [("a.csv", make_csv), ("a.xlsx", make_xlsx)])
def test_a_killed_write_never_damages_the_file(tmp_path: Path, name: str, make: object) -> None:
    """A hundred kills at random moments: the file always opens, and all its cells come from one write."""
    path = tmp_path / name
    make(path)  # type: ignore[operator]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.sheets.killed_writes", str(path), "20261123", str(KILLS)],
        capture_output=True,
        text=True,
        check=True,
        timeout=150,
        cwd=Path(__file__).parents[2],
    )
    kills, wrote, damaged = map(int, ended.stdout.split())
    assert (kills, damaged) == (KILLS, 0)
    assert wrote > KILLS // 10, "the kills came too early to prove anything"


def test_what_a_killed_write_left_behind_is_cleared_up(tmp_path: Path) -> None:
    """The temporary file of a killed write goes away with the next write of the same file."""
    path = tmp_path / "a.csv"
    make_csv(path)
    subprocess.run(
        [sys.executable, "-m", "tests.sheets.killed_writes", str(path), "7", "20"],
        capture_output=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    with replacing(path) as handle:
        handle.write(b"Id\n")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]
