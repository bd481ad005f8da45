"""What expressions can do beyond JMESPath: the few things that real answers ask for.

None of them raises: what does not fit is null, so that `host(body.site) || body.domain` works.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jmespath import Options
from jmespath.functions import Functions, signature

from glaze_cli.fields.normal import normalise
from glaze_cli.model import Field

_DATE = re.compile(r"\+?(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[TZ+\s].*)?", re.DOTALL)
_HOST = re.compile(r"[^\s/?#@:\\]+\.[^\s/?#@:\\.]+")


_ANY: Any = {"types": []}  # we look at types ourselves, and give null


def lower(text: object) -> str | None:
    """A text in lower case."""
    return text.lower() if isinstance(text, str) else None


def split(text: object, separator: object) -> list[str] | None:
    """The parts of a text between separators, trimmed; null where there is nothing to split by."""
    if not isinstance(text, str) or not isinstance(separator, str) or not separator:
        return None
    return [part.strip() for part in text.split(separator)]


def first(values: object) -> Any:
    """The first of a list that is not null and not blank."""
    if not isinstance(values, list):
        return None
    return next((value for value in values if value is not None and value != ""), None)


def date(text: object) -> str | None:
    """`2018-05-17T00:00:00Z` → `2018-05-17`; only as much of it as is known: `+2018-00-00T…` → `2018`."""
    parts = _DATE.fullmatch(text.strip()) if isinstance(text, str) else None
    if parts is None or parts[1] == "0000":
        return None
    year, month, day = parts[1], parts[2] or "00", parts[3] or "00"
    if month == "00":
        return year if day == "00" else None
    if day == "00":
        return f"{year}-{month}" if int(month) <= 12 else None
    from datetime import date as calendar

    try:
        return calendar(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def host(url: object) -> str | None:
    """`https://www.Example.org/about` → `example.org`: an address's host as a `domain` is written."""
    name = normalise(Field("domain"), url) if isinstance(url, str) and len(url) < 3_000 else ""
    return name if _HOST.fullmatch(name) else None


def digits(text: object) -> str | None:
    """The digits of a text or whole number, as a text: `+44 (0)20` → `44020`."""
    if isinstance(text, bool) or not isinstance(text, str | int):
        return None
    return "".join(letter for letter in str(text) if letter in "0123456789") or None


class _Functions(Functions):
    @signature(_ANY)
    def _func_lower(self, text: object) -> str | None:
        return lower(text)

    @signature(_ANY, _ANY)
    def _func_split(self, text: object, separator: object) -> list[str] | None:
        return split(text, separator)

    @signature(_ANY)
    def _func_first(self, values: object) -> Any:
        return first(values)

    @signature(_ANY)
    def _func_date(self, text: object) -> str | None:
        return date(text)

    @signature(_ANY)
    def _func_host(self, url: object) -> str | None:
        return host(url)

    @signature(_ANY)
    def _func_digits(self, text: object) -> str | None:
        return digits(text)


OURS: Mapping[str, Callable[..., Any]] = {
    "lower": lower,
    "split": split,
    "first": first,
    "date": date,
    "host": host,
    "digits": digits,
}
"""By name; docs/your-own-provider.md has each."""

OPTIONS = Options(custom_functions=_Functions())
"""What makes them known to a search."""

_TABLE: Mapping[str, Mapping[str, Any]] = _Functions.FUNCTION_TABLE
NAMES = frozenset(_TABLE)
"""Every function that an expression can call: JMESPath's and ours."""


def takes(name: str, count: int) -> bool:
    """Whether the function can be called with so many arguments."""
    expected = _TABLE[name]["signature"]
    if expected and expected[-1].get("variadic"):
        return count >= len(expected)
    return count == len(expected)
