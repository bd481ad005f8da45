"""Companies House: numbers, names and namesakes, in made-up answers of its shape and in recorded ones."""

from __future__ import annotations

from base64 import b64encode
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

CH = "companies_house"


def profile(number: str = "00123456", name: str = "ACME WIDGETS LIMITED", **more: Any) -> Say:
    """A company's profile."""
    address = {
        "address_line_1": "1 Low Road",
        "locality": "Leeds",
        "postal_code": "LS1 1AA",
        "country": "England",
    }
    body = {
        "company_number": number,
        "company_name": name,
        "company_status": "active",
        "type": "ltd",
        "date_of_creation": "1999-04-01",
        "registered_office_address": address,
        "sic_codes": ["62012"],
        "links": {"self": f"/company/{number}"},
        **more,
    }
    return Say.json(body)


def item(number: str, title: str, status: str = "active", **address: str) -> dict[str, Any]:
    """A company in a search's answer."""
    return {
        "kind": "searchresults#company",
        "company_number": number,
        "title": title,
        "company_status": status,
        "company_type": "plc",
        "date_of_creation": "2001-02-03",
        "address": {"premises": "7 ", "address_line_1": "High Street", "locality": "York", **address},
        "links": {"self": f"/company/{number}"},
    }


def listed(*items: dict[str, Any]) -> Say:
    """A search's answer."""
    return Say.json({"kind": "search#companies", "total_results": len(items), "items": list(items)})


WIDGETS = {
    "company_number": "00123456",
    "legal_name": "ACME WIDGETS LIMITED",
    "company_status": "active",
    "legal_form": "Ltd",
    "incorporated": "1999-04-01",
    "address": "1 Low Road",
    "city": "Leeds",
    "postcode": "LS1 1AA",
    "country": "United Kingdom",
}


def test_what_it_says_of_itself() -> None:
    """Free with a key of its own variable, open data, six hundred calls in five minutes."""
    manifest = check_sound(CH)
    assert manifest.auth.env == "COMPANIES_HOUSE_API_KEY"
    assert "Open Government Licence" in manifest.about.attribution
    assert [(window.calls, window.seconds) for window in manifest.limits.windows] == [(600, 300.0)]


@pytest.mark.parametrize(
    "inputs",
    [
        {"company_number": "00123456", "country_code": "GB"},
        {"company_number": "00123456", "country": "England"},
        {"company_number": "00123456", "company": "Acme Widgets"},
        {"company_number": "00123456"},
    ],
)
def test_a_number_gives_the_profile(inputs: dict[str, str]) -> None:
    """Asked by number, every field comes from that profile; the company's name never leaves the machine."""
    seen = asked(CH, profile(), **inputs)
    assert seen.target == "/company/00123456"
    assert seen.headers["authorization"] == "Basic " + b64encode(b"k-1:").decode()
    assert outcome(CH, profile(), **inputs) == WIDGETS


@pytest.mark.parametrize(
    "inputs",
    [
        {"company_number": "00123456", "country_code": "NL"},  # another register's number
        {"company_number": "00123456", "country": "Denmark"},
        {"company_number": "00123456", "company": "Jansen Fietsen"},  # the name is another's
        {"company_number": "00123457"},  # it sent another number's profile
    ],
)
def test_a_number_of_another_register_is_nobody(inputs: dict[str, str]) -> None:
    """Dutch and Danish numbers have eight digits too; the row has to be British, or of that name."""
    assert outcome(CH, profile(), **inputs) == MISS


@pytest.mark.parametrize("more", [{"country_code": "GB"}, {"country": "UK"}, {"company": "Acme Widgets"}])
@pytest.mark.parametrize(
    ("written", "number"),
    [("123456", "00123456"), ("1234567", "01234567"), ("SC123456", "SC123456"), ("12345", "00012345")],
)
def test_zeros_that_were_lost_are_put_back(written: str, number: str, more: dict[str, str]) -> None:
    """Where the row says that it is British, or has the name."""
    assert asked(CH, profile(number), company_number=written, **more).target == f"/company/{number}"
    assert outcome(CH, profile(number), company_number=written, **more) == {
        **WIDGETS,
        "company_number": number,
    }


