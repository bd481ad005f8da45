"""Out of several candidates the one that is about the row, or none."""

from __future__ import annotations

import pytest

from glaze_cli.model import Found, NotFound
from tests.loopback import Loopback, Say
from tests.providers.manifest.example import HEAD, ask, provider

LIST = (
    HEAD
    + """
[[op]]
id = "search"
needs = ["company"]
gives = ["legal_name", "lei"]
request = {path = "/search", query = {q = "{company}"}}
items = "body.data"
extract = {legal_name = "item.name", lei = "item.id"}
citations = "item.url"
confidence = {path = "item.score", scale = 100}
cost = {usd = "0.01"}
"""
)
STRICT = (
    LIST + 'accept = {similarity = {field = "company", path = "[legal_name, item.alias][]", min = 0.85}}\n'
)


def item(name: str | None, number: str | None = None, **more: object) -> dict[str, object]:
    """One candidate."""
    return {"name": name, "id": number, "score": 90, **more}


def answer(text: str, data: object) -> Found | NotFound:
    """What comes of these candidates, asked for Acme."""
    with Loopback(Say.json({"data": data})) as server:
        return ask(provider(text, server.url), company="Acme")


def test_the_likest_candidate_is_taken_whole() -> None:
    """Its values, its confidence, its address; nothing of the others."""
    found = answer(
        STRICT,
        [
            item("Acme Trading", "L1"),
            item("ACME LTD", "L2", url="https://x.example/L2", score=77),
            item("Acmee", "L3"),
        ],
    )
    assert found == Found({"legal_name": "ACME LTD", "lei": "L2"}, 0.77, ("https://x.example/L2",), 10_000)  # type: ignore[dict-item,arg-type]


@pytest.mark.parametrize(
    ("text", "data", "detail", "cost"),
    [
        (STRICT, [], "the answer holds no value", 0),
        (STRICT, None, "the answer holds no value", 0),
        (STRICT, "oops", "the answer holds no value", 0),
        (STRICT, [None, 3, "x", []], "the answer holds no value", 0),
        # the service did answer, and billed it; it only is not about the row
        (STRICT, [item("Acme Other")] * 200 + [item("Acme", "L1")], "the answer is about others", 10_000),
        (STRICT, [item("Acme France", "L1")], "the answer is about others", 10_000),
        (STRICT, [item("Acme", "L1"), item("ACME", "L2")], "2 equally good matches", 10_000),
        (
            STRICT,
            [item("Acme Ltd", "L1"), item("Acme Inc", "L2"), item("Acme X", "L3")],
            "2 equally good matches",
            10_000,
        ),
    ],
)
def test_nothing_is_taken_where_nothing_fits_for_certain(
    text: str, data: object, detail: str, cost: int
) -> None:
    """Namesakes, ties and odd shapes are not found, with the reason and the right bill."""
    assert answer(text, data) == NotFound(detail, cost)  # type: ignore[arg-type]


def test_the_same_record_twice_is_no_tie() -> None:
    """A service that repeats itself does not contradict itself."""
    found = answer(STRICT, [item("Acme", "L1"), item("Acme", "L1")])
    assert isinstance(found, Found)


def test_another_of_its_names_will_do() -> None:
    """The rule may look at several names; the values stay the record's."""
    found = answer(STRICT, [item("Umbrella", "L9", alias="Acme")])
    assert isinstance(found, Found)
    assert found.values == {"legal_name": "Umbrella", "lei": "L9"}


def test_a_single_object_is_a_list_of_one() -> None:
    """A service that gives an object for one and a list for several is read either way."""
    assert isinstance(answer(STRICT, item("Acme", "L1")), Found)


def test_without_a_rule_the_first_counts() -> None:
    """A search engine's own order decides where the manifest does not."""
    found = answer(LIST, [item("Beta", "L1"), item("Acme", "L2")])
    assert isinstance(found, Found)
    assert found.values == {"legal_name": "Beta", "lei": "L1"}


@pytest.mark.parametrize(
    ("score", "confidence"),
    [
        (100, 1.0),
        ("55", 0.55),
        (250, 1.0),
        (-1, 0.0),
        (None, 0.0),  # not said: not sure
        ("high", 0.0),
        (True, 0.0),
        ([90], 0.0),
    ],
)
def test_confidence_is_a_share(score: object, confidence: float) -> None:
    """Scaled into 0..1; a confidence that the answer does not give is none."""
    found = answer(LIST, [item("Acme", "L1", score=score)])
    assert isinstance(found, Found)
    assert found.confidence == pytest.approx(confidence)


@pytest.mark.parametrize("odd", ["M\ufffdller", "\ud800", " \u00a0", [], {}, float("nan"), ["x"]])
def test_odd_values_fill_nothing(odd: object) -> None:
    """Broken text, lists, objects and NaN are no value for a cell."""
    found = answer(LIST, [{"name": odd, "id": "L1", "score": 1}])
    assert isinstance(found, Found)
    assert found.values == {"lei": "L1"}
