"""Pages that say nothing of a company although they answer: checks, parking, defaults, errors."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from glaze_cli.providers.local.domains import registrable
from glaze_cli.providers.services.page import Page

_BETWEEN = re.compile(r"\s+[-–—]+\s+|\s*[|·•»«:]\s*|\s+/\s+")
_ERROR_PATH = re.compile(r"/(error|err|404|notfound|not-found|page-not-found)[^/]*/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wall:
    """One kind of such pages; page_walls.toml says what its parts mean."""

    caption: str
    parts: frozenset[str]
    phrases: tuple[str, ...]
    find: tuple[str, ...]
    hosts: frozenset[str]


def wall_of(page: Page, domain: str) -> str | None:
    """What kind of such page this is, in words; None where it may say something. `domain` is its own."""
    title = (page.title or "").casefold().replace("’", "'")
    parts = {part.strip(" .…!?") for part in _BETWEEN.split(title)}
    hosts = {registrable(host) for host in page.sources()} - {domain}
    for wall in _walls():
        told = wall.parts & parts or any(phrase in title for phrase in wall.phrases)
        if told:
            return f"{wall.caption} ({page.title})"
        if wall.hosts & hosts or any(page.find(path) for path in wall.find):
            return wall.caption
    address = urlsplit(page.url)
    if _ERROR_PATH.fullmatch(address.path):
        return f"an error page ({address.path})"
    return "a question about cookies" if (address.hostname or "").startswith("consent.") else None


@cache
def _walls() -> tuple[Wall, ...]:
    text = Path(__file__).with_name("page_walls.toml").read_text(encoding="utf-8")
    return tuple(
        Wall(
            wall["caption"],
            frozenset(wall.get("parts", ())),
            tuple(wall.get("phrases", ())),
            tuple(wall.get("find", ())),
            frozenset(wall.get("from", ())),
        )
        for wall in tomllib.loads(text)["wall"]
    )
