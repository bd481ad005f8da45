"""OpenAlex: institutions and works; a 429 that means "too fast", or "nothing left today"."""

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

ALEX = "openalex"


def institution(code: str = "012345678", name: str = "Acme Institute", **more: Any) -> dict[str, Any]:
    """An institution."""
    return {
        "id": "https://openalex.org/I1",
        "ror": f"https://ror.org/{code}",
        "display_name": name,
        "display_name_alternatives": ["Institiúid Acme"],
        "display_name_acronyms": ["AI"],
        "country_code": "IE",
        "homepage_url": "https://www.acme.example/en",
        "ids": {"ror": f"https://ror.org/{code}", "wikidata": "https://www.wikidata.org/wiki/Q7"},
        "geo": {"city": "Cork", "region": None, "country": "Ireland", "country_code": "IE"},
        **more,
    }


def work(**more: Any) -> Say:
    """A work."""
    source = {"type": "journal", "display_name": "Journal of Widgets", "host_organization_name": "Acme Press"}
    body = {
        "id": "https://openalex.org/W1",
        "doi": "https://doi.org/10.5555/abc.1",
        "title": "On Widgets",
        "display_name": "On Widgets",
        "type": "article",
        "publication_date": "2020-05-01",
        "authorships": [{"author": {"display_name": "Ada Byron"}}, {"author": {"display_name": "Bo Li"}}],
        "primary_location": {"source": source},
        **more,
    }
    return Say.json(body)


def listed(*institutions: dict[str, Any]) -> Say:
    """A search's answer."""
    return Say.json({"meta": {"count": len(institutions)}, "results": list(institutions)})


ACME = {
    "ror": "https://ror.org/012345678",
    "website": "https://www.acme.example/en",
    "domain": "acme.example",
    "wikidata": "Q7",
    "city": "Cork",
    "country": "Ireland",
    "country_code": "IE",
}
ARTICLE = {
    "doi": "10.5555/abc.1",
    "article_title": "On Widgets",
    "author": "Ada Byron, Bo Li",
    "publisher": "Acme Press",
    "published": "2020-05-01",
    "journal": "Journal of Widgets",
}
WAYS = [
    {"ror": "012345678"},
    {"doi": "10.5555/abc.1"},
    {"company": "Acme Institute"},
    {"company": "Acme Institute", "country_code": "IE"},
]


def test_what_it_says_of_itself() -> None:
    """CC0, with a free key in the query; what searches cost, and how much of it is free."""
    manifest = check_sound(ALEX)
    assert (manifest.auth.kind, manifest.auth.env) == ("query", "OPENALEX_API_KEY")
    assert "$1 a day" in manifest.about.price


@pytest.mark.parametrize("code", ["012345678", "ror.org/012345678", "https://ror.org/012345678"])
def test_an_id_gives_its_institution(code: str) -> None:
    """Bare or as an address, it is the same ROR id."""
    said = Say.json(institution())
    seen = asked(ALEX, said, ror=code)
    assert (seen.path, seen.query) == (
        "/institutions/ror:" + code.replace("/", "%2F").replace(":", "%3A"),
        {"api_key": "k-1"},
    )
    assert outcome(ALEX, said, ror=code) == {**ACME, "company": "Acme Institute"}


@pytest.mark.parametrize("doi", ["10.5555/ABC.1", "doi:10.5555/abc.1", "https://doi.org/10.5555/abc.1"])
def test_a_doi_gives_its_work(doi: str) -> None:
    """However people write it; the DOI is one segment of the path."""
    assert asked(ALEX, work(), doi="10.5555/abc.1").path == "/works/doi:10.5555%2Fabc.1"
    assert outcome(ALEX, work(), doi=doi) == ARTICLE


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"type": "book"}, "book_title", "On Widgets"),
        ({"type": "book"}, "article_title", None),
        ({"primary_location": None}, "publisher", None),
        ({"primary_location": {"source": {"type": "repository", "display_name": "arXiv"}}}, "journal", None),
        ({"authorships": []}, "author", None),
        ({"title": None}, "article_title", "On Widgets"),
    ],
)
def test_what_is_not_there_stays_empty(more: dict[str, Any], field: str, value: str | None) -> None:
    """A repository is no journal, a book no article."""
    values = found(ALEX, work(**more), doi="10.5555/abc.1").values
    assert dict(values).get(field) == value  # type: ignore[call-overload]


@pytest.mark.parametrize("inputs", [WAYS[2], WAYS[3], {"company": "Institiúid Acme"}])
def test_a_name_finds_its_institution(inputs: dict[str, str]) -> None:
    """Only the name is sent; the like one is taken, by any of its names."""
    said = listed(institution("8", "Acme Institute of Art", display_name_alternatives=[]), institution())
    seen = asked(ALEX, said, **inputs)
    assert (seen.path, seen.query) == (
        "/institutions",
        {"search": inputs["company"], "per_page": "10", "api_key": "k-1"},
    )
    assert outcome(ALEX, said, **inputs) == ACME


