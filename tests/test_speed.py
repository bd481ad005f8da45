"""docs/speed.md and its pictures say what benchmarks/RESULTS.md says; one command runs the benchmarks."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

pytest.importorskip("pygal")

ROOT = Path(__file__).parents[1]
BENCHMARKS, DOCS = ROOT / "benchmarks", ROOT / "docs"
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {"svg", "title", "metadata", "style", "g", "rect", "path", "text"}
HELPERS = {"all", "asking", "drawing", "machine", "pictures", "process", "results", "server", "ways"}
"""Files of benchmarks/ that measure nothing by themselves."""
LARGEST = 20_000
"""Bytes of a picture."""


def text(path: Path) -> str:
    """A file."""
    return path.read_text(encoding="utf-8")


def module(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """One of benchmarks/, not run."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    return importlib.import_module(name)


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """benchmarks/pictures.py."""
    return module("pictures", monkeypatch)


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """benchmarks/drawing.py."""
    return module("drawing", monkeypatch)


@pytest.fixture
def results(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """benchmarks/results.py."""
    return module("results", monkeypatch)


def words(svg: str) -> list[str]:
    """What can be read in a picture, wherever it stands."""
    return sorted(element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text"))


def test_the_pictures_are_those_of_the_results(pictures: ModuleType, drawing: ModuleType) -> None:
    """docs/speed-*.svg are what benchmarks/pictures.py draws from RESULTS.md today, and no others."""
    drawn = {f"speed-{picture.name}.svg": picture for picture in pictures.pictures(text(pictures.RESULTS))}
    assert {path.name for path in DOCS.glob("speed-*.svg")} == {*drawn}
    for name, picture in drawn.items():
        kept, now = text(DOCS / name), drawing.svg(picture)
        if f"<metadata>{drawing.drawn_by()}</metadata>" in kept:
            assert kept == now, f"{name}: run python benchmarks/pictures.py"
        else:  # another version of the library that draws: what is to be read has to be the same
            assert words(kept) == words(now), f"{name}: run python benchmarks/pictures.py"


def test_the_page_says_what_the_results_say(pictures: ModuleType) -> None:
    """The sentences and alternative texts of docs/speed.md are made from RESULTS.md as it is today."""
    kept = text(pictures.PAGE)
    assert pictures.page(kept, pictures.pictures(text(pictures.RESULTS))) == kept


@pytest.mark.parametrize("path", sorted(DOCS.glob("speed-*.svg")), ids=lambda path: path.name)
def test_a_picture_is_only_a_picture(path: Path) -> None:
    """No script, no address, no font or style from elsewhere; small; its title says it all in words."""
    svg = text(path)
    assert len(svg.encode()) < LARGEST
    assert "<!" not in svg
    assert not re.search(r"url\(|@import|@font-face", svg)
    assert "://" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", svg)
    root = ElementTree.fromstring(svg)
    assert root.findtext(f"{SVG}title")
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in DRAWN
        assert not [name for name in element.attrib if name.startswith("on") or "href" in name]


def test_the_same_results_are_the_same_bytes(pictures: ModuleType, drawing: ModuleType) -> None:
    """Nothing in a picture is by chance, so that it changes only with its figures."""
    first, again = ([*map(drawing.svg, pictures.pictures(text(pictures.RESULTS)))] for _ in range(2))
    assert first == again


def test_a_picture_shows_each_number(pictures: ModuleType, drawing: ModuleType) -> None:
    """Every bar has its label and its number, and stands for it by its length."""
    for picture in pictures.pictures(text(pictures.RESULTS)):
        root = ElementTree.fromstring(drawing.svg(picture))
        shown = words(drawing.svg(picture))
        for name, numbers in picture.series.items():
            assert {*picture.labels, *map(picture.unit.format, numbers)} <= {*shown}, name
        wide = [float(bar.get("width", "")) for bar in root.findall(f".//{SVG}g[@class='bar']/{SVG}rect")]
        numbers = [number for series in picture.series.values() for number in series]
        assert len(wide) == len(numbers)
        scale = max(wide) / max(numbers)
        for number, width in zip(sorted(numbers), sorted(wide), strict=True):
            assert width == pytest.approx(number * scale, abs=0.1)


def test_calls_that_cost_are_shown_where_they_were_measured(pictures: ModuleType) -> None:
    """The row of calls that cost may be missing; where it is there, the picture and the sentence have it."""
    row = "| glaze enrich, calls that cost | 9 | 9 | 678 | 9 | 9 | 9 | 9 | 9 | 9 |\n"
    without = re.sub(r"\| glaze enrich, calls that cost .*\n", "", text(pictures.RESULTS))
    with_it = re.sub(r"(\| glaze enrich \|.*\n)", rf"\1{row}", without, count=1)
    label = "glaze enrich, calls that cost"
    assert label not in pictures.cells(without).labels
    picture = pictures.cells(with_it)
    assert picture.series["cells"][picture.labels.index(label)] == 678
    assert "may cost something, it is 678." in picture.words


@pytest.mark.parametrize(
    ("gone", "named"),
    [
        ("(`http_client.py`)", "no table below “http_client.py”"),
        ("| cells/s |", "below a column “cells/s”"),
        ("| 40 cells near", "has no row “40 cells | glaze”"),
        ("| 1 | check and write |", "has no row “1 | check and write”"),
    ],
)
def test_what_is_missing_in_the_results_is_named(pictures: ModuleType, gone: str, named: str) -> None:
    """A table, column or row that is not there is an error that says which, not a picture without it."""
    whole = text(pictures.RESULTS)
    assert gone in whole
    with pytest.raises(pictures.Missing, match=re.escape(named)):
        pictures.pictures(whole.replace(gone, "| x |"))


def test_a_page_without_a_place_for_a_picture_is_an_error(pictures: ModuleType) -> None:
    """A picture whose comments are not in docs/speed.md is not left out in silence."""
    drawn = pictures.pictures(text(pictures.RESULTS))
    with pytest.raises(pictures.Missing, match="<!-- client -->"):
        pictures.page(text(pictures.PAGE).replace("<!-- client -->", ""), drawn)


TABLES = """# Results

## Reading (`read.py`)

### 1,000 rows

| rows | way | CPU s | server's CPU s |
|---|---|---|---|
| 1,000 | glaze | 1,234.5 / 7 | 3 |
| 1 of them | glaze | .25 | 3 |

## Writing (`write.py`)

Words.

| way | s |
|---|---|
| glaze | none |
"""


def test_a_number_is_found_by_headings_column_and_row(results: ModuleType) -> None:
    """A row's words are whole words; of alike columns the first counts; thousands are numbers."""
    table = results.table(TABLES, "read.py", "1,000 rows")
    assert table.number("CPU s", "1,000", "glaze") == 1234.5
    assert table.number("CPU s", "1", "glaze") == 0.25
    assert table.has("1 of them")
    assert not table.has("1,0")
    assert results.table(TABLES, "write.py").columns == ("way", "s")


@pytest.mark.parametrize("headings", [("write.py", "1,000 rows"), ("1,000 rows",), ("Results",)])
def test_a_table_of_other_headings_is_none(results: ModuleType, headings: tuple[str, ...]) -> None:
    """A heading counts for what is below it only, and each in its place."""
    with pytest.raises(results.Missing, match="there is no table"):
        results.table(TABLES, *headings)


def test_a_cell_without_a_number_is_missing(results: ModuleType) -> None:
    """A word is no number."""
    with pytest.raises(results.Missing, match="no number in the row “glaze” below a column “s”"):
        results.table(TABLES, "write.py").number("s", "glaze")


def test_one_command_runs_every_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    """all.py knows each script of benchmarks/ that measures, and benchmarks/README.md tells of each."""
    scripts = {path.stem for path in BENCHMARKS.glob("*.py")} - HELPERS
    assert {*module("all", monkeypatch).SCRIPTS} == scripts
    page = text(BENCHMARKS / "README.md")
    for name in scripts:
        assert f"| `{name}.py` |" in page, name


def test_a_benchmark_that_fails_is_seen(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its heading is printed, and that it failed is not taken for a table."""
    assert not module("all", monkeypatch).run("startup", ["many"])
    printed = capfd.readouterr()
    assert printed.out == "\n## Start-up (`startup.py`)\n\n`python benchmarks/startup.py many`\n\n"
    assert "ValueError" in printed.err
