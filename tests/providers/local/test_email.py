"""What an email address alone tells."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import idna
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.fields.normal import normalise
from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.domains import canonical_host, registrable
from glaze_cli.providers.local.email import EmailProvider

provider = EmailProvider()


def ask(email: str) -> Answer:
    inputs = {Field("email"): normalise(Field("email"), email)}
    return asyncio.run(provider.look_up(Lookup.about(provider.name, provider.version, inputs)))


@pytest.mark.parametrize(
    ("email", "address", "kind", "role", "domain"),
    [
        ("Ada@Example.org", "ada@example.org", "business", False, "example.org"),
        ("mailto:ada@siemens.com", "ada@siemens.com", "business", False, "siemens.com"),
        ("Ada <ada@siemens.com>", "ada@siemens.com", "business", False, "siemens.com"),  # as pasted from mail
        ("ada@mail.bbc.co.uk", "ada@mail.bbc.co.uk", "business", False, "bbc.co.uk"),  # two-part ending
        ("info@siemens.com", "info@siemens.com", "business", True, "siemens.com"),
        ("sales+de@siemens.com", "sales+de@siemens.com", "business", True, "siemens.com"),
        ("no-reply@siemens.com", "no-reply@siemens.com", "business", True, "siemens.com"),
        ("informatics@siemens.com", "informatics@siemens.com", "business", False, "siemens.com"),
        ("ada@gmail.com", "ada@gmail.com", "free", False, None),  # nobody's company
        ("ada@gmx.de", "ada@gmx.de", "free", False, None),
        ("ada@tuta.com", "ada@tuta.com", "free", False, None),  # from our own list
        ("ada@corp.mail.ru", "ada@corp.mail.ru", "business", False, None),  # staff of a free mail service
        ("x@mailinator.com", "x@mailinator.com", "disposable", False, None),  # on the free list as well
        ("x@any.mailinator.com", "x@any.mailinator.com", "disposable", False, None),
        ("ada@xn--mnchen-3ya.de", "ada@münchen.de", "business", False, "münchen.de"),
        ("jörg@müller.de", "jörg@müller.de", "business", False, "müller.de"),
        ("ada@acme.github.io", "ada@acme.github.io", "business", False, "acme.github.io"),  # a tenant's own
        ("ada@github.io", "ada@github.io", "business", False, None),  # an ending is no one's domain
    ],
)
def test_a_valid_address(email: str, address: str, kind: str, role: bool, domain: str | None) -> None:
    """A valid address gets its normal form, its kind, and a domain only where that is an organisation's."""
    answer = ask(email)
    assert isinstance(answer, Found)
    expected = {
        "email": address,
        "email_valid": True,
        "email_kind": kind,
        "email_free": kind == "free",
        "email_disposable": kind == "disposable",
        "email_role": role,
    }
    assert answer.values == (expected | {"domain": domain} if domain else expected)


@pytest.mark.parametrize(
    "email",
    [
        "ada",
        "ada@siemens",  # no ending
        "ada@siemens..com",
        "ada.@siemens.com",
        "ada@-siemens.com",
        "ada lovelace@siemens.com",
        "ada@siemens.com, bob@siemens.com",  # two are not one
        "ada@[127.0.0.1]",
        "ada@siemens.test",  # reserved, receives no mail
        "@siemens.com",
        "a" * 500 + "@siemens.com",
    ],
)
def test_no_address_is_an_answer(email: str) -> None:
    """What is no address is said to be invalid, and nothing else is said."""
    assert ask(email) == Found({Field("email_valid"): False})


@pytest.mark.parametrize("email", ["ada@gmail.con", "ada@siemens.zzzz"])
def test_an_unknown_ending_is_not_judged(email: str) -> None:
    """An ending that the list does not know may be a slip or newer than the list: not found."""
    assert isinstance(ask(email), NotFound)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    """No text breaks the provider, and it gives what it says it gives."""
    answer = ask(text)
    assert isinstance(answer, NotFound) or set(answer.values) <= provider.gives


@given(
    st.lists(st.text("az09-_AéX", max_size=6), min_size=1, max_size=4).map(".".join),
    st.sampled_from(
        ["", ".", ".com", ".COM", ".co.uk", ".xn--mnchen-3ya.de", ".-.de", "." + "a" * 64 + ".de"]
    ),
)
def test_a_plain_host_is_what_idna_makes_of_it(start: str, end: str) -> None:
    """The quick way for hosts of plain letters says what the slow one says."""
    try:
        slow = idna.decode(idna.encode((start + end).rstrip("."), uts46=True))
    except (idna.IDNAError, UnicodeError):
        slow = ""
    quick = canonical_host(start + end)
    assert quick in (slow, None)
    assert quick is not None or not slow or "." not in slow or registrable(slow) is None


def test_a_plain_address_needs_no_library() -> None:
    """Nearly every address in a sheet is plain, and does not wait for what reads the others."""
    code = (
        "import asyncio, sys\n"
        "from glaze_cli.model import Field, Lookup\n"
        "from glaze_cli.providers.local.email import EmailProvider\n"
        "lookup = Lookup.about('email', '1', {Field('email'): 'ada@siemens.com'})\n"
        "answer = asyncio.run(EmailProvider().look_up(lookup))\n"
        "assert answer.values['domain'] == 'siemens.com'\n"
        "assert not {'email_validator', 'idna'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
