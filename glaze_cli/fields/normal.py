"""The normal form of an input, so that equal questions are asked, and paid for, once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from glaze_cli.fields.catalog import field_infos
from glaze_cli.model import Field

_NOTHING = re.compile(r"n/a|#n/a|#(ref|null|value|name|num|div/0|spill|calc|field)[!?]|[\W_]*", re.IGNORECASE)
"""What stands in a cell that holds nothing: `-`, `n/a`, an Excel error. Not `NA` (Namibia) nor `Null`."""

_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]"
)
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212]")
_SCHEME = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_HOST = re.compile(r"[^\s/?#@:\\]+\.[^\s/?#@:\\.]+\.?")


def normalise(field: Field, text: str) -> str:
    """The normal form of an input of that field; "" when the cell holds nothing.

    Never changes what is meant, and is idempotent. Invisible characters and doubled blanks go from every
    field; the rest is the field's rules in fields.toml.
    """
    info = field_infos().get(field)
    text = _tidy(text)
    for rule in info.rules if info else ():
        text = _tidy(RULES[rule](text))
    return "" if _NOTHING.fullmatch(text) else text


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(_INVISIBLE.sub("", text).split()))


def _email(text: str) -> str:
    """`MailTo:Ada@Example.org` → `ada@example.org`."""
    return re.sub(r"^(mailto:\s*)+", "", text.lower())


def _phone(text: str) -> str:
    """`tel:+49 30 …` without its scheme; brackets and dashes can carry meaning and stay."""
    return re.sub(r"^(tel:\s*)+", "", text, flags=re.IGNORECASE)


def _compact(text: str) -> str:
    """`de89 3704-0044` → `DE8937040044`: a number of letters and digits without what groups it."""
    return _SEPARATORS.sub("", text).upper()


def _url(text: str) -> str:
    """`HTTPS://WWW.Example.org/` → `www.example.org`; a path says which page, and stays."""
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
    host = (
        re.split(r"[/?#:]", _url(text), maxsplit=1)[0]
        if _HOST.match(_SCHEME.sub("", text, count=1))
        else text
    )
    return re.sub(r"^(www\.)+(?=[^.\s]+\.[^.\s])", "", host.lower())


RULES: Mapping[str, Callable[[str], str]] = {
    "email": _email,
    "phone": _phone,
    "compact": _compact,
    "upper": str.upper,
    "url": _url,
    "domain": _domain,
}
"""The rules a field may name under `normalise` in fields.toml."""
