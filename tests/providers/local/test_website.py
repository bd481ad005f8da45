"""Websites and domains."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.local.website import WebsiteProvider

provider = WebsiteProvider()


def ask(**inputs: str) -> Answer:
    named = {Field(field): text for field, text in inputs.items()}
    return asyncio.run(provider.look_up(Lookup.about(provider.name, provider.version, named)))


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("siemens.com", "siemens.com"),
        ("https://www.Siemens.com/de?x=1#top", "siemens.com"),
        ("www.bbc.co.uk/news", "bbc.co.uk"),  # two-part ending
        ("shop.acme.com.au", "acme.com.au"),
        ("siemens.com:8443/", "siemens.com"),
        ("siemens.com.", "siemens.com"),
        ("müller.de", "müller.de"),
        ("xn--mller-kva.de", "müller.de"),  # one domain, one spelling
        ("acme.github.io", "acme.github.io"),  # a tenant's own, says the public suffix list
        ("about.google", "about.google"),
        ("github.com", "github.com"),  # the company itself
        ("www.linkedin.com/", "linkedin.com"),
    ],
)
def test_the_domain_of_a_website(website: str, domain: str) -> None:
    """A website's domain is the part that somebody registered."""
    assert ask(website=website) == Found({Field("domain"): domain})


@pytest.mark.parametrize(
    "website",
    [
        "github.com/acme",  # a page that belongs to its author
        "https://www.linkedin.com/company/acme",
        "sites.google.com/view/acme",
        "en.wikipedia.org/wiki/Acme",
        "localhost:8000",
        "127.0.0.1",
        "http://[::1]/",
        "acme",
        "acme.zzzz",  # an ending nobody knows
        "co.uk",  # an ending
        "ada@acme.com",
        "https://user:secret@acme.com/",
        "acme.com and acme.org",
        "a..com",
        "-acme.com",
        "http://",
        "." * 300,
    ],
)
def test_no_domain_is_invented(website: str) -> None:
    """Where no domain belongs to the website's owner for certain, there is none."""
    assert isinstance(ask(website=website), NotFound)


@pytest.mark.parametrize(
    ("domain", "website"),
    [
        ("siemens.com", "https://siemens.com"),
        ("shop.siemens.com", "https://shop.siemens.com"),
        ("xn--mller-kva.de", "https://müller.de"),
    ],
)
def test_the_website_of_a_domain(domain: str, website: str) -> None:
    """A domain's website is its address; it was not visited, and the confidence says so."""
    assert ask(domain=domain) == Found({Field("website"): website}, confidence=0.9)


def test_a_domain_that_is_none_has_no_website() -> None:
    """Nothing is put before what is no domain."""
    assert isinstance(ask(domain="acme"), NotFound)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_gets_an_answer(text: str) -> None:
    """No text breaks the provider, and it gives what it says it gives."""
    answer = ask(website=text)
    assert isinstance(answer, NotFound) or set(answer.values) <= provider.gives


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("anna@brennholt-maschinen.de", "brennholt-maschinen.de"),  # a firm's own
        ("a@mail.kestrelhay.co.uk", "kestrelhay.co.uk"),  # a mail host of it
        ("anna@gmail.com", None),  # free mail: nobody's employer
        ("anna@mailinator.com", None),  # thrown away tomorrow
        ("anna", None),  # no address
        ("john@acme.com; jane@other.org", None),  # two people, perhaps of two firms
        ("john@@acme.com", None),  # no address either
        ("anna@localhost", None),  # no domain that somebody registered
    ],
)
def test_the_website_of_a_work_address(email: str, domain: str | None) -> None:
    """An organisation's mail domain is taken for its website, less surely; free mail says nothing."""
    answer = ask(email=email)
    if domain is None:
        assert isinstance(answer, NotFound)
    else:
        found = {Field("domain"): domain, Field("website"): f"https://{domain}"}
        assert answer == Found(found, confidence=0.8)
