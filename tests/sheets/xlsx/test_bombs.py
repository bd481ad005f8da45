"""Small files that unpack to more than a machine holds: refused, or read, within 200 MB and 5 seconds."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.sheets.xlsx.workbooks import MAIN, build, rels, sheet_xml

READ = """
import resource, sys
from pathlib import Path
from glaze_cli.errors import SheetError
from glaze_cli.sheets.xlsx.book import XlsxBook

resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
try:
    sheet = XlsxBook.open(Path(sys.argv[1])).sheet()
    print(sheet.extent().last_row, sum(1 for row in sheet.rows()))
except SheetError as error:
    print(error)
"""
"""The system holds the process to 200 MB and 5 seconds: it ends with an error, or is killed, beyond them."""


def flood(path: Path, name: str, chunks: Iterable[bytes]) -> Path:
    """The workbook with one part (more) that is written in chunks."""
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w") as part,
    ):
        for chunk in chunks:
            part.write(chunk)
    return path


def head(root: str) -> bytes:
    return f'<{root} xmlns="{MAIN}">'.encode()


def with_strings(path: Path, strings: str = "") -> Path:
    related = (("sharedStrings", "sharedStrings.xml"),)
    sheet = sheet_xml('<row><c t="s"><v>0</v></c><c t="s"><v>9999999</v></c></row>')
    return build(path, sheet, {"xl/sharedStrings.xml": strings} if strings else {}, related)


def zip_bomb(path: Path) -> Path:
    """Half a gigabyte of blanks in half a megabyte."""
    build(path, sheet_xml(""), {"xl/_rels/workbook.xml.rels": rels(("worksheet", "worksheets/big.xml"))})
    return flood(path, "xl/worksheets/big.xml", [head("worksheet"), *[b" " * (1 << 20)] * 512])


def many_parts(path: Path) -> Path:
    """Many parts, each too small to be looked at, together too big."""
    return build(path, sheet_xml(""), {f"xl/media/{n}": bytes(1 << 20) for n in range(99)})


def entity_bomb(path: Path) -> Path:
    """A billion laughs."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE sst [<!ENTITY l0 "ha">{laughs}]>'
    return with_strings(path, f'{dtd}<sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>')


def dimension_bomb(path: Path) -> Path:
    """Two cells as far from one another as a sheet allows."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return build(path, sheet_xml(cells, '<dimension ref="A1:XFD1048576"/>'))


def strings_bomb(path: Path) -> Path:
    """Many strings, each not empty, that a cell's far index makes us unpack."""
    chunks = (b"<si><t>%07d%s</t></si>" % (n, b"x" * 500) for n in range(60_000))
    return flood(with_strings(path), "xl/sharedStrings.xml", [head("sst"), *chunks, b"</sst>"])


def one_string(path: Path) -> Path:
    """One text of 30 MB."""
    chunks = [head("sst"), b"<si><t>", *[b"x" * (1 << 20)] * 30, b"</t></si></sst>"]
    return flood(with_strings(path), "xl/sharedStrings.xml", chunks)


def nesting(path: Path) -> Path:
    """Tags within tags within tags."""
    return build(path, sheet_xml("<a>" * 5_000_000))


def one_tag(path: Path) -> Path:
    """A tag of 30 MB."""
    return build(path, sheet_xml(f'<row r="{"1" * (30 << 20)}"/>'))


def styles(path: Path) -> Path:
    """More styles than anything has."""
    return build(
        path, sheet_xml(""), {"xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 1_000_000}'}
    )


@pytest.mark.parametrize(
    ("bomb", "says"),
    [
        (zip_bomb, "looks like a zip bomb"),
        (many_parts, "looks like a zip bomb"),
        (entity_bomb, "has a document type"),
        (dimension_bomb, "1048576 2"),  # read: only what is there takes room
        (strings_bomb, "shared string 9999999, which is not there"),
        (one_string, "limits.cell_text"),
        (nesting, "nested too deep"),
        (one_tag, "limits.markup"),
        (styles, "limits.tags"),
    ],
)
def test_a_bomb_does_not_go_off(tmp_path: Path, bomb: Callable[[Path], Path], says: str) -> None:
    """Refused with its reason, or read, at the cost of an ordinary file."""
    path = bomb(tmp_path / "bomb.xlsx")
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    assert says in done.stdout
