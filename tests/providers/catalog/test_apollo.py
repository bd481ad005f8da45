"""Apollo: verified addresses and current employers only; no phones of people; 200 with null is a miss."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from tests.loopback import Loopback, Say
from tests.providers.catalog.paid import (
    DISASTERS,
    KEY,
    check_disaster,
    failed,
    found,
    missed,
    sent,
    service,
)

CREDIT = 200_000
EMAIL = {"email": "ann@acme.example"}
LINKED = {"linkedin": "linkedin.com/in/annex"}
NAMES = {"first_name": "Ann", "last_name": "Example", "domain": "acme.example"}
FULL = {"full_name": "Ann Example", "domain": "acme.example"}
AT = {"first_name": "Ann", "last_name": "Example", "company": "Acme Tools Ltd"}
FULL_AT = {"full_name": "Ann Example", "company": "Acme Tools Ltd"}
DOMAIN = {"domain": "acme.example"}
PEOPLE = [EMAIL, LINKED, NAMES, FULL, AT, FULL_AT]


def organization(**more: Any) -> dict[str, Any]:
    """A company as Apollo has it."""
    return {
        "id": "o1",
        "name": "Acme Tools",
        "website_url": "http://www.acme.example",
        "linkedin_url": "http://www.linkedin.com/company/acme-tools",
        "twitter_url": None,
        "facebook_url": "https://facebook.com/acmetools",
        "primary_phone": {"number": "+1 555-0100", "source": "Owler"},
        "phone": None,
        "founded_year": 1999,
        "publicly_traded_symbol": None,
        "logo_url": "https://logos.example/acme.png",
        "primary_domain": "acme.example",
        "industry": "machinery",
        "estimated_num_employees": 120,
        "street_address": "1 Low Road",
        "city": "Lowtown",
        "state": "Ohio",
        "postal_code": "43001",
        "country": "United States",
        "short_description": "Drills and saws.",
        "annual_revenue": 5_000_000.0,
        **more,
    }


def person(**more: Any) -> Say:
    """A person's profile."""
    data = {
        "id": "p1",
        "first_name": "Ann",
        "last_name": "Example",
        "name": "Ann Example",
        "title": "Engineer",
        "email": "ann@acme.example",
        "email_status": "verified",
        "linkedin_url": "http://www.linkedin.com/in/annex",
        "twitter_url": None,
        "github_url": None,
        "phone_numbers": [{"raw_number": "+1 555-0199"}],
        "organization": organization(),
    }
    return Say.json({"person": {**data, **more}})


def test_what_it_says_of_itself() -> None:
    """Premium, with a key of its own, a price and a date, and how personal data is to be used."""
    shipped = service("apollo", "http://127.0.0.1")
    assert (shipped.tier, shipped.manifest.auth.env) == ("premium", "APOLLO_API_KEY")
    assert shipped.about.price and shipped.about.priced and "GDPR" in shipped.about.terms
    assert "phone" not in {
        field for op in shipped.manifest.ops if "company" not in op.id for field in op.gives
    }


@pytest.mark.parametrize(
    ("inputs", "body"),
    [
        (EMAIL, {"email": "ann@acme.example"}),
        (LINKED, {"linkedin_url": "linkedin.com/in/annex"}),
        (NAMES, {"first_name": "Ann", "last_name": "Example", "domain": "acme.example"}),
        (FULL, {"name": "Ann Example", "domain": "acme.example"}),
        (AT, {"first_name": "Ann", "last_name": "Example", "organization_name": "Acme Tools Ltd"}),
        (FULL_AT, {"name": "Ann Example", "organization_name": "Acme Tools Ltd"}),
    ],
)
def test_what_is_sent_of_a_person(inputs: dict[str, str], body: dict[str, str]) -> None:
    """The inputs and nothing else, posted; the key in a header."""
    seen = sent("apollo", **inputs)
    assert (seen.method, seen.target, seen.json) == ("POST", "/people/match", body)
    assert seen.headers["x-api-key"] == KEY


def test_what_is_sent_of_a_company() -> None:
    """Its domain."""
    seen = sent("apollo", **DOMAIN)
    assert (seen.method, seen.path, seen.query) == ("GET", "/organizations/enrich", DOMAIN)
    assert seen.headers["x-api-key"] == KEY


@pytest.mark.parametrize("inputs", PEOPLE)
def test_a_person(inputs: dict[str, str]) -> None:
    """What the profile holds, besides what was asked with; one credit."""
    got = found("apollo", person(), **inputs)
    whole = {
        "full_name": "Ann Example",
        "first_name": "Ann",
        "last_name": "Example",
        "title": "Engineer",
        "email": "ann@acme.example",
        "company": "Acme Tools",
        "domain": "acme.example",
        "linkedin": "http://www.linkedin.com/in/annex",
    }
    assert got.values == {field: value for field, value in whole.items() if field not in inputs}
    assert got.cost == CREDIT
    assert 0.7 < got.confidence < 0.9


