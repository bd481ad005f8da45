"""`{company}` in a request: how a cell's value gets into an address, a header or a body, and no further."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from glaze_cli.errors import LookupFailed
from glaze_cli.model import FailReason

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")  # other braces are the service's own, and stay
_is_plain = re.compile(r"[A-Za-z0-9_.~ -]*").fullmatch
_Pairs = tuple[tuple[str, str], ...]
_Parts = tuple[str, _Pairs]
"""What stands before the first placeholder; each one's name, and what stands after it."""


def placeholders(template: Any) -> Iterator[str]:
    """The names of the fields a template reads; a JSON template is searched all through."""
    if isinstance(template, str):
        yield from _PLACEHOLDER.findall(template)
    elif isinstance(template, Mapping):
        for part in template.values():
            yield from placeholders(part)
    elif isinstance(template, list | tuple):
        for part in template:
            yield from placeholders(part)


def fill_path(template: str, inputs: Mapping[str, str]) -> str:
    """A path with every value percent-encoded, so that none can add a segment, a query or a host.

    Raises LookupFailed (`bad_input`) where a value would climb up the path.
    """
    path = _encoded(_path_parts(template), inputs)
    climbs = "/." in path or path.startswith(".")  # a segment of dots begins like this
    if climbs and any(segment in (".", "..") for segment in path.split("/")):
        raise LookupFailed("a cell holds nothing but dots", reason=FailReason.BAD_INPUT)
    return path


def fill_query(template: _Pairs, inputs: Mapping[str, str]) -> str:
    """An encoded query, without the question mark."""
    return _encoded(_query_parts(template), inputs)


def fill_headers(template: _Pairs, inputs: Mapping[str, str]) -> _Pairs:
    """All headers; raises what `fill_header` does."""
    if _is_fixed(template):
        return template
    return tuple([(name, fill_header(value, inputs)) for name, value in template])


def fill_header(template: str, inputs: Mapping[str, str]) -> str:
    """A header's value. Raises LookupFailed (`bad_input`) where a cell's value cannot be in a header."""
    value = _fill(template, inputs)
    if not _can_be_sent(value):
        raise LookupFailed("a cell holds characters that cannot be sent", reason=FailReason.BAD_INPUT)
    return value


@lru_cache(1000)
def _is_fixed(template: _Pairs) -> bool:
    """Whether the headers are the same for every row, and can be sent."""
    return all(len(_parts(value)) == 1 and _can_be_sent(value) for _, value in template)


def _can_be_sent(value: str) -> bool:
    return value.isascii() and value.isprintable()


def fill_json(template: Any, inputs: Mapping[str, str]) -> Any:
    """A JSON body of the template's own shape: a value is text inside a text, whatever it holds."""
    if isinstance(template, str):
        return _fill(template, inputs)
    if isinstance(template, Mapping):
        return {name: fill_json(part, inputs) for name, part in template.items()}
    if isinstance(template, list | tuple):
        return [fill_json(part, inputs) for part in template]
    return template


def _fill(template: str, inputs: Mapping[str, str]) -> str:
    parts = _parts(template)
    if len(parts) == 1:
        return template
    # One pass: a placeholder inside a cell's value is not filled in its turn.
    return "".join([inputs[part] if number % 2 else part for number, part in enumerate(parts)])


@lru_cache(1000)
def _parts(template: str) -> tuple[str, ...]:
    """What stands around the placeholders, and their names: every other one is a name."""
    return tuple(_PLACEHOLDER.split(template))


@lru_cache(1000)
def _path_parts(template: str) -> _Parts:
    return _in_pairs(_parts(template))


@lru_cache(1000)
def _query_parts(template: _Pairs) -> _Parts:
    """The same of a whole query, encoded: what is encoded piece by piece is the same as in one piece."""
    parts = [""]
    for number, (name, value) in enumerate(template):
        first, *others = _parts(value)
        parts[-1] += ("&" if number else "") + f"{quoted(name)}={quoted(first)}"
        parts += [part if place % 2 == 0 else quoted(part) for place, part in enumerate(others)]
    return _in_pairs(parts)


def _in_pairs(parts: Sequence[str]) -> _Parts:
    return parts[0], tuple(zip(parts[1::2], parts[2::2], strict=True))


def _encoded(parts: _Parts, inputs: Mapping[str, str]) -> str:
    text, pairs = parts
    for name, after in pairs:
        text += quoted(inputs[name]) + after
    return text


def quoted(text: str) -> str:
    """`urllib.parse.quote(text, safe="")`, which takes letter by letter; most cells have only plain ones."""
    return text.replace(" ", "%20") if _is_plain(text) else quote(text, safe="")


def base_address(url: str) -> str:
    """A service's base address without a slash at its end. Raises ValueError, saying why it is none."""
    try:
        parts = urlsplit(url)
        plain = bool(parts.scheme in ("http", "https") and parts.hostname) and parts.port != 0
    except ValueError:
        plain = False
    if not plain or not url.isprintable() or " " in url or "{" in url or "\\" in url:
        raise ValueError("it must be an http or https address, without placeholders")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("it must be a plain address: no user, no `?`, no `#`")
    return url.rstrip("/")
