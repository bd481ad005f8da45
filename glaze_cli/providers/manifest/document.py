"""An answer as the expressions of a manifest see it: {status, headers, body, text}."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from glaze_cli.providers.http import Reply
from glaze_cli.providers.manifest.schema import Expect

_DECODER = json.JSONDecoder()  # `json.loads`, without its choosing of one
NAMES = frozenset({"status", "headers", "body", "text"})
"""What a rule may look up."""


@dataclass(frozen=True, slots=True)
class Document:
    """The answer, and whether its body is what the manifest promised (`broken`: it is not)."""

    values: dict[str, Any]
    broken: bool

    @property
    def status(self) -> int:
        """The HTTP status."""
        status: int = self.values["status"]
        return status

    @property
    def succeeded(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300


def read(reply: Reply, expect: Expect) -> Document:
    """Read the body as what it should be, whatever its content type claims; if it is not, `body` is null."""
    text = reply.text
    reader = _READERS.get(expect)
    body, broken = None, False
    if reader is not None:
        try:
            body = reader(text)
        except (ValueError, csv.Error, RecursionError):
            broken = True
    headers = reply.headers if type(reply.headers) is dict else dict(reply.headers)  # JMESPath knows dicts
    return Document({"status": reply.status, "headers": headers, "body": body, "text": text}, broken)


def _json(text: str) -> Any:
    return _DECODER.decode(text.removeprefix("\ufeff"))


def _json_lines(text: str) -> list[Any]:
    return [_json(line) for line in text.splitlines() if line.strip()]


def _csv(text: str) -> list[dict[str, str]]:
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        raise ValueError("a web page")
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True, restval="", restkey="")
    return [{name: value for name, value in row.items() if name} for row in rows]


_READERS: dict[Expect, Callable[[str], Any]] = {
    Expect.JSON: _json,
    Expect.JSONL: _json_lines,
    Expect.CSV: _csv,
}
