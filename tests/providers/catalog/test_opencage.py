"""OpenCage: addresses that have to be where the row says, cities that have to be the only ones."""

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
    error,
    found,
    outcome,
    recordings,
    shared,
)

CAGE = "opencage"


def place(confidence: int = 10, kind: str = "building", **components: str) -> dict[str, Any]:
    """A result."""
    parts = {
        "ISO_3166-1_alpha-2": "DE",
        "_category": "place" if kind in ("city", "village") else "building",
        "_type": kind,
        "country": "Germany",
        "country_code": "de",
        "state": "Bavaria",
        "postcode": "80331",
        "city": "Munich",
        **components,
    }
    return {
        "annotations": {"timezone": {"name": "Europe/Berlin", "offset_sec": 3600}},
        "components": {name: text for name, text in parts.items() if text},
        "confidence": confidence,
        "formatted": f"Marienplatz 1, {parts['postcode']} {parts['city']}, Germany",
        "geometry": {"lat": 48.137, "lng": 11.575},
    }


def listed(*results: dict[str, Any]) -> Say:
    """An answer."""
    return Say.json(
        {"results": list(results), "status": {"code": 200, "message": "OK"}, "total_results": len(results)}
    )


def refusal(code: int, message: str, status: int | None = None, **more: Any) -> Say:
    """A refusal; `status` where the HTTP status is another."""
    body = {"results": [], "status": {"code": code, "message": message}, "total_results": 0, **more}
    return Say.json(body, code if status is None else status)


MUNICH = {
    "latitude": 48.137,
    "longitude": 11.575,
    "city": "Munich",
    "region": "Bavaria",
    "postcode": "80331",
    "country": "Germany",
    "country_code": "DE",
    "timezone": "Europe/Berlin",
}
STREET = {"address": "Marienplatz 1"}
FORMATTED = {"address": "Marienplatz 1, 80331 Munich, Germany"}
ADDRESSES = [
    (
        {**STREET, "city": "München", "country_code": "DE"},
        {"q": "Marienplatz 1, München", "countrycode": "DE"},
    ),
    ({**STREET, "city": "München", "country": "Germany"}, {"q": "Marienplatz 1, München, Germany"}),
    (
        {**STREET, "postcode": "80331", "country_code": "DE"},
        {"q": "Marienplatz 1, 80331", "countrycode": "DE"},
    ),
    ({**STREET, "city": "Munich"}, {"q": "Marienplatz 1, Munich"}),
    (STREET, {"q": "Marienplatz 1"}),
    ({"postcode": "80331", "country_code": "DE"}, {"q": "80331", "countrycode": "DE"}),
]
CITIES = [
    ({"city": "Munich", "country_code": "DE"}, {"q": "Munich", "countrycode": "DE"}),
    ({"city": "Munich", "country": "Germany"}, {"q": "Munich, Germany"}),
    ({"city": "Munich"}, {"q": "Munich"}),
]
PLACE = {"latitude": "48.137", "longitude": "11.575"}


def test_what_it_says_of_itself() -> None:
    """Free on trial, with a key in the query, one call a second; the map's makers are to be named."""
    manifest = check_sound(CAGE)
    assert (manifest.auth.kind, manifest.auth.env) == ("query", "OPENCAGE_API_KEY")
    assert "OpenStreetMap" in manifest.about.attribution
    assert [(window.calls, window.seconds) for window in manifest.limits.windows] == [(1, 1.0)]


@pytest.mark.parametrize(("inputs", "sent"), ADDRESSES)
def test_an_address_is_found(inputs: dict[str, str], sent: dict[str, str]) -> None:
    """What the row has is asked for, in one question; OpenCage is asked not to log it."""
    seen = asked(CAGE, listed(place()), **inputs)
    assert seen.path == "/json"
    assert seen.query == {**sent, "limit": "1", "no_record": "1", "key": "k-1"}
    assert outcome(CAGE, listed(place()), **inputs) == MUNICH


@pytest.mark.parametrize(("inputs", "sent"), CITIES)
def test_a_city_is_found(inputs: dict[str, str], sent: dict[str, str]) -> None:
    """The one city of that name, whatever else is called so."""
    said = listed(
        place(city="Munich", kind="building"),
        place(kind="city"),
        place(kind="village", city="", village="Munich"),
    )
    assert asked(CAGE, said, **inputs).query == {**sent, "limit": "10", "no_record": "1", "key": "k-1"}
    assert outcome(CAGE, said, **inputs) == MUNICH


def test_a_place_says_where_it_is() -> None:
    """Coordinates give the address around them."""
    seen = asked(CAGE, listed(place()), **PLACE)
    assert seen.query["q"] == "48.137,11.575"
    expected = {name: value for name, value in MUNICH.items() if name not in PLACE}
    assert outcome(CAGE, listed(place()), **PLACE) == {**expected, **FORMATTED}


@pytest.mark.parametrize(
    ("precision", "inputs", "confidence"),
    [
        (10, ADDRESSES[0][0], 0.9),
        (9, ADDRESSES[0][0], 0.8),
        (8, ADDRESSES[0][0], 0.6),
        (7, ADDRESSES[0][0], 0.3),  # five kilometres around are no address
        (1, ADDRESSES[0][0], 0.3),
        (10, STREET, 0.7),  # nothing to compare with
        (4, CITIES[0][0], 0.8),  # a city is large
        (4, CITIES[2][0], 0.6),
    ],
)
def test_how_sure_it_is(precision: int, inputs: dict[str, str], confidence: float) -> None:
    """Their figure is the size of what was found: small is good of an address, and says nothing of a city."""
    said = listed(
        place(precision, kind="city" if "city" in inputs and "address" not in inputs else "building")
    )
    assert found(CAGE, said, **inputs).confidence == confidence


