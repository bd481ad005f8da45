"""What Wikidata knows of a company: which item, and which of its statements."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import Found, NotFound
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.services import wikidata_claims as claims
from glaze_cli.providers.services.wikidata import WikidataProvider
from glaze_cli.providers.setup import Setup
from tests.loopback import SHARED, Say
from tests.providers.services.asking import always, ask, fails, made, values

USD = "http://www.wikidata.org/entity/Q4917"
EUR = "http://www.wikidata.org/entity/Q4916"


def statement(value: object, rank: str = "normal", at: str = "", until: str = "") -> dict[str, Any]:
    """One statement, with the date it is of and the date it ended."""
    qualifiers = {
        prop: [{"datavalue": {"value": {"time": f"+{day}T00:00:00Z"}}}]
        for prop, day in (("P585", at), ("P582", until))
        if day
    }
    return {"mainsnak": {"datavalue": {"value": value}}, "rank": rank, "qualifiers": qualifiers or []}


def item(name: str = "Acme Steel", **props: Any) -> dict[str, Any]:
    """An item of these statements."""
    return {
        "labels": {"en": {"value": name}},
        "descriptions": {"en": {"value": "steel maker"}},
        "aliases": [],  # an empty map, as Wikidata writes it
        "claims": {prop: found if isinstance(found, list) else [found] for prop, found in props.items()},
    }


def ref(number: str) -> dict[str, str]:
    """A value that is an item."""
    return {"id": number}


def time(day: str, precision: int = 11) -> dict[str, Any]:
    """A value that is a time."""
    return {"time": f"+{day}T00:00:00Z", "precision": precision}


ACME = item(
    P31=statement(ref("Q4830453")),
    P856=statement("https://www.acme.example/en"),
    P452=statement(ref("Q100")),
    P159=statement(ref("Q200")),
    P17=statement(ref("Q300")),
    P169=[statement(ref("Q400"), until="2020-01-01"), statement(ref("Q401"))],
    P1128=[
        statement({"amount": "+100", "unit": "1"}, at="2019-01-01"),
        statement({"amount": "+144000", "unit": "1"}, at="2024-12-31"),
    ],
    P2139=statement({"amount": "+5000000", "unit": USD}),
    P571=statement(time("1998-00-00", 9)),
    P4264=statement("acme-steel"),
    P2002=statement("acme"),
    P1278=statement("5299000J2N45DDNE4Y28"),
    P5531=statement("0000000042"),
)
LABELS = {"Q100": "steel industry", "Q200": "Duluth", "Q300": "United States", "Q401": "Jane Roe"}


def network(items: dict[str, Any], seen: list[str] | None = None) -> Any:
    """Search, SPARQL, items and labels."""

    def answer(request: httpx.Request) -> Say:
        query = dict(request.url.params)
        if seen is not None:
            seen.append(query.get("query") or query.get("search") or query.get("ids", ""))
        if request.url.host == "query.wikidata.org":
            uris = [f"http://www.wikidata.org/entity/{number}" for number in items]
            return Say.json({"results": {"bindings": [{"item": {"value": uri}} for uri in uris]}})
        if query["action"] == "wbsearchentities":
            return Say.json({"search": [{"id": number} for number in items]})
        if query["props"] == "labels":
            named = {
                n: {"labels": {"en": {"value": LABELS[n]}}} for n in query["ids"].split("|") if n in LABELS
            }
            return Say.json({"entities": named})
        return Say.json({"entities": {n: items[n] for n in query["ids"].split("|")}})

    return answer


WANTED = {
    "wikidata": "Q1",
    "website": "https://www.acme.example/en",
    "domain": None,
    "industry": "steel industry",
    "headquarters": "Duluth",
    "country": "United States",
    "ceo": "Jane Roe",
    "employee_count": 144000,
    "revenue": 5000000,
    "founded": 1998,
    "linkedin": "https://www.linkedin.com/company/acme-steel",
    "twitter": "https://x.com/acme",
    "lei": "5299000J2N45DDNE4Y28",
    "cik": "0000000042",
    "description": "steel maker",
}
WANTED = {name: value for name, value in WANTED.items() if value is not None}  # .example is no real ending


@pytest.mark.parametrize(
    "inputs",
    [{"company": "ACME Steel"}, {"lei": "5299000J2N45DDNE4Y28"}, {"cik": "42"}, {"wikidata": "Q1"}],
)
def test_a_company_is_found_and_read(inputs: dict[str, str]) -> None:
    """By name or identifier; every field, the latest figure, the present chief."""
    found = ask(WikidataProvider, network({"Q1": ACME}), **inputs)
    assert values(found) == WANTED
    assert isinstance(found, Found)
    assert found.confidence == (0.85 if "company" in inputs else 0.95)
    assert found.citations == ("https://www.wikidata.org/wiki/Q1",)


def test_a_domain_has_to_be_the_items_own() -> None:
    """Asked for in its usual spellings; an item with another site is somebody else's."""
    seen: list[str] = []
    own = item(P31=statement(ref("Q4830453")), P856=statement("https://www.acme.com/"))
    found = ask(WikidataProvider, network({"Q1": own}, seen=seen), domain="acme.com")
    assert values(found)["domain"] == "acme.com"
    assert "<https://www.acme.com/>" in seen[0] and "wdt:P856" in seen[0]
    other = item(P31=statement(ref("Q4830453")), P856=statement("https://acme.org"))
    assert isinstance(ask(WikidataProvider, network({"Q1": other}), domain="acme.com"), NotFound)


def test_a_cell_cannot_change_the_query() -> None:
    """What is no part of an identifier is taken out."""
    seen: list[str] = []
    ask(WikidataProvider, network({}, seen=seen), lei='X" } DROP { "')
    assert seen == ['SELECT DISTINCT ?item WHERE { ?item wdt:P1278 "XDROP" } LIMIT 7']


