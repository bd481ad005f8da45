"""What companies listed in the United States file."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.model import Found, NotFound
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.services.sec_edgar import SecEdgarProvider
from glaze_cli.providers.services.sec_revenue import latest_revenue
from glaze_cli.providers.setup import Setup
from tests.loopback import SHARED, Say
from tests.providers.services.asking import ask, fails, values

shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings"),
]

TICKERS = Say.json(
    {
        "0": {"cik_str": 42, "ticker": "ACME", "title": "ACME STEEL CORP"},
        "1": {"cik_str": 42, "ticker": "ACME-A", "title": "ACME STEEL CORP"},
        "2": {"cik_str": 77, "ticker": "APX", "title": "Apex Tools Inc."},
        "3": {"cik_str": 78, "ticker": "APXX", "title": "APEX TOOLS CORP /DE/"},
        "4": "nonsense",
    }
)
RECORD = {
    "cik": "0000000042",
    "name": "ACME STEEL CORP",
    "tickers": ["ACME"],
    "sicDescription": "Steel Works",
    "phone": " 555-0100 ",
    "website": "",
    "addresses": {
        "business": {
            "street1": "1 MAIN ST",
            "street2": None,
            "city": "DULUTH",
            "stateOrCountry": "MN",
            "stateOrCountryDescription": "MN",
            "zipCode": "55802",
        }
    },
}
MISSING = Say(404, {"content-type": "application/xml"}, b"<Error><Code>NoSuchKey</Code></Error>")


def year(end: int, value: float, filed: str = "2026-02-01", form: str = "10-K") -> dict[str, Any]:
    """A figure of a calendar year."""
    return {"start": f"{end}-01-01", "end": f"{end}-12-31", "val": value, "form": form, "filed": filed}


def facts(**concepts: list[dict[str, Any]]) -> Say:
    """What a company reported."""
    reported = {name: {"units": {"USD": entries}} for name, entries in concepts.items()}
    return Say.json({"facts": {"us-gaap": reported}})


def network(
    record: Say | None = None, filed: Say = MISSING, tickers: Say = TICKERS, seen: list[str] | None = None
) -> Any:
    """The three kinds of address."""

    def answer(request: httpx.Request) -> Say:
        if seen is not None:
            seen.append(f"{request.url.host}{request.url.path}")
        path = request.url.path
        if path.startswith("/files/"):
            return tickers
        return filed if "companyfacts" in path else record or Say.json(RECORD)

    return answer


WANTED = {
    "cik": "0000000042",
    "ticker": "ACME",
    "legal_name": "ACME STEEL CORP",
    "industry": "Steel Works",
    "address": "1 MAIN ST",
    "city": "DULUTH",
    "region": "MN",
    "postcode": "55802",
    "phone": "555-0100",
}


@pytest.mark.parametrize(
    ("inputs", "least"),
    [
        ({"cik": "42"}, 1.0),
        ({"cik": "CIK0000000042"}, 1.0),
        ({"ticker": "acme"}, 0.95),
        ({"company": "Acme Steel"}, 0.9),
    ],
)
def test_a_company_is_found_by_number_ticker_or_name(inputs: dict[str, str], least: float) -> None:
    """Every field from its own record; a name is a little less sure."""
    found = ask(SecEdgarProvider, network(), **inputs)
    assert values(found) == WANTED
    assert isinstance(found, Found) and found.confidence == pytest.approx(least)


def test_where_it_is_asked() -> None:
    """A number needs no map; ten digits in the path."""
    seen: list[str] = []
    ask(SecEdgarProvider, network(seen=seen), cik="42")
    assert seen == [
        "data.sec.gov/submissions/CIK0000000042.json",
        "data.sec.gov/api/xbrl/companyfacts/CIK0000000042.json",
    ]


@pytest.mark.parametrize(
    ("inputs", "record"),
    [
        ({"company": "Apex Tools"}, None),  # two of that name
        ({"company": "Apex Tools Holding"}, None),
        ({"company": "Acme"}, None),  # a part of a name
        ({"ticker": "NOPE"}, None),
        ({"cik": "not a number"}, None),
        ({"cik": "99999999999"}, None),
        ({"cik": "42"}, MISSING),
        ({"cik": "42"}, Say(403, {}, b"<Error><Code>AccessDenied</Code></Error>")),
        ({"cik": "42"}, Say.json(RECORD | {"cik": "43"})),  # somebody else's
    ],
)
def test_nobody_for_certain_is_not_found(inputs: dict[str, str], record: Say | None) -> None:
    """Namesakes and missing files."""
    assert isinstance(ask(SecEdgarProvider, network(record), **inputs), NotFound)


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (Say(403, {"content-type": "text/html"}, b"Request Rate Threshold Exceeded"), Throttled),
        (Say(429), Throttled),
        (Say(503, {}, b"<html>"), Throttled),
        (Say.html_as_json(), LookupFailed),
    ],
)
def test_a_broken_answer_is_no_miss(record: Say, kind: type[ProviderError]) -> None:
    """Too quick, or out of order."""
    assert type(fails(SecEdgarProvider, network(record), cik="42")) is kind


def test_revenue_is_of_the_latest_full_year() -> None:
    """In dollars, beside the rest."""
    found = ask(SecEdgarProvider, network(filed=facts(Revenues=[year(2024, 5.0), year(2025, 7e9)])), cik="42")
    assert values(found) == WANTED | {"revenue": 7e9}


@pytest.mark.parametrize(
    ("concepts", "revenue"),
    [
        (
            {"Revenues": [year(2021, 26), year(2020, 16)], "SalesRevenueNet": [year(2025, 215)]},
            215,
        ),  # changed
        ({"Revenues": [year(2025, 200), year(2025, 210, "2026-06-01", "10-K/A")]}, 210),  # amended
        ({"Revenues": [year(2025, 100, form="10-Q")]}, None),  # no annual report
        ({"Revenues": [year(2025, 100) | {"start": "2025-10-01"}]}, None),  # a quarter in it
        ({"Revenues": [year(2025, 100) | {"val": None}]}, None),
        ({"Assets": [year(2025, 100)]}, None),
        ({}, None),
    ],
)
def test_the_union_of_concepts_counts(concepts: dict[str, Any], revenue: object) -> None:
    """Companies changed the name they report it under."""
    reported = {name: {"units": {"USD": entries}} for name, entries in concepts.items()}
    assert latest_revenue(reported) == revenue


def test_it_wants_to_know_whom_to_write_to() -> None:
    """Without a contact it is not asked."""
    assert "contact" in SecEdgarProvider(Setup(HttpDoor())).lacks
    assert SecEdgarProvider(Setup(HttpDoor(), contact="me@example.com")).lacks == ""


class TestRecorded:
    """What the SEC really sent."""

    pytestmark = shared

    def test_apple(self) -> None:
        """By ticker, through all three files."""
        found = ask(
            SecEdgarProvider,
            network(
                Say.recording("sec_edgar", "submissions_AAPL"),
                Say.recording("sec_edgar", "companyfacts_AAPL"),
                Say.recording("sec_edgar", "company_tickers"),
            ),
            ticker="AAPL",
        )
        got = values(found)
        assert got.pop("revenue") > 390e9
        assert got == {
            "cik": "0000320193",
            "ticker": "AAPL",
            "legal_name": "Apple Inc.",
            "industry": "Electronic Computers",
            "address": "ONE APPLE PARK WAY",
            "city": "CUPERTINO",
            "region": "CA",
            "postcode": "95014",
            "phone": "(408) 996-1010",
        }

    def test_tesla(self) -> None:
        """With older files besides."""
        record = Say.recording("sec_edgar", "submissions_TSLA_has_older_files")
        found = values(ask(SecEdgarProvider, network(record), cik="1318605"))
        assert (found["legal_name"], found["ticker"]) == ("Tesla, Inc.", "TSLA")

    @pytest.mark.parametrize(
        ("case", "end"), [("archives_403", NotFound), ("browse_edgar_503_html", Throttled)]
    )
    def test_errors(self, case: str, end: type) -> None:
        """A missing file is a miss, a page of excuses is not."""
        said = network(Say.recording("sec_edgar", case))
        if end is NotFound:
            assert isinstance(ask(SecEdgarProvider, said, cik="42"), NotFound)
        else:
            assert isinstance(fails(SecEdgarProvider, said, cik="42"), end)
