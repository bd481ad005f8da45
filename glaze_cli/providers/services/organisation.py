"""The organisation that a site belongs to, as its JSON-LD says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from glaze_cli.providers.local.domains import ascii_host, registrable
from glaze_cli.providers.services import jsonld
from glaze_cli.providers.services.jsonld import Entry

_ROLES = ("publisher", "about", "mainEntity", "copyrightHolder", "creator")
"""What a website or page says of whose it is, by reference: the thing itself stands by itself."""

_YEAR = re.compile(r"([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2})?)?(?:T.*)?")


def organisation(blocks: Iterable[str], domain: str) -> Entry | None:
    """What all entries about the site's own organisation agree on; None without one, or where names differ.

    An entry whose `url` is on another registrable domain than `domain` is another's. Of entries of several
    names, the one counts that the website itself points to.
    """
    listed = list(jsonld.entries(blocks))
    found = [entry for entry in listed if jsonld.kinds(entry) & _kinds() and _own(entry, domain)]
    if len(_names(found)) > 1:
        pointed = _pointed(listed)
        found = [entry for entry in found if entry.get("@id") in pointed]
    return _agreed(found) if found and len(_names(found)) <= 1 else None


def place(entry: Entry) -> Entry:
    """Its one postal address as an object; empty where there is none, or more than one place."""
    found = entry.get("address")
    places = found if isinstance(found, list) else [found]
    if len(places) != 1:
        return {}
    if isinstance(places[0], str):
        return {"streetAddress": places[0]}
    return places[0] if isinstance(places[0], dict) else {}


def at_contact_points(entry: Entry, key: str) -> list[str]:
    """The texts of `telephone` or `email` of its contact points, which are often departments."""
    points = entry.get("contactPoint")
    listed = points if isinstance(points, list) else [points]
    return [text for one in listed if isinstance(one, dict) for text in jsonld.texts(one.get(key), 200)]


def employees(entry: Entry) -> int | None:
    """A number, or a quantity that is one number; a range is none."""
    found = entry.get("numberOfEmployees")
    if isinstance(found, dict):
        low, high = found.get("minValue"), found.get("maxValue")
        found = found.get("value", low if low == high else None)
    if isinstance(found, str) and re.fullmatch(r"\s*[0-9]{1,9}\s*", found):
        found = int(found)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    sound = isinstance(found, int) and not isinstance(found, bool) and 0 < found < 10_000_000
    return found if sound else None


def founded(entry: Entry) -> int | None:
    """The year."""
    said = entry.get("foundingDate")
    year = _YEAR.fullmatch(str(said) if type(said) is int else jsonld.text(said) or "")
    return int(year[1]) if year and 1000 <= int(year[1]) < 2100 else None


def _names(entries: Sequence[Entry]) -> set[str]:
    return {name.casefold() for entry in entries if (name := jsonld.text(entry.get("name")))}


def _own(entry: Entry, domain: str) -> bool:
    """Whether it does not say that its site is another."""
    hosts = {_host(url) for url in jsonld.addresses(entry.get("url"))} - {""}
    return not hosts or any(registrable(ascii_host(host) or "") == domain for host in hosts)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _pointed(entries: Iterable[Entry]) -> set[str]:
    """The names that the website or its page point to as theirs."""
    owners = (
        entry.get(role)
        for entry in entries
        if jsonld.kinds(entry) & {"WebSite", "WebPage"}
        for role in _ROLES
    )
    return {owner["@id"] for owner in owners if isinstance(owner, dict) and isinstance(owner.get("@id"), str)}


def _agreed(entries: Sequence[Entry]) -> dict[str, Any]:
    """Each property said by one of them, or by several alike: a branch's address is not the firm's."""
    agreed: dict[str, Any] = {}
    for key in dict.fromkeys(key for entry in entries for key in entry):
        said = [entry[key] for entry in entries if entry.get(key) not in (None, "", [], {})]
        if said and (key == "name" or all(one == said[0] for one in said)):
            agreed[key] = said[0]
    return agreed


@cache
def _kinds() -> frozenset[str]:
    text = Path(__file__).with_name("organisation_kinds.toml").read_text(encoding="utf-8")
    return frozenset(kind for listed in tomllib.loads(text).values() for kind in listed)
