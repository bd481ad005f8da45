"""The harmless question of each free service, as `glaze providers check` asks it."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.errors import ProviderError, ProviderUnusable
from tests.loopback import Loopback, Say
from tests.providers.catalog.service import service

GOOD = {
    "companies_house": {"kind": "search#companies", "items": []},
    "crossref": {"status": "ok", "message": {"items": []}},
    "github": {"resources": {"core": {"limit": 60}}},
    "ipinfo": {"ip": "8.8.8.8"},
    "ipinfo_lite": {"ip": "8.8.8.8"},
    "nominatim": {"status": 0, "message": "OK"},
    "open_food_facts": {"code": "3017620422003", "status": 1},
    "open_library": {},
    "openalex": {"display_name": "Somewhere"},
    "opencage": {"results": [], "status": {"code": 200}},
    "photon": {"features": []},
    "ror": {"items": []},
    "us_census": {"benchmarks": []},
}
"""What each answers when all is well."""


def probe(name: str, said: Say) -> str:
    """What came of the check."""
    with Loopback(said) as server:
        words = asyncio.run(service(name, server.url).probe())
    assert len(server.seen) == 1
    return words


@pytest.mark.parametrize("name", GOOD)
def test_a_service_that_is_well_says_so(name: str) -> None:
    """One question, and a sentence."""
    assert probe(name, Say.json(GOOD[name])).startswith("answers")


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("said", [Say.html_as_json(), Say.json({}, 500), Say.json("gone"), Say.json({}, 404)])
def test_a_service_that_is_not_is_no_success(name: str, said: Say) -> None:
    """A hotel's sign-in page is not the service."""
    with pytest.raises(ProviderError):
        probe(name, said)


@pytest.mark.parametrize(
    "name", ["companies_house", "github", "ipinfo", "ipinfo_lite", "openalex", "opencage", "ror"]
)
def test_a_bad_key_is_named(name: str) -> None:
    """The sentence says which variable to look at, and not what is in it."""
    with pytest.raises(ProviderUnusable) as caught:
        probe(name, Say.json({"message": "bad key"}, 401))
    assert service(name).manifest.auth.env in str(caught.value)
    assert "k-1" not in str(caught.value)
