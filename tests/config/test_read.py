"""glaze.toml: what it says arrives, with a clear word for every mistake."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from glaze_cli.config import read_settings
from glaze_cli.errors import ConfigError
from glaze_cli.model import Micros
from glaze_cli.model.settings import ProviderSettings

GOOD = """
[defaults]
concurrency = 4
max_cost = 5.00
min_confidence = 0.6
contact = "https://example.com/about"
[inputs]
company = "Account Name"
[columns."Employees"]
field = "employee_count"
waterfall = ["wikidata", "hunter"]
min_confidence = 0.8
when = "Country == 'US'"
refresh = "30d"
[columns."Summary"]
prompt = "In one line, what does {Company} do?"
[providers.hunter]
key = "env:HUNTER_KEY"
base_url = "http://127.0.0.1:9"
max_cost = 2.00
[providers.openai]
key = "keyring:openai work"
model = "gpt-5-nano"
max_tokens = 300
input_usd_per_million = 0.05
output_usd_per_million = 0.4
[providers.lab]
api = "openai"
base_url = "https://lab.example/v1"
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
    assert column.refresh == 30 * 86_400
    assert settings.columns["Summary"].prompt == "In one line, what does {Company} do?"
    assert settings.contact == "https://example.com/about"
    hunter = ProviderSettings("env:HUNTER_KEY", "http://127.0.0.1:9", Micros(2_000_000))
    assert settings.providers["hunter"] == hunter
    dear, dearer = Decimal("0.05"), Decimal("0.4")  # as written: no float in money
    expected = ProviderSettings("keyring:openai work", None, None, "gpt-5-nano", None, 300, dear, dearer)
    assert settings.providers["openai"] == expected
    assert settings.providers["lab"] == ProviderSettings(base_url="https://lab.example/v1", api="openai")


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
        ("[columns.A]\nmin_confidence = true", ["min_confidence", "number"]),  # yes is no share
        ("[columns.A]\nrefresh = 30", ["columns", "refresh", "30d"]),  # days or seconds?
        ("[columns.A]\nrefresh = '3 weeks'", ["refresh", "30d", "3 weeks"]),  # a unit in words
        ("[columns.A]\nrefesh = '3d'", ["refesh", "did you mean refresh"]),  # a typing error
        ("[columns.A]\nprompt = ''", ["prompt", "question"]),  # nothing to ask
        ("[columns.A]\nprompt = ['a']", ["prompt", "question"]),  # two prompts
        ("[columns.A]\nwhen = 3", ["when", "condition"]),  # no condition
        ("[defaults]\ncontact = 'me'", ["[defaults]", "contact", "you@example.com", "'me'"]),  # no address
        ("[defaults]\ncontact = 3", ["contact", "you@example.com"]),  # a number
        ('[defaults]\ncontact = "a@b.c)\\nX: y"', ["contact", "you@example.com"]),  # would leave its header
        ("[providers.x]\nkey = 'env:'", ["providers.x", "environment variable"]),  # names none
        ("[providers.x]\nkey = 'env:sk-abc'", ["providers.x", "environment variable"]),  # a key all the same
        ("[providers.x]\nkey = 'keyring:'", ["providers.x", "keyring:my-key"]),  # names none
        ("[providers.x]\nmodel = ''", ["model", "name of a model"]),  # none
        ("[providers.x]\napi = 'anthropic'", ["api", "openai", "anthropic"]),  # a language not spoken
        ("[providers.x]\nmax_tokens = 0", ["max_tokens", "whole number", "between 1"]),  # silence
        ("[providers.x]\nmax_tokens = 1.5", ["max_tokens", "whole number"]),  # half a token
        ("[providers.x]\ninput_usd_per_million = -1", ["input_usd", "between 0"]),  # a gift
        ("[providers.x]\noutput_usd_per_million = '5'", ["output_usd", "number"]),  # a text
        ("[providers.x]\noutput_usd_per_million = nan", ["output_usd", "number"]),  # no number at all
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


@pytest.mark.parametrize("written", ["sk-very-secret", "env:sk-very-secret", "keyring:a:sk-very-secret"])
def test_a_secret_never_shows_in_an_error(tmp_path: Path, written: str) -> None:
    """A key written into the file by mistake is not repeated in the sentence that refuses it."""
    with pytest.raises(ConfigError) as caught:
        read_settings(write(tmp_path, f"[providers.hunter]\nkey = '{written}'"))
    assert "sk-very-secret" not in str(caught.value)
