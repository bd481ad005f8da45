"""A sheet is named by the beginning of its name where that is safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.cli.sheet_names import beginning, known_sheet, meant_sheet, near_sheet
from glaze_cli.errors import InputError

FILES = [Path("/x", name) for name in ("leads.csv", "leads-2.csv", "Kunden.xlsx", "kunden.csv")]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("leads.csv", "leads.csv"),
        ("LEADS", "leads.csv"),  # without its ending, in any case
        ("leads-", "leads-2.csv"),
        ("kunden.x", "Kunden.xlsx"),
        ("umsatz", None),
        ("", None),
        ("eads", None),  # a beginning, not a part
    ],
)
def test_the_only_one_that_is_called_so_or_begins_so(name: str, found: str | None) -> None:
    """The whole name counts more than the name without its ending, and that more than a beginning."""
    sheet = beginning(name, FILES)
    assert (None if sheet is None else sheet.name) == found


@pytest.mark.parametrize("name", ["lea", "kunden", "k"])
def test_what_may_be_two_is_refused(name: str) -> None:
    """With both names; nobody guesses."""
    with pytest.raises(InputError, match=f"{name} is the beginning of several sheets"):
        beginning(name, FILES)


def test_of_the_folder(tmp_path: Path) -> None:
    """A file that is there is itself, and what nothing begins with stays as it was typed."""
    (tmp_path / "leads.csv").touch()
    (tmp_path / "notes.txt").touch()
    assert meant_sheet(tmp_path / "lea") == tmp_path / "leads.csv"
    for name in ("leads.csv", "notes.txt", "no", "umsatz.csv"):
        assert meant_sheet(tmp_path / name) == tmp_path / name
    assert meant_sheet(Path("-")) == Path("-")


def test_of_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of this folder first; a path is no beginning."""
    monkeypatch.chdir(tmp_path)
    known = ["/y/leads.csv", str(tmp_path / "leaves.csv")]
    assert known_sheet("lea", known) == tmp_path / "leaves.csv"
    assert known_sheet("leads.csv", known) == Path("/y/leads.csv")
    assert known_sheet("y/lea", known) is None
    assert near_sheet("leeds.csv", known) == "; did you mean leads.csv?"
    assert near_sheet("umsatz.csv", known) == ""
