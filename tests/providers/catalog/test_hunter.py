"""Hunter: statuses with meanings of their own, addresses at the asked domain only, a plain yes or no."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from tests.loopback import SHARED, Loopback, Say
from tests.providers.catalog.paid import (
    DISASTERS,
    KEY,
    answer,
    check_disaster,
    failed,
    found,
    missed,
    sent,
    service,
    shared,
)
from tests.providers.manifest.example import ask

CREDIT = 24_500
NAMES = {"first_name": "Ann", "last_name": "Example", "domain": "acme.example"}
FULL = {"full_name": "Ann Example", "domain": "acme.example"}
AT = {"first_name": "Ann", "last_name": "Example", "company": "Acme Tools"}
FULL_AT = {"full_name": "Ann Example", "company": "Acme Tools"}
EMAIL = {"email": "ann@acme.example"}
DOMAIN = {"domain": "acme.example"}
FINDERS = [NAMES, FULL, AT, FULL_AT]
ALL = [*FINDERS, EMAIL, DOMAIN]


def address(**more: Any) -> Say:
    """A found address."""
    data = {
        "first_name": "Ann",
        "last_name": "Example",
        "email": "ann@acme.example",
        "score": 93,
        "domain": "acme.example",
        "accept_all": False,
        "position": "Engineer",
        "twitter": "annex",
        "linkedin_url": "https://www.linkedin.com/in/annex",
        "phone_number": None,
        "company": "Acme Tools Inc",
        "sources": [{"uri": "https://acme.example/team"}, {"uri": "https://acme.example/blog"}],
        "verification": {"date": "2026-10-01", "status": "valid"},
    }
    return Say.json({"data": {**data, **more}, "meta": {"params": {}}})


def verified(status: str, **more: Any) -> Say:
    """A finished verification."""
    data = {"status": status, "score": 50, "email": "ann@acme.example", "webmail": False, "sources": []}
    return Say.json({"data": {**data, **more}, "meta": {"params": {}}})


def company(**more: Any) -> Say:
    """A company."""
    data = {
        "id": "c1",
        "name": "Acme Tools",
        "legalName": "Acme Tools Inc.",
        "domain": "acme.example",
        "domainAliases": ["acme-tools.example"],
        "site": {"phoneNumbers": ["+1 555 0100"], "emailAddresses": []},
        "category": {"sector": "Industrials", "industry": "Tools"},
        "description": "Drills and saws.",
        "foundedYear": 1999,
        "geo": {
            "streetAddress": "1 Low Road",
            "city": "Lowtown",
            "state": "Ohio",
            "postalCode": "43001",
            "country": "United States",
            "countryCode": "US",
        },
        "logo": "https://logos.example/acme",
        "linkedin": {"handle": "company/acme-tools"},
        "twitter": {"handle": "acmetools"},
        "facebook": {"handle": None},
        "ticker": None,
        "phone": None,
        "metrics": {"employees": "51-200"},
    }
    return Say.json({"data": {**data, **more}, "meta": {"domain": "acme.example"}})


def wrong(status: int, id_: str) -> Say:
    """An error of Hunter."""
    return Say.json({"errors": [{"id": id_, "code": status, "details": "no"}]}, status)


def test_what_it_says_of_itself() -> None:
    """Cheap, with a key of its own, a price and a date, as quick as its slowest endpoint."""
    shipped = service("hunter", "http://127.0.0.1")
    assert (shipped.tier, shipped.manifest.auth.env) == ("cheap", "HUNTER_API_KEY")
    assert shipped.about.price and shipped.about.priced and shipped.about.terms
    assert [(w.calls, w.seconds) for w in shipped.limits.windows] == [(10, 1.0), (300, 60.0)]


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        (NAMES, "/email-finder"),
        (FULL, "/email-finder"),
        (AT, "/email-finder"),
        (FULL_AT, "/email-finder"),
        (EMAIL, "/email-verifier"),
        (DOMAIN, "/companies/find"),
    ],
)
def test_what_is_sent(inputs: dict[str, str], path: str) -> None:
    """The inputs, each under its name, and nothing else; the key in a header."""
    seen = sent("hunter", **inputs)
    assert (seen.method, seen.path, seen.query, seen.body) == ("GET", path, inputs, b"")
    assert seen.headers["x-api-key"] == KEY


@pytest.mark.parametrize("inputs", [NAMES, FULL])
def test_an_address(inputs: dict[str, str]) -> None:
    """What is known of the person, with Hunter's score and sources; one credit."""
    got = found("hunter", address(), **inputs)
    assert got.values == {
        "email": "ann@acme.example",
        "title": "Engineer",
        "linkedin": "https://www.linkedin.com/in/annex",
        "twitter": "https://x.com/annex",
    }
    assert (got.confidence, got.cost) == (0.93, CREDIT)
    assert got.citations == ("https://acme.example/team", "https://acme.example/blog")


