"""Reads a request's template, and refuses what could lead it astray."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum

from glaze_cli.providers.manifest.schema import Request
from glaze_cli.providers.manifest.section import Section
from glaze_cli.providers.manifest.template import placeholders

_HEADER = re.compile(r"[A-Za-z0-9-]+")
_OURS = frozenset({"authorization", "cookie", "host", "content-length", "user-agent", "accept-encoding"})


class _Method(StrEnum):
    GET = "GET"
    POST = "POST"


def load_request(section: Section, names: Collection[str]) -> Request:
    """A request whose placeholders are all in `names`. Raises ManifestError."""
    path = section.parsed("path", plain_path)
    query = [(name, _plain(section, "query", value)) for name, value in section.pairs("query")]
    headers = [(name, _plain(section, "headers", value)) for name, value in section.pairs("headers")]
    for name, _ in headers:
        if not _HEADER.fullmatch(name) or name.lower() in _OURS:
            section.refuse(
                "headers", f"`headers` cannot set {name!r}: a key belongs into [auth], the rest is ours"
            )
    body = section.ask("json", object, "a JSON body") if section.has("json") else None
    method = section.choice("method", _Method, _Method.GET)
    if body is not None and method is _Method.GET:
        section.refuse("json", '`json` needs method = "POST"')
    request = Request(method, path, tuple(query), tuple(headers), jsonable(body))
    for name in names_in(request):
        if name not in names:
            section.refuse(None, f"the request has {{{name}}}, which is not in `needs`")
    section.close()
    return request


def names_in(request: Request) -> list[str]:
    """The placeholders of a request."""
    return list(placeholders([request.path, dict(request.query), dict(request.headers), request.json]))


def plain_path(text: str) -> str:
    """A path of a request. Raises ValueError, saying why it is none."""
    if not text.startswith("/") or text.startswith("//"):
        raise ValueError("it must begin with one `/`; the host is in `base_url`")
    if not text.isprintable() or set(text) & set(" ?#\\") or set(text.split("/")) & {".", ".."}:
        raise ValueError("it must be a plain path: what follows a `?` belongs into `query`")
    return text


def header_name(text: str) -> str:
    """A header's name. Raises ValueError."""
    if not _HEADER.fullmatch(text):
        raise ValueError("it must be a header's name")
    return text


def jsonable(value: object) -> object:
    """A body's template without the exact decimals that JSON does not know."""
    if isinstance(value, dict):
        return {name: jsonable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [jsonable(part) for part in value]
    return float(value) if isinstance(value, Decimal) else value


def _plain(section: Section, key: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | Decimal):
        section.refuse(key, f"`{key}` must hold texts or numbers")
    return str(value)
