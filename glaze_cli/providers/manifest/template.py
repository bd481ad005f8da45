"""`{company}` in a request: how a cell's value gets into an address, a header or a body, and no further."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from glaze_cli.errors import LookupFailed
from glaze_cli.model import FailReason

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")  # other braces are the service's own, and stay


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
    path = _PLACEHOLDER.sub(lambda match: quote(inputs[match[1]], safe=""), template)
    if any(segment in (".", "..") for segment in path.split("/")):
        raise LookupFailed("a cell holds nothing but dots", reason=FailReason.BAD_INPUT)
    return path


def fill_query(template: tuple[tuple[str, str], ...], inputs: Mapping[str, str]) -> str:
    """An encoded query, without the question mark."""
    return urlencode([(name, _fill(value, inputs)) for name, value in template], quote_via=quote)


def fill_header(template: str, inputs: Mapping[str, str]) -> str:
    """A header's value. Raises LookupFailed (`bad_input`) where a cell's value cannot be in a header."""
    value = _fill(template, inputs)
    if not (value.isascii() and value.isprintable()):
        raise LookupFailed("a cell holds characters that cannot be sent", reason=FailReason.BAD_INPUT)
    return value


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
    # One pass: a placeholder inside a cell's value is not filled in its turn.
    return _PLACEHOLDER.sub(lambda match: inputs[match[1]], template)


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
