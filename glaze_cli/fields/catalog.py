"""The fields Glaze knows, read once from fields.toml, and the form a field's value takes in a cell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from glaze_cli.model import Field, Scalar
from glaze_cli.model.states import Captioned


class FieldKind(Captioned):
    """What a filled cell holds."""

    TEXT = "text", "text, even where it looks like a number"
    INTEGER = "integer", "a whole number"
    NUMBER = "number", "a number"
    BOOLEAN = "boolean", "true or false"
    DATE = "date", "a date, as text in ISO form"


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One table of fields.toml."""

    name: Field
    caption: str
    kind: FieldKind
    synonyms: tuple[str, ...]
    """Headers that mean this field, besides its name and caption, as people write them."""
    rules: tuple[str, ...]
    """Names of the rules in normal.py that bring an input to its normal form, in order."""


@cache
def field_infos() -> Mapping[Field, FieldInfo]:
    """Every known field, in the order of fields.toml."""
    tables = tomllib.loads(Path(__file__).with_name("fields.toml").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            Field(name): FieldInfo(
                name=Field(name),
                caption=table["caption"],
                kind=FieldKind(table.get("kind", "text")),
                synonyms=tuple(map(str.strip, table["synonyms"].split(","))),
                rules=tuple(table.get("normalise", ())),
            )
            for name, table in tables.items()
        }
    )


@lru_cache(maxsize=1_000)  # a job asks about its few columns once a cell
def kind_of(field: Field) -> FieldKind:
    """The kind of a field; a field that is not in the catalog holds text."""
    info = field_infos().get(field)
    return info.kind if info else FieldKind.TEXT


def as_cell_value(field: Field, value: Scalar) -> Scalar:
    """The value in the form its field takes in a cell; what does not convert exactly stays as it is.

    Text is always str, so that no phone number or postcode becomes a number. As an integer, `"1,234"` and
    `1234.0` are 1234; `"51-200"`, `"1.234"` and `"007"` stay text. As a number, `"1,234"` stays text too:
    it may be a thousand, or one and a bit.
    """
    kind = kind_of(field)
    if kind is _TEXT or kind is _DATE:
        return value if type(value) is str else _text(value)
    if not isinstance(value, str):
        return _whole(value)
    if kind is FieldKind.BOOLEAN:
        return _BOOLEANS.get(value.strip().casefold(), value)
    number = _whole(_number(value, single_comma=kind is FieldKind.INTEGER))
    return value if kind is FieldKind.INTEGER and isinstance(number, float) else number


_TEXT, _DATE = FieldKind.TEXT, FieldKind.DATE
"""By their own names, since to look a member up in its class takes longer than all the rest for a text."""

_BOOLEANS: Mapping[str, bool] = {"true": True, "yes": True, "false": False, "no": False}
_EXACT = 2**53
"""Above this, a float does not hold every integer."""
_PLAIN = re.compile(r"[+-]?(?:0|[1-9][0-9]*)(\.[0-9]+)?")
_GROUPS = re.compile(r"[+-]?[1-9][0-9]{0,2}([, '’\u00a0\u2009\u202f])[0-9]{3}(?:\1[0-9]{3})*(?:\.[0-9]+)?")


def _text(value: Scalar) -> str:
    """Numbers as people write them: 10115.0, as JSON or a sheet may give a postcode, is 10115."""
    return str(_whole(value))


def _whole(value: Scalar) -> Scalar:
    """1234.0 as 1234; anything else as it is."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT
    return int(value) if whole else value


def _number(text: str, single_comma: bool) -> int | float | str:
    """The number a text spells, or the text itself when it spells none or could spell two.

    `single_comma`: the comma of "1,234" groups thousands for sure, since there are no decimals.
    """
    digits = text.strip()
    grouped = _GROUPS.fullmatch(digits)
    if grouped and (single_comma or digits.count(",") != 1 or "." in digits):
        digits = digits.replace(grouped[1], "")
    plain = _PLAIN.fullmatch(digits)
    if plain is None:
        return text
    return float(digits) if plain[1] else int(digits)
