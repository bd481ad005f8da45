"""Reads a glaze.toml."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path

from glaze_cli.config import run
from glaze_cli.config.tables import Table
from glaze_cli.config.values import parse_amount, parse_contact, parse_duration
from glaze_cli.errors import ConfigError
from glaze_cli.model import Field, Micros
from glaze_cli.model.settings import ColumnSettings, ProviderSettings, Settings

_PLACE = re.compile(r"env:\s*[A-Za-z_]\w*\s*|keyring:[^:]*[^\s:][^:]*", re.ASCII)
_COLUMN = tuple(field.name for field in dataclasses.fields(ColumnSettings))
_PROVIDER = tuple(field.name for field in dataclasses.fields(ProviderSettings))


def read_settings(path: Path) -> Settings:
    """One glaze.toml. Unknown keys are refused, so that a typing error is never a silent default."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{path} cannot be read: {error}.") from error
    Table(path, "the file", document).only(("defaults", "inputs", "columns", "providers", "limits"))
    defaults = Table.of(path, "defaults", document.get("defaults", {}), ("contact", *run.NAMES))
    columns = Table.of(path, "columns", document.get("columns", {})).values
    providers = Table.of(path, "providers", document.get("providers", {})).values
    contact = defaults.values.get("contact", "")
    return Settings(
        contact=parse_contact(defaults.name("contact"), contact) if contact != "" else "",
        run=run.read_run(defaults),
        inputs=_inputs(Table.of(path, "inputs", document.get("inputs", {}))),
        columns={h: _column(Table.of(path, f'columns."{h}"', v, _COLUMN)) for h, v in columns.items()},
        providers={
            name: _provider(Table.of(path, f"providers.{name}", value, _PROVIDER))
            for name, value in providers.items()
        },
        limits=_limits(Table.of(path, "limits", document.get("limits", {}))),
        source=path,
    )


def _inputs(table: Table) -> dict[str, Field]:
    for field, header in table.values.items():
        if not isinstance(header, str):
            raise table.wrong(field, f"be a header in quotes, not {header!r}")
    return {header: Field(field) for field, header in table.values.items()}


def _limits(table: Table) -> dict[str, int]:
    for name, value in table.values.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise table.wrong(name, f"be a whole number above 0, not {value!r}")
    return dict(table.values)


def _column(table: Table) -> ColumnSettings:
    waterfall = table.values.get("waterfall", [])
    if not isinstance(waterfall, list) or not all(isinstance(name, str) for name in waterfall):
        raise table.wrong("waterfall", "be a list of provider names")
    field = table.text("field", "the name of a field")
    refresh = table.values.get("refresh")
    return ColumnSettings(
        field=None if field is None else Field(field),
        waterfall=tuple(waterfall),
        min_confidence=table.number("min_confidence", 0, 1),
        when=table.text("when", "a condition over the row"),
        refresh=None if refresh is None else parse_duration(table.name("refresh"), refresh),
        prompt=table.text("prompt", 'a question with headers in braces, "What does {Company} do?"'),
    )


def _provider(table: Table) -> ProviderSettings:
    key = table.values.get("key")
    if key is not None and not _is_place(key):
        raise ConfigError(
            f'{table.name("key")} must name an environment variable, as in "env:MY_KEY", or an entry of the '
            'system\'s keyring, as in "keyring:my-key"; never write the key itself into a file.'
        )
    url = table.values.get("base_url")
    if url is not None and not (isinstance(url, str) and url.startswith(("http://", "https://"))):
        raise table.wrong("base_url", "begin with http:// or https://")
    if (api := table.values.get("api")) not in (None, "openai"):
        raise table.wrong("api", f'be "openai", the one language that own servers are asked in, not {api!r}')
    return ProviderSettings(
        key=key,
        base_url=url,
        max_cost=_amount(table, "max_cost"),
        model=table.text("model", "the name of a model"),
        api=api,
        max_tokens=table.count("max_tokens", 1, 1_000_000),
        input_usd_per_million=table.dollars("input_usd_per_million"),
        output_usd_per_million=table.dollars("output_usd_per_million"),
    )


def _amount(table: Table, name: str) -> Micros | None:
    value = table.values.get(name)
    return None if value is None else parse_amount(table.name(name), value)


def _is_place(key: object) -> bool:
    """Whether it says where a key is, rather than being one (`env:sk-...` is a key after all)."""
    return isinstance(key, str) and bool(_PLACE.fullmatch(key))
