"""`[defaults]`, and the options of the same names."""

from __future__ import annotations

import dataclasses
from typing import Any

from glaze_cli.config.tables import Table
from glaze_cli.config.values import parse_amount
from glaze_cli.errors import ConfigError
from glaze_cli.model.settings import RunSettings, Settings

NAMES = tuple(field.name for field in dataclasses.fields(RunSettings))

_BOUNDS: dict[str, tuple[float, float]] = {
    "concurrency": (1, 1000),
    "attempts": (1, 10),
    "cell_timeout": (0.01, 86_400),
    "job_timeout": (0.01, 30 * 86_400),
    "grace": (0, 3600),
    "wait_min": (0, 3600),
    "wait_max": (0, 3600),
    "min_confidence": (0, 1),
    "max_jobs": (1, 100),
}
_AMOUNTS = ("max_cost", "max_cell_cost")


def read_run(table: Table) -> RunSettings:
    """What a job is run with. Raises ConfigError."""
    values = {name: value for name, value in table.values.items() if name in NAMES}
    for name in values.keys() & set(_AMOUNTS):
        values[name] = parse_amount(table.name(name), values[name])
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise table.wrong(name, f"be a number, not {value!r}")
    run = RunSettings(**values)
    _check(str(table.path), run)
    return run


def with_options(settings: Settings, **options: Any) -> Settings:
    """The settings with the command line's options over them; None means: not given."""
    given = {name: value for name, value in options.items() if value is not None}
    run = dataclasses.replace(settings.run, **given)
    _check("", run)
    return dataclasses.replace(settings, run=run)


def _check(where: str, run: RunSettings) -> None:
    """Raise ConfigError for a value out of bounds; `where` is the file, "" the command line."""

    def wrong(name: str, what: str) -> ConfigError:
        setting = f"{where}: {name}" if where else f"--{name.replace('_', '-')}"
        return ConfigError(f"{setting} must {what}, not {getattr(run, name):g}.")

    for name, (low, high) in _BOUNDS.items():
        if not low <= getattr(run, name) <= high:
            raise wrong(name, f"be between {low:g} and {high:g}")
    for name in ("concurrency", "attempts", "max_jobs"):
        if int(getattr(run, name)) != getattr(run, name):
            raise wrong(name, "be a whole number")