def test_a_number_alone_is_asked_as_it_is() -> None:
    """A short one could be of any register."""
    assert asked(CH, profile(), company_number="123456").target == "/company/123456"


def test_a_number_alone_is_less_sure() -> None:
    """It could be another country's."""
    assert found(CH, profile(), company_number="00123456").confidence == 0.7
    known = found(CH, profile(), company_number="00123456", country_code="GB")
    assert known.confidence == 1.0
    (page,) = known.citations
    assert page == "https://find-and-update.company-information.service.gov.uk/company/00123456"


def test_a_number_cannot_become_a_path() -> None:
    """A cell stays one segment, whatever it holds."""
    assert asked(CH, profile(), company_number="1/officers?x=1").target == "/company/1%2Fofficers%3Fx%3D1"


@pytest.mark.parametrize(
    ("profile_", "expected"),
    [
        (profile(type="llp"), {"legal_form": "LLP"}),
        (profile(type="royal-charter"), {"legal_form": None}),  # a code is no form that people write
        (profile(date_of_creation=None), {"incorporated": None}),
        (profile(registered_office_address={}), {"address": None, "city": None, "country": None}),
        (profile(registered_office_address={"country": "Jersey"}), {"country": "Jersey"}),
        (  # an old entry: half the address stands in the place of the town
            profile(registered_office_address={"address_line_1": "Unit 1,", "locality": "10, Old Street,,"}),
            {"address": "Unit 1,", "city": None},
        ),
    ],
)
def test_what_is_not_clear_stays_empty(profile_: Say, expected: dict[str, str | None]) -> None:
    """Codes, gaps and old entries give no value rather than a wrong one."""
    values = found(CH, profile_, company_number="00123456").values
    assert {name: dict(values).get(name) for name in expected} == expected  # type: ignore[call-overload]


@pytest.mark.parametrize("place", [{}, {"country_code": "GB"}, {"country": "United Kingdom"}])
def test_a_name_finds_the_one_company_of_that_name(place: dict[str, str]) -> None:
    """Only the name is sent; the like name among others is taken, with its own number and address."""
    said = listed(item("0001", "ACME HOLDINGS PLC"), item("0002", "Acme & Sons PLC"))
    seen = asked(CH, said, company="Acme & Sons", **place)
    assert (seen.path, seen.query) == ("/search/companies", {"q": "Acme & Sons", "items_per_page": "50"})
    assert outcome(CH, said, company="Acme & Sons", **place) == {
        "company_number": "0002",
        "legal_name": "Acme & Sons PLC",
        "company_status": "active",
        "legal_form": "PLC",
        "incorporated": "2001-02-03",
        "address": "7 High Street",
        "city": "York",
    }


@pytest.mark.parametrize(
    ("items", "inputs"),
    [
        ([], {"company": "Acme"}),
        ([item("1", "ACME TRADING LIMITED")], {"company": "Acme"}),  # a name that begins alike
        ([item("1", "ACME LIMITED"), item("2", "ACME PLC")], {"company": "Acme"}),  # two of the name
        ([item("1", "ACME LIMITED", "dissolved"), item("2", "ACME LTD")], {"company": "Acme"}),  # which?
        ([item("1", "ACME LIMITED")], {"company": "Acme GmbH"}),  # another country's form
        ([item("1", "ACME LIMITED")], {"company": "Acme", "country_code": "US"}),
        ([item("1", "ACME LIMITED")], {"company": "Acme", "country": "Germany"}),
    ],
)
def test_a_namesake_is_refused(items: list[dict[str, Any]], inputs: dict[str, str]) -> None:
    """Nobody for certain is not found."""
    assert outcome(CH, listed(*items), **inputs) == MISS


def test_a_name_without_a_country_is_less_sure() -> None:
    """The company could be American."""
    said = listed(item("1", "ACME LIMITED"))
    assert found(CH, said, company="Acme").confidence == 0.6
    assert 0.9 < found(CH, said, company="Acme", country_code="GB").confidence < 0.92


WAYS = [
    {"company_number": "00123456"},
    {"company_number": "00123456", "country_code": "GB"},
    {"company": "Acme"},
    {"company": "Acme", "country": "UK"},
]


