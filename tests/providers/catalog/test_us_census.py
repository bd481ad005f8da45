"""The US Census geocoder: American addresses, and nobody else's."""

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

CENSUS = "us_census"


def match(city: str = "SPRINGFIELD", zip_: str = "62701", x: float = -89.65) -> dict[str, Any]:
    """One address that fits."""
    return {
        "matchedAddress": f"12 ELM ST, {city}, IL, {zip_}",
        "coordinates": {"x": x, "y": 39.8},
        "tigerLine": {"tigerLineId": "1", "side": "L"},
        "addressComponents": {"city": city, "state": "IL", "zip": zip_, "streetName": "ELM"},
    }


def listed(*matches: dict[str, Any]) -> Say:
    """An answer."""
    return Say.json({"result": {"input": {}, "addressMatches": list(matches)}})


ELM = {
    "latitude": 39.8,
    "longitude": -89.65,
    "address": "12 ELM ST, SPRINGFIELD, IL, 62701",
    "city": "SPRINGFIELD",
    "region": "IL",
    "postcode": "62701",
}
TOWN = {"address": "12 Elm St", "city": "Springfield", "region": "IL"}
ALL = {**TOWN, "postcode": "62701"}
ZIP = {"address": "12 Elm St", "postcode": "62701"}
LINE = {"address": "12 Elm St, Springfield, IL"}
WAYS = [
    (ALL, {"street": "12 Elm St", "city": "Springfield", "state": "IL", "zip": "62701"}),
    (TOWN, {"street": "12 Elm St", "city": "Springfield", "state": "IL"}),
    (ZIP, {"street": "12 Elm St", "zip": "62701"}),
    (LINE, {"address": "12 Elm St, Springfield, IL"}),
]


def test_what_it_says_of_itself() -> None:
    """Free, without a key, in the public domain."""
    manifest = check_sound(CENSUS)
    assert manifest.auth.kind == "none"
    assert manifest.about.license == "public domain"


@pytest.mark.parametrize(
    "place", [{}, {"country_code": "US"}, {"country": "United States"}, {"country": "USA"}]
)
@pytest.mark.parametrize(("inputs", "sent"), WAYS)
def test_what_the_row_has_is_asked(
    inputs: dict[str, str], sent: dict[str, str], place: dict[str, str]
) -> None:
    """The more parts a row has, the more are asked for; a country only decides, and stays here."""
    seen = asked(CENSUS, listed(match()), **inputs, **place)
    assert seen.path == ("/locations/onelineaddress" if inputs is LINE else "/locations/address")
    assert seen.query == {**sent, "benchmark": "Public_AR_Current", "format": "json"}
    assert outcome(CENSUS, listed(match()), **inputs, **place) == ELM


@pytest.mark.parametrize(
    ("said", "inputs"),
    [
        (listed(), ALL),
        (listed(), LINE),
        (listed(match(), match(x=-90.1)), LINE),  # in two places
        (listed(match()), {**ALL, "country_code": "GB"}),
        (listed(match()), {**TOWN, "country": "Germany"}),
        (listed(match()), {**ZIP, "country": "France"}),
        (listed(match()), {**LINE, "country_code": "CA"}),
        (listed(match("LONDON")), TOWN),  # another city's street
        (listed(match(zip_="62999")), ZIP),  # another ZIP code's, in a row that names no country
    ],
)
def test_what_is_not_certain_is_not_found(said: Say, inputs: dict[str, str]) -> None:
    """No match, two matches, another city, another country: nothing."""
    assert outcome(CENSUS, said, **inputs) == MISS


def test_the_less_there_is_to_compare_the_less_sure_it_is() -> None:
    """Points on a street are estimated; one line without a country could be anywhere."""
    assert found(CENSUS, listed(match()), **ALL).confidence == 0.9
    assert found(CENSUS, listed(match()), **ZIP).confidence == 0.8
    assert found(CENSUS, listed(match()), **LINE).confidence == 0.7


def test_a_cell_stays_a_value() -> None:
    """Whatever a cell holds, it is one value of the query."""
    seen = asked(CENSUS, listed(), address="1 A & B St?benchmark=9#x")
    assert seen.query["address"] == "1 A & B St?benchmark=9#x"
    assert seen.query["benchmark"] == "Public_AR_Current"


@pytest.mark.parametrize("inputs", [ALL, TOWN, ZIP, LINE, {**LINE, "country": "US"}])
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(inputs: dict[str, str], said: Say, expected: str) -> None:
    """Errors of every dress end as errors, for every way of asking."""
    assert outcome(CENSUS, said, **inputs) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Say.json({"errors": ["Street address cannot be empty"], "status": "400"}, 400), "failed: bad_input"),
        (Say.json({"result": {"geographies": {}}}), "failed: provider_error"),  # it was another question
        (Say.json({}, 403), "dropped: auth"),
    ],
)
def test_what_its_refusals_mean(said: Say, expected: str) -> None:
    """A refused address is about this row only."""
    assert outcome(CENSUS, said, **ALL) == expected


WHITE_HOUSE = {
    "latitude": 38.898754,
    "longitude": -77.03535,
    "address": "1600 PENNSYLVANIA AVE NW, WASHINGTON, DC, 20502",
    "city": "WASHINGTON",
    "region": "DC",
    "postcode": "20502",
}


class TestRecorded:
    """What the Census Bureau really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "inputs", "expected"),
        [
            (
                "address",
                {
                    "address": "1600 Pennsylvania Avenue NW",
                    "city": "Washington",
                    "region": "DC",
                    "postcode": "20500",  # of the mail; the street is in 20502
                },
                WHITE_HOUSE,
            ),
            (
                "address",
                {"address": "1600 Pennsylvania Avenue NW", "postcode": "20500", "country": "USA"},
                WHITE_HOUSE,
            ),
            ("address", {"address": "1600 Pennsylvania Avenue NW", "postcode": "20500"}, MISS),
            ("address", {"address": "1600 Pennsylvania Avenue", "city": "Pittsburgh", "region": "PA"}, MISS),
            (
                "address_geographies",
                {"address": "1600 Pennsylvania Avenue NW", "city": "Washington", "region": "DC"},
                WHITE_HOUSE,
            ),
            (
                "onelineaddress",
                {"address": "1600 Pennsylvania Avenue NW, Washington, DC, 20500"},
                WHITE_HOUSE,
            ),
            (
                "oneline_match",
                {"address": "4600 Silver Hill Road, Suitland, MD 20746", "country_code": "US"},
                {
                    "latitude": 38.846542,
                    "longitude": -76.92691,
                    "address": "4600 Silver Hill Rd, SUITLAND, MD, 20746",
                    "city": "SUITLAND",
                    "region": "MD",
                    "postcode": "20746",
                },
            ),
            ("coordinates", {"address": "1 Main St"}, "failed: provider_error"),  # no list of addresses
        ],
    )
    def test_case(self, case: str, inputs: dict[str, str], expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(CENSUS, Say.recording(CENSUS, case), **inputs) == expected

    @pytest.mark.parametrize("case", recordings(CENSUS))
    def test_no_recording_is_taken_for_somebody_else(self, case: str) -> None:
        """An address in another city or country gets no value from whatever came."""
        said = Say.recording(CENSUS, case)
        for inputs in (
            {"address": "1 Rue X", "city": "Zzyzx", "region": "IL"},
            {"address": "1 Rue X", "postcode": "75001"},
            {"address": "1 Rue X", "country": "France"},
        ):
            assert isinstance(outcome(CENSUS, said, **inputs), str)
