"""Nominatim: only on a server of one's own; a shop's website is the shop's, not the address's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.setup import Setup
from tests.loopback import Say
from tests.providers.catalog.service import (
    BROKEN,
    MISS,
    Outcome,
    asked,
    check_sound,
    found,
    manifest_of,
    outcome,
    recordings,
    service,
    shared,
)

NOM = "nominatim"


def result(rank: int = 30, name: str = "", **address: str) -> dict[str, Any]:
    """A result."""
    usual = {
        "house_number": "5",
        "road": "Lange Gasse",
        "city": "Graz",
        "state": "Styria",
        "postcode": "8010",
        "country": "Austria",
        "country_code": "at",
        "ISO3166-2-lvl4": "AT-6",
        **address,
    }
    return {
        "lat": "47.07",
        "lon": "15.44",
        "place_rank": rank,
        "name": name,
        "address": {key: text for key, text in usual.items() if text},
        "extratags": {"website": "https://acme.example", "contact:phone": "+43 316 1", "wikidata": "Q1"},
    }


def listed(*results: dict[str, Any]) -> Say:
    """An answer."""
    return Say.json(list(results))


GRAZ = {
    "latitude": 47.07,
    "longitude": 15.44,
    "city": "Graz",
    "region": "Styria",
    "postcode": "8010",
    "country": "Austria",
    "country_code": "AT",
}
SHOP = {
    **GRAZ,
    "address": "Lange Gasse 5",
    "website": "https://acme.example",
    "phone": "+43 316 1",
    "wikidata": "Q1",
}
USUAL = {"format": "jsonv2", "addressdetails": "1", "accept-language": "en"}
STREET = {"address": "Lange Gasse 5"}
PLACES = [
    ({**STREET, "city": "Graz", "country_code": "AT"}, {"q": "Lange Gasse 5, Graz", "countrycodes": "AT"}),
    ({**STREET, "city": "Graz", "country": "Austria"}, {"q": "Lange Gasse 5, Graz, Austria"}),
    ({**STREET, "city": "Graz"}, {"q": "Lange Gasse 5, Graz"}),
    (STREET, {"q": "Lange Gasse 5"}),
    ({"city": "Graz", "country_code": "AT"}, {"city": "Graz", "countrycodes": "AT"}),
    ({"city": "Graz", "country": "Austria"}, {"city": "Graz", "country": "Austria"}),
]
COMPANY = {"company": "Acme", "city": "Graz"}
POINT = {"latitude": "47.07", "longitude": "15.44"}


def test_what_it_says_of_itself() -> None:
    """Free, without a key, and it says that the public server is not for lists."""
    manifest = check_sound(NOM)
    assert manifest.self_hosted
    assert "forbids" in manifest.about.terms
    assert "OpenStreetMap" in manifest.about.attribution


def test_without_a_server_of_ones_own_it_is_not_asked() -> None:
    """The public server forbids lists: it lacks an address until the user names one."""
    door = HttpDoor(httpx.MockTransport(lambda _request: httpx.Response(500)))
    assert "base_url" in ManifestProvider(manifest_of(NOM), Setup(door)).lacks
    assert not service(NOM).lacks


@pytest.mark.parametrize(("inputs", "sent"), PLACES)
def test_a_place_is_found(inputs: dict[str, str], sent: dict[str, str]) -> None:
    """What the row has is asked for; whoever has a shop there does not lend its website to the row."""
    seen = asked(NOM, listed(result()), **inputs)
    assert (seen.path, seen.query) == ("/search", {**sent, **USUAL, "limit": "1"})
    assert outcome(NOM, listed(result()), **inputs) == GRAZ


@pytest.mark.parametrize("country", [{}, {"country_code": "AT"}])
def test_a_company_is_found_by_name(country: dict[str, str]) -> None:
    """The one of that name in that city: with its address, website and phone."""
    said = listed(result(name="Acme Bank"), result(name="ACME GmbH"), result(name="Acme", city="Wien"))
    seen = asked(NOM, said, **COMPANY, **country)
    codes = {"countrycodes": "AT"} if country else {}
    assert seen.query == {"q": "Acme, Graz", **codes, **USUAL, "limit": "10", "extratags": "1"}
    assert outcome(NOM, said, **COMPANY, **country) == SHOP


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        ({"country_code": "gb"}, "5 Lange Gasse"),  # there the number comes first
        ({"country_code": "de"}, "Lange Gasse 5"),
        ({"house_number": ""}, None),  # a street is no address
    ],
)
def test_an_address_is_written_as_people_there_do(parts: dict[str, str], address: str | None) -> None:
    """The number first or last, by country; without a number none."""
    values = found(NOM, listed(result(name="Acme", **parts)), **COMPANY).values
    assert dict(values).get("address") == address  # type: ignore[call-overload]


def test_a_point_says_where_it_is() -> None:
    """Coordinates give the address around them."""
    said = Say.json(result())
    seen = asked(NOM, said, **POINT)
    assert (seen.path, seen.query) == ("/reverse", {"lat": "47.07", "lon": "15.44", "zoom": "18", **USUAL})
    expected = {key: value for key, value in GRAZ.items() if key not in POINT}
    assert outcome(NOM, said, **POINT) == {**expected, "address": "Lange Gasse 5"}


@pytest.mark.parametrize(
    ("rank", "inputs", "confidence"),
    [
        (30, PLACES[0][0], 0.8),
        (26, PLACES[0][0], 0.5),  # only the street
        (16, PLACES[0][0], 0.3),  # only the town
        (30, STREET, 0.6),  # nothing to compare with
        (16, PLACES[4][0], 0.7),
    ],
)
def test_how_sure_it_is(rank: int, inputs: dict[str, str], confidence: float) -> None:
    """By the kind of what was found."""
    assert found(NOM, listed(result(rank)), **inputs).confidence == confidence


@pytest.mark.parametrize(
    ("said", "inputs"),
    [
        (listed(), STREET),
        (listed(), COMPANY),
        (Say.json({"error": "Unable to geocode"}), POINT),
        (listed(result(city="Linz")), PLACES[0][0]),
        (listed(result(city="Linz")), PLACES[4][0]),
        (listed(result(name="Acme", city="Linz")), COMPANY),
        (listed(result(name="Acme Hotel")), COMPANY),
        (listed(result(name="")), COMPANY),  # a house without a name
        (listed(result(name="Acme"), result(name="Acme", road="Ring")), COMPANY),  # two branches
    ],
)
def test_a_namesake_is_refused(said: Say, inputs: dict[str, str]) -> None:
    """Another city's street, another name, two of the name: not found."""
    assert outcome(NOM, said, **inputs) == MISS


