"""What the searches share: which hit is the company's own, how sure that is, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from glaze_cli.model import Found, NotFound
from tests.loopback import Say
from tests.providers.catalog.paid import answer, found
from tests.providers.catalog.search import LINKED, PAGES, TOOLS, WEBSITES, brave, exa, tavily

COMPANY = {"company": "Acme Tools Ltd"}
BOTH = {"company": "Acme Tools Ltd", "domain": "acmetools.com"}

Hits = Callable[[list[Any]], Say]
SEARCHES = pytest.mark.parametrize(
    ("name", "hits_of", "price"), [("exa", exa, 7_000), ("tavily", tavily, 8_000), ("brave", brave, 5_000)]
)
"""Each service, its answer with these hits, and Micros a search."""


@SEARCHES
@pytest.mark.parametrize(("case", "hits", "domain"), WEBSITES)
def test_a_website(
    name: str, hits_of: Hits, price: int, case: str, hits: list[Any], domain: str | None
) -> None:
    """Only a site of the company's own name is its website; found or not, the search is billed."""
    got = answer(name, hits_of(hits), **COMPANY)
    assert got.cost == price
    if domain is None:
        assert isinstance(got, NotFound)
    else:
        assert isinstance(got, Found)
        assert got.values == {"website": f"https://{domain}", "domain": domain}


@SEARCHES
@pytest.mark.parametrize(("case", "hits", "page"), PAGES)
def test_a_linkedin_page(
    name: str, hits_of: Hits, price: int, case: str, hits: list[Any], page: str | None
) -> None:
    """Only a company's page of that name is taken, by its plain address."""
    got = answer(name, hits_of(hits), **BOTH)
    assert got.cost == price
    values = got.values if isinstance(got, Found) else {}
    assert values == ({} if page is None else {"linkedin": f"https://www.linkedin.com/company/{page}"})


@SEARCHES
def test_how_sure_and_from_where(name: str, hits_of: Hits, price: int) -> None:
    """The same name is no proof; the hit is cited."""
    got = found(name, hits_of([TOOLS]), **COMPANY)
    assert (got.confidence, got.citations) == (pytest.approx(0.8), (TOOLS["url"],))
    got = found(name, hits_of([LINKED]), **BOTH)
    assert (got.confidence, got.citations) == (pytest.approx(1 / 1.4), (LINKED["url"],))
