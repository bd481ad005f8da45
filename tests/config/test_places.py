"""Where settings come from: the file beside the sheet, the one that is named, options, the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from glaze_cli.config import find_settings, with_options
from glaze_cli.errors import ConfigError
from glaze_cli.model.settings import Settings


def test_the_settings_beside_the_sheet_count(tmp_path: Path) -> None:
    """glaze.toml is looked for beside the sheet."""
    (tmp_path / "glaze.toml").write_text("[defaults]\nconcurrency = 7")
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


def test_the_contact_of_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GLAZE_CONTACT goes over the file."""
    (tmp_path / "glaze.toml").write_text('[defaults]\ncontact = "file@example.com"')
    assert find_settings(tmp_path / "leads.csv").contact == "file@example.com"
    monkeypatch.setenv("GLAZE_CONTACT", "me@example.com")
    assert find_settings(tmp_path / "leads.csv").contact == "me@example.com"


def test_a_wrong_contact_of_the_environment_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says which variable."""
    monkeypatch.setenv("GLAZE_CONTACT", "me")
    with pytest.raises(ConfigError, match="GLAZE_CONTACT must be a mail or web address"):
        find_settings(tmp_path / "leads.csv")
