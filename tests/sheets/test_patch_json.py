"""The patch document."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import InputError, SheetError
from glaze_cli.model import CellRef, Change, Patch
from glaze_cli.sheets.patch_json import file_sha256, read_patch, write_patch

numbers = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.text() | numbers
cells = st.builds(CellRef, st.sampled_from(["", "S", "Q3 leads"]), st.integers(1, 99), st.integers(1, 40))


@st.composite
def changes(draw: st.DrawFn) -> list[Change]:
    """Changes of different cells, some without what the cell held."""
    result = []
    for cell in draw(st.lists(cells, unique=True, max_size=6)):
        known = draw(st.booleans())
        result.append(Change(cell, draw(scalars), draw(scalars) if known else None, known))
    return result


def as_text(items: list[Change]) -> str:
    """The document of a patch."""
    out = io.StringIO()
    assert write_patch(out, "leads.xlsx", "ab" * 32, iter(items)) == len(items)
    return out.getvalue()


def read(tmp_path: Path, document: object) -> Patch:
    """Read a document that was written as it stands, or as JSON."""
    path = tmp_path / "patch.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return read_patch(path)


@settings(max_examples=60)
@given(items=changes())
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, items: list[Change]) -> None:
    """What is written is read again the same, in the order of the file."""
    path = tmp_path_factory.mktemp("patch") / "p.json"
    path.write_text(as_text(items), "utf-8", newline="")
    ordered = tuple(sorted(items, key=lambda change: change.cell))
    assert read_patch(path) == Patch("leads.xlsx", "ab" * 32, ordered)


def test_the_document_is_as_agreed() -> None:
    """Other programs can rely on the names: file, sha256, cells; sheet, cell, old, new."""
    items = [
        Change(CellRef("Q3 leads", 2, 3), "a@example.com"),
        Change(CellRef("", 3, 3), 42, "41"),
        Change(CellRef("", 4, 3), date(2026, 3, 31), old_known=False),
    ]
    assert json.loads(as_text(items)) == {
        "file": "leads.xlsx",
        "sha256": "ab" * 32,
        "cells": [
            {"sheet": "Q3 leads", "cell": "C2", "old": None, "new": "a@example.com"},
            {"cell": "C3", "old": "41", "new": 42},
            {"cell": "C4", "new": "2026-03-31"},
        ],
    }


def test_reads_what_people_write(tmp_path: Path) -> None:
    """Only cells with `cell` and `new` are needed; dollars, lower case and further keys are fine."""
    patch = read(
        tmp_path, {"cells": [{"cell": "$b$9", "new": True, "note": "x"}, {"cell": "a1", "new": None}]}
    )
    assert patch == Patch(
        "",
        "",
        (
            Change(CellRef("", 1, 1), None, old_known=False),
            Change(CellRef("", 9, 2), True, old_known=False),
        ),
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("{", "it is not JSON"),
        ("[" * 100_000, "it is not JSON"),
        ([], "is no patch; it must hold"),
        ({"cells": {}}, "is no patch; it must hold"),
        ({"cells": [{"cell": "A1", "new": 1}, 7]}, "Entry 2 of"),
        ({"cells": [{"new": 1}]}, 'lacks "cell"'),
        ({"cells": [{"cell": "A1"}]}, 'lacks "new"'),
        ({"cells": [{"cell": "A1:B2", "new": 1}]}, "A1:B2 is not a cell"),
        ({"cells": [{"cell": "A0", "new": 1}]}, "rows count from 1"),
        ({"cells": [{"cell": 12, "new": 1}]}, "12 is not a cell"),
        ({"cells": [{"cell": "A1", "sheet": 1, "new": 1}]}, '"sheet" must be the name'),
        ({"cells": [{"cell": "A1", "new": [1]}]}, '"new" must be a text, a number'),
        ({"cells": [{"cell": "A1", "old": {}, "new": 1}]}, '"old" must be a text, a number'),
        ('{"cells": [{"cell": "A1", "new": NaN}]}', "NaN is no number"),
        ('{"cells": [{"cell": "A1", "new": 1e999}]}', '"new" must be a text, a number'),
        ({"cells": [{"cell": "A1", "new": 1}, {"cell": "a1", "new": 2}]}, "sets A1 again"),
    ],
)
def test_refuses(tmp_path: Path, document: object, sentence: str) -> None:
    """A wrong document is refused with the entry that is wrong."""
    with pytest.raises(InputError) as caught:
        read(tmp_path, document)
    assert sentence in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there is a sentence, for a patch and for a fingerprint."""
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_patch(tmp_path / "no.json")
    with pytest.raises(SheetError, match="cannot be read: No such file"):
        file_sha256(tmp_path / "no.xlsx")


def test_fingerprint(tmp_path: Path) -> None:
    """The fingerprint is the SHA-256 of the bytes."""
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 100_000)
    assert file_sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()
