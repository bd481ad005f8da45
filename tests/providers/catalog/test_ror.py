"""ROR: research organisations by id and by name."""

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
    service,
    shared,
)

ROR = "ror"


def organisation(code: str = "012345678", name: str = "Acme Institute", **more: Any) -> dict[str, Any]:
    """An organisation."""
    place = {
        "name": "Cork",
        "country_code": "IE",
        "country_name": "Ireland",
        "country_subdivision_name": "Munster",
        "lat": 1.0,
        "lng": 2.0,
    }
    return {
        "id": f"https://ror.org/{code}",
        "status": "active",
        "established": 1950,
        "domains": [],
        "links": [
            {"type": "wikipedia", "value": "https://en.wikipedia.org/wiki/Acme"},
            {"type": "website", "value": "https://www.acme.example/en"},
        ],
        "names": [
            {"value": "AI", "types": ["acronym"], "lang": None},
            {"value": name.replace("Acme Institute", "Institiúid Acme"), "types": ["label"], "lang": "ga"},
            {"value": name, "types": ["ror_display", "label"], "lang": "en"},
        ],
        "external_ids": [{"type": "wikidata", "all": ["Q7"], "preferred": None}],
        "locations": [{"geonames_id": 1, "geonames_details": place}],
        **more,
    }


def listed(*organisations: dict[str, Any]) -> Say:
    """A search's answer."""
    return Say.json({"number_of_results": len(organisations), "items": list(organisations)})


def matched(*organisations: tuple[bool, dict[str, Any]]) -> Say:
    """A matching's answer: what it would choose, and what else came near."""
    items = [
        {"score": 0.9, "chosen": chosen, "matching_type": "EXACT", "organization": organisation_}
        for chosen, organisation_ in organisations
    ]
    return Say.json({"number_of_results": len(items), "items": items})


ACME = {
    "ror": "https://ror.org/012345678",
    "website": "https://www.acme.example/en",
    "domain": "acme.example",
    "wikidata": "Q7",
    "founded": 1950,
    "city": "Cork",
    "region": "Munster",
    "country": "Ireland",
    "country_code": "IE",
}


def test_what_it_says_of_itself() -> None:
    """Free, CC0, fifty calls in five minutes."""
    manifest = check_sound(ROR)
    assert manifest.about.license.startswith("CC0")
    assert [(window.calls, window.seconds) for window in manifest.limits.windows] == [(50, 300.0)]


def test_a_client_id_is_sent_where_there_is_one() -> None:
    """It is asked without one as well, and lacks nothing then."""
    assert asked(ROR, listed(), company="Acme").headers["client-id"] == "k-1"
    assert not service(ROR, key=None).lacks


@pytest.mark.parametrize("code", ["012345678", "ror.org/012345678", "https://ror.org/012345678"])
def test_an_id_gives_its_organisation(code: str) -> None:
    """Bare or as an address, it is the same id."""
    said = Say.json(organisation())
    assert asked(ROR, said, ror=code).target == "/organizations/" + code.replace("/", "%2F").replace(
        ":", "%3A"
    )
    assert outcome(ROR, said, ror=code) == {**ACME, "company": "Acme Institute"}
    answer = found(ROR, said, ror=code)
    assert (answer.confidence, answer.citations) == (1.0, ("https://ror.org/012345678",))


def test_a_domain_of_its_own_goes_before_the_websites() -> None:
    """Where ROR has one."""
    assert (
        found(ROR, Say.json(organisation(domains=["acme.ie"])), ror="012345678").values["domain"] == "acme.ie"
    )  # type: ignore[index]


@pytest.mark.parametrize(
    "inputs", [{"company": "ACME Institute"}, {"company": "Institiúid Acme", "country_code": "IE"}]
)
@pytest.mark.parametrize(
    "said",
    [
        matched((True, organisation()), (False, organisation("9", "Acme Institute"))),
        listed(organisation("8", "Acme Institute of Art"), organisation()),
    ],
)
def test_a_name_finds_its_organisation(said: Say, inputs: dict[str, str]) -> None:
    """Only the name is sent; of a matching what ROR chose, of a search the like name."""
    seen = asked(ROR, said, **inputs)
    assert (seen.path, seen.query) == ("/organizations", {"affiliation": inputs["company"]})
    assert outcome(ROR, said, **inputs) == ACME


