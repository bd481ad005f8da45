"""Brave: a hit is an answer only where the name is the company's; every search is billed."""

from __future__ import annotations

from typing import Any

import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import Found
from tests.loopback import Loopback, Say
from tests.providers.catalog.paid import (
    DISASTERS,
    KEY,
    answer,
    check_disaster,
    failed,
    missed,
    sent,
    service,
    shared,
)

PRICE = 5_000
COMPANY = {"company": "Acme Tools Ltd"}
BOTH = {"company": "Acme Tools Ltd", "domain": "acmetools.com"}
RATE = {"rate_limit": 1, "rate_current": 1, "quota_limit": 2000, "quota_current": 15}
UNLIMITED = {"rate_limit": 50, "rate_current": 51, "quota_limit": 0, "quota_current": 15}
SPENT = {"rate_limit": 1, "rate_current": 1, "quota_limit": 2000, "quota_current": 2000}


def wrong(status: int, code: str, **meta: Any) -> Say:
    """An error of Brave."""
    error = {"id": "e1", "status": status, "detail": "no", "code": code, "meta": meta}
    return Say.json({"type": "ErrorResponse", "error": error, "time": 1}, status)


def test_what_it_says_of_itself() -> None:
    """Cheap, with a key of its own, a price and a date; what it finds is not kept."""
    shipped = service("brave", "http://127.0.0.1")
    assert (shipped.tier, shipped.manifest.auth.env) == ("cheap", "BRAVE_API_KEY")
    assert shipped.about.price and shipped.about.priced and shipped.about.license
    assert not shipped.keep.store


def test_what_is_sent() -> None:
    """The company's name, for LinkedIn its domain too; the key in the header; no cell adds to the address."""
    seen = sent("brave", **COMPANY)
    assert (seen.method, seen.path) == ("GET", "/web/search")
    assert seen.headers["x-subscription-token"] == KEY
    asked = {"count": "10", "result_filter": "web", "text_decorations": "false"}
    assert seen.query == {"q": "Acme Tools Ltd official website", **asked}
    seen = sent("brave", **BOTH)
    assert seen.query["q"] == "Acme Tools Ltd acmetools.com site:linkedin.com/company"
    assert sent("brave", company="A&count=99#").query == {"q": "A&count=99# official website", **asked}


@pytest.mark.parametrize("inputs", [COMPANY, BOTH])
@pytest.mark.parametrize(("said", "kind", "reason"), DISASTERS)
def test_disasters(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """No broken answer is a miss, and a lost one is not asked again."""
    check_disaster("brave", said, kind, reason, **inputs)


@pytest.mark.parametrize("inputs", [COMPANY, BOTH])
@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        (wrong(422, "SUBSCRIPTION_TOKEN_INVALID"), ProviderUnusable, "auth"),  # a bad key is a 422 here
        (
            Say.json({"type": "ErrorResponse", "errors": [{"code": "SUBSCRIPTION_TOKEN_INVALID"}]}, 422),
            ProviderUnusable,
            "auth",
        ),
        (
            wrong(422, "VALIDATION", errors=[{"loc": ["header", "x-subscription-token"]}]),
            ProviderUnusable,
            "auth",
        ),
        (wrong(422, "VALIDATION", errors=[{"loc": ["query", "q"]}]), LookupFailed, "bad_input"),
        (wrong(422, "VALIDATION"), LookupFailed, "bad_input"),
        (wrong(429, "RATE_LIMITED", **RATE), Throttled, "throttled"),
        (wrong(429, "RATE_LIMITED", **UNLIMITED), Throttled, "throttled"),  # no quota is no used-up quota
        (wrong(429, "RATE_LIMITED", **SPENT), ProviderUnusable, "quota"),
        (wrong(429, "QUOTA_LIMITED"), ProviderUnusable, "quota"),
        (wrong(200, "RATE_LIMITED"), LookupFailed, "provider_error"),  # an error under 200
        (Say.json({"type": "search", "web": {"results": "none"}}), LookupFailed, "provider_error"),
        (Say.json({"message": "hello"}), LookupFailed, "provider_error"),
    ],
)
def test_errors(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """Each to its error, none billed."""
    error = failed("brave", said, **inputs)
    assert (type(error), error.reason, error.cost) == (kind, reason, 0)


def test_how_long_to_wait() -> None:
    """Until the next second, not the next month."""
    headers = {"x-ratelimit-reset": "1, 1419704", "content-type": "application/json"}
    error = failed("brave", Say(429, headers, b"{}"), **COMPANY)
    assert isinstance(error, Throttled)
    assert error.retry_after == 1.0


def test_no_list_is_a_miss() -> None:
    """Brave leaves out `web` where nothing was found."""
    got = missed("brave", Say.json({"type": "search", "query": {"original": "q"}, "videos": {}}), **COMPANY)
    assert (got.detail, got.cost) == ("no search result", PRICE)


def test_it_has_no_free_question() -> None:
    """So nothing is asked to try the key."""
    import asyncio

    with Loopback(Say.json({})) as server:
        assert asyncio.run(service("brave", server.url).probe()) == "has no free question"
    assert server.seen == []


class TestRecorded:
    """What Brave really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("company", "domain"),
        [
            ("Hello World CS", "helloworldcs.org"),
            ("Code", "code.org"),
            ("Hello World", None),  # articles about it, and a page of code.org
            ("Wikipedia", None),  # a page on en.wikipedia.org is not the company's own site
        ],
    )
    def test_a_page_of_hits(self, company: str, domain: str | None) -> None:
        """Only the site that has the name."""
        got = answer("brave", Say.recording("brave", "web_search"), company=company)
        assert got.cost == PRICE
        values = got.values if isinstance(got, Found) else {}
        assert values == ({} if domain is None else {"website": f"https://{domain}", "domain": domain})

    def test_no_page_of_a_company_on_linkedin(self) -> None:
        """None is among them."""
        got = missed("brave", Say.recording("brave", "web_search"), company="Code", domain="code.org")
        assert got.cost == PRICE

    def test_news_are_no_web_search(self) -> None:
        """Another kind of answer is no miss."""
        error = failed("brave", Say.recording("brave", "news_search"), **COMPANY)
        assert (type(error), error.reason) == (LookupFailed, "provider_error")