def test_without_a_country_it_is_less_sure() -> None:
    """A company of that name may do no research."""
    assert found(ALEX, listed(institution()), **WAYS[2]).confidence == 0.8
    assert found(ALEX, listed(institution()), **WAYS[3]).confidence > 0.9


@pytest.mark.parametrize(
    ("said", "inputs"),
    [
        (listed(), WAYS[2]),
        (listed(institution(name="Acme Institute of Art", display_name_alternatives=[])), WAYS[2]),
        (listed(institution()), {"company": "AI"}),  # an acronym is anybody's
        (listed(institution(), institution("9")), WAYS[2]),  # two of the name
        (listed(institution()), {"company": "Acme Institute", "country_code": "US"}),
        (Say.json(institution("9")), WAYS[0]),
        (work(doi="https://doi.org/10.5555/abc.2"), WAYS[1]),
        (Say.json({"error": "Not Found", "message": "Work not found"}, 404), WAYS[1]),
        (Say.html_as_json(404), WAYS[0]),  # it answers so as well
    ],
)
def test_a_namesake_is_refused(said: Say, inputs: dict[str, str]) -> None:
    """Nobody for certain is not found."""
    assert outcome(ALEX, said, **inputs) == MISS


@pytest.mark.parametrize("inputs", WAYS)
@pytest.mark.parametrize(("said", "expected"), BROKEN)
def test_a_broken_answer_is_never_a_miss(inputs: dict[str, str], said: Say, expected: str) -> None:
    """Errors of every dress end as errors; only of an id is a 404 its word for a miss."""
    by_id = "company" not in inputs
    assert outcome(ALEX, said, **inputs) == (MISS if by_id and said.status == 404 else expected)


@pytest.mark.parametrize("inputs", WAYS)
@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Say.json({"error": "x", "message": "Invalid API key"}, 401), "dropped: auth"),
        (Say.json({"error": "x", "message": "forbidden"}, 403), "dropped: auth"),
        (Say.json({"error": "Rate limit exceeded"}, 403), "again: throttled"),
        (Say.json({"error": "Rate limit exceeded"}, 429), "again: throttled"),
        (Say.json({"error": "Rate limit exceeded"}, 429, x_ratelimit_remaining="12"), "again: throttled"),
        (Say.json({"error": "Rate limit exceeded"}, 429, x_ratelimit_remaining="0"), "dropped: quota"),
        (Say.json({"message": "Insufficient budget. Resets at midnight UTC"}, 429), "dropped: quota"),
        (Say.json({"error": "Invalid query"}, 400), "failed: bad_input"),
    ],
)
def test_what_its_refusals_mean(said: Say, expected: str, inputs: dict[str, str]) -> None:
    """Too fast is to wait; an allowance that is used up drops the provider."""
    assert outcome(ALEX, said, **inputs) == expected


class TestRecorded:
    """What OpenAlex really sent."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("case", "inputs", "expected"),
        [
            (
                "institution_I27837315",
                {"ror": "00jmfr291"},
                {
                    "ror": "https://ror.org/00jmfr291",
                    "company": "University of Michigan",
                    "website": "https://www.umich.edu",
                    "domain": "umich.edu",
                    "wikidata": "Q230492",
                    "city": "Ann Arbor",
                    "country": "United States",
                    "country_code": "US",
                },
            ),
            (
                "funder",  # the same organisation in another of its registers: it has no place
                {"ror": "https://ror.org/01cwqze88"},
                {
                    "ror": "https://ror.org/01cwqze88",
                    "company": "National Institutes of Health",
                    "website": "http://www.nih.gov",
                    "domain": "nih.gov",
                    "wikidata": "Q390551",
                    "country_code": "US",
                },
            ),
            ("institution_I27837315", {"company": "University of Michigan"}, "failed: provider_error"),
            ("institution_I27837315", {"doi": "10.1/x"}, "failed: provider_error"),
            ("institution_I27837315", {"ror": "00jmfr292"}, MISS),
        ],
    )
    def test_case(self, case: str, inputs: dict[str, str], expected: Outcome) -> None:
        """Each recording ends as it should."""
        assert outcome(ALEX, Say.recording(ALEX, case), **inputs) == expected

    @pytest.mark.parametrize("case", recordings(ALEX))
    @pytest.mark.parametrize(
        "inputs", [{"ror": "000000000"}, {"doi": "10.1/none"}, {"company": "Zzyzx Nobody"}]
    )
    def test_no_recording_is_taken_for_somebody_else(self, case: str, inputs: dict[str, str]) -> None:
        """A question about nobody gets no value from whatever came."""
        assert isinstance(outcome(ALEX, Say.recording(ALEX, case), **inputs), str)