@pytest.mark.parametrize(
    "more",
    [
        {"email_status": "extrapolated"},  # its guess
        {"email_status": None},
        {"email": None},
        {"email": "email_not_unlocked@domain.com"},  # a placeholder
    ],
)
def test_an_address_that_is_none(more: dict[str, Any]) -> None:
    """Guesses and placeholders stay out; the rest is given."""
    got = found("apollo", person(**more), **NAMES)
    assert "email" not in got.values
    assert "title" in got.values


@pytest.mark.parametrize(
    ("inputs", "more"),
    [
        (NAMES, {"organization": organization(primary_domain="other.example")}),  # works elsewhere now
        (NAMES, {"organization": None}),
        (FULL, {"organization": organization(primary_domain="other.example")}),
        (FULL, {"name": "Bob Otherone"}),
        (AT, {"organization": organization(name="Acme Holding")}),
        (FULL_AT, {"organization": organization(name="Acme Tools GmbH")}),  # another company of that name
    ],
)
def test_a_namesake_is_refused(inputs: dict[str, str], more: dict[str, Any]) -> None:
    """It is billed all the same."""
    got = missed("apollo", person(**more), **inputs)
    assert (got.detail, got.cost) == ("the answer is about others", CREDIT)


def test_a_company() -> None:
    """Every field that is there, its own number too, and not the estimated revenue."""
    got = found("apollo", Say.json({"organization": organization()}), **DOMAIN)
    assert got.values == {
        "company": "Acme Tools",
        "website": "http://www.acme.example",
        "industry": "machinery",
        "employee_count": 120,
        "founded": 1999,
        "description": "Drills and saws.",
        "phone": "+1 555-0100",
        "address": "1 Low Road",
        "city": "Lowtown",
        "region": "Ohio",
        "postcode": "43001",
        "country": "United States",
        "linkedin": "http://www.linkedin.com/company/acme-tools",
        "facebook": "https://facebook.com/acmetools",
        "logo": "https://logos.example/acme.png",
    }
    assert (got.confidence, got.cost) == (0.85, CREDIT)


def test_a_company_known_by_its_website() -> None:
    """The host of the website counts as its domain too."""
    said = Say.json({"organization": organization(primary_domain=None)})
    assert found("apollo", said, **DOMAIN).cost == CREDIT


def test_another_company_is_refused() -> None:
    """It is billed all the same."""
    got = missed("apollo", Say.json({"organization": organization()}), domain="other.example")
    assert (got.detail, got.cost) == ("the answer is about others", CREDIT)


@pytest.mark.parametrize(
    ("inputs", "body"),
    [
        (DOMAIN, {"organization": None}),
        (DOMAIN, {}),
        *((inputs, {"person": None, "request_id": 1}) for inputs in PEOPLE),
        *((inputs, {}) for inputs in PEOPLE),
    ],
)
def test_null_is_a_miss(inputs: dict[str, str], body: dict[str, Any]) -> None:
    """Under 200, and free."""
    assert missed("apollo", Say.json(body), **inputs).cost == 0


@pytest.mark.parametrize("inputs", [*PEOPLE, DOMAIN])
@pytest.mark.parametrize(("said", "kind", "reason"), DISASTERS)
def test_disasters(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """No broken answer is a miss, and a lost one is not asked again."""
    check_disaster("apollo", said, kind, reason, **inputs)


@pytest.mark.parametrize("inputs", [EMAIL, DOMAIN])
@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (Say.json({"error": "Invalid API key"}, 401), ProviderUnusable, "auth"),
        (
            Say.json({"error": "not with this plan", "error_code": "API_INACCESSIBLE"}, 403),
            ProviderUnusable,
            "config",
        ),
        (Say.json({"error": "You have insufficient credits"}, 422), ProviderUnusable, "quota"),
        (Say.json({"message": "Insufficient Credits"}, 422), ProviderUnusable, "quota"),
        (Say.json({"error": "domain is not valid"}, 422), LookupFailed, "bad_input"),
        (Say.json({}, 422), LookupFailed, "bad_input"),
        (Say.json({}, 429, x_24_hour_requests_left="0"), ProviderUnusable, "quota"),  # no use in waiting
        (Say.json({"message": "hello"}), LookupFailed, "provider_error"),  # neither a profile nor null
    ],
)
def test_errors(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """Each to its error, none billed."""
    error = failed("apollo", said, **inputs)
    assert (type(error), error.reason, error.cost) == (kind, reason, 0)


def test_too_quick() -> None:
    """It says how long to wait."""
    said = Say.json({}, 429, retry_after="41", x_minute_requests_left="0", x_24_hour_requests_left="12")
    error = failed("apollo", said, **EMAIL)
    assert isinstance(error, Throttled)
    assert (error.reason, error.retry_after, error.cost) == ("throttled", 41.0, 0)


def test_the_free_question() -> None:
    """A key that is not known answers 200 here; it is told all the same."""
    well, ill = (
        Say.json({"healthy": True, "is_logged_in": True}),
        Say.json({"healthy": True, "is_logged_in": False}),
    )
    with Loopback(well, ill) as server:
        assert "key is accepted" in asyncio.run(service("apollo", server.url).probe())
        with pytest.raises(ProviderUnusable, match="APOLLO_API_KEY"):
            asyncio.run(service("apollo", server.url).probe())
    assert {seen.target for seen in server.seen} == {"/auth/health"}