@pytest.mark.parametrize(
    ("items", "inputs"),
    [
        ({}, {"company": "Acme Steel"}),  # nothing found
        ({"Q1": ACME, "Q2": ACME}, {"company": "Acme Steel"}),  # two of that name
        ({"Q1": item("Acme Steel (France)", P31=statement(ref("Q4830453")))}, {"company": "Acme Steel"}),
        (
            {"Q1": item(P31=statement(ref("Q5")), P169=statement(ref("Q9")))},
            {"company": "Acme Steel"},
        ),  # a man
        ({"Q1": item(P31=statement(ref("Q482994")))}, {"company": "Acme Steel"}),  # an album
        ({"Q1": {"missing": ""}}, {"wikidata": "Q1"}),  # deleted
        ({"Q1": {"missing": ""}}, {"company": "Acme Steel"}),
        ({"Q1": ACME}, {"wikidata": "Acme"}),  # no id
        ({}, {"lei": "nobody"}),
    ],
)
def test_nobody_for_certain_is_not_found(items: dict[str, Any], inputs: dict[str, str]) -> None:
    """Namesakes, other things, deleted items."""
    assert isinstance(ask(WikidataProvider, network(items), **inputs), NotFound)


def test_the_right_one_among_others_is_taken() -> None:
    """A subsidiary and a song of like names do not matter."""
    items = {
        "Q3": item("Acme Steel (France)", P31=statement(ref("Q4830453"))),
        "Q1": ACME,
        "Q4": item("Acme Steel", P31=statement(ref("Q482994"))),
    }
    assert values(ask(WikidataProvider, network(items), company="Acme Steel"))["wikidata"] == "Q1"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Say.json({"error": {"code": "maxlag", "info": "Waiting"}}, retry_after="5"), Throttled),
        (Say.json({"error": {"code": "ratelimited"}}), Throttled),
        (Say.json({"error": {"code": "badvalue"}}), LookupFailed),
        (Say.json([]), LookupFailed),
        (Say(403), ProviderUnusable),
        (Say(429), Throttled),
        (Say.html_as_json(), LookupFailed),
    ],
)
@pytest.mark.parametrize("inputs", [{"company": "Acme"}, {"lei": "X1"}, {"wikidata": "Q1"}])
def test_a_broken_answer_is_no_miss(said: Say, kind: type[ProviderError], inputs: dict[str, str]) -> None:
    """Busy servers say so under 200; they are waited for."""
    error = fails(WikidataProvider, always(said), **inputs)
    assert type(error) is kind
    if "retry-after" in said.headers:
        assert isinstance(error, Throttled) and error.retry_after == 5


@pytest.mark.parametrize(
    ("statements", "value"),
    [
        ([statement("a")], "a"),
        ([statement("a"), statement("b", "preferred")], "b"),
        ([statement("a", "deprecated")], None),
        ([statement("a", at="2020-01-01"), statement("b", at="2024-01-01")], "b"),
        ([statement("a"), statement("b")], None),  # nobody can tell
        ([statement("a"), statement("a")], "a"),
        ([statement("a", until="2020-01-01")], None),  # over
        ([{"mainsnak": {"snaktype": "novalue"}}], None),
        ([], None),
        ("nonsense", None),
    ],
)
def test_which_statement_counts(statements: Any, value: object) -> None:
    """Preferred, else latest, else the only one; never the first of several."""
    assert claims.best({"claims": {"P1": statements}}, "P1") == value


@pytest.mark.parametrize(
    ("function", "value", "expected"),
    [
        (claims.year, time("2018-00-00", 9), 2018),
        (claims.year, time("1900-00-00", 7), None),  # a century
        (claims.year, {"time": "-0500-00-00T00:00:00Z", "precision": 9}, None),
        (claims.year, "1998", None),
        (claims.amount, {"amount": "+144000", "unit": "1"}, 144000),
        (claims.amount, {"amount": "+5", "unit": EUR}, None),  # a number of something else
        (claims.amount, {"amount": "many", "unit": "1"}, None),
        (claims.text, "  ", None),
        (claims.item_id, "Q1", None),
    ],
)
def test_values_are_read_as_they_are_meant(function: Any, value: object, expected: object) -> None:
    """No number without its unit, no year out of a century."""
    assert function(value) == expected


def test_another_currency_is_no_revenue() -> None:
    """The field is in dollars."""
    euros = item(P31=statement(ref("Q4830453")), P2139=statement({"amount": "+5", "unit": EUR}))
    assert "revenue" not in values(ask(WikidataProvider, network({"Q1": euros}), company="Acme Steel"))


def test_it_wants_to_know_whom_to_write_to() -> None:
    """Without a contact it is not asked; with one it is named in every call."""
    assert "contact" in WikidataProvider(Setup(HttpDoor())).lacks
    assert made(WikidataProvider, network({})).lacks == ""


RECORDINGS = sorted((SHARED / "recordings").glob("*/*.json"))


@pytest.mark.shared
@pytest.mark.skipif(not RECORDINGS, reason="needs ../shared/recordings")
@pytest.mark.parametrize("inputs", [{"company": "Zzyzx Nobody"}, {"lei": "X1"}, {"wikidata": "Q1"}])
def test_no_recording_of_any_service_breaks_it(inputs: dict[str, str]) -> None:
    """Whatever comes is an answer or an error, and no value."""
    for path in RECORDINGS:
        try:
            answer = ask(WikidataProvider, always(Say.recording(path.parent.name, path.stem)), **inputs)
        except ProviderError:
            continue
        assert isinstance(answer, NotFound), path
