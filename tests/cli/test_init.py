"""`glaze init`: a glaze.toml that says what there is, changes nothing, and always loads."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shlex
import tempfile
import tomllib
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.cli.settings_text import (
    WORDS,
    Column,
    Doubt,
    Facts,
    Step,
    Wanted,
    can_be_named,
    quoted,
    settings_text,
)
from glaze_cli.config import read_settings
from glaze_cli.engine.condition import Condition
from glaze_cli.model import Field
from glaze_cli.model.settings import ColumnSettings, RunSettings, Settings
from tests.cli.program import Program

NASTY = (
    *('Say "what"', "back\\slash", "two\nlines", "tab\there", "bell\x07", "del\x7f", "nel\x85", "\u2028sep"),
    *(
        "🧑‍🚀 crew",
        "Größe",
        "電話",
        "\u202ertl",
        "#hash",
        "a.b",
        "[x]",
        "x = 1",
        "'single'",
        "é\u0301",
        " E ",
    ),
)
SETTING = re.compile(r"^# ((?:[a-z_]+|FIELD) = .*|\[.+\].*)", re.MULTILINE)


def uncommented(text: str) -> str:
    """The file with every # before a setting taken away, the doubts aside: two may be about one field."""
    before, inputs, after = re.split(r"^(\[inputs\](?:\n#.*)*)", text, flags=re.MULTILINE)
    return SETTING.sub(r"\1", before) + inputs + SETTING.sub(r"\1", after)


def written(facts: Facts) -> str:
    """The text, which loads as it stands."""
    text = settings_text(facts)
    tomllib.loads(text)
    return text


def loaded(text: str) -> Settings:
    """As `glaze` reads it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "glaze.toml")
        path.write_bytes(text.encode())
        return dataclasses.replace(read_settings(path), source=None)


def column(header: str, other: str = "Country") -> Column:
    """One to be filled."""
    steps = (Step("email", "free"), Step("hunter", "cheap", "set HUNTER_API_KEY"))
    return Column("B", header, "domain", 3, steps, other)


def test_every_setting_of_a_run_has_its_default_and_a_word() -> None:
    """[defaults] holds each setting of RunSettings and no other, as it is without the line."""
    assert set(WORDS) == {field.name for field in dataclasses.fields(RunSettings)}
    settings = loaded(uncommented(written(Facts("leads.csv", 1, (column("Domain"),)))))
    assert settings.contact == "you@example.com"
    assert settings.run.max_cost and settings.run.max_cell_cost  # examples: by default there is none
    assert dataclasses.replace(settings.run, max_cost=None, max_cell_cost=None) == RunSettings()


def test_every_comment_is_a_setting_that_loads() -> None:
    """Whatever # is taken away, the file still loads, and means what it says."""
    wanted = (Wanted("hunter", "HUNTER_API_KEY", "set HUNTER_API_KEY", "$49"), Wanted("a.b", "AB", "set AB"))
    text = written(Facts("leads.csv", 9, (column("Domain", "First name"), column("Other")), (), wanted))
    settings = loaded(uncommented(text))
    domain = settings.columns["Domain"]
    assert domain.waterfall == ("email", "hunter")
    assert (domain.min_confidence, domain.refresh) == (0.8, 30 * 86_400)
    assert Condition(domain.when or "", "Domain").holds({"First name": "Anna"})
    assert not Condition(domain.when or "", "Domain").holds({})
    assert settings.providers["hunter"].key == "env:HUNTER_API_KEY"
    assert settings.providers["a.b"].max_cost == 2_000_000


@given(st.lists(st.text(min_size=1), max_size=6, unique=True))
def test_any_header_can_be_spoken_of(headers: list[str]) -> None:
    """Whatever is in them, headers come back from the file as they are in the sheet."""
    doubts = tuple(Doubt(header, why=header) for header in headers if header.isprintable())
    columns = tuple(column(header, other) for header, other in zip(headers, reversed(headers), strict=True))
    text = written(Facts("".join(headers), 3, columns, doubts, (), "".join(headers)))
    nameable = [header for header in headers if can_be_named(header)]
    assert loaded(text).columns == {header: ColumnSettings(field=Field("domain")) for header in nameable}
    for header, wish in loaded(uncommented(text)).columns.items():
        assert wish.when is None or Condition(wish.when, header)


@pytest.mark.parametrize("header", NASTY)
def test_what_cannot_be_seen_is_spelled_out(header: str) -> None:
    """A quoted header is one visible line, and the same text again when it is read."""
    assert quoted(header).isprintable()
    assert tomllib.loads(f"x = {quoted(header)}\n{quoted(header)} = 1") == {"x": header, header: 1}


def test_half_a_character_is_left_out() -> None:
    """A header that no TOML file can hold, or that is as long as a page, is no reason to fail."""
    columns = (column("\ud800"), column("x" * 5_000), column("Domain"))
    text = written(Facts("leads.csv", 3, columns, (Doubt("\udfff"),)))
    assert list(loaded(text).columns) == ["Domain"]
    with pytest.raises(ValueError):
        quoted("\ud800")


