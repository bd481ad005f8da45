"""JSON-LD of a page: the organisation that the site belongs to, as the site itself says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from glaze_cli.providers.services.page import clean

_KINDS = frozenset(
    (
        *("Organization", "Corporation", "LocalBusiness", "Company", "OnlineBusiness", "OnlineStore", "NGO"),
        *(
            "Store",
            "Restaurant",
            "Hotel",
            "ProfessionalService",
            "FinancialService",
            "LegalService",
            "School",
        ),
        *("EducationalOrganization", "CollegeOrUniversity", "GovernmentOrganization", "MedicalOrganization"),
        *("NewsMediaOrganization", "AutoDealer", "RealEstateAgent", "InsuranceAgency", "Dentist", "Brand"),
        *("HomeAndConstructionBusiness", "LodgingBusiness", "FoodEstablishment", "TravelAgency", "Airline"),
    )
)
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'\w/])//[^\n\"]*$", re.DOTALL | re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x1f]")
_YEAR = re.compile(r"(\d{4})(?:-\d{2}(?:-\d{2})?)?(?:T.*)?")
_DEEPEST = 6


def organisation(blocks: Iterator[str]) -> Mapping[str, Any] | None:
    """The one organisation among the blocks; None without one, or where two of other names stand there.

    An article's publisher, a product's maker or a person's employer is not looked at: it may be another.
    """
    found = [entry for block in blocks for entry in _top(_read(block)) if _kinds(entry) & _KINDS]
    names = {name.casefold() for entry in found if (name := clean(entry.get("name")))}
    if not found or len(names) > 1:
        return None
    return max(found, key=len)


def text(value: object) -> str | None:
    """A text, or the first of a list of texts; a language-tagged one is `{"@value": ...}`."""
    if isinstance(value, list):
        return next((found for entry in value if (found := text(entry))), None)
    if isinstance(value, dict):
        return text(value.get("@value") or value.get("name") or value.get("url") or value.get("@id"))
    return clean(value)


def texts(value: object) -> list[str]:
    """The texts of a text or a list."""
    return [found for entry in (value if isinstance(value, list) else [value]) if (found := text(entry))]


def address(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its one address as an object; empty where there is none, or more than one place."""
    found = entry.get("address")
    places = found if isinstance(found, list) else [found]
    return places[0] if len(places) == 1 and isinstance(places[0], dict) else {}


def employees(entry: Mapping[str, Any]) -> int | None:
    """A number, or a quantity with one; a range is none."""
    found = entry.get("numberOfEmployees")
    value = found.get("value") if isinstance(found, dict) else found
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def founded(entry: Mapping[str, Any]) -> int | None:
    """The year."""
    year = _YEAR.fullmatch(text(entry.get("foundingDate")) or "")
    return int(year[1]) if year else None


def _read(block: str) -> Any:
    """As JSON; once more without control characters and comments, which pages are full of."""
    for attempt in (block, _CONTROL.sub(" ", _COMMENT.sub("", block))):
        try:
            return json.loads(attempt)
        except (ValueError, RecursionError):
            continue
    return None


def _top(document: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The entries that stand by themselves: in lists and graphs, and what a web site names as its own."""
    if depth > _DEEPEST:
        return
    if isinstance(document, list):
        for entry in document[:200]:
            yield from _top(entry, depth + 1)
    elif isinstance(document, dict):
        yield document
        yield from _top(document.get("@graph"), depth + 1)
        if "WebSite" in _kinds(document):
            yield from _top(document.get("publisher"), depth + 1)


def _kinds(entry: Mapping[str, Any]) -> set[str]:
    kinds = entry.get("@type")
    named = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rpartition("/")[2].rpartition(":")[2] for kind in named if isinstance(kind, str)}
