"""`--dry-run`: who would be asked, what would leave the machine, for how much."""

from __future__ import annotations

import pytest

from tests.cli.program import Program

SHEET = """Company,Domain,Note,LEI,Employees
Acme,acme.example,secret,,
"""


def test_only_what_is_read_leaves(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what a provider could be asked with, what this sheet has; never a note."""
    monkeypatch.setenv("HUNTER_API_KEY", "k")
    ran = glaze("enrich", glaze.leads(text=SHEET), "--columns", "LEI,Employees", "--dry-run", "--json")
    lei, employees = ran.json["columns"]
    gleif = next(step for step in lei["waterfall"] if step["provider"] == "gleif")
    assert (gleif["reads"], gleif["leaves"], gleif["mostUsd"]) == (["Company"], ["Company"], 0.0)
    hunter = next(step for step in employees["waterfall"] if step["provider"] == "hunter")
    assert hunter["leaves"] == ["Domain"]
    assert hunter["mostUsd"] > 0
    assert hunter["price"]


def test_a_new_column_that_feeds_another_is_read(glaze: Program) -> None:
    """The LEI that this very run finds is an input of the others."""
    columns = "LEI,Legal name"
    ran = glaze("enrich", glaze.leads(text=SHEET), "--columns", columns, "--dry-run", "--json")
    name = next(column for column in ran.json["columns"] if column["header"] == "Legal name")
    gleif = next(step for step in name["waterfall"] if step["provider"] == "gleif")
    assert gleif["reads"] == ["Company", "LEI"]


def test_what_computes_here_sends_nothing(glaze: Program) -> None:
    """It reads, and nothing leaves."""
    ran = glaze("enrich", glaze.leads(), "--columns", "First name", "--dry-run", "--json")
    (step,) = (s for s in ran.json["columns"][0]["waterfall"] if s["provider"] == "person_name")
    assert (step["reads"], step["leaves"], step["price"]) == (["Contact"], [], None)


def test_who_could_be_asked_is_one_note(glaze: Program) -> None:
    """Only those who could fill a selected column, each with the variable to set."""
    ran = glaze("enrich", glaze.leads(text=SHEET), "--columns", "LEI,Employees", "--dry-run")
    assert ran.code in (0, 2), ran.err
    (note,) = (line for line in ran.err.splitlines() if "ould be asked" in line)
    assert "hunter (set HUNTER_API_KEY)" in note
    assert "companies_house" not in note  # it gives neither


@pytest.mark.parametrize("width", [44, 80, 120])
def test_no_name_is_cut(glaze: Program, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom each column goes to can be read in 44 columns too, with the price that is published."""
    monkeypatch.setenv("HUNTER_API_KEY", "k")
    monkeypatch.setenv("COLUMNS", str(width))
    out = glaze("enrich", glaze.leads(text=SHEET), "--columns", "LEI,Employees", "--dry-run").out
    assert max(map(len, out.splitlines())) <= width
    assert "…" not in out
    for words in ("gleif", "hunter", "Company", "Domain", "Price of hunter, as published: $"):
        assert words in out
    assert "Price of gleif" not in out  # free: its tier says so
    assert "Note" not in out


def test_columns_that_the_sheet_lacks_are_said(glaze: Program) -> None:
    """A header in glaze.toml that is not there is a typing error, or of another sheet."""
    text = '[columns."Lei"]\nrefresh = "3d"\n[columns."Turnover"]\nmin_confidence = 0.9\n'
    (glaze.folder / "glaze.toml").write_text(text)
    ran = glaze("enrich", glaze.leads(text=SHEET), "--columns", "LEI", "--dry-run")
    assert ran.code == 0, ran.err
    sentence = (
        'Note: glaze.toml speaks of columns that this sheet lacks: "Lei" (did you mean "LEI"?), "Turnover".'
    )
    assert sentence in ran.err