def test_a_sheet_gets_its_settings(glaze: Program) -> None:
    """Beside the sheet: what can be filled and is not full, with who would be asked, and what each lacks."""
    ran = glaze("init", glaze.leads())
    assert (ran.code, ran.out) == (0, "")
    path = glaze.folder / "glaze.toml"
    assert f"Wrote {path}: 5 columns" in ran.err
    settings, text = read_settings(path), path.read_text(encoding="utf-8")
    assert settings == Settings(columns=settings.columns, source=path)
    assert {header: str(wish.field) for header, wish in settings.columns.items()} == {
        "Contact": "full_name",  # one of three cells is empty
        "Phone": "phone",
        "First name": "first_name",
        "Domain": "domain",
        "Country code": "country_code",
    }
    assert '[columns."Domain"]  # column G: 3 of 3 cells are empty' in text
    assert '[columns."Contact"]  # column B: 1 of 3 cells are empty' in text
    assert re.search(r"^#   email +free$", text, re.MULTILINE)
    assert re.search(r"^#   hunter +cheap +set HUNTER_API_KEY$", text, re.MULTILINE)
    assert '# key = "env:HUNTER_API_KEY"' in text


def test_a_dry_run_is_the_same_with_it_and_without(glaze: Program) -> None:
    """The settings change nothing, and the command that is named next works as it is printed."""
    leads = glaze.leads()
    ask = ("enrich", leads, "--range", "F2:H4", "--dry-run", "--json")
    before = glaze(*ask).json
    following = glaze("init", leads).err.splitlines()[-1]
    assert glaze(*ask).json == before
    assert following.startswith("next: glaze enrich")
    ran = glaze(*shlex.split(following)[2:])
    assert ran.code == 0, ran.err


def test_nasty_headers_come_through_a_real_file(glaze: Program) -> None:
    """A CSV whose headers hold quotes, line ends and control characters: the file loads, and it runs."""
    path = glaze.folder / "nasty.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(
            [["Company", "Email", *NASTY, "Domain"], ["Acme", "a@acme.com", *"x" * len(NASTY), ""]]
        )
    assert glaze("init", path).code == 0
    text = (glaze.folder / "glaze.toml").read_text(encoding="utf-8")
    assert "Domain" in read_settings(glaze.folder / "glaze.toml").columns
    doubts = [tomllib.loads(line)["FIELD"] for line in SETTING.findall(text) if line.startswith("FIELD")]
    assert doubts == list(NASTY)
    ran = glaze("enrich", path, "--columns", "Domain", "--dry-run", "--offline")
    assert ran.code == 0, ran.err


def test_what_is_there_is_never_overwritten(glaze: Program) -> None:
    """Exit code 2 and one sentence; --force replaces settings, and nothing but settings."""
    leads, path = glaze.leads(), glaze.folder / "glaze.toml"
    path.write_text("[defaults]\nconcurrency = 3\n")
    ran = glaze("init", leads)
    assert ran.code == 2 and ran.err.count("\n") == 1 and "--force" in ran.err
    assert path.read_text() == "[defaults]\nconcurrency = 3\n"
    assert glaze("init", leads, "--force").code == 0
    assert "written by `glaze init`" in path.read_text(encoding="utf-8")
    before = leads.read_bytes()
    ran = glaze("init", leads, "-o", leads, "--force")
    assert ran.code == 2 and ".toml" in ran.err
    assert leads.read_bytes() == before
    assert glaze("init", leads, "-o", glaze.folder / "no" / "x.toml").code == 2
    (glaze.folder / "d.toml").mkdir()
    assert glaze("init", leads, "-o", glaze.folder / "d.toml", "--force").code == 2


def test_to_stdout_goes_the_same_text(glaze: Program) -> None:
    """`-o -` writes no file, whatever is there."""
    leads = glaze.leads()
    shown = glaze("init", leads, "-o", "-")
    assert shown.code == 0 and not (glaze.folder / "glaze.toml").exists()
    glaze("init", leads)
    assert shown.out == (glaze.folder / "glaze.toml").read_text(encoding="utf-8")
    assert glaze("init", leads, "-o", "-").out == shown.out


def test_settings_that_are_read_no_more_are_named(glaze: Program) -> None:
    """A cap in the user's own glaze.toml must not be lost without a word."""
    usual = glaze.folder / "config" / "glaze" / "glaze.toml"
    usual.parent.mkdir(parents=True)
    usual.write_text("[defaults]\nmax_cost = 1.00\n")
    ran = glaze("init", glaze.leads())
    assert f"Note: {usual} is not read for this sheet any more" in ran.err
    assert str(usual) in (glaze.folder / "glaze.toml").read_text(encoding="utf-8")


def test_elsewhere_it_has_to_be_named(glaze: Program) -> None:
    """A file that Glaze would not find by itself is in the command that comes next."""
    other = glaze.folder / "mine.toml"
    ran = glaze("init", glaze.leads(), "-o", other)
    assert f"--config {other}" in ran.err
    assert glaze(*shlex.split(ran.err.splitlines()[-1])[2:]).code == 0