def test_without_a_country_it_is_less_sure() -> None:
    """A company of that name may do no research."""
    said = matched((True, organisation()))
    assert found(ROR, said, company="Acme Institute").confidence == 0.8
    assert found(ROR, said, company="Acme Institute", country_code="IE").confidence > 0.9


@pytest.mark.parametrize(
    ("said", "inputs"),
    [
        (listed(), {"company": "Acme"}),
        (matched((False, organisation())), {"company": "Acme Institute"}),  # ROR itself would not take it
        (matched((True, organisation(name="Acme Institute of Art"))), {"company": "Acme Institute"}),
        (listed(organisation()), {"company": "AI"}),  # an acronym is anybody's
        (listed(organisation(), organisation("9")), {"company": "Acme Institute"}),  # two of the name
        (listed(organisation(status="withdrawn")), {"company": "Acme Institute"}),
        (matched((True, organisation())), {"company": "Acme Institute", "country_code": "US"}),
        (Say.json(organisation("9")), {"ror": "012345678"}),
        (Say.json({"errors": ["ROR ID '012345679' does not exist"]}, 404), {"ror": "012345679"}),
    ],
)
def test_a_namesake_is_refused(said: Say, inputs: dict[str, str]) -> None:
    """Nobody for certain is not found."""
    assert outcome(ROR, said, **inputs) == MISS


@pytest.mark.parametrize(
    "inputs", [{"ror": "012345678"}, {"company": "Acme"}, {"company": "Acme", "country_code": "IE"}]
)
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(inputs: dict[str, str], said: Say, expected: str) -> None:
    """Errors of every dress end as errors, for every way of asking."""
    assert outcome(ROR, said, **inputs) == expected


@pytest.mark.parametrize(
    ("said", "inputs", "expected"),
    [
        (
            Say.json({"errors": ["query parameter 'x' is illegal"]}, 400),
            {"company": "Acme"},
            "failed: bad_input",
        ),
        (Say.json({"errors": ["no such page"]}, 404), {"company": "Acme"}, "failed: provider_error"),
        (listed(organisation()), {"ror": "012345678"}, "failed: provider_error"),  # a list instead
        (Say.json({"errors": []}, 403), {"company": "Acme"}, "dropped: auth"),
    ],
)
def test_what_its_refusals_mean(said: Say, inputs: dict[str, str], expected: str) -> None:
    """A name is never unknown by a 404."""
    assert outcome(ROR, said, **inputs) == expected


class TestRecorded:
    """What ROR really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "inputs", "expected"),
        [
            (
                "organizations_query_v2",
                {"company": "Monash University", "country_code": "AU"},
                {
                    "ror": "https://ror.org/02bfwt286",
                    "website": "http://www.monash.edu/",
                    "domain": "monash.edu",
                    "wikidata": "Q598841",
                    "founded": 1958,
                    "city": "Melbourne",
                    "region": "Victoria",
                    "country": "Australia",
                    "country_code": "AU",
                },
            ),
            (
                "organizations_query_v2",
                {"company": "university of queensland"},
                {
                    "ror": "https://ror.org/00rqy9422",
                    "website": "http://www.uq.edu.au/",
                    "domain": "uq.edu.au",
                    "wikidata": "Q866012",
                    "founded": 1909,
                    "city": "Brisbane",
                    "region": "Victoria",
                    "country": "Australia",
                    "country_code": "AU",
                },
            ),
            ("organizations_query_v2", {"company": "UQ"}, MISS),
            ("organizations_query_v2", {"company": "Monash University", "country_code": "MY"}, MISS),
            ("organizations_query_v2", {"ror": "02bfwt286"}, "failed: provider_error"),
        ],
    )
    def test_case(self, case: str, inputs: dict[str, str], expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(ROR, Say.recording(ROR, case), **inputs) == expected

    @pytest.mark.parametrize("case", recordings(ROR))
    def test_no_recording_is_taken_for_somebody_else(self, case: str) -> None:
        """A question about nobody gets no value from whatever came."""
        assert isinstance(outcome(ROR, Say.recording(ROR, case), company="Zzyzx Nobody"), str)