@pytest.mark.parametrize("inputs", [AT, FULL_AT])
def test_an_address_by_the_companys_name(inputs: dict[str, str]) -> None:
    """The domain that Hunter took the company for comes along."""
    got = found("hunter", address(), **inputs)
    assert got.values["domain"] == "acme.example"  # type: ignore[index]
    got = found("hunter", address(company=None, domain="acmetools.example"), **inputs)
    assert got.values["domain"] == "acmetools.example"  # type: ignore[index]


@pytest.mark.parametrize(
    ("inputs", "more"),
    [
        (NAMES, {"domain": "acme.invalid"}),
        (FULL, {"domain": None}),
        (AT, {"company": "Acme Holding"}),  # a namesake
        (FULL_AT, {"company": None}),
    ],
)
def test_an_address_elsewhere_is_refused(inputs: dict[str, str], more: dict[str, Any]) -> None:
    """It is billed all the same."""
    got = missed("hunter", address(**more), **inputs)
    assert (got.detail, got.cost) == ("the answer is about others", CREDIT)


@pytest.mark.parametrize(
    ("twitter", "given"),
    [
        ("annex", "https://x.com/annex"),
        ("@annex", "https://x.com/annex"),
        ("https://twitter.com/annex", "https://twitter.com/annex"),
        (None, None),
    ],
)
def test_a_handle_becomes_an_address(twitter: str | None, given: str | None) -> None:
    """As columns of this kind hold addresses."""
    assert found("hunter", address(twitter=twitter), **NAMES).values.get("twitter") == given  # type: ignore[call-overload]


@pytest.mark.parametrize("inputs", FINDERS)
def test_no_address(inputs: dict[str, str]) -> None:
    """Nulls under 200, or a domain that is not known: not found, and free."""
    nulls = address(email=None, score=None, position=None, sources=[])
    assert missed("hunter", nulls, **inputs).cost == 0
    assert missed("hunter", wrong(404, "not_found"), **inputs).cost == 0


def test_without_a_score_nobody_is_sure() -> None:
    """So that no minimum lets it pass."""
    assert found("hunter", address(score=None), **NAMES).confidence == 0


@pytest.mark.parametrize(("status", "valid"), [("valid", True), ("invalid", False)])
def test_a_plain_yes_or_no(status: str, valid: bool) -> None:
    """Both are answers."""
    got = found("hunter", verified(status), **EMAIL)
    assert got.values == {"email_valid": valid}
    assert (got.confidence, got.cost) == (0.95, CREDIT)


@pytest.mark.parametrize("status", ["accept_all", "webmail", "disposable", "unknown"])
def test_neither_yes_nor_no(status: str) -> None:
    """Nothing is known of that mailbox; the check may be billed."""
    got = missed("hunter", verified(status), **EMAIL)
    assert (got.detail, got.cost) == ("neither yes nor no", CREDIT)


def test_a_verification_of_another_address_is_refused() -> None:
    """It must be the one that was asked for."""
    assert missed("hunter", verified("valid", email="bob@acme.example"), **EMAIL).cost == CREDIT


@pytest.mark.parametrize(
    "running",
    [
        Say.json({"data": {"status": "in_progress"}}, 202),
        Say.json({"data": {"status": "in_progress"}}),
        Say(202),
    ],
)
def test_a_running_verification_is_asked_for_again(running: Say) -> None:
    """The same question fetches it; until then nothing is billed."""
    with Loopback(running, verified("valid")) as server:
        shipped = service("hunter", server.url)
        with pytest.raises(Throttled) as caught:
            ask(shipped, **EMAIL)
        assert caught.value.cost == 0
        again = ask(service("hunter", server.url), **EMAIL)
    assert again.cost == CREDIT
    assert server.seen[0].target == server.seen[1].target


def test_a_company() -> None:
    """Every field that is there; a range of employees is no number."""
    got = found("hunter", company(), **DOMAIN)
    assert got.values == {
        "company": "Acme Tools",
        "legal_name": "Acme Tools Inc.",
        "industry": "Tools",
        "founded": 1999,
        "description": "Drills and saws.",
        "phone": "+1 555 0100",
        "address": "1 Low Road",
        "city": "Lowtown",
        "region": "Ohio",
        "postcode": "43001",
        "country": "United States",
        "country_code": "US",
        "linkedin": "https://www.linkedin.com/company/acme-tools",
        "twitter": "https://x.com/acmetools",
        "logo": "https://logos.example/acme",
    }
    assert (got.confidence, got.cost) == (0.85, CREDIT)


