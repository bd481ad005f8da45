"""178 CSVs made by nobody here: one splice each, judged by a checker that is not ours."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import pytest

from glaze_cli.errors import SheetRefused
from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.base import WriteOptions
from glaze_cli.sheets.csv.book import CsvBook
from glaze_cli.sheets.csv.read import records

CORPUS = Path(__file__).parents[3] / ".." / "shared" / "corpus"
FILES = sorted((CORPUS / "csv").glob("*")) if CORPUS.is_dir() else []
VALUES = ["new text", 'a "quoted", b', "12"]

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FILES, reason="../shared/corpus is not on this machine"),
]


@pytest.fixture(scope="module")
def fidelity() -> ModuleType:
    """The corpus's own checker."""
    spec = importlib.util.spec_from_file_location("fidelity", CORPUS / "fidelity.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pick(book: CsvBook, seed: str) -> list[Change]:
    """Up to three fields of the file, the same ones in every run."""
    chance, measured = random.Random(seed), book.sheet().measured
    width = max(1, measured.extent.last_column)
    places = {(chance.randint(1, measured.records), chance.randint(1, width)) for _ in VALUES}
    changes = zip(sorted(places), VALUES, strict=False)
    return [Change(CellRef("", *place), value) for place, value in changes]


def test_nothing_but_the_edits_changes(fidelity: ModuleType, tmp_path: Path) -> None:
    """Every file that is not refused is byte-identical outside its edits, and the edits read back; at most
    4% are refused, each for the fields its unclosed quotes leave nowhere to go."""
    refused, harmed = [], {}
    for path in (path for path in FILES if path.stat().st_size):
        book, out = CsvBook.open(path), tmp_path / path.name
        changes = pick(book, path.name)
        try:
            book.write(changes, out, WriteOptions())
        except SheetRefused as error:
            refused.append(str(error))
            assert not out.exists()
            continue
        before = {change.cell.a1: str(change.new) for change in changes}
        dialect = {"delim": book.dialect.delimiter, "quote": book.dialect.quote}
        verdict = fidelity.check(
            str(path), str(out), before, kind="csv", encoding=book.encoding.name, **dialect
        )
        if not verdict["clean"] and not book.dialect.escape:  # the checker knows no backslash
            harmed[path.name] = verdict["findings"]
    assert harmed == {}
    assert len(refused) <= 0.04 * len(FILES), refused
    assert all("no quotes" in sentence or "never closed" in sentence for sentence in refused)


def test_the_csv_module_reads_the_same_table(tmp_path: Path) -> None:
    """Read with the csv module before and after, the tables differ in the edited fields alone."""
    for path in (path for path in FILES if path.stat().st_size):
        book, out = CsvBook.open(path), tmp_path / path.name
        changes = [Change(change.cell, "new") for change in pick(book, path.name)]
        try:
            book.write(changes, out, WriteOptions())
        except SheetRefused:
            continue
        table = list(records(path, book.encoding, book.dialect))
        for change in changes:
            row = table[change.cell.row - 1]
            row += [""] * (change.cell.column - len(row))
            row[change.cell.column - 1] = "new"
        assert list(records(out, book.encoding, book.dialect)) == table, path.name


@pytest.mark.parametrize(
    ("name", "delimiter", "encoding"),
    [
        ("clevercsv__cdaabefe__milk.csv", "\t", "utf-8"),
        ("csvkit__f4043436__test_utf16_little.csv", ",", "utf-16-le"),
        ("duckdb__4e4ace6b__time.csv", ",", "utf-8"),  # one column of times of day
        ("duckdb__961f32cc__multi_column_string_r.csv", "|", "utf-8"),
        ("duckdb__f35bd804__imdb_movie_info_escaped.csv", ",", "utf-8"),
        ("frictionless-py__be5494c2__country-2.csv", ";", "utf-8"),
        ("frictionless-py__cc6f198b__issue-1105-timezone.csv", ";", "utf-8"),
        ("phpspreadsheet__49fc7770__encoding.utf32le.csv", ",", "utf-32-le"),
        ("phpspreadsheet__50127f30__sep.csv", ";", "utf-8"),
        ("phpspreadsheet__84ecfd91__encoding.iso88591.csv", ",", "cp1252"),
        ("test_files__d6110f3b__apachepoi_NumberFormatApproxTests.xlsx.1.csv", ",", "utf-8"),  # full of pipes
        ("univocity-parsers__5b843d65__essential.tsv", "\t", "utf-8"),
    ],
)
def test_reads_them_as_a_person_does(name: str, delimiter: str, encoding: str) -> None:
    """A hand-labelled sample of the corpus is understood."""
    book = CsvBook.open(CORPUS / "csv" / name)
    assert (book.dialect.delimiter, book.encoding.name) == (delimiter, encoding)
