"""Tables of a glaze.toml: what is in them, and a sentence with file and key for what should not be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from glaze_cli.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file; `where` is what sentences call it: `[columns."Revenue"]`."""

    path: Path
    where: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, path: Path, name: str, value: object, known: Iterable[str] | None = None) -> Table:
        """The table of that name. Raises ConfigError where it is none, or holds a key that is not known."""
        if not isinstance(value, dict):
            raise ConfigError(f"{path}: {name} must be a table, as in [{name}].")
        table = cls(path, f"[{name}]", value)
        if known is not None:
            table.only(known)
        return table

    def only(self, known: Iterable[str]) -> None:
        """Raises ConfigError for any other key, so that a typing error is never a silent default."""
        names = list(known)
        for key in self.values:
            if key not in names:
                close = difflib.get_close_matches(key, names, 1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(names)}."
                raise ConfigError(f"{self.path}: {self.where} has no setting {key}; {hint}")

    def name(self, key: str) -> str:
        """What a sentence calls the setting."""
        return f"{self.path}: {self.where} {key}"

    def wrong(self, key: str, what: str) -> ConfigError:
        """`glaze.toml: [defaults] attempts must be ...`."""
        return ConfigError(f"{self.name(key)} must {what}.")

    def text(self, key: str, what: str) -> str | None:
        """A text that holds something; None where there is none."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, f"be {what}, not {value!r}")
        return value

    def number(self, key: str, low: float, high: float) -> float | None:
        """A number from low to high."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(key, f"be a number, between {low:g} and {high:g}, not {value!r}")
        return value

    def count(self, key: str, low: int, high: int) -> int | None:
        """A whole number from low to high."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(key, f"be a whole number, between {low} and {high}, not {value!r}")
        return value

    def dollars(self, key: str) -> Decimal | None:
        """An amount of dollars, exactly as it is written."""
        value = self.number(key, 0, 1_000_000)
        return None if value is None else Decimal(str(value))
