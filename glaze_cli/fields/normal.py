"""The normal form of an input, so that equal questions are asked, and paid for, once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache

from glaze_cli.fields.catalog import field_infos
from glaze_cli.model import Field

_NOTHING = re.compile(r"n/a|#n/a|#(ref|null|value|name|num|div/0|spill|calc|field)[!?]|[\W_]*", re.IGNORECASE)
"""What stands in a cell that holds nothing: `-`, `n/a`, an Excel error. Not `NA` (Namibia) nor `Null`."""

_INVISIBLE = r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]"
"""None of them is printable, as Python has it: so printable text holds none (`_tidy`)."""
_SEPARATORS = r"[\s.\-\u2010-\u2015\u2212]"
"""Both are compiled where they are needed, by `re`, which keeps them: most cells hold none."""
_SCHEME = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_HOST = re.compile(r"[^\s/?#@:\\]+\.[^\s/?#@:\\.]+\.?")
_PLAIN = re.compile(r"(?:https?://)?([a-z0-9-]++(?:\.[a-z0-9-]++)++)/?")
"""A host in lower case with at most a scheme and a slash around it, as most addresses of websites are."""


def normalise(field: Field, text: str) -> str:
    """The normal form of an input of that field; "" when the cell holds nothing.

    Never changes what is meant, and is idempotent. Invisible characters and doubled blanks go from every
    field; the rest is the field's rules in fields.toml.
    """
    text = _tidy(text)
    for rule in _rules(field):
        ruled = rule(text)
        if ruled != text:
            text = _tidy(ruled)
    if text[:1].isalnum() and text[0] not in "nN":  # of what nothing looks like, only `n/a` begins so
        return text
    return "" if _NOTHING.fullmatch(text) else text


def _tidy(text: str) -> str:
    """Without invisible characters and blanks to spare, each letter one character."""
    # Printable text has no blanks but spaces and nothing invisible; most cells are that, and tidy.
    if not text.isprintable() or (" " in text and ("  " in text or " " in (text[0], text[-1]))):
        text = " ".join(re.sub(_INVISIBLE, "", text).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _email(text: str) -> str:
    """`MailTo:Ada@Example.org` → `ada@example.org`."""
    text = text.lower()
    return re.sub(r"^(mailto:\s*)+", "", text) if text.startswith("mailto:") else text


def _phone(text: str) -> str:
    """`tel:+49 30 …` without its scheme; brackets and dashes can carry meaning and stay."""
    return re.sub(r"^(tel:\s*)+", "", text, flags=re.IGNORECASE) if text[:1] in "tT" else text


def _compact(text: str) -> str:
    """`de89 3704-0044` → `DE8937040044`: a number of letters and digits without what groups it."""
    return text.upper() if text.isalnum() else re.sub(_SEPARATORS, "", text).upper()


def _url(text: str) -> str:
    """`HTTPS://WWW.Example.org/` → `www.example.org`; a path says which page, and stays."""
    plain = _PLAIN.fullmatch(text)
    if plain:
        return plain[1]
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    host = _HOST.match(rest)
    if host is None:
        return text
    after = rest[host.end() :]
    if after and after[0] not in "/?#:":
        return text
    return host[0].rstrip(".").lower() + ("" if after == "/" else after)


def _domain(text: str) -> str:
    """The host of a URL, without `www.`: `https://www.example.org/about` → `example.org`."""
    plain = _PLAIN.fullmatch(text)
    if plain:
        host = plain[1]
    elif _HOST.match(_SCHEME.sub("", text, count=1)):
        host = re.split(r"[/?#:]", _url(text), maxsplit=1)[0].lower()
    else:
        host = text.lower()
    return re.sub(r"^(www\.)+(?=[^.\s]+\.[^.\s])", "", host) if host.startswith("www.") else host


RULES: Mapping[str, Callable[[str], str]] = {
    "email": _email,
    "phone": _phone,
    "compact": _compact,
    "upper": str.upper,
    "url": _url,
    "domain": _domain,
}
"""The rules a field may name under `normalise` in fields.toml."""


@lru_cache(maxsize=1_000)  # a sheet has few columns, and a cell in each row
def _rules(field: Field) -> tuple[Callable[[str], str], ...]:
    """What a field's input goes through, in order."""
    info = field_infos().get(field)
    return tuple([RULES[rule] for rule in info.rules]) if info else ()
