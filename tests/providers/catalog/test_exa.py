"""Exa: a hit is an answer only where the name is the company's; every search is billed."""

from __future__ import annotations

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
from tests.providers.catalog.search import TOOLS, exa

PRICE = 7_000
COMPANY = {"company": "Acme Tools Ltd"}
BOTH = {"company": "Acme Tools Ltd", "domain": "acmetools.com"}


def test_what_it_says_of_itself() -> None:
    """Cheap, with a key of its own, a price and a date, ten calls a second."""
    shipped = service("exa", "http://127.0.0.1")
    assert (shipped.tier, shipped.manifest.auth.env) == ("cheap", "EXA_API_KEY")
    assert shipped.about.price and shipped.about.priced and shipped.about.license
    assert [(window.calls, window.seconds) for window in shipped.limits.windows] == [(10, 1.0)]


def test_what_is_sent() -> None:
    """The company's name, for LinkedIn its domain too; the key in the header; no costly contents."""
    seen = sent("exa", **COMPANY)
    assert (seen.method, seen.target, seen.headers["x-api-key"]) == ("POST", "/search", KEY)
    assert seen.json == {"query": "Acme Tools Ltd official website", "type": "auto", "numResults": 10}
    seen = sent("exa", **BOTH)
    assert seen.json["query"] == "Acme Tools Ltd acmetools.com LinkedIn company page"
    assert seen.json["includeDomains"] == ["linkedin.com"]


@pytest.mark.parametrize(
    ("said", "cost"),
    [
        ({"total": 0.005, "search": {"neural": 0.005}}, 5_000),
        ({"total": 0.012}, 12_000),  # dearer than published: what it says counts
        ({"total": None}, 7_000),
        ({}, 7_000),
    ],
)
def test_the_bill_is_what_it_says(said: dict[str, Any], cost: int) -> None:
    """The dollars in the answer, else the published price."""
    assert found("exa", exa([TOOLS], costDollars=said), **COMPANY).cost == cost
    assert missed("exa", exa([], costDollars=said), **COMPANY).cost == cost


@pytest.mark.parametrize("inputs", [COMPANY, BOTH])
@pytest.mark.parametrize(("said", "kind", "reason"), DISASTERS)
def test_disasters(said: Say, kind: type[ProviderError], reason: str, inputs: dict[str, str]) -> None:
    """No broken answer is a miss, and a lost one is not asked again."""
    check_disaster("exa", said, kind, reason, **inputs)


@pytest.mark.parametrize("inputs", [COMPANY, BOTH])
@pytest.mark.parametrize(
    ("status", "tag", "kind", "reason"),
    [
        (401, "INVALID_API_KEY", ProviderUnusable, "auth"),
        (402, "NO_MORE_CREDITS", ProviderUnusable, "quota"),
        (402, "API_KEY_BUDGET_EXCEEDED", ProviderUnusable, "quota"),
        (403, "FEATURE_DISABLED", ProviderUnusable, "auth"),
        (403, "PROHIBITED_CONTENT", LookupFailed, "provider_error"),  # of this row only
        (429, "", Throttled, "throttled"),
    ],
)
def test_errors(
    status: int, tag: str, kind: type[ProviderError], reason: str, inputs: dict[str, str]
) -> None:
    """Each to its error, none billed."""
    error = failed("exa", Say.json({"requestId": "r1", "error": "no", "tag": tag}, status), **inputs)
    assert (type(error), error.reason, error.cost) == (kind, reason, 0)


def test_it_has_no_free_question() -> None:
    """So nothing is asked to try the key."""
    import asyncio

    with Loopback(Say.json({})) as server:
        assert asyncio.run(service("exa", server.url).probe()) == "has no free question"
    assert server.seen == []
