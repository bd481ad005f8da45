"""Tavily: a hit is an answer only where the name is the company's; every search is billed."""

from __future__ import annotations

from typing import Any

import pytest

from glaze_cli.errors import ProviderError, ProviderUnusable, Throttled
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
from tests.providers.catalog.search import TOOLS, tavily

PRICE = 8_000
COMPANY = {"company": "Acme Tools Ltd"}
BOTH = {"company": "Acme Tools Ltd", "domain": "acmetools.com"}


def test_what_it_says_of_itself() -> None:
    """Cheap, with a key of its own, a price and a date; the free question is about the account."""
    shipped = service("tavily", "http://127.0.0.1")
    assert (shipped.tier, shipped.manifest.auth.env) == ("cheap", "TAVILY_API_KEY")
    assert shipped.about.price and shipped.about.priced and shipped.about.license
    assert shipped.manifest.check is not None and shipped.manifest.check.request.path == "/usage"


def test_what_is_sent() -> None:
    """The company's name, for LinkedIn its domain too; the key in the header; the cheaper depth."""
    seen = sent("tavily", **COMPANY)
    assert (seen.method, seen.target, seen.headers["authorization"]) == ("POST", "/search", f"Bearer {KEY}")
    assert seen.json["query"] == "Acme Tools Ltd official website"
    assert (seen.json["search_depth"], seen.json["max_results"]) == ("basic", 10)
    seen = sent("tavily", **BOTH)
    assert seen.json["query"] == "Acme Tools Ltd acmetools.com LinkedIn company page"
    assert seen.json["include_domains"] == ["linkedin.com"]


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        ({"credits": 1}, 8_000),
        ({"credits": 0}, 0),  # out of its cache
        ({"credits": 2}, 16_000),  # what it says counts
        ({"credits": "x"}, 8_000),  # nonsense does not
        ({}, 8_000),
    ],
)
def test_the_bill_is_what_it_says(usage: dict[str, Any], cost: int) -> None:
    """The credits in the answer, else the published price."""
    assert found("tavily", tavily([TOOLS], usage=usage), **COMPANY).cost == cost
    assert missed("tavily", tavily([], usage=usage), **COMPANY).cost == cost


@pytest.mark.parametrize("inputs", [COMPANY, BOTH])
@pytest.mark.parametrize(("said", "kind", "reason"), DISASTERS)
def test_disasters(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """No broken answer is a miss, and a lost one is not asked again."""
    check_disaster("tavily", said, kind, reason, **inputs)


@pytest.mark.parametrize("inputs", [COMPANY, BOTH])
@pytest.mark.parametrize("status", [432, 433])
def test_no_credit(status: int, inputs: dict[str, str]) -> None:
    """Tavily's own statuses for it."""
    error = failed("tavily", Say.json({"detail": {"error": "limit"}}, status), **inputs)
    assert (type(error), error.reason, error.cost) == (ProviderUnusable, "quota", 0)


def test_a_bad_key_names_the_variable() -> None:
    """So that one knows what to set."""
    assert "TAVILY_API_KEY" in str(failed("tavily", Say.json({"detail": {}}, 401), **COMPANY))


def test_too_quick() -> None:
    """It says how long to wait."""
    error = failed("tavily", Say.json({"detail": {}}, 429, retry_after="7"), **COMPANY)
    assert isinstance(error, Throttled)
    assert (error.reason, error.retry_after, error.cost) == ("throttled", 7.0, 0)


class TestRecorded:
    """What Tavily really sent, and the shapes it documents."""

    pytestmark = shared

    @pytest.mark.parametrize("case", ["basic_search", "search_with_include_domains"])
    def test_pages_about_something_are_nobodys_website(self, case: str) -> None:
        """Articles of others: not found, and billed."""
        got = missed("tavily", Say.recording("tavily", case), company="Pydantic AI")
        assert (got.detail, got.cost) == ("the answer is about others", PRICE)

    @pytest.mark.parametrize(
        ("case", "company", "domain"),
        [
            ("basic_search", "Medium", "medium.com"),
            ("basic_search", "Reddit, Inc.", "reddit.com"),
            ("search_with_include_domains", "arXiv", "arxiv.org"),
        ],
    )
    def test_whose_site_it_is(self, case: str, company: str, domain: str) -> None:
        """The same pages, asked for the companies whose sites they are on."""
        got = found("tavily", Say.recording("tavily", case), company=company)
        assert got.values == {"website": f"https://{domain}", "domain": domain}
        assert (got.cost, got.confidence) == (PRICE, pytest.approx(0.8))

    def test_no_page_of_a_company_on_linkedin(self) -> None:
        """None is among them."""
        got = missed("tavily", Say.recording("tavily", "basic_search"), company="Medium", domain="medium.com")
        assert got.cost == PRICE

    @pytest.mark.parametrize(
        ("case", "kind", "reason"),
        [
            ("shape_401", ProviderUnusable, "auth"),
            ("shape_429", Throttled, "throttled"),
            ("shape_432_plan_limit", ProviderUnusable, "quota"),
            ("shape_433_paygo_limit", ProviderUnusable, "quota"),
        ],
    )
    def test_errors(self, case: str, kind: type[ProviderError], reason: str) -> None:
        """Each to its error, none billed."""
        error = failed("tavily", Say.recording("tavily", case), **COMPANY)
        assert (type(error), error.reason, error.cost) == (kind, reason, 0)
        if isinstance(error, Throttled):
            assert error.retry_after == 12.0


def test_the_free_question() -> None:
    """Asks for the account's usage, with the key; a refused key is told."""
    import asyncio

    with Loopback(Say.json({"key": {"usage": 1}, "account": {}}), Say.json({"detail": {}}, 401)) as server:
        shipped = service("tavily", server.url)
        assert "key is accepted" in asyncio.run(shipped.probe())
        with pytest.raises(ProviderUnusable):
            asyncio.run(service("tavily", server.url).probe())
    assert {seen.target for seen in server.seen} == {"/usage"}