@pytest.mark.parametrize("inputs", [PLACES[0][0], STREET, COMPANY, PLACES[4][0], POINT])
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(inputs: dict[str, str], said: Say, expected: str) -> None:
    """Errors of every dress end as errors, for every way of asking."""
    assert outcome(NOM, said, **inputs) == expected


@pytest.mark.parametrize("inputs", [STREET, POINT])
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Say.html_as_json(403), "again: throttled"),
        (Say.html_as_json(429), "again: throttled"),
        (Say.html_as_json(509), "again: provider_error"),
        (Say.json({"error": {"code": 400, "message": "bad"}}, 400), "failed: bad_input"),
        (Say.json({"error": "out of service"}), "failed: provider_error"),
    ],
)
def test_what_its_refusals_mean(said: Say, expected: str, inputs: dict[str, str]) -> None:
    """Every one of its three ways of saying "too much" is to wait."""
    assert outcome(NOM, said, **inputs) == expected


class TestRecorded:
    """What the public server really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "inputs", "expected"),
        [
            ("over_limit_html", {"address": "x"}, "again: provider_error"),
            ("over_limit_html", {"latitude": "1", "longitude": "2"}, "again: provider_error"),
            (
                "reverse_dc",
                {"latitude": "38.900206", "longitude": "-77.036991"},
                {
                    "city": "Washington",
                    "region": "District of Columbia",
                    "postcode": "20006",
                    "country": "United States",
                },
            ),
            (
                "reverse_paris",
                {"latitude": "48.86", "longitude": "2.35"},
                {"city": "Paris", "region": "Île-de-France", "postcode": "75004", "country": "France"},
            ),
            ("search_miss_empty_array", {"address": "jsajhgsdkfjhsfkjhaldkadjaslgldasd"}, MISS),
            ("search_miss_empty_array", {"company": "x", "city": "y"}, MISS),
            (
                "search_warsaw",
                {"address": "woronicza 17", "city": "Warszawa", "country_code": "PL"},
                {
                    "latitude": 52.188724,
                    "longitude": 21.0112069,
                    "city": "Warszawa",
                    "region": "województwo mazowieckie",
                    "postcode": "02-625",
                    "country": "Polska",
                },
            ),
            ("search_warsaw", {"address": "woronicza 17", "city": "Kraków"}, MISS),
            (
                "search_postcode_no_osm_type",
                {"city": "Beverly Hills", "country": "United States"},
                {
                    "latitude": 34.09508267309781,
                    "longitude": -118.39932247264571,
                    "city": "Beverly Hills",
                    "region": "California",
                    "postcode": "90210",
                    "country": "United States",
                },
            ),
            (
                "search_hamburg_elbphilharmonie",  # whatever its name, 10 Downing Street is in it
                {"company": "Prime Minister’s Office", "city": "Westminster"},
                {
                    "website": "http://www.number10.gov.uk/",
                    "wikidata": "Q169101",
                    "latitude": 51.50344025,
                    "longitude": -0.12770820958562096,
                    "address": "10 Downing Street",
                    "city": "Westminster",
                    "region": "England",
                    "postcode": "SW1A 2AA",
                    "country": "United Kingdom",
                },
            ),
            ("search_hamburg_elbphilharmonie", {"company": "Elbphilharmonie", "city": "Hamburg"}, MISS),
            ("search_hamburg_elbphilharmonie", {"address": "Platz der Einheit 1", "city": "Hamburg"}, MISS),
            (
                "search_brussels_multilingual",  # one name in two languages
                {"address": "Place des Palais 1", "city": "Bruxelles", "country_code": "BE"},
                {
                    "latitude": 50.8419916,
                    "longitude": 4.3619888303182375,
                    "city": "Ville de Bruxelles - Stad Brussel",
                    "postcode": "1000",
                    "country": "België / Belgique / Belgien",
                },
            ),
            ("search_bounded_viewbox", {"company": "Italia", "city": "Roma"}, MISS),
        ],
    )
    def test_case(self, case: str, inputs: dict[str, str], expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(NOM, Say.recording(NOM, case), **inputs) == expected

    @pytest.mark.parametrize("case", recordings(NOM))
    def test_no_recording_is_taken_for_somebody_else(self, case: str) -> None:
        """A place of another name gets no value from whatever came."""
        said = Say.recording(NOM, case)
        for inputs in (
            {"city": "Zzyzx", "country": "X"},
            {"address": "1 X", "city": "Zzyzx"},
            {"company": "X", "city": "Y"},
        ):
            assert isinstance(outcome(NOM, said, **inputs), str)
