"""The normal form of inputs."""

from __future__ import annotations

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
