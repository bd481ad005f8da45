"""People Data Labs: likely profiles of who was asked for only, and a bill for those that came."""

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
    shared,
)

PERSON, COMPANY = 280_000, 100_000
EMAIL = {"email": "ann@acme.example"}
LINKED = {"linkedin": "linkedin.com/in/annex"}
NAMES = {"first_name": "Ann", "last_name": "Example", "domain": "acme.example"}
FULL = {"full_name": "Ann Example", "domain": "acme.example"}
AT = {"first_name": "Ann", "last_name": "Example", "company": "Acme Tools Ltd"}
FULL_AT = {"full_name": "Ann Example", "company": "Acme Tools Ltd"}
DOMAIN = {"domain": "acme.example"}
NAME = {"company": "Acme Tools Ltd"}
PEOPLE = [EMAIL, LINKED, NAMES, FULL, AT, FULL_AT]
COMPANIES = [DOMAIN, NAME]


def person(likelihood: Any = 9, **more: Any) -> Say:
    """A person's profile."""
    data = {
        "id": "p1",
        "full_name": "Ann Example",
        "first_name": "Ann",
        "last_name": "Example",
        "job_title": "Engineer",
        "job_company_name": "Acme Tools",
        "job_company_website": "acme.example",
        "work_email": "ann@acme.example",
        "mobile_phone": None,
        "linkedin_url": "linkedin.com/in/annex",
        "twitter_url": None,
        "github_url": "github.com/annex",
    }
    body = {"status": 200, "likelihood": likelihood, "data": {**data, **more}}
    return Say.json(body, x_call_credits_spent="1", x_call_credits_type="enrich")


def company(likelihood: Any = 9, **more: Any) -> Say:
    """A company's profile: flat."""
    data = {
        "name": "Acme Tools",
        "display_name": "ACME Tools",
        "size": "51-200",
        "employee_count": 120,
        "founded": 1999,
        "industry": "Machinery",
        "website": "acme.example",
        "alternative_domains": ["acme-tools.example"],
        "alternative_names": ["Acme Tooling"],
        "linkedin_url": "linkedin.com/company/acme-tools",
        "location": {
            "name": "Lowtown, Ohio, United States",
            "locality": "Lowtown",
            "region": "Ohio",
            "country": "United States",
            "street_address": "1 Low Road",
            "postal_code": "43001",
            "geo": None,
        },
        "ticker": None,
        "summary": "Drills and saws.",
    }
    body = {"status": 200, "id": "c1", "likelihood": likelihood, **data, **more}
    return Say.json(body, x_call_credits_spent="1", x_call_credits_type="enrich_company")


def wrong(status: int, kind: str, **headers: str) -> Say:
    """An error of People Data Labs."""
    return Say.json({"status": status, "error": {"type": kind, "message": "no"}}, status, **headers)


def test_what_it_says_of_itself() -> None:
    """Premium, with a key of its own, a price that is called unconfirmed, and a word on personal data."""
    shipped = service("people_data_labs", "http://127.0.0.1")
    assert (shipped.tier, shipped.manifest.auth.env) == ("premium", "PDL_API_KEY")
    assert "not confirmed" in shipped.about.price
    assert shipped.about.priced and "GDPR" in shipped.about.terms
    assert [(window.calls, window.seconds) for window in shipped.limits.windows] == [(100, 60.0)]


@pytest.mark.parametrize(
    ("inputs", "asked"),
    [
        (EMAIL, {"email": "ann@acme.example"}),
        (LINKED, {"profile": "linkedin.com/in/annex"}),
        (NAMES, {"first_name": "Ann", "last_name": "Example", "company": "acme.example"}),
        (FULL, {"name": "Ann Example", "company": "acme.example"}),
        (AT, {"first_name": "Ann", "last_name": "Example", "company": "Acme Tools Ltd"}),
        (FULL_AT, {"name": "Ann Example", "company": "Acme Tools Ltd"}),
    ],
)
def test_what_is_sent_of_a_person(inputs: dict[str, str], asked: dict[str, str]) -> None:
    """The inputs, and what keeps useless profiles from being billed; the key in a header."""
    seen = sent("people_data_labs", **inputs)
    assert (seen.method, seen.path, seen.headers["x-api-key"]) == ("GET", "/person/enrich", KEY)
    query = dict(seen.query)
    assert (query.pop("min_likelihood"), query.pop("titlecase")) == ("6", "true")
    assert "work_email" in query.pop("required")
    assert query == asked


@pytest.mark.parametrize(
    ("inputs", "asked"), [(DOMAIN, {"website": "acme.example"}), (NAME, {"name": "Acme Tools Ltd"})]
)
def test_what_is_sent_of_a_company(inputs: dict[str, str], asked: dict[str, str]) -> None:
    """The same of a company."""
    seen = sent("people_data_labs", **inputs)
    assert (seen.method, seen.path, seen.headers["x-api-key"]) == ("GET", "/company/enrich", KEY)
    query = dict(seen.query)
    assert (query.pop("min_likelihood"), query.pop("titlecase")) == ("6", "true")
    assert "website" in query.pop("required")
    assert query == asked


