"""Names of countries: text in any spelling or language to ISO code, and ISO code to English name."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from glaze_cli.model import NotFound
from glaze_cli.providers.local.country_table import Names, read_table

KOSOVO = "XK"
"""Not in ISO 3166, but the code that banks, the EU and CLDR use; it has no alpha-3 code."""


def country_code(text: str) -> str | NotFound:
    """The alpha-2 code of a country written as code or name, or NotFound that says why.

    English is asked first, so that another language's word never hides an English one.
    """
    written = _visible(text).strip()
    if len(written) > 100:
        return NotFound("too long for a country")
    letters = written.replace(".", "").upper()
    if is_country(letters):
        return letters
    if letters in _codes_by_alpha3():
        return _codes_by_alpha3()[letters]
    # "Korea, South", "Congo (Kinshasa)": what distinguishes them is written last.
    turned = re.sub(r"^([^,(]+)[,(]\s*([^,()]+)\)?$", r"\2 \1", written)
    names = [folded for folded in (_fold(written), _fold(turned)) if folded]
    for table in (_english, _other_languages):
        for name in names:
            codes = table().get(name, frozenset())
            if len(codes) == 1:
                return next(iter(codes))
            if codes:
                return NotFound("could be " + " or ".join(sorted(map(country_name, codes))))
    return NotFound("no country of that name")


def is_country(code: str) -> bool:
    """Whether these two letters (upper case) are a country's code today."""
    return code in _codes()


@cache
def country_name(code: str) -> str:
    """The English name, as people write it: `South Korea`, `Bosnia and Herzegovina`."""
    from babel import Locale

    own: dict[str, str] = _data()["names"]
    return own.get(code) or Locale("en").territories[code].replace(" & ", " and ").replace("St. ", "Saint ")


def newer_currency(code: str) -> str | None:
    """A currency newer than babel's data; None: babel has it."""
    currencies: dict[str, str] = _data()["currencies"]
    return currencies.get(code)


def alpha3(code: str) -> str | None:
    """The three-letter code; Kosovo has none."""
    return _codes()[code]


@cache
def _data() -> dict[str, Any]:
    import tomllib

    text = Path(__file__).with_name("country_names.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def _codes() -> dict[str, str | None]:
    """Every country's alpha-2 code with its alpha-3 code."""
    import pycountry

    return {country.alpha_2: country.alpha_3 for country in pycountry.countries} | {KOSOVO: None}


@cache
def _codes_by_alpha3() -> dict[str, str]:
    return {three: two for two, three in _codes().items() if three}


@cache
def _english() -> Names:
    """Folded English names, official names and aliases: 40 ms, once."""
    import pycountry
    from babel import Locale

    pairs = [(country_name(code), code) for code in _codes()]
    pairs += [(Locale("en").territories[code], code) for code in _codes()]
    pairs += [(alias, code) for code, aliases in _data()["aliases"].items() for alias in aliases]
    for country in pycountry.countries:
        names = (getattr(country, kind, None) for kind in ("name", "official_name", "common_name"))
        pairs += [(name, country.alpha_2) for name in names if name]
    return _table(pairs)


@cache
def _other_languages() -> Names:
    """Folded names in the languages of country_names.toml, read once, if ever."""
    return read_table()


def other_names() -> Names:
    """What country_table.txt holds, asked of Babel: a second and 80 MB."""
    from babel import Locale

    names = _table(
        (name, code)
        for language in _data()["other"]["languages"]
        for code, name in Locale.parse(language).territories.items()
        if is_country(code)
    )
    # "Bi", "Ao", "Man" are countries in some languages, and more often anything else.
    return {name: codes for name, codes in names.items() if len(name) > 3 or not name.isascii()}


def _table(pairs: Iterable[tuple[str, str]]) -> Names:
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for name, code in set(pairs):
        codes[_fold(name)].add(code)
    return {name: frozenset(found) for name, found in codes.items()}


def _visible(text: str) -> str:
    """Without direction marks, joiners and the like, which a paste brings along."""
    if text.isprintable():  # none of them is, as Python has it
        return text
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _fold(text: str) -> str:
    """Words only: no case, accents, punctuation, articles; equal for two spellings of one name."""
    plain = unicodedata.normalize("NFKD", _visible(text)).casefold().replace("&", " and ")
    # Accents go; the marks of other scripts stay, where they make another letter (ハ, バ, パ).
    plain = "".join(char for char in plain if not "\u0300" <= char <= "\u036f" and char not in ".'’‘ʼ`")
    words = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in plain).split()
    return " ".join("saint" if word == "st" else word for word in words if word != "the")
