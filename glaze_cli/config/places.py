"""Where settings, the store and a user's own manifests are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from glaze_cli.errors import ConfigError

if TYPE_CHECKING:
    from glaze_cli.model.settings import Settings

FILE_NAME = "glaze.toml"


def user_config_folder() -> Path:
    """Where a user's own glaze.toml and manifests live."""
    import platformdirs

    return Path(platformdirs.user_config_dir("glaze"))


def store_path(option: Path | None) -> Path:
    """--store, else GLAZE_STORE, else the user's data folder."""
    if option is not None:
        return option
    if named := os.environ.get("GLAZE_STORE"):
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("glaze")) / "glaze.db"


def find_settings(sheet: Path | None, named: Path | None = None) -> Settings:
    """The first glaze.toml of: the one named, beside the sheet, the working folder, the user's config;
    with GLAZE_CONTACT over it.

    Raises ConfigError with the file, the key and what is allowed.
    """
    settings = _from_file(sheet, named)
    if contact := os.environ.get("GLAZE_CONTACT"):
        import dataclasses

        from glaze_cli.config.values import parse_contact

        settings = dataclasses.replace(settings, contact=parse_contact("GLAZE_CONTACT", contact))
    return settings


def _from_file(sheet: Path | None, named: Path | None) -> Settings:
    from glaze_cli.config.read import read_settings
    from glaze_cli.model.settings import Settings

    if named is not None:
        if not named.is_file():
            raise ConfigError(f"There is no settings file {named}; check the path after --config.")
        return read_settings(named)
    folders = [*([sheet.parent] if sheet else []), Path(), user_config_folder()]
    for folder in folders:
        if (folder / FILE_NAME).is_file():
            return read_settings(folder / FILE_NAME)
    return Settings()
