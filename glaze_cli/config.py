"""Settings from flags, environment and glaze.toml. The only file that reads os.environ."""

from __future__ import annotations

import dataclasses
import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from glaze_cli.errors import ConfigError
from glaze_cli.model import Field, Micros, to_micros
from glaze_cli.model.settings import ColumnSettings, ProviderSettings, RunSettings, Settings

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


def secret(variable: str) -> str | None:
    """A key from the environment; None when unset or empty. Never stored, logged or shown."""
    return os.environ.get(variable) or None


def find_settings(sheet: Path | None, named: Path | None = None) -> Settings:
    """The first glaze.toml of: the one named, beside the sheet, the working folder, the user's config.

    Raises ConfigError with the file, the key and what is allowed.
    """
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"There is no settings file {named}; check the path after --config.")
        return read_settings(named)
    folders = [*([sheet.parent] if sheet else []), Path(), user_config_folder()]
    for folder in folders:
        if (folder / FILE_NAME).is_file():
            return read_settings(folder / FILE_NAME)
    return Settings()


def read_settings(path: Path) -> Settings:
    """One glaze.toml. Unknown keys are refused, so that a typing error is never a silent default."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
    _known(path, "the file", document, ("defaults", "inputs", "columns", "providers", "limits"))
    tables = {name: _table(path, name, document.get(name, {})) for name in document}
    return Settings(
        run=_run(path, tables.get("defaults", {})),
        inputs=_inputs(path, tables.get("inputs", {})),
        columns={header: _column(path, header, table) for header, table in tables.get("columns", {}).items()},
        providers={name: _provider(path, name, table) for name, table in tables.get("providers", {}).items()},
        limits=_limits(path, tables.get("limits", {})),
        source=path,
    )


def with_options(settings: Settings, **options: Any) -> Settings:
    """The settings with the command line's options over them; None means: not given."""
    given = {name: value for name, value in options.items() if value is not None}
    run = dataclasses.replace(settings.run, **given)
    _check_run("", run)
    return dataclasses.replace(settings, run=run)


def _run(path: Path, table: Mapping[str, Any]) -> RunSettings:
    names = [field.name for field in dataclasses.fields(RunSettings)]
    _known(path, "[defaults]", table, names)
    values = dict(table)
    if "max_cost" in values:
        values["max_cost"] = parse_amount(f"{path}: max_cost", values["max_cost"])
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigError(f"{path}: [defaults] {name} must be a number, not {value!r}.")
    run = RunSettings(**values)
    _check_run(str(path), run)
    return run


def parse_amount(name: str, value: object) -> Micros:
    """An amount in dollars, as a user gave it under that name. Raises ConfigError."""
    try:
        amount = to_micros(str(value))
    except ValueError:
        amount = Micros(-1)
    if amount < 0:
        raise ConfigError(f"{name} must be an amount in dollars such as 2.50, not {value!r}.")
    return amount


def _check_run(where: str, run: RunSettings) -> None:
    """Raise ConfigError for a value out of bounds; `where` is the file, "" the command line."""
    limits: dict[str, tuple[float, float]] = {
        "concurrency": (1, 1000),
        "attempts": (1, 10),
        "cell_timeout": (0.01, 86_400),
        "job_timeout": (0.01, 30 * 86_400),
        "grace": (0, 3600),
        "wait_min": (0, 3600),
        "wait_max": (0, 3600),
        "min_confidence": (0, 1),
    }

    def wrong(name: str, what: str) -> ConfigError:
        setting = f"{where}: {name}" if where else f"--{name.replace('_', '-')}"
        return ConfigError(f"{setting} must {what}, not {getattr(run, name):g}.")

    for name, (low, high) in limits.items():
        if not low <= getattr(run, name) <= high:
            raise wrong(name, f"be between {low:g} and {high:g}")
    for name in ("concurrency", "attempts"):
        if int(getattr(run, name)) != getattr(run, name):
            raise wrong(name, "be a whole number")


def _inputs(path: Path, table: Mapping[str, Any]) -> dict[str, Field]:
    for field, header in table.items():
        if not isinstance(header, str):
            raise ConfigError(f"{path}: [inputs] {field} must be a header in quotes, not {header!r}.")
    return {header: Field(field) for field, header in table.items()}


def _limits(path: Path, table: Mapping[str, Any]) -> dict[str, int]:
    for name, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ConfigError(f"{path}: [limits] {name} must be a whole number above 0, not {value!r}.")
    return dict(table)


def _column(path: Path, header: str, value: object) -> ColumnSettings:
    table = _table(path, f'columns."{header}"', value)
    _known(path, f'[columns."{header}"]', table, ("field", "waterfall", "min_confidence", "when"))
    waterfall = table.get("waterfall", [])
    if not isinstance(waterfall, list) or not all(isinstance(name, str) for name in waterfall):
        raise ConfigError(f'{path}: [columns."{header}"] waterfall must be a list of provider names.')
    for key, kind in (("field", str), ("when", str), ("min_confidence", int | float)):
        if key in table and not isinstance(table[key], kind):
            raise ConfigError(f'{path}: [columns."{header}"] {key} cannot be {table[key]!r}.')
    minimum = table.get("min_confidence")
    if minimum is not None and not 0 <= minimum <= 1:
        raise ConfigError(f'{path}: [columns."{header}"] min_confidence must be between 0 and 1.')
    field = Field(table["field"]) if "field" in table else None
    return ColumnSettings(field, tuple(waterfall), minimum, table.get("when"))


def _provider(path: Path, name: str, value: object) -> ProviderSettings:
    table = _table(path, f"providers.{name}", value)
    _known(path, f"[providers.{name}]", table, ("key", "base_url"))
    key = table.get("key")
    if key is not None and not (isinstance(key, str) and key.startswith("env:") and key[4:]):
        raise ConfigError(
            f'{path}: [providers.{name}] key must name an environment variable, as in "env:MY_KEY"; '
            "never write the key itself into a file."
        )
    url = table.get("base_url")
    if url is not None and not (isinstance(url, str) and url.startswith(("http://", "https://"))):
        raise ConfigError(f"{path}: [providers.{name}] base_url must begin with http:// or https://.")
    return ProviderSettings(key[4:] if key else None, url)


def _table(path: Path, name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{path}: {name} must be a table, as in [{name}].")
    return value


def _known(path: Path, where: str, table: Mapping[str, Any], names: Iterable[str]) -> None:
    names = list(names)
    for key in table:
        if key not in names:
            close = difflib.get_close_matches(key, names, 1)
            hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(names)}."
            raise ConfigError(f"{path}: {where} has no setting {key}; {hint}")
