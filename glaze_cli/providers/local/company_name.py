"""Company name: its legal form, and the name without it."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.base import ProviderBase

_LONGEST_FORM = 6
"""Words of the longest legal form that is looked for: `limited liability company of ...`."""


_MARKS = dict.fromkeys(map(ord, " .,’'"))
"""What does not count in a legal form: S.p.A. is SPA."""


class CompanyNameProvider(ProviderBase):
    """Without a legal form that we know there is no `company_base` either: the form may be one we do not."""

    name = "company_name"
    version = "1"
    needs = (frozenset({Field("legal_name")}), frozenset({Field("company")}))
    gives = frozenset({Field("legal_form"), Field("company_base")})

    async def look_up(self, lookup: Lookup) -> Answer:
        """`Müller & Söhne GmbH` → GmbH, Müller & Söhne."""
        parts = split_legal_form(lookup.get("legal_name") or lookup["company"])
        if parts is None:
            return NotFound("no legal form that we know")
        base, form = parts
        return Found({Field("company_base"): base, Field("legal_form"): form})


def split_legal_form(name: str) -> tuple[str, str] | None:
    """A company's name and its legal form as it is usually written, or None where it has none for certain.

    A form counts at the end (before it, for those that stand there), never in the middle: Limited Brands
    and SAS Institute have none there.
    """
    for form in _lists()["without_blanks"]:
        if name.startswith(form) or name.endswith(form):
            base = name.removeprefix(form).removesuffix(form).strip()
            return (base, form) if base else None
    words = name.split()
    for count in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
        written = _form(" ".join(words[-count:]))
        if written:
            return _bare(words[:-count], written)
    if len(words) > 1 and form_letters(words[0]) in _lists()["before_the_name"] and words[0].isupper():
        return _bare(words[1:], _form(words[0]))
    return None


def _bare(words: list[str], form: str | None) -> tuple[str, str] | None:
    """The name without what joined it to the form; None when nothing is left."""
    base = re.sub(r"^[\s,]+|[\s,]+$", "", " ".join(words))
    return (base, form) if form and form_letters(base) not in ("", "the") else None


def _form(text: str) -> str | None:
    """How a legal form is written, if the whole text is one."""
    from rigour.names.org_types import extract_org_types, replace_org_types_display

    letters = form_letters(text)
    if not _is_meant(text, letters):
        return None
    exactly = _lists()["by_their_marks"].get(text.replace(" ", "").strip(","))
    written: str | None = exactly or _lists()["written"].get(letters)
    if written:
        return written
    folded = text.casefold().strip(" ,")
    if [match for match, _ in extract_org_types(folded)] != [folded]:
        return None
    display = replace_org_types_display(folded)
    # Overlapping forms come out doubled (partg PartG mbB), unknown ones as they went in.
    usable = display != folded and display.count(" ") <= folded.count(" ")
    return display if usable else letters.upper()


def _is_meant(text: str, letters: str) -> bool:
    """Whether letters that could be a word or a surname (spa, as, sa) are written as a legal form is.

    That is with dots, or with a capital that is not the first (S.p.A., AG); in ambiguous ones with
    both cases (SpA).
    """
    if letters in _lists()["ambiguous"]:
        return "." in text.rstrip(".") or text not in (text.upper(), text.lower(), text.title())
    if len(letters) > 3 or letters in _lists()["unmistakable"]:
        return True
    return "." in text.rstrip(".") or "/" in text or text[1:] != text[1:].lower()


def form_letters(text: str) -> str:
    """`S.à r.l.` → `sarl`: a form without case, marks and accents; the key of the table of forms."""
    plain = text.casefold().translate(_MARKS)
    if plain.isascii():  # and so without accents
        return plain
    plain = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in plain if not unicodedata.combining(char) and char not in " .,’'")


@cache
def _lists() -> dict[str, Any]:
    text = Path(__file__).with_name("legal_forms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