def test_a_tab_and_a_header_row(glaze: Program) -> None:
    """Of a workbook the tab that is named, with the headers where they are."""
    path = glaze.folder / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write("A1", "Nothing here")
        sheet = book.add_worksheet("Q3 leads")
        sheet.write_row("A3", ["Company", "Email", "Domain", "Kundenart"])
        sheet.write_row("A4", ["Acme", "a@acme.com"])
    ran = glaze("init", path, "--sheet", "q3 leads", "--header-row", 3)
    assert ran.code == 0, ran.err
    assert ran.err.splitlines()[-1].startswith(
        f"next: glaze enrich {path} --sheet 'q3 leads' --header-row 3 --range C4:C "
    )
    assert '# FIELD = "Kundenart"' in (glaze.folder / "glaze.toml").read_text(encoding="utf-8")
    assert glaze(*shlex.split(ran.err.splitlines()[-1])[2:]).code == 0


@pytest.mark.parametrize(
    ("header", "cell", "line"),
    [
        ("Kontaktweg", "a@b.de", '# email = "Kontaktweg"  # its cells look so'),
        ("Netz", "https://acme.com/x", '# website = "Netz"  # its cells look so'),
        ("Profil", "https://www.linkedin.com/in/a", '# linkedin = "Profil"  # its cells look so'),
        ("Empoyees", "12", '# employee_count = "Empoyees"  # a typing error?'),
        ("Stage", "New", '# FIELD = "Stage"'),
        ("Country", "DE", None),
    ],
)
def test_doubts_are_told(glaze: Program, header: str, cell: str, line: str | None) -> None:
    """A header that is not understood is a comment: with a guess where something speaks for it."""
    glaze("init", glaze.leads(text=f"Company,{header}\nAcme,{cell}\n"))
    text = (glaze.folder / "glaze.toml").read_text(encoding="utf-8")
    doubts = text[text.index("[inputs]") :].split("\n\n")[0].splitlines()[1:]
    told = [found for found in doubts if json.dumps(header) in found]
    assert told == ([] if line is None else [line])


def test_a_header_read_by_its_neighbours_is_a_doubt_too(glaze: Program) -> None:
    """`Name` beside an industry is the company, and the user may know better."""
    glaze("init", glaze.leads(text="Name,Industry\nAcme,Steel\n"))
    text = (glaze.folder / "glaze.toml").read_text(encoding="utf-8")
    assert '# company = "Name"  # read so because of the columns beside it' in text


def test_keys_are_named_and_never_written(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is set is said to be set."""
    monkeypatch.setenv("HUNTER_API_KEY", "s3cr3t")
    ran = glaze("init", glaze.leads(), "-o", "-")
    assert "s3cr3t" not in ran.out + ran.err
    assert "# [providers.hunter]  # set; " in ran.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("leads.csv", "--header-row", "0"), "rows count from 1"),
        (("leads.csv", "--header-row", "9"), "holds no header; --header-row 1 looks like it."),
        (("leads.csv", "--sheet", "Q3"), "no sheet named Q3"),
        (("laeds.csv",), "did you mean leads.csv?"),
        (("-",), "name its file"),
    ],
)
def test_what_cannot_be_looked_at_is_said(
    glaze: Program, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], sentence: str
) -> None:
    """Exit code 2, one sentence, and no file."""
    glaze.leads()
    monkeypatch.chdir(glaze.folder)
    ran = glaze("init", *arguments)
    assert ran.code == 2 and sentence in ran.err and ran.err.count("\n") == 1
    assert not (glaze.folder / "glaze.toml").exists()


def test_a_sheet_that_nobody_can_fill(glaze: Program) -> None:
    """Still a file that loads; what comes next is a look at the columns."""
    ran = glaze("init", glaze.leads(text="Colour,Shape\nred,\n"))
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == f"next: glaze columns {glaze.folder / 'leads.csv'}"
    assert read_settings(glaze.folder / "glaze.toml").columns == {}


def test_a_sheet_by_the_beginning_of_its_name(glaze: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said which was taken; the settings are written beside it."""
    glaze.leads()
    monkeypatch.chdir(glaze.folder)
    ran = glaze("init", "lea")
    assert ran.code == 0 and ran.err.startswith("lea is taken for leads.csv.\n")
    assert (glaze.folder / "glaze.toml").exists()
    glaze.leads("leaves.csv")
    assert "lea is the beginning of several sheets" in glaze("init", "lea", "--force").err


def test_headers_that_stand_lower(glaze: Program) -> None:
    """Where the first row is empty, the row that holds the most of the first ones is named."""
    ran = glaze("init", glaze.leads(text=",,\nReport,,\nCompany,Domain,Country\nacme,,DE\n"))
    assert ran.code == 2 and "holds no header; --header-row 3 looks like it." in ran.err
