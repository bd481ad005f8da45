"""The normal form of inputs."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glaze_cli.fields.catalog import field_infos
from glaze_cli.fields.normal import RULES, normalise
from glaze_cli.model import Field, custom_field

ONE_FIELD_A_RULE = sorted({info.rules: info.name for info in field_infos().values()}.values())


@pytest.mark.parametrize(
    ("field", "text", "normal"),
    [
        ("company", "  Acme \t GmbH\n", "Acme GmbH"),
        ("company", "Acme\u00a0GmbH\u200b", "Acme GmbH"),  # pasted from a web page
        ("company", "Cafe\u0301", "Café"),  # one character however it was typed
        ("company", "ACME", "ACME"),  # case may matter to a name
        ("company", "-", ""),
        ("company", "n/a", ""),
        ("company", "#N/A", ""),  # an Excel error is not a company
        ("company", "#REF!", ""),
        ("company", "   ", ""),
        ("last_name", "Null", "Null"),  # people are called that
        ("country", "NA", "NA"),  # Namibia
        ("email", " MailTo:Ada@Example.ORG ", "ada@example.org"),
        ("email", "Ada <ada@example.org>", "ada <ada@example.org>"),  # the provider decides
        ("phone", "tel:+49 30 123-456 (12)", "+49 30 123-456 (12)"),
        ("domain", "https://www.Example.org:443/about?x#y", "example.org"),
        ("domain", "WWW.acme.co.uk.", "acme.co.uk"),
        ("domain", "www.com", "www.com"),  # a name of its own
        ("domain", "http://user@evil.example/", "http://user@evil.example/"),  # not clearly a host
        ("domain", "Acme", "acme"),
        ("website", "HTTPS://WWW.Example.org/", "www.example.org"),
        ("website", "//Example.org", "example.org"),
        ("website", "https://github.com/Acme", "github.com/Acme"),  # the path is the answer
        ("website", "http://acme.example:8080/", "acme.example:8080/"),
        ("website", "acme and sons", "acme and sons"),
        ("linkedin", "https://www.LinkedIn.com/in/Ada/", "www.linkedin.com/in/Ada/"),
        ("iban", "de89 3704-0044\u00a00532", "DE89370400440532"),
        ("vat", "be 0123.456.789", "BE0123456789"),
        ("isbn", "978-3-16-148410-0", "9783161484100"),
        ("country_code", "de", "DE"),
        ("postcode", "00501", "00501"),
    ],
)
def test_an_input_takes_its_normal_form(field: str, text: str, normal: str) -> None:
    """Spellings of one thing become one; different things stay different."""
    assert normalise(Field(field), text) == normal


def test_a_custom_field_is_only_tidied() -> None:
    """Nothing is known about it, so nothing but blanks is touched."""
    assert normalise(custom_field("Note"), "  See  HTTPS://X.example/ ") == "See HTTPS://X.example/"


@given(st.sampled_from(ONE_FIELD_A_RULE), st.text(max_size=30))
@example("domain", "www.www.a.b")
@example("email", "mailto: mailto:a@b")
@example("email", "İ@b.c")
@example("website", "//a.b//")
def test_the_normal_form_is_normal(field: Field, text: str) -> None:
    """Normalising twice is normalising once, or one question would be paid for twice."""
    once = normalise(field, text)
    assert normalise(field, once) == once


URLISH = st.text(alphabet="aB./:@?#-w \u0301İhtp", max_size=24)


@given(st.sampled_from(["domain", "website", "email", "phone"]), URLISH)
def test_what_looks_like_an_address_is_stable_too(field: str, text: str) -> None:
    """The same promise on inputs made of the characters the rules look for."""
    once = normalise(Field(field), text)
    assert normalise(Field(field), once) == once


def test_every_rule_is_exercised_above() -> None:
    """The sampled fields reach every rule."""
    assert {rule for field in ONE_FIELD_A_RULE for rule in field_infos()[field].rules} == set(RULES)


def long_way(field: Field, text: str) -> str:
    """The normal form with every rule applied to every text, however plain."""
    text = tidied(text)
    for rule in field_infos()[field].rules:
        text = tidied(LONG_WAYS[rule](text))
    nothing = r"n/a|#n/a|#(ref|null|value|name|num|div/0|spill|calc|field)[!?]|[\W_]*"
    return "" if re.fullmatch(nothing, text, re.IGNORECASE) else text


def tidied(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(INVISIBLE.sub("", text).split()))


INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]"
)
SCHEME = re.compile(r"(?:https?:)?//", re.IGNORECASE)
HOST = re.compile(r"[^\s/?#@:\\]+\.[^\s/?#@:\\.]+\.?")


def long_url(text: str) -> str:
    rest = SCHEME.sub("", text, count=1) if SCHEME.match(text) else text
    host = HOST.match(rest)
    after = rest[host.end() :] if host else ""
    if host is None or (after and after[0] not in "/?#:"):
        return text
    return host[0].rstrip(".").lower() + ("" if after == "/" else after)


def long_domain(text: str) -> str:
    held = HOST.match(SCHEME.sub("", text, count=1))
    host = re.split(r"[/?#:]", long_url(text), maxsplit=1)[0] if held else text
    return re.sub(r"^(www\.)+(?=[^.\s]+\.[^.\s])", "", host.lower())


LONG_WAYS = {
    "email": lambda text: re.sub(r"^(mailto:\s*)+", "", text.lower()),
    "phone": lambda text: re.sub(r"^(tel:\s*)+", "", text, flags=re.IGNORECASE),
    "compact": lambda text: re.sub(r"[\s.\-\u2010-\u2015\u2212]", "", text).upper(),
    "upper": str.upper,
    "url": long_url,
    "domain": long_domain,
}

PIECES = (
    "www. WWW. acme a-b . .org // https:// http: / : mailto: MAILTO: tel: Tel: t N/A n/a #n/a _ @ 12 - x ß é"
    " İ e\u0301 \u0301 \u2212 \u200b \xad"
)
ALMOST = st.sampled_from([*PIECES.split(" "), " ", "  ", "\t", "\xa0"])


@given(st.sampled_from(ONE_FIELD_A_RULE), st.lists(ALMOST, max_size=6).map("".join) | st.text(max_size=12))
def test_the_quick_ways_are_the_long_way(field: Field, text: str) -> None:
    """What a plain text is spared would not have changed it."""
    assert normalise(field, text) == long_way(field, text)


def test_printable_characters_are_blank_only_where_they_are_spaces() -> None:
    """Every character of Unicode: so a printable text without spaces to spare is tidy, and is left alone."""
    printable = "".join(filter(str.isprintable, map(chr, range(sys.maxunicode + 1))))
    assert [char for char in printable if char.isspace()] == [" "]
    assert not INVISIBLE.search(printable)


@pytest.mark.parametrize(
    ("pattern", "first"), [(r"[n#\W_]", "nN"), (r"t", "tT")], ids=["holds nothing", "tel:"]
)
def test_no_other_letter_begins_what_is_looked_for(pattern: str, first: str) -> None:
    """Every letter and digit of Unicode: what a look at the first one rules out, the pattern does too."""
    begins = re.compile(pattern, re.IGNORECASE)
    letters = (char for char in map(chr, range(sys.maxunicode + 1)) if char.isalnum())
    assert {char for char in letters if begins.fullmatch(char)} == set(first)
