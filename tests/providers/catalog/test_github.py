"""GitHub: profiles, and a 403 that is a limit as often as a key without the right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.loopback import Loopback, Say
from tests.providers.catalog.service import (
    BROKEN,
    MISS,
    Outcome,
    asked,
    check_sound,
    error,
    found,
    outcome,
    recordings,
    service,
    shared,
)
from tests.providers.manifest.example import ask

HUB = "github"


def profile(login: str = "acme", kind: str = "Organization", **more: Any) -> Say:
    """An account's profile."""
    body = {
        "login": login,
        "type": kind,
        "name": "Acme Tools",
        "company": None,
        "blog": "https://acme.example",
        "location": "Leeds, UK",
        "email": "hello@acme.example",
        "bio": "I write tools",
        "description": "We write tools.",
        "twitter_username": "acmetools",
        "html_url": f"https://github.com/{login}",
        **more,
    }
    return Say.json(body)


def refused(status: int, message: str, **headers: str) -> Say:
    """A refusal."""
    return Say.json({"message": message, "documentation_url": "https://docs.github.com"}, status, **headers)


ACME = {
    "company": "Acme Tools",
    "website": "https://acme.example",
    "email": "hello@acme.example",
    "description": "We write tools.",
    "headquarters": "Leeds, UK",
    "twitter": "acmetools",
    "github": "https://github.com/acme",
}


def test_what_it_says_of_itself() -> None:
    """Free; it says that addresses of people are not for mailing."""
    assert "personal data" in check_sound(HUB).about.terms


def test_a_token_is_sent_where_there_is_one() -> None:
    """It is asked without one as well, and lacks nothing then."""
    assert asked(HUB, profile(), github="acme").headers["authorization"] == "Bearer k-1"
    bare = service(HUB, key=None)
    assert bare.manifest.auth.env == "GITHUB_TOKEN"
    assert not bare.lacks
    with Loopback(profile()) as server:
        ask(service(HUB, server.url, key=None), github="acme")
    assert "authorization" not in server.seen[0].headers


def test_an_organisation_gives_its_profile() -> None:
    """Its name is the company's, where it is its headquarters."""
    assert asked(HUB, profile(), github="acme").target == "/users/acme"
    assert outcome(HUB, profile(), github="acme") == ACME
    answer = found(HUB, profile(), github="acme")
    assert (answer.confidence, answer.citations) == (0.9, ("https://github.com/acme",))


@pytest.mark.parametrize(
    ("employer", "company"),
    [("Widgets Ltd", "Widgets Ltd"), ("@widgets", None), ("", None), (None, None)],  # @: an account's name
)
def test_a_person_gives_theirs(employer: str | None, company: str | None) -> None:
    """Their name is a person's; what they say of themselves is no company's description."""
    values = dict(
        found(HUB, profile("jane", "User", name="Jane Doe", company=employer), github="jane").values
    )
    assert values.get("company") == company  # type: ignore[call-overload]
    assert values["full_name"] == "Jane Doe"  # type: ignore[index]
    assert not {"description", "headquarters"} & {str(field) for field in values}


def test_an_empty_profile_is_only_an_account() -> None:
    """Blank and null are nothing."""
    empty = profile(name=None, blog="", location=None, email=None, description="", twitter_username=None)
    assert outcome(HUB, empty, github="acme") == {"github": "https://github.com/acme"}


def test_another_account_is_refused() -> None:
    """What comes back has to be the one that was asked for, in whatever case."""
    assert outcome(HUB, profile("acme-inc"), github="acme") == MISS
    assert outcome(HUB, profile("ACME"), github="acme") != MISS


@pytest.mark.parametrize(
    "account",
    [
        "acme",
        "github.com/acme",
        "www.github.com/acme/tools",
        "https://github.com/acme/",
        "github.com/orgs/acme/people",
    ],
)
def test_an_address_names_an_account(account: str) -> None:
    """However people write it, also by a repository of theirs."""
    assert asked(HUB, profile(), github=account).target == "/users/acme"
    assert outcome(HUB, profile(), github=account) == ACME


def test_no_account_is_no_question() -> None:
    """An address that names none is not asked about."""
    assert outcome(HUB, profile(), github="github.com/") == "failed: bad_input"


def test_a_cell_stays_one_segment() -> None:
    """Whatever a cell holds, the path keeps its shape."""
    assert asked(HUB, profile(), github="acme?x#y").target == "/users/acme%3Fx%23y"
    assert outcome(HUB, profile(), github="..") == "failed: bad_input"


@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(said: Say, expected: str) -> None:
    """Errors of every dress end as errors."""
    assert outcome(HUB, said, github="acme") == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (refused(404, "Not Found"), MISS),
        (refused(404, "No such route"), "failed: provider_error"),
        (refused(401, "Bad credentials"), "dropped: auth"),
        (refused(403, "Resource not accessible by personal access token"), "dropped: auth"),
        (refused(403, "API rate limit exceeded for 1.2.3.4."), "again: throttled"),
        (refused(403, "Forbidden", x_ratelimit_remaining="0"), "again: throttled"),
        (refused(403, "Forbidden", x_ratelimit_remaining="17"), "dropped: auth"),
        (refused(403, "Slow down", retry_after="60"), "again: throttled"),
        (refused(429, "You have exceeded a secondary rate limit"), "again: throttled"),
        (refused(502, "Server Error"), "again: unreachable"),
        (Say.json([]), "failed: provider_error"),
    ],
)
def test_what_its_refusals_mean(said: Say, expected: str) -> None:
    """A limit is to wait, a key without the right drops the provider, and only its own 404 is a miss."""
    assert outcome(HUB, said, github="acme") == expected


def test_a_limit_says_how_long() -> None:
    """In seconds, or as the moment of the reset."""
    assert error(HUB, refused(403, "x", retry_after="60"), github="a").retry_after == 60  # type: ignore[attr-defined]
    moment = refused(403, "x", x_ratelimit_remaining="0", x_ratelimit_reset="99999999999")
    assert error(HUB, moment, github="a").retry_after > 1_000_000  # type: ignore[attr-defined]


class TestRecorded:
    """What GitHub really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "account", "expected"),
        [
            (
                "org_setup",
                "BeaverSoftware",
                {
                    "company": "BeaverSoftware",
                    "website": "http://www.example.com",
                    "email": "foo@example.com",
                    "description": "BeaverSoftware writes software.",
                    "headquarters": "Paris, France",
                    "github": "https://github.com/BeaverSoftware",
                },
            ),
            ("403_rate_limit_exceeded", "jacquev6", "again: throttled"),
            ("403_scope", "acme", "dropped: auth"),
            ("502_then_retry", "acme", "again: unreachable"),
            ("503_html_body", "jacquev6", "again: provider_error"),
            ("graphql_401", "acme", "dropped: auth"),
            ("org_repos_paginated_link_header", "codeforamerica", "failed: provider_error"),
            ("rate_limit_endpoint", "acme", "failed: provider_error"),
            ("stats_202_computing", "acme", "again: timeout"),
        ],
    )
    def test_case(self, case: str, account: str, expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(HUB, Say.recording(HUB, case), github=account) == expected

    @pytest.mark.parametrize("case", recordings(HUB))
    def test_no_recording_is_taken_for_somebody_else(self, case: str) -> None:
        """A question about nobody gets no value from whatever came."""
        assert isinstance(outcome(HUB, Say.recording(HUB, case), github="zzyzx"), str)