@pytest.mark.parametrize(
    ("employees", "count"),
    [(120, 120), ("120", 120), ("51-200", None), ("1K-5K", None), (0, None), (None, None), (True, None)],
)
def test_employees(employees: Any, count: int | None) -> None:
    """A number, or nothing."""
    got = found("hunter", company(metrics={"employees": employees}), **DOMAIN)
    assert got.values.get("employee_count") == count  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("handle", "page"),
    [
        ("company/acme", "https://www.linkedin.com/company/acme"),
        ("in/ann", None),
        ("acme", None),
        (None, None),
    ],
)
def test_a_companys_page_on_linkedin(handle: str | None, page: str | None) -> None:
    """Only what is a company's for certain."""
    got = found("hunter", company(linkedin={"handle": handle}), **DOMAIN)
    assert got.values.get("linkedin") == page  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("said", "cost"),
    [
        (wrong(404, "not_found"), 0),
        (Say.json({"data": None, "meta": {}}), 0),
        (company(name=None), 0),
        (company(domain="other.example"), CREDIT),  # somebody else's
    ],
)
def test_no_company(said: Say, cost: int) -> None:
    """Not found; billed only where a company came."""
    assert missed("hunter", said, **DOMAIN).cost == cost


def test_another_domain_of_the_company() -> None:
    """An alias is the same company."""
    assert found("hunter", company(), domain="acme-tools.example").values["company"] == "Acme Tools"  # type: ignore[index]


@pytest.mark.parametrize("inputs", ALL)
@pytest.mark.parametrize(("said", "kind", "reason"), DISASTERS)
def test_disasters(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """No broken answer is a miss, and a lost one is not asked again."""
    check_disaster("hunter", said, kind, reason, **inputs)


@pytest.mark.parametrize("inputs", ALL)
@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (wrong(401, "authentication_failed"), ProviderUnusable, "auth"),
        (
            wrong(429, "too_many_requests"),
            ProviderUnusable,
            "quota",
        ),  # the plan is used up: waiting is of no use
        (wrong(451, "claimed_email"), LookupFailed, "opted_out"),  # nobody else is asked either
        (wrong(400, "wrong_params"), LookupFailed, "bad_input"),
        (wrong(200, "wrong_params"), LookupFailed, "provider_error"),  # an error under 200
    ],
)
def test_errors(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """Hunter's own meanings; none is billed."""
    error = failed("hunter", said, **inputs)
    assert (type(error), error.reason, error.cost) == (kind, reason, 0)


@pytest.mark.parametrize("inputs", ALL)
@pytest.mark.parametrize("said", [wrong(403, "rate_limited"), wrong(222, "unexpected_smtp_response")])
def test_what_is_asked_again(said: Say, inputs: dict[str, str]) -> None:
    """Too quick, or a mail server's mood."""
    error = failed("hunter", said, **inputs)
    assert (type(error), error.cost) == (Throttled, 0)


def test_the_free_question() -> None:
    """Asks for the account, with the key; a refused key names the variable."""
    with Loopback(
        Say.json({"data": {"email": "me@here.example"}}), wrong(401, "authentication_failed")
    ) as server:
        assert "key is accepted" in asyncio.run(service("hunter", server.url).probe())
        with pytest.raises(ProviderUnusable, match="HUNTER_API_KEY"):
            asyncio.run(service("hunter", server.url).probe())
    assert {seen.target for seen in server.seen} == {"/account"}


class TestRecorded:
    """The answers that Hunter documents."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "inputs", "kind", "reason"),
        [
            ("shape_202_verification_in_progress", EMAIL, Throttled, None),
            ("shape_222_smtp_failed", EMAIL, Throttled, None),
            ("shape_403_rate_limit", NAMES, Throttled, None),
            ("shape_429_usage_limit", NAMES, ProviderUnusable, "quota"),
            ("shape_401_auth", NAMES, ProviderUnusable, "auth"),
            ("shape_400_wrong_params", NAMES, LookupFailed, "bad_input"),
            ("shape_451_claimed_email", EMAIL, LookupFailed, "opted_out"),
            ("domain_search_shape_official", NAMES, LookupFailed, "provider_error"),  # another question's
            ("domain_search_shape_official", EMAIL, LookupFailed, "provider_error"),
            ("domain_search_shape_official", DOMAIN, LookupFailed, "provider_error"),
        ],
    )
    def test_errors(
        self, case: str, inputs: dict[str, str], kind: type[ProviderError], reason: str | None
    ) -> None:
        """Each to its error, none billed."""
        error = failed("hunter", Say.recording("hunter", case), **inputs)
        assert (type(error), error.cost) == (kind, 0)
        assert reason in (None, error.reason)

    def test_nulls_are_a_miss(self) -> None:
        """Not found, and free."""
        said = Say.recording("hunter", "shape_email_finder_null")
        inputs = {"first_name": "A", "last_name": "B", "domain": "example.com"}
        assert missed("hunter", said, **inputs).cost == 0

    @pytest.mark.parametrize("inputs", ALL)
    @pytest.mark.parametrize("case", [p.stem for p in sorted((SHARED / "recordings/hunter").glob("*.json"))])
    def test_no_answer_gives_a_value_to_somebody_else(self, case: str, inputs: dict[str, str]) -> None:
        """Whatever comes, a question about nobody in it gets none."""
        try:
            assert not hasattr(answer("hunter", Say.recording("hunter", case), **inputs), "values")
        except ProviderError as error:
            assert error.cost == 0
