"""From what a model wrote to a value, or none."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.errors import LookupFailed
from glaze_cli.model import Found, Micros, NotFound
from glaze_cli.providers.llm.reply import answer_of
from tests.providers.llm.asking import cell, lookup

COST = Micros(7)


@pytest.mark.parametrize(
    ("wants", "text", "value"),
    [
        ("description", cell("Makes pumps."), "Makes pumps."),
        ("description", f"Here it is:\n```json\n{cell('Makes pumps.')}\n```", "Makes pumps."),  # fenced
        ("description", cell(" Makes\x00 \x1bpumps\u202e.\r\n"), "Makes pumps."),  # nothing that steers
        ("description", cell(1999), 1999),
        ("employee_count", cell(120), 120),
        ("employee_count", cell(120.0), 120),
        ("latitude", cell(47.5), 47.5),
        ("email_valid", cell(False), False),
        ("incorporated", cell("1999-05-31"), "1999-05-31"),
        ("incorporated", cell("1999"), "1999"),  # all that is known of many a date
        ("description", cell("None of your business Ltd"), "None of your business Ltd"),
    ],
)
def test_a_value_of_the_right_kind_is_taken(wants: str, text: str, value: object) -> None:
    """With its confidence capped, since nobody has checked it."""
    answer = answer_of(text, lookup(wants), COST)
    assert isinstance(answer, Found)
    assert (dict(answer.values), answer.confidence, answer.cost) == ({wants: value}, 0.7, COST)


@pytest.mark.parametrize(
    "value", [None, "", "  ", "unknown", "N/A", "Not found.", "none", "I don't know", "-"]
)
def test_not_knowing_is_not_found(value: object) -> None:
    """In all the ways a model says it."""
    assert answer_of(cell(value), lookup(), COST) == NotFound("the model does not know", COST)


@pytest.mark.parametrize(
    ("wants", "text"),
    [
        ("description", "Acme makes pumps."),  # words instead of JSON
        ("description", ""),
        ("description", '{"value": "cut'),
        ("description", '```json\n{"value": "x",}\n```'),  # not JSON after all
        ("description", '["x"]'),
        ("description", '{"answer": "x"}'),  # another shape
        ("description", cell(["x"])),
        ("description", cell("x" * 40_000)),  # longer than a cell
        ("employee_count", cell("about 120")),  # a sentence in a column of numbers
        ("employee_count", cell(120.5)),
        ("employee_count", cell(True)),
        ("email_valid", cell("yes")),
        ("email_valid", cell(1)),
        ("latitude", '{"value": Infinity, "confidence": 1, "sources": []}'),
        ("description", "[" * 100_000),  # deep
        ("description", "```" + " " * 200_000),  # a fence that is never closed: it must not take for ever
        ("employee_count", '{"value": 1' + "0" * 400 + "}"),  # no float holds it
        ("latitude", '{"value": NaN}'),
        ("incorporated", cell("in May 1999")),
        ("incorporated", cell("1999-02-30")),
        ("incorporated", cell("31.05.1999")),
    ],
)
def test_anything_else_fails_and_is_billed(wants: str, text: str) -> None:
    """Never a value out of it; the call was paid all the same."""
    with pytest.raises(LookupFailed) as caught:
        answer_of(text, lookup(wants), COST)
    assert caught.value.cost == COST


@pytest.mark.parametrize(
    ("confidence", "sources", "expected"),
    [
        (0.4, (), 0.4),
        (1.0, (), 0.7),  # its own word proves nothing
        (1.0, ("https://acme.example/about",), 0.9),  # a person can check
        (1.0, ("javascript:alert(1)", "file:///etc/passwd", 7, "acme.example"), 0.7),  # no addresses
        ("high", (), 0.0),
        (None, (), 0.0),
        (-3, (), 0.0),
        (True, (), 0.0),
        (10**400, (), 0.7),
        (float("nan"), (), 0.0),
    ],
)
def test_confidence_is_capped(confidence: object, sources: tuple[object, ...], expected: float) -> None:
    """0.7 without a source, 0.9 with one; what is no number counts nothing."""
    answer = answer_of(cell("x", confidence, sources), lookup(), COST)
    assert isinstance(answer, Found)
    assert answer.confidence == expected
    assert all(source.startswith("https://") for source in answer.citations)


@given(
    st.text()
    | st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists).map(
        json.dumps
    )
)
def test_whatever_it_wrote_nothing_else_is_raised(text: str) -> None:
    """A model's text is a stranger's text."""
    with contextlib.suppress(LookupFailed):
        answer_of(text, lookup(), COST)
