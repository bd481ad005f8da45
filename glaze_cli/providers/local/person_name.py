"""Person name: its parts, or the whole from first and last; nothing where the parts are in doubt."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import fields
from functools import cache
from pathlib import Path

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.base import ProviderBase
from glaze_cli.providers.local.company_name import split_legal_form

_PARTS = {
    Field("name_title"): "title",
    Field("first_name"): "first",
    Field("middle_name"): "middle",
    Field("last_name"): "last",
    Field("name_suffix"): "suffix",
}
"""Our fields by nameparser's attributes."""

_NOT_A_NAME = re.compile(r"[\d@/&;|+*#<>=_:‘“”„«»]")
_GLUED = re.compile(r"\w{2}\.\S")
"""A title that nameparser took for a first name: `Univ.-Prof.`, `Dr.Eva`."""
_PLAIN = re.compile(r"([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]++) ([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]++)")
"""Two words of Western letters, each as `Ada` is written."""
_NUMERAL = re.compile(r"[ivxlcdm]+")
_SURNAME_FIRST = re.compile(r"[\u1ea0-\u1ef9ơưƠƯ]|\b[A-Z]\w*-[a-z]+$")
"""Letters of Vietnamese, or a given name as Korean ones are romanised (Kim Jong-un)."""


class PersonNameProvider(ProviderBase):
    """Knows the order `First Middle Last` and `Last, First` of names in Latin letters.

    NotFound for what may stand in another order (other scripts, Vietnamese, `DUPONT Jean`), for a single
    word, for several people, and for companies and teams.
    """

    name = "person_name"
    version = "1"
    needs = (frozenset({Field("full_name")}), frozenset({Field("first_name"), Field("last_name")}))
    gives = frozenset({*_PARTS, Field("full_name")})

    async def look_up(self, lookup: Lookup) -> Answer:
        """The parts, less sure where a middle word could be a surname; or the full name."""
        whole = lookup.get("full_name")
        if whole is None:
            return _join(lookup["first_name"], lookup["last_name"])
        doubt = _doubt(whole)
        return NotFound(doubt) if doubt else _split(whole)


def _join(first: str, last: str) -> Answer:
    """`Ada` and `Lovelace` → `Ada Lovelace`."""
    doubt = next((why for part in (first, last) if (why := _doubt_of_text(part))), None)
    if doubt or "," in first + last:
        return NotFound(doubt or "a comma in a name")
    if set(last.casefold().split()) <= set(first.casefold().split()):
        return NotFound("the first name holds the last name already")
    return Found({Field("full_name"): f"{first} {last}"})


def _doubt_of_text(text: str) -> str | None:
    """Why a text is no name of one person in Latin letters, or None."""
    if _NOT_A_NAME.search(text):
        return "not a person's name"
    if text.isascii() and text.replace(" ", "").isalpha():
        return None  # letters and spaces only, as most names are
    letters = [char for char in text if char.isalpha()]
    if not letters or not all(char.isascii() or "LATIN" in unicodedata.name(char, "") for char in letters):
        return "not in Latin letters: the order of the parts differs"
    return None


def _doubt(whole: str) -> str | None:
    """Why a full name cannot be split for certain, or None."""
    words = whole.replace(",", " ").split()
    if doubt := _doubt_of_text(whole):
        return doubt
    if split_legal_form(whole) or any(_folded(word) in _lists()["not_people"] for word in words):
        return "the name of a company, a team or several people"
    if any(not any(map(str.isalpha, word)) for word in words):
        return "something else is beside the name"
    if words[0] == "M.":
        return "Monsieur, or an initial"
    shouted = len(words[0]) > 2 and words[0].isalpha() and words[0].isupper() and not whole.isupper()
    foreign = _SURNAME_FIRST.search(whole) or _folded(words[0]) in _lists()["stand_first"]
    return "the last name may come first" if "," not in whole and (shouted or foreign) else None


def _split(whole: str) -> Answer:
    """The parts as nameparser sees them, unless they are less than a first and a last name."""
    parts = _of_plain_words(whole) or _of_any_words(whole)
    title, first, middle, last, suffix = parts
    titles = {_folded(word) for word in re.split(r"[\s.-]+", title) if word}
    if not first or not last or not titles <= _lists()["titles"]:
        return NotFound("not clearly a first and a last name")
    if _folded(first) in _lists()["titles"]:
        return NotFound("a title and one name")
    if suffix in ("I", "V", "X") or len(last.strip(".")) < 2 or _GLUED.search(first):
        return NotFound("a part could be something else")
    values = {field: text for field, text in zip(_PARTS, parts, strict=True) if text}
    between = [word for word in middle.split() if len(word.strip(".")) > 1]
    if between and "," not in whole and _has_two_surnames([*between, *last.split()]):
        del values[Field("middle_name")], values[Field("last_name")]
    return Found(values, confidence=0.7 if between else 0.9)


def _of_any_words(whole: str) -> list[str]:
    """Title, first, middle, last name and suffix; "" for what is not there."""
    from nameparser import HumanName

    name = HumanName(whole)
    return [getattr(name, part) for part in _PARTS.values()]  # once: each is worked out when it is read


def _of_plain_words(whole: str) -> list[str] | None:
    """The same of two words that mean nothing to nameparser: a first and a last name. None: ask it.

    What it makes of a word follows from its lists, from marks, a case other than `Ada`, a script or a
    numeral's letters; where there is none of these the order alone decides, and it takes ten times longer
    to say so.
    """
    plain = _PLAIN.fullmatch(whole)
    if plain is None or any(_meaningful(word.lower()) for word in plain.groups()):
        return None
    return ["", plain[1], "", plain[2], ""]


def _meaningful(word: str) -> bool:
    words = _listed_words()
    return words is None or word in words or _NUMERAL.fullmatch(word) is not None


@cache
def _listed_words() -> frozenset[str] | None:
    """Every word on any of nameparser's lists; None for an older one, which does not tell."""
    try:
        from nameparser import Lexicon
    except ImportError:
        return None
    lexicon = Lexicon.default()
    lists = [getattr(lexicon, field.name) for field in fields(lexicon)]
    phrases = [phrase for known in lists if isinstance(known, frozenset) for phrase in known]
    return frozenset(word for phrase in phrases for word in phrase.split())


def _has_two_surnames(words: list[str]) -> bool:
    """Whether a name looks Spanish, where the last two words are surnames (García Márquez)."""
    folded = [_folded(word) for word in words]
    return any(word.endswith("ez") or word in _lists()["two_surnames"] for word in folded)


def _folded(word: str) -> str:
    """Lower case, without accents and dots around it."""
    if word.isascii():  # and so without accents
        return word.lower().strip(".()\"'")
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char)).strip(".()\"'")


@cache
def _lists() -> dict[str, frozenset[str]]:
    text = Path(__file__).with_name("names.toml").read_text(encoding="utf-8")
    return {key: frozenset(words) for key, words in tomllib.loads(text).items()}