@pytest.mark.parametrize("inputs", PEOPLE)
def test_a_person(inputs: dict[str, str]) -> None:
    """What the profile holds, besides what was asked with; one match is billed."""
    got = found("people_data_labs", person(), **inputs)
    whole = {
        "full_name": "Ann Example",
        "first_name": "Ann",
        "last_name": "Example",
        "title": "Engineer",
        "email": "ann@acme.example",
        "company": "Acme Tools",
        "domain": "acme.example",
        "linkedin": "https://linkedin.com/in/annex",
        "github": "https://github.com/annex",
    }
    assert got.values == {field: value for field, value in whole.items() if field not in inputs}
    assert (got.confidence, got.cost) == (0.94, PERSON)


@pytest.mark.parametrize(
    ("inputs", "more"),
    [
        (NAMES, {"job_company_website": "other.example"}),  # works elsewhere now
        (NAMES, {"job_company_website": None}),
        (FULL, {"job_company_website": "other.example"}),
        (FULL, {"full_name": "Bob Otherone"}),
        (AT, {"job_company_name": "Acme Holding"}),
        (FULL_AT, {"job_company_name": "Acme Tools GmbH"}),  # another company of that name
        (FULL_AT, {"job_company_name": None}),
    ],
)
def test_a_namesake_is_refused(inputs: dict[str, str], more: dict[str, Any]) -> None:
    """It is billed all the same."""
    got = missed("people_data_labs", person(**more), **inputs)
    assert (got.detail, got.cost) == ("the answer is about others", PERSON)


def test_what_the_plan_does_not_show_is_no_value() -> None:
    """`true` says that there is something, not what."""
    hidden = dict.fromkeys(
        ["job_title", "work_email", "mobile_phone", "linkedin_url", "github_url", "job_company_website"], True
    )
    got = found("people_data_labs", person(**hidden), **EMAIL)
    assert set(got.values) == {"full_name", "first_name", "last_name", "company"}


def test_an_empty_profile_is_a_miss() -> None:
    """And what the service counted is the bill."""
    nothing = Say.json({"status": 200, "likelihood": 9, "data": {"id": "p1"}}, x_call_credits_spent="1")
    got = missed("people_data_labs", nothing, **EMAIL)
    assert (got.detail, got.cost) == ("the answer holds no value", PERSON)


@pytest.mark.parametrize(
    ("likelihood", "confidence"),
    [(10, 0.97), (9, 0.94), (8, 0.9), (7, 0.83), (6, 0.75), (5, 0), (1, 0), (None, 0), ("9", 0), (True, 0)],
)
def test_how_sure(likelihood: Any, confidence: float) -> None:
    """The logarithmic scale as a share; without one nobody is sure."""
    assert found("people_data_labs", person(likelihood), **EMAIL).confidence == confidence
    assert found("people_data_labs", company(likelihood), **DOMAIN).confidence == confidence


@pytest.mark.parametrize("inputs", COMPANIES)
def test_a_company(inputs: dict[str, str]) -> None:
    """What the profile holds, besides what was asked with."""
    got = found("people_data_labs", company(), **inputs)
    whole = {
        "company": "ACME Tools",
        "website": "https://acme.example",
        "domain": "acme.example",
        "industry": "Machinery",
        "employee_count": 120,
        "founded": 1999,
        "description": "Drills and saws.",
        "linkedin": "https://linkedin.com/company/acme-tools",
        "headquarters": "Lowtown, Ohio, United States",
        "address": "1 Low Road",
        "city": "Lowtown",
        "region": "Ohio",
        "postcode": "43001",
        "country": "United States",
    }
    assert got.values == {field: value for field, value in whole.items() if field not in inputs}
    assert (got.confidence, got.cost) == (0.94, COMPANY)


def test_other_names_and_domains_of_a_company() -> None:
    """Are the same company."""
    assert found("people_data_labs", company(), domain="acme-tools.example").cost == COMPANY
    assert found("people_data_labs", company(), company="Acme Tooling").cost == COMPANY


@pytest.mark.parametrize("inputs", [{"domain": "other.example"}, {"company": "Acme Holding"}])
def test_another_company_is_refused(inputs: dict[str, str]) -> None:
    """It is billed all the same."""
    got = missed("people_data_labs", company(), **inputs)
    assert (got.detail, got.cost) == ("the answer is about others", COMPANY)


@pytest.mark.parametrize("inputs", [*PEOPLE, *COMPANIES])
def test_a_miss_is_free(inputs: dict[str, str]) -> None:
    """404, and nothing spent."""
    assert missed("people_data_labs", wrong(404, "not_found", x_call_credits_spent="0"), **inputs).cost == 0
    assert missed("people_data_labs", wrong(404, "not_found"), **inputs).cost == 0


