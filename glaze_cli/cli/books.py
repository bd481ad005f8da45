"""Opening the user's file, with the limits that the settings allow."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from glaze_cli.config import find_settings
from glaze_cli.errors import ConfigError
from glaze_cli.model.settings import Settings
from glaze_cli.sheets.base import Book
from glaze_cli.sheets.limits import Limits
from glaze_cli.sheets.open import open_book


def open_sheet(
    path: Path,
    delimiter: str | None = None,
    encoding: str | None = None,
    settings: Settings | None = None,
) -> Book:
    """The book of a file; without `settings`, those beside it hold. Raises SheetError, ConfigError."""
    found = settings or find_settings(path)
    names = [field.name for field in dataclasses.fields(Limits)]
    for name in found.limits:
        if name not in names:
            raise ConfigError(
                f"{found.source}: [limits] has no setting {name}; known are {', '.join(names)}."
            )
    return open_book(path, delimiter=delimiter, encoding=encoding, limits=Limits(**found.limits))
