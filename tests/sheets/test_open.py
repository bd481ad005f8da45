"""Opening a file: by what it is, with one sentence for what it is not."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from glaze_cli.errors import SheetError
from glaze_cli.sheets.open import open_book


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.csv", "x,y\n1,2\n", "csv"),
        ("A.CSV", "x,y\n1,2\n", "csv"),
        ("a.tsv", "x\ty\n1\t2\n", "tsv"),
        ("a.tab", "only\n", "tsv"),
        ("a.txt", "x;y\n1;2\n", "csv"),
        ("export", "x,y\n1,2\n", "csv"),  # no suffix: text is a CSV
        ("PK.csv", "PK,name\n1,a\n", "csv"),  # begins like a zip file, and is none
    ],
)
def test_opens_text_as_csv(tmp_path: Path, name: str, text: str, kind: str) -> None:
    """Text is a CSV whatever it is called; the delimiter says which."""
    path = tmp_path / name
    path.write_text(text)
    assert open_book(path).format == kind


@pytest.mark.parametrize("name", ["a.xlsx", "a.XLSX", "a.xlsm", "download"])
def test_opens_a_workbook(tmp_path: Path, name: str) -> None:
    """A workbook is known by its content, with or without its suffix."""
    path = tmp_path / "w.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("Leads").write("A1", "Name")
    path = path.rename(tmp_path / name)
    assert open_book(path).sheet_names == ("Leads",)


def test_options_reach_the_csv(tmp_path: Path) -> None:
    """--delimiter and --encoding are what the file is read with."""
    path = tmp_path / "a.csv"
    path.write_bytes("表|x,y\n".encode("shift_jis"))
    (row,) = open_book(path, delimiter="|", encoding="shift_jis").sheet().rows()
    assert row.cells == ("表", "x,y")


def test_a_delimiter_is_one_character(tmp_path: Path) -> None:
    """What the csv module cannot be told is refused by name, `tab` is understood."""
    path = tmp_path / "a.csv"
    path.write_text("a\tb||c\n")
    assert open_book(path, delimiter="tab").format == "tsv"
    assert open_book(path, delimiter="\\t").format == "tsv"
    for wrong in ("||", "", "\n", '"'):
        with pytest.raises(SheetError, match="--delimiter"):
            open_book(path, delimiter=wrong)


def test_says_what_is_wrong(tmp_path: Path) -> None:
    """Each file that is no sheet gets one sentence that names it and says what to do."""
    archive = tmp_path / "zip.csv"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("xl/workbook.xml", "<x/>")
    cases = {
        archive: "rename it to .xlsx",
        tmp_path / "missing.csv": "does not exist",
        tmp_path: "is a folder",
    }
    for name, content, sentence in (
        ("empty.csv", b"", "is empty"),
        ("empty.xlsx", b"", "is empty"),
        ("text.xlsx", b"a,b\n1,2\n", "not an Excel workbook"),
        ("text.ods", b"a,b\n1,2\n", "in spite of its name"),
        ("packed.csv", gzip.compress(b"a,b\n"), "gzip"),
        ("page.csv", b"%PDF-1.7\n", "PDF"),
        ("page.xls", b"<html><table>", "in spite of its name"),  # what web shops export
        ("old.csv", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "rename it"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        cases[path] = sentence
    for path, sentence in cases.items():
        with pytest.raises(SheetError) as refused:
            open_book(path)
        assert sentence in str(refused.value) and path.name in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("leadz.xlsx", "leads.xlsx"),
        ("Leads.XLSX", "leads.xlsx"),  # another case, where the file system minds
        ("leads.xls", "leads.xlsx"),
        ("leads", "leads.xlsx"),  # no suffix
        ("laeds.csv", "leads.csv"),
        ("quarter-3.csv", ""),  # nothing like it
        ("notez.md", ""),  # close, and no sheet
        ("h\x1b[31mi.csv", ""),  # close, and not to be shown
    ],
)
def test_a_name_that_is_close_is_suggested(tmp_path: Path, typed: str, meant: str) -> None:
    """A file that is not there: the sheet of that folder with nearly that name is named, or none."""
    for name in ("leads.csv", "leads.xlsx", "notes.md", "h\x1b[32mi.csv"):
        (tmp_path / name).touch()
    if (tmp_path / typed).exists():
        pytest.skip("this file system minds no case")
    if typed == "leads":
        (tmp_path / "leads.csv").unlink()
    with pytest.raises(SheetError) as refused:
        open_book(tmp_path / typed)
    ending = f"does not exist; did you mean {meant}?" if meant else "does not exist."
    assert str(refused.value).endswith(ending)


def test_a_folder_that_is_not_there_suggests_nothing(tmp_path: Path) -> None:
    """Nothing but the sentence."""
    with pytest.raises(SheetError, match=r"leads\.csv does not exist\.$"):
        open_book(tmp_path / "nowhere" / "leads.csv")