@pytest.mark.parametrize(
    ("spent", "cost"),
    [("1", PERSON), ("0", 0), ("2", 2 * PERSON), ("-1", PERSON), ("x", PERSON), ("", PERSON)],
)
def test_the_bill_is_what_it_says(spent: str, cost: int) -> None:
    """The credits of the header at the published price; nonsense does not count."""
    said = person()
    again = Say(200, {**said.headers, "x-call-credits-spent": spent}, said.body)
    assert found("people_data_labs", again, **EMAIL).cost == cost


@pytest.mark.parametrize("inputs", [*PEOPLE, *COMPANIES])
@pytest.mark.parametrize(("said", "kind", "reason"), DISASTERS)
def test_disasters(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """No broken answer is a miss, and a lost one is not asked again."""
    check_disaster("people_data_labs", said, kind, reason, **inputs)


@pytest.mark.parametrize("inputs", [*PEOPLE, *COMPANIES])
@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (wrong(401, "authentication_error"), ProviderUnusable, "auth"),
        (wrong(402, "payment_required"), ProviderUnusable, "quota"),
        (wrong(400, "invalid_request_error"), LookupFailed, "bad_input"),
        (
            Say.json({"status": 404, "error": {"type": "not_found"}}),
            LookupFailed,
            "provider_error",
        ),  # under 200
        (Say.json({"status": 200, "likelihood": 9}), LookupFailed, "provider_error"),
    ],
)
def test_errors(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """Each to its error, none billed."""
    error = failed("people_data_labs", said, **inputs)
    assert (type(error), error.reason, error.cost) == (kind, reason, 0)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"x_ratelimit_reset": "2026-11-23T20:00:41Z"}, 41.0),
        ({"x_ratelimit_reset": "2026-11-23T19:00:00Z"}, None),  # past
        ({"retry_after": "3", "x_ratelimit_reset": "2026-11-23T20:00:41Z"}, 3.0),
        ({"x_ratelimit_reset": "soon"}, None),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], wait: float | None) -> None:
    """Until the time it names; what it counted is not billed."""
    error = failed(
        "people_data_labs", wrong(429, "rate_limit_error", x_call_credits_spent="1", **headers), **EMAIL
    )
    assert isinstance(error, Throttled)
    assert (error.reason, error.retry_after, error.cost) == ("throttled", wait, 0)


def test_it_has_no_free_question() -> None:
    """So nothing is asked to try the key."""
    with Loopback(Say.json({})) as server:
        assert asyncio.run(service("people_data_labs", server.url).probe()) == "has no free question"
    assert server.seen == []


class TestRecorded:
    """The shapes that People Data Labs documents."""

    pytestmark = shared

    def test_a_company(self) -> None:
        """Flat; nulls are unknown; likelihood 6."""
        said = Say.recording("people_data_labs", "shape_company_enrich_200_flat")
        got = found("people_data_labs", said, domain="example.com")
        assert got.values == {
            "company": "example co",
            "website": "https://example.com",
            "industry": "computer software",
            "employee_count": 120,
            "founded": 1999,
            "linkedin": "https://linkedin.com/company/example",
            "headquarters": "berlin, berlin, germany",
            "city": "berlin",
            "country": "germany",
        }
        assert (got.confidence, got.cost) == (0.75, COMPANY)

    def test_a_company_by_name(self) -> None:
        """The same, and not a namesake."""
        said = Say.recording("people_data_labs", "shape_company_enrich_200_flat")
        assert found("people_data_labs", said, company="Example Co").values["domain"] == "example.com"  # type: ignore[index]
        assert missed("people_data_labs", said, company="Example Bank").cost == COMPANY

    def test_a_person(self) -> None:
        """Nested; nulls are unknown; likelihood 8."""
        said = Say.recording("people_data_labs", "shape_person_enrich_200_nested")
        got = found("people_data_labs", said, email="a@example.com")
        assert got.values == {
            "full_name": "ann example",
            "title": "engineer",
            "linkedin": "https://linkedin.com/in/ann-example",
        }
        assert (got.confidence, got.cost) == (0.9, PERSON)

    @pytest.mark.parametrize("inputs", [EMAIL, DOMAIN])
    def test_a_miss(self, inputs: dict[str, str]) -> None:
        """Not found, and free."""
        assert (
            missed(
                "people_data_labs", Say.recording("people_data_labs", "shape_404_miss_not_charged"), **inputs
            ).cost
            == 0
        )

    @pytest.mark.parametrize("inputs", [EMAIL, DOMAIN])
    @pytest.mark.parametrize(
        ("case", "kind", "reason"),
        [
            ("shape_402_credits", ProviderUnusable, "quota"),
            ("shape_429", Throttled, "throttled"),
            ("shape_bulk_mixed", LookupFailed, "provider_error"),  # many answers are none to one question
        ],
    )
    def test_errors(self, case: str, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
        """Each to its error, none billed."""
        error = failed("people_data_labs", Say.recording("people_data_labs", case), **inputs)
        assert (type(error), error.reason, error.cost) == (kind, reason, 0)
        if isinstance(error, Throttled):
            assert error.retry_after == 1195.0
