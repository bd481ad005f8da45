"""Real workbooks of other people: edited without loss, or refused with a sentence."""

from __future__ import annotations

import importlib.util
import json
import zipfile
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from glaze_cli.errors import SheetError, SheetRefused
from glaze_cli.model import CellRef, Change
from glaze_cli.sheets.a1 import parse_cell
from glaze_cli.sheets.base import WriteOptions
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.xlsx.check import check_cells
from glaze_cli.sheets.xlsx.package import Package
from glaze_cli.sheets.xlsx.workbook import Workbook
from glaze_cli.sheets.xlsx.write import write_changes

CORPUS = Path(__file__).parents[3] / ".." / "shared" / "corpus"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/corpus, which is not published"),
]
Edits = dict[str, dict[str, str]]
"""By sheet and address, as the corpus' own checker wants them."""
MOST_REFUSED = 0.04


def entries(editable: bool) -> list[dict[str, Any]]:
    everything = json.loads((CORPUS / "xlsx.json").read_text(encoding="utf-8"))
    return [entry for entry in everything if (entry["edits"] is not None) is editable]


@pytest.fixture(scope="module")
def fidelity() -> ModuleType:
    """The corpus' checker: what differs between two workbooks, apart from the edits."""
    spec = importlib.util.spec_from_file_location("fidelity", CORPUS / "fidelity.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("a1", "col2n", "local"):  # asked a million times for the same few thousand words
        setattr(module, name, cache(getattr(module, name)))
    return module


def place(sheet: str, address: str) -> CellRef:
    return CellRef(sheet, *parse_cell(address))


def refused_cells(path: Path, edits: Edits, options: WriteOptions) -> dict[CellRef, str]:
    cells = [place(sheet, address) for sheet, values in edits.items() for address in values]
    return {problem.cell: problem.sentence for problem in check_cells(path, cells, options) if problem.fatal}


def findings(
    fidelity: ModuleType, path: Path, edits: Edits, options: WriteOptions, target: Path
) -> list[str]:
    """What the edit harmed."""
    changes = [
        Change(place(sheet, address), value) for sheet in edits for address, value in edits[sheet].items()
    ]
    write_changes(path, sorted(changes, key=lambda change: change.cell), target, options)
    try:
        report = fidelity.check(str(path), str(target), edits, "xlsx", readback=False)
    except zipfile.BadZipFile:
        assert zipfile.ZipFile(path).testzip() is not None  # it was damaged before: nothing to compare
        return []
    return [f"{path.name}: {found}" for found in report["findings"] if found["severity"] != "note"]


def is_a_sentence(text: str) -> bool:
    return text.endswith(".") and " " in text and len(text) > 20


def test_the_named_edits_harm_nothing(fidelity: ModuleType, tmp_path: Path) -> None:
    """Each file is edited without any other change, or refused; at most 4% are refused."""
    harm: list[str] = []
    refused: list[str] = []
    every = entries(editable=True)
    for entry in every:
        path = CORPUS / entry["file"]
        try:
            unsafe = refused_cells(path, entry["edits"], WriteOptions())
            if unsafe:
                raise SheetRefused(next(iter(unsafe.values())))
            harm += findings(fidelity, path, entry["edits"], WriteOptions(), tmp_path / "out.xlsx")
        except SheetRefused as refusal:
            refused.append(str(refusal))
    assert harm == []
    assert [sentence for sentence in refused if not is_a_sentence(sentence)] == []
    assert len(refused) <= MOST_REFUSED * len(every), "\n".join(refused)


def test_filling_a_block_harms_nothing(fidelity: ModuleType, tmp_path: Path) -> None:
    """B2:D40 of the named sheet, without the cells that are refused; once more with all that is allowed."""
    harm: list[str] = []
    whole: list[str] = []
    block = {f"{column}{row}": f"{column}{row} & <filled>" for row in range(2, 41) for column in "BCD"}
    for entry in entries(editable=True):
        path, sheet = CORPUS / entry["file"], entry["sheet"]
        before = None
        for options in (WriteOptions(), WriteOptions(overwrite_formulas=True, force=True)):
            try:
                unsafe = refused_cells(path, {sheet: block}, options)
            except SheetRefused as refusal:
                whole.append(str(refusal))
                break
            assert [sentence for sentence in unsafe.values() if not is_a_sentence(sentence)] == []
            if unsafe != before:  # else all was allowed already
                safe = {key: value for key, value in block.items() if place(sheet, key) not in unsafe}
                edits = {sheet: safe} if safe else {}
                harm += findings(fidelity, path, edits, options, tmp_path / "out.xlsx")
            before = unsafe
    assert harm == []
    assert [sentence for sentence in whole if not is_a_sentence(sentence)] == []
    assert len(whole) <= MOST_REFUSED * len(entries(editable=True)), "\n".join(whole)


@pytest.mark.parametrize(
    "entry", entries(editable=False) if CORPUS.is_dir() else [], ids=lambda entry: entry["file"]
)
def test_what_cannot_be_edited_says_why(entry: dict[str, Any]) -> None:
    """Encrypted, damaged, empty or hostile files end in a sentence."""
    path = CORPUS / entry["file"]
    with pytest.raises(SheetError) as refusal:
        with Package.open(path, Limits()) as package:
            first = Workbook.read(package).sheets[0].name
        list(check_cells(path, [CellRef(first, 2, 2)], WriteOptions()))
    assert is_a_sentence(str(refusal.value))
