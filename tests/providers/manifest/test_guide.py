"""docs/your-own-provider.md says what the engine does: every word a manifest can use is there, and true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from glaze_cli.providers.manifest.functions import OURS
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.manifest.schema import AuthKind, ChargeOn, Client, Expect, Missing, Outcome
from tests.providers.manifest.example import HEAD

PAGE = (Path(__file__).parents[3] / "docs" / "your-own-provider.md").read_text("utf-8")

OP = """
[[op]]
id = "find"
needs = ["{needs}"]
gives = ["industry"]
request = {{path = "/companies"}}
extract = {{industry = "body.sector"}}
items = "body.results"
"""


def fences(language: str) -> list[str]:
    """The blocks of the page in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("words", [Outcome, AuthKind, Expect, ChargeOn, Missing, OURS, [Client.BODY]])
def test_every_word_is_explained(words: object) -> None:
    """Outcomes, kinds of keys and bodies, who is billed, our functions."""
    for word in words:  # type: ignore[attr-defined]
        assert re.search(rf"[`\"({{ ]{word}[`\"(, )]", PAGE), word


@pytest.mark.parametrize(
    "key",
    [
        *("id", "title", "docs", "version", "tier", "base_url", "self_hosted", "contact", "on_request"),
        *("env", "name", "prefix", "optional", "token_url", "client", "scope"),
        *("windows", "concurrency", "license", "store", "attribution", "published", "read"),
        *("found", "not_found", "check", "needs", "gives", "request", "path", "query", "headers", "json"),
        *("expect", "rules", "when", "then", "why", "items", "extract", "accept", "similarity", "equal"),
        *("confidence", "scale", "citations", "wait", "unit", "idempotent", "idempotency_header"),
        *("usd", "charge_on", "actual", "unit_usd", "pages", "next", "cursor", "max"),
        *("poll", "handle", "every_s", "max_s", "batch", "join", "each", "key", "input", "status", "missing"),
    ],
)
def test_every_key_is_named(key: str) -> None:
    """What can stand in a manifest stands in the page."""
    assert re.search(rf"\b{key}\b", PAGE), key


@pytest.mark.parametrize("text", [block for block in fences("toml") if block.startswith("[op.")])
def test_every_part_shown_is_one(text: str) -> None:
    """Put into an operation, it loads."""
    needs = re.search(r"\{(domain|email)\}", text)
    load_manifest(HEAD + OP.format(needs=needs[1] if needs else "company") + text)


@pytest.mark.parametrize("line", re.findall(r"`((?:pages|cost|wait) =[^`]*)`", PAGE))
def test_every_line_shown_is_one(line: str) -> None:
    """The short ones too."""
    load_manifest(HEAD + OP.format(needs="company") + " ".join(line.split()))


def test_short_lines_were_found() -> None:
    """Otherwise the test before tests nothing."""
    assert len(re.findall(r"`((?:pages|cost|wait) =[^`]*)`", PAGE)) >= 4
