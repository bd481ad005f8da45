"""Photon: longitude first, no score, and many places of one name."""

from __future__ import annotations

from typing import Any

import pytest

from tests.loopback import Say
from tests.providers.catalog.service import (
    BROKEN,
    MISS,
    Outcome,
    asked,
    check_sound,
    found,
    outcome,
    recordings,
    shared,
)

PHOTON = "photon"


def feature(kind: str = "house", **properties: str) -> dict[str, Any]:
    """A place."""
    usual = {
        "type": kind,
        "name": "Lyon" if kind == "city" else "",
        "street": "Rue Basse",
        "city": "" if kind == "city" else "Lyon",
        "state": "Auvergne-Rhône-Alpes",
        "postcode": "69001",
        "country": "France",
        "countrycode": "FR",
    }
    kept = {name: text for name, text in {**usual, **properties}.items() if text}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [4.83, 45.77]},
        "properties": kept,
    }


def listed(*features: dict[str, Any]) -> Say:
    """An answer."""
    return Say.json({"type": "FeatureCollection", "features": list(features)})


LYON = {
    "latitude": 45.77,
    "longitude": 4.83,
    "city": "Lyon",
    "region": "Auvergne-Rhône-Alpes",
    "country": "France",
    "country_code": "FR",
}
HOUSE = {**LYON, "postcode": "69001"}
ADDRESSES = [
    ({"address": "3 rue Basse", "city": "Lyon", "country_code": "FR"}, "3 rue Basse, Lyon"),
    ({"address": "3 rue Basse", "city": "Lyon", "country": "France"}, "3 rue Basse, Lyon, France"),
    ({"address": "3 rue Basse", "city": "Lyon"}, "3 rue Basse, Lyon"),
    ({"address": "3 rue Basse, Lyon"}, "3 rue Basse, Lyon"),
]
CITIES = [
    ({"city": "Lyon", "country_code": "FR"}, "Lyon"),
    ({"city": "Lyon", "country": "France"}, "Lyon, France"),
    ({"city": "Lyon"}, "Lyon"),
]


def test_what_it_says_of_itself() -> None:
    """Free, no key, one call a second on fair use; the map's makers are to be named."""
    manifest = check_sound(PHOTON)
    assert manifest.auth.kind == "none"
    assert "OpenStreetMap" in manifest.about.attribution
    assert (manifest.limits.windows[0].calls, manifest.limits.concurrency) == (1, 1)


@pytest.mark.parametrize(("inputs", "sent"), ADDRESSES)
def test_an_address_is_found(inputs: dict[str, str], sent: str) -> None:
    """What the row has is asked for in one text; coordinates come longitude first."""
    seen = asked(PHOTON, listed(feature()), **inputs)
    assert (seen.path, seen.query) == ("/api", {"q": sent, "limit": "1", "lang": "en"})
    assert outcome(PHOTON, listed(feature()), **inputs) == HOUSE


@pytest.mark.parametrize(("inputs", "sent"), CITIES)
def test_a_city_is_found(inputs: dict[str, str], sent: str) -> None:
    """The one city of that name; its many postcodes are none."""
    said = listed(feature(name="Tour de Lyon"), feature("city"), feature("city", name="Lyons-la-Forêt"))
    assert asked(PHOTON, said, **inputs).query == {"q": sent, "limit": "10", "lang": "en"}
    assert outcome(PHOTON, said, **inputs) == LYON


@pytest.mark.parametrize(
    ("kind", "inputs", "confidence"),
    [
        ("house", ADDRESSES[0][0], 0.7),
        ("street", ADDRESSES[0][0], 0.5),
        ("locality", ADDRESSES[0][0], 0.3),  # no address at all
        ("house", ADDRESSES[3][0], 0.6),  # nothing to compare with
        ("street", ADDRESSES[3][0], 0.4),
        ("city", CITIES[0][0], 0.7),
        ("city", CITIES[2][0], 0.5),
    ],
)
def test_how_sure_it_is(kind: str, inputs: dict[str, str], confidence: float) -> None:
    """It gives no score: modest, and less where only the street was found."""
    assert found(PHOTON, listed(feature(kind)), **inputs).confidence == confidence