@pytest.mark.parametrize(
    ("said", "inputs"),
    [
        (listed(), STREET),
        (listed(place(city="Hamburg")), ADDRESSES[0][0]),  # a street of that name elsewhere
        (listed(place(postcode="20095")), ADDRESSES[2][0]),
        (listed(place(postcode="20095")), ADDRESSES[5][0]),
        (listed(place(kind="city", city="Aschheim")), CITIES[0][0]),
        (listed(place(kind="city"), place(kind="city", state="Ohio")), CITIES[2][0]),  # two cities
        (listed(place(kind="city", **{"ISO_3166-1_alpha-2": "US"})), CITIES[0][0]),
        (listed(place(kind="building")), CITIES[2][0]),  # a house in a city is no city
    ],
)
def test_a_namesake_is_refused(said: Say, inputs: dict[str, str]) -> None:
    """Another city's street, another postcode, two cities of the name: not found."""
    assert outcome(CAGE, said, **inputs) == MISS


@pytest.mark.parametrize(
    "inputs", [ADDRESSES[0][0], ADDRESSES[2][0], STREET, CITIES[0][0], CITIES[2][0], PLACE]
)
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(inputs: dict[str, str], said: Say, expected: str) -> None:
    """Errors of every dress end as errors, for every way of asking."""
    assert outcome(CAGE, said, **inputs) == expected


@pytest.mark.parametrize("inputs", [STREET, CITIES[2][0], PLACE])
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (refusal(400, "bad request"), "failed: bad_input"),
        (refusal(401, "invalid API key"), "dropped: auth"),
        (refusal(402, "quota exceeded"), "dropped: quota"),
        (refusal(402, "quota exceeded", status=200), "dropped: quota"),
        (refusal(403, "suspended"), "dropped: auth"),
        (refusal(403, "suspended", status=200), "failed: provider_error"),
        (refusal(429, "too many requests"), "again: throttled"),
        (refusal(503, "internal"), "again: provider_error"),
    ],
)
def test_what_its_refusals_mean(said: Say, expected: str, inputs: dict[str, str]) -> None:
    """Their list of results is empty then too, and still that is no miss."""
    assert outcome(CAGE, said, **inputs) == expected


def test_a_limit_says_how_long() -> None:
    """The moment of the reset is in the body."""
    said = refusal(429, "slow down", rate={"limit": 1, "remaining": 0, "reset": 99_999_999_999})
    assert error(CAGE, said, **STREET).retry_after > 1_000_000  # type: ignore[attr-defined]


class TestRecorded:
    """What OpenCage really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "inputs", "expected"),
        [
            (
                "found_mudgee",
                {"address": "46 Market St", "city": "Mudgee", "country_code": "AU"},
                {
                    "latitude": -32.59086,
                    "longitude": 149.5897858,
                    "city": "MUDGEE",
                    "region": "NEW SOUTH WALES",
                    "postcode": "2850",
                    "country": "Australia",
                    "country_code": "AU",
                },
            ),
            (
                "found_mudgee",
                {"city": "Mudgee"},
                {
                    "latitude": -32.5980702,
                    "longitude": 149.5886383,
                    "city": "Mudgee",
                    "region": "New South Wales",
                    "postcode": "2850",
                    "country": "Australia",
                    "country_code": "AU",
                },
            ),
            (
                "found_muenster",
                {"city": "Münster", "country_code": "DE"},
                {
                    "latitude": 51.9625101,
                    "longitude": 7.6251879,
                    "city": "Münster",
                    "region": "North Rhine-Westphalia",
                    "country": "Germany",
                    "country_code": "DE",
                },
            ),
            ("found_muenster", {"city": "Munster", "country_code": "IE"}, MISS),  # a province
            (
                "found_multilingual_donostia",
                {"city": "San Sebastian", "country": "Spain"},
                {
                    "latitude": 43.3224219,
                    "longitude": -1.9838889,
                    "city": "San Sebastián",
                    "region": "Autonomous Community of the Basque Country",
                    "country": "Spain",
                    "country_code": "ES",
                },
            ),
            (
                "found_multilingual_donostia",
                {"city": "Donostia"},
                MISS,
            ),  # its other name is not in the answer
            ("no_results", {"address": "no results"}, MISS),
            ("no_results", {"city": "no results"}, MISS),
            ("402_quota_exceeded_body_has_reset", {"address": "x"}, "dropped: quota"),
            ("402_quota_exceeded_body_has_reset", {"city": "x"}, "dropped: quota"),
            ("403_key_disabled", {"address": "x"}, "dropped: auth"),
            ("invalid_key", {"address": "x"}, "dropped: auth"),
            ("invalid_request", {"address": "x"}, "failed: bad_input"),
        ],
    )
    def test_case(self, case: str, inputs: dict[str, str], expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(CAGE, Say.recording(CAGE, case), **inputs) == expected

    @pytest.mark.parametrize("case", recordings(CAGE))
    def test_no_recording_is_taken_for_somebody_else(self, case: str) -> None:
        """A place of another name gets no value from whatever came."""
        said = Say.recording(CAGE, case)
        for inputs in (
            {"city": "Zzyzx"},
            {"address": "1 X", "city": "Zzyzx"},
            {"postcode": "Q1", "country_code": "DE"},
        ):
            assert isinstance(outcome(CAGE, said, **inputs), str)