@pytest.mark.parametrize("inputs", WAYS)
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(inputs: dict[str, str], said: Say, expected: str) -> None:
    """Errors of every dress end as errors, for every way of asking."""
    assert outcome(CH, said, **inputs) == expected


@pytest.mark.parametrize(
    ("said", "inputs", "expected"),
    [
        (Say.json({"error": "Invalid Authorization", "type": "ch:service"}, 401), WAYS[0], "dropped: auth"),
        (Say.json({"error": "Empty Authorization"}, 403), WAYS[2], "dropped: auth"),
        (Say.json({"errors": [{"error": "company-profile-not-found"}]}, 404), WAYS[0], MISS),
        (Say.json({"errors": [{"error": "route-not-found"}]}, 404), WAYS[0], "failed: provider_error"),
        (
            Say.json({"errors": [{"error": "company-profile-not-found"}]}, 404),
            WAYS[2],
            "failed: provider_error",
        ),
        (
            Say.json({"items": [{"name": "DOE, Jane", "officer_role": "director"}]}),
            WAYS[2],
            "failed: provider_error",
        ),
        (listed(), WAYS[0], "failed: provider_error"),  # a list where a profile was asked for
    ],
)
def test_what_its_refusals_mean(said: Say, inputs: dict[str, str], expected: str) -> None:
    """A bad key drops the provider; only its own words for an unknown number are a miss."""
    assert outcome(CH, said, **inputs) == expected


def test_a_limit_says_how_long() -> None:
    """The reset is a moment in seconds since 1970; nonsense there is no hint."""
    soon = error(CH, Say.json({}, 429, x_ratelimit_reset="99999999999"), company="Acme")
    assert soon.retry_after > 1_000_000  # type: ignore[attr-defined]
    assert error(CH, Say.json({}, 429, x_ratelimit_reset="X"), company="Acme").retry_after is None  # type: ignore[attr-defined]


class TestRecorded:
    """What Companies House really sent, and the shapes its documentation gives."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "inputs", "expected"),
        [
            (
                "search_companies",
                {"company": "You Limited", "country_code": "GB"},
                {
                    "company_number": "04475590",
                    "legal_name": "YOU  LIMITED",
                    "company_status": "active",
                    "legal_form": "Ltd",
                    "incorporated": "2002-07-02",
                    "address": "74 Lairgate",
                    "city": "Beverley",
                    "postcode": "HU17 8EU",
                    "country": "United Kingdom",
                },
            ),
            (
                "search_companies",
                {"company": "Hewitson Developments"},
                {
                    "company_number": "11264610",
                    "legal_name": "HEWITSON DEVELOPMENTS LIMITED",
                    "company_status": "active",
                    "legal_form": "Ltd",
                    "incorporated": "2018-03-20",
                    "address": "7 Parkside Road, Farsley",
                    "city": "Pudsey",
                    "postcode": "LS28 5BG",
                    "country": "United Kingdom",
                },
            ),
            ("search_companies", {"company": "You Tec"}, MISS),  # a former name has no title
            ("search_companies_python", {"company": "Python Ltd", "country": "UK"}, MISS),  # three of them
            ("search_companies_python", {"company": "Python"}, MISS),
            ("shape_401", {"company_number": "1"}, "dropped: auth"),
            ("shape_404_profile", {"company_number": "99999999"}, MISS),
            ("shape_404_profile", {"company_number": "99999999", "country_code": "GB"}, MISS),
            ("shape_429_empty", {"company_number": "1"}, "again: throttled"),
            ("shape_429_empty", {"company": "Acme"}, "again: throttled"),
        ],
    )
    def test_case(self, case: str, inputs: dict[str, str], expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(CH, Say.recording(CH, case), **inputs) == expected

    @pytest.mark.parametrize("case", recordings(CH))
    @pytest.mark.parametrize("inputs", [{"company_number": "X1"}, {"company": "Zzyzx Unlikely Nobody"}])
    def test_no_recording_is_taken_for_somebody_else(self, case: str, inputs: dict[str, str]) -> None:
        """A question about nobody gets no value from whatever came."""
        assert isinstance(outcome(CH, Say.recording(CH, case), **inputs), str)