@pytest.mark.parametrize(
    ("said", "inputs"),
    [
        (listed(), ADDRESSES[3][0]),
        (listed(), CITIES[2][0]),
        (listed(feature(city="Dijon")), ADDRESSES[2][0]),  # a street of that name elsewhere
        (listed(feature(countrycode="BE")), ADDRESSES[0][0]),
        (listed(feature("city", countrycode="US")), CITIES[0][0]),
        (listed(feature("city", country="United States")), CITIES[1][0]),
        (listed(feature("city"), feature("city", state="Kansas")), CITIES[2][0]),  # two cities
        (listed(feature(name="Lyon")), CITIES[2][0]),  # a house called so
    ],
)
def test_a_namesake_is_refused(said: Say, inputs: dict[str, str]) -> None:
    """Another city's street, another country, two cities of the name: not found."""
    assert outcome(PHOTON, said, **inputs) == MISS


@pytest.mark.parametrize("inputs", [ADDRESSES[0][0], ADDRESSES[3][0], CITIES[0][0], CITIES[2][0]])
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(inputs: dict[str, str], said: Say, expected: str) -> None:
    """Errors of every dress end as errors, for every way of asking."""
    assert outcome(PHOTON, said, **inputs) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Say.json({"message": "missing search term 'q'"}, 400), "failed: bad_input"),
        (Say.html_as_json(403), "again: throttled"),  # shut out for a while, with a page
        (Say.json({"type": "FeatureCollection"}), "failed: provider_error"),
    ],
)
def test_what_its_refusals_mean(said: Say, expected: str) -> None:
    """There is no key that could be wrong: 403 is a limit."""
    assert outcome(PHOTON, said, address="x") == expected


GAMBETTA = {
    "latitude": 48.8631927,
    "longitude": 2.3890894,
    "city": "Paris",
    "region": "Île-de-France",
    "postcode": "75020",
    "country": "France",
    "country_code": "FR",
}
PARIS = {"city": "Paris", "region": "Île-de-France", "country": "France", "country_code": "FR"}


class TestRecorded:
    """What Photon really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "inputs", "expected"),
        [
            (
                "search_address",
                {"address": "10 avenue Gambetta", "city": "Paris", "country_code": "FR"},
                GAMBETTA,
            ),
            (
                "search_address",
                {"address": "10 avenue Gambetta", "city": "Paris", "country": "France"},
                GAMBETTA,
            ),
            ("search_address", {"address": "10 avenue Gambetta, Paris, France"}, GAMBETTA),
            ("search_address", {"address": "10 avenue Gambetta", "city": "Lille"}, MISS),
            (
                "search_named",
                {"address": "221B Baker St", "city": "London", "country_code": "GB"},
                {
                    "latitude": 51.5237629,
                    "longitude": -0.1584743,
                    "city": "London",
                    "region": "England",
                    "postcode": "NW1 6XE",
                    "country": "United Kingdom",
                    "country_code": "GB",
                },
            ),
            (
                "search_paris_multi",
                {"city": "Paris", "country_code": "FR"},
                {"latitude": 48.8534951, "longitude": 2.3483915, **PARIS},
            ),
            (
                "search_paris_multi",
                {"city": "Paris", "country": "United States"},
                {
                    "latitude": 33.6617962,
                    "longitude": -95.555513,
                    "city": "Paris",
                    "region": "Texas",
                    "country": "United States",
                    "country_code": "US",
                },
            ),
            ("search_paris_multi", {"city": "Paris"}, MISS),  # which?
            ("search_paris_multi", {"city": "Paris", "country_code": "CA"}, MISS),
            (
                "search_paris_one",
                {"city": "Paris", "country": "France"},
                {"latitude": 48.8588897, "longitude": 2.3200410217200766, **PARIS},
            ),
            ("invalid_request", {"address": "x"}, "failed: bad_input"),
        ],
    )
    def test_case(self, case: str, inputs: dict[str, str], expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(PHOTON, Say.recording(PHOTON, case), **inputs) == expected

    @pytest.mark.parametrize("case", recordings(PHOTON))
    def test_no_recording_is_taken_for_somebody_else(self, case: str) -> None:
        """A place of another name gets no value from whatever came."""
        said = Say.recording(PHOTON, case)
        for inputs in ({"city": "Zzyzx"}, {"address": "1 X", "city": "Zzyzx"}):
            assert isinstance(outcome(PHOTON, said, **inputs), str)
