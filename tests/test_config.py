"""Settings: from glaze.toml and options, with a clear word for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.config import find_settings, parse_amount, read_settings, with_options
from glaze_cli.errors import ConfigError
from glaze_cli.model.settings import Settings

GOOD = """
[defaults]
concurrency = 4
max_cost = 5.00
min_confidence = 0.6
[inputs]
company = "Account Name"
[columns."Employees"]
field = "employee_count"
waterfall = ["wikidata", "hunter"]
min_confidence = 0.8
when = "Country == 'US'"
[providers.hunter]
key = "env:HUNTER_KEY"
base_url = "http://127.0.0.1:9"
"""


def write(folder: Path, text: str) -> Path:
    """A glaze.toml with that text."""
    path = folder / "glaze.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_setting_arrives(tmp_path: Path) -> None:
    """What glaze.toml says is what Settings hold."""
    settings = read_settings(write(tmp_path, GOOD))
    assert (settings.run.concurrency, settings.run.max_cost) == (4, 5_000_000)
    assert settings.inputs == {"Account Name": "company"}
    column = settings.columns["Employees"]
    assert (column.field, column.waterfall, column.min_confidence) == (
        "employee_count",
        ("wikidata", "hunter"),
        0.8,
    )
    assert column.when == "Country == 'US'"
    assert settings.providers["hunter"].key == "HUNTER_KEY"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[defaults]\nconcurency = 4", ["concurency", "did you mean concurrency"]),  # a typing error
        ("[default]\n", ["default", "did you mean defaults"]),  # a table's name
        ("[defaults]\nconcurrency = 'ten'", ["concurrency", "number"]),  # text for a number
        ("[defaults]\nconcurrency = 0", ["concurrency", "between 1 and 1000"]),  # out of bounds
        ("[defaults]\nconcurrency = 2.5", ["concurrency", "whole"]),  # half a cell
        ("[defaults]\nmin_confidence = 60", ["min_confidence", "between 0 and 1"]),  # a percentage
        ("[defaults]\nmax_cost = -1", ["max_cost", "dollars", "-1"]),  # a debt
        ("[defaults]\nmax_cost = 'five'", ["max_cost", "dollars"]),  # a word
        ("[providers.hunter]\nkey = 'sk-123'", ["hunter", "environment variable"]),  # the key itself
        ("[providers.hunter]\nbase_url = 'ftp://x'", ["base_url", "http"]),  # no such scheme
        ("[columns.A]\nwaterfall = 'hunter'", ["waterfall", "list"]),  # a text for a list
        ("[columns.A]\nmin_confidence = 2", ["min_confidence", "between 0 and 1"]),  # over one
        ("[columns.A]\nfield = 3", ["field", "3"]),  # a number for a field
        ("[inputs]\ncompany = 3", ["company", "header"]),  # a number for a header
        ("[limits]\nratio = 0", ["limits", "ratio"]),  # nothing could be opened
        ("defaults = 3", ["defaults", "table"]),  # a value for a table
        ("[defaults\n", ["cannot be read"]),  # not TOML
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    """A wrong setting is refused with the file, the setting and what is allowed."""
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        read_settings(path)
    for word in ["glaze.toml", *words]:
        assert word in str(caught.value)


def test_a_secret_never_shows_in_an_error(tmp_path: Path) -> None:
    """A key written into the file by mistake is not repeated in the sentence that refuses it."""
    with pytest.raises(ConfigError) as caught:
        read_settings(write(tmp_path, "[providers.hunter]\nkey = 'sk-very-secret'"))
    assert "sk-very-secret" not in str(caught.value)


def test_the_settings_beside_the_sheet_count(tmp_path: Path) -> None:
    """glaze.toml is looked for beside the sheet."""
    write(tmp_path, "[defaults]\nconcurrency = 7")
    assert find_settings(tmp_path / "leads.csv").run.concurrency == 7


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    """--config with a wrong path is an error, never a silent default."""
    with pytest.raises(ConfigError, match=r"no settings file .*other\.toml"):
        find_settings(tmp_path / "leads.csv", tmp_path / "other.toml")


def test_options_go_over_the_file() -> None:
    """An option that was given wins; one that was not leaves the setting."""
    settings = with_options(Settings(), concurrency=3, min_confidence=None)
    assert (settings.run.concurrency, settings.run.min_confidence) == (3, 0.5)


def test_options_are_checked_too() -> None:
    """An option out of bounds is named like a setting."""
    with pytest.raises(ConfigError, match="concurrency must be between 1 and 1000"):
        with_options(Settings(), concurrency=0)


@pytest.mark.parametrize("text", ["", "abc", "1e", "$5", "nan", "inf"])
def test_an_amount_must_be_an_amount(text: str) -> None:
    """What is not an amount in dollars is refused by name."""
    with pytest.raises(ConfigError, match="--max-cost"):
        parse_amount("--max-cost", text)
