"""From what a language model wrote to an answer: a value of the right kind, or none."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from glaze_cli.errors import LookupFailed
from glaze_cli.fields.catalog import FieldKind, kind_of
from glaze_cli.model import Answer, Field, Found, Lookup, Micros, NotFound, Scalar

BARE_CONFIDENCE = 0.7
"""A model's word for its own certainty proves nothing: without a source it counts so much at most ..."""
SOURCED_CONFIDENCE = 0.9
"""... and with one so much. A person can check the source; nobody has checked it yet."""

_LONGEST = 32_767  # what a cell of a workbook holds
_MOST = 2**53  # a larger number is not exact in a sheet, and no answer to anything
_FENCED = re.compile(r"```(?:json)?(.*?)```", re.DOTALL)  # JSON does not mind blanks around it
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")
"""A year, or a month of one: all that is known of many a date."""
_NOTHING = frozenset(
    (
        *("unknown", "n/a", "na", "none", "null", "nil", "nan", "undefined", "unclear", "-", "–", "?"),
        *("not found", "not known", "not available", "unavailable", "not applicable", "no data"),
        *("no information", "no information available", "i don't know", "i do not know"),
    )
)


def answer_of(text: str, lookup: Lookup, cost: Micros, sources: Sequence[str] = ()) -> Answer:
    """The answer in a model's text, billed `cost`. `sources`: addresses that the service itself vouches for.

    Raises LookupFailed (with its cost) where the text is not what was asked for: never a value from it.
    """
    document = _object(text)
    if document is None or "value" not in document:
        raise failed("the model did not answer in the form it was asked for", cost)
    value = _value(document["value"], kind_of(lookup.wants) if lookup.wants else FieldKind.TEXT)
    if value is None:
        return NotFound("the model does not know", cost)
    if value is _WRONG_KIND:
        raise failed(f"the model's value is no {kind_of(lookup.wants or Field(''))}", cost)
    said = document.get("sources")
    named = [*sources, *(said if isinstance(said, list) else [])]
    citations = tuple(dict.fromkeys(filter(None, map(_address, named))))
    most = SOURCED_CONFIDENCE if citations else BARE_CONFIDENCE
    wants = lookup.wants or Field("value")
    return Found({wants: value}, min(most, _share(document.get("confidence"))), citations, cost)  # type: ignore[dict-item]


def failed(sentence: str, cost: Micros) -> LookupFailed:
    """A failure that was billed."""
    error = LookupFailed(sentence)
    error.cost = cost
    return error


class _WrongKind:
    """The model wrote a value that its column cannot hold."""


_WRONG_KIND = _WrongKind()


def _object(text: str) -> dict[str, Any] | None:
    """The JSON object that the text is, or that stands fenced in it."""
    for candidate in (text, *_FENCED.findall(text)):
        try:
            document = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict):
            return document
    return None


def _value(value: object, kind: FieldKind) -> Scalar | _WrongKind | None:
    """What goes into the cell; None where the model knows nothing."""
    if isinstance(value, str):
        value = _clean(value)
        if value.casefold().rstrip(".") in _NOTHING or not value:
            return None
        if kind is FieldKind.DATE:
            return value if _is_date(value) else _WRONG_KIND
        return value if kind is FieldKind.TEXT and len(value) <= _LONGEST else _WRONG_KIND
    if value is None:
        return None
    if isinstance(value, bool):
        return value if kind in (FieldKind.BOOLEAN, FieldKind.TEXT) else _WRONG_KIND
    if isinstance(value, int | float) and abs(value) <= _MOST:  # false for NaN
        if kind is FieldKind.INTEGER:
            return int(value) if float(value).is_integer() else _WRONG_KIND
        return value if kind in (FieldKind.NUMBER, FieldKind.TEXT) else _WRONG_KIND
    return _WRONG_KIND


def _is_date(text: str) -> bool:
    if _DATE.fullmatch(text):
        return True
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _clean(text: str) -> str:
    """Lines and tabs may stay in a cell; what nobody can see, and what steers a terminal, may not."""
    kept = (
        letter
        for letter in text.replace("\r\n", "\n").replace("\r", "\n")
        if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return "".join(kept).strip()


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # NaN
        return 0.0
    return float(min(1, max(0, value)))  # in this order: not every int is a float


def _address(source: object) -> str | None:
    if not isinstance(source, str) or len(source) > 2_000 or not source.isprintable() or " " in source:
        return None
    try:
        parts = urlsplit(source)
    except ValueError:
        return None
    return source if parts.scheme in ("http", "https") and parts.hostname else None
