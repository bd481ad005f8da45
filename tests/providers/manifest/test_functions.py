"""The functions that expressions have beyond JMESPath: what they make of good and of odd answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.functions import OURS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("source", "given", "value"),
    [
        ("lower(x)", "ACME Ltd", "acme ltd"),
        ("lower(x)", None, None),
        ("lower(x)", 7, None),
        ("split(x, '|')", "a | b|c", ["a", "b", "c"]),
        ("split(x, 'task=')[1]", "https://a.example/?task=77", "77"),
        ("split(x, '')", "abc", None),  # nothing to split by
        ("split(x, ',')", ["a,b"], None),
        ("first(x)", [None, "", "a", "b"], "a"),  # of what is there
        ("first(x)", [0, 1], 0),  # zero is a value
        ("first(x)", [], None),
        ("first(x)", "abc", None),
        ("date(x)", "2018-05-17T12:00:00Z", "2018-05-17"),
        ("date(x)", "2018-05-17", "2018-05-17"),
        ("date(x)", "2018-05-17 12:00", "2018-05-17"),
        ("date(x)", "+2018-05-17T00:00:00Z", "2018-05-17"),  # Wikidata
        ("date(x)", "+2018-00-00T00:00:00Z", "2018"),  # only the year is known
        ("date(x)", "+2018-05-00T00:00:00Z", "2018-05"),
        ("date(x)", "2018", "2018"),
        ("date(x)", "2018-13-01", None),
        ("date(x)", "2018-02-30", None),
        ("date(x)", "2018-00-05", None),  # a day of no month
        ("date(x)", "0000-00-00", None),
        ("date(x)", "-0044-03-15T00:00:00Z", None),
        ("date(x)", "17.05.2018", None),
        ("date(x)", 2018, None),
        ("host(x)", "HTTPS://www.Acme.example/about?x=1", "acme.example"),
        ("host(x)", "acme.example", "acme.example"),
        ("host(x)", "http://acme.example:8080", "acme.example"),
        ("host(x)", "not a host", None),
        ("host(x)", "localhost", None),
        ("host(x)", None, None),
        ("digits(x)", "+44 (0)20 7946-0123", "4402079460123"),
        ("digits(x)", 12, "12"),
        ("digits(x)", "none", None),
        ("digits(x)", "٣", None),  # digits as machines read them
        ("digits(x)", True, None),
        ("lower(host(x)) || 'unknown'", None, "unknown"),  # null inside does not spoil the rest
    ],
)
def test_each_function_gives_what_it_says(source: str, given: Any, value: Any) -> None:
    """Values of real answers, and null for what does not fit."""
    assert Expr.parse(source).of({"x": given}) == value


@settings(max_examples=100, deadline=None)
@given(JSON, JSON)
def test_none_of_them_raises(one: Any, other: Any) -> None:
    """Whatever an answer holds, a function gives a value or null."""
    for name, function in OURS.items():
        function(one, other) if name == "split" else function(one)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("lowr(x)", "there is no function `lowr`: did you mean `lower`?"),
        ("body.items[?matches(a, 'b')]", "there is no function `matches`"),
        ("map(&hots(@), x)", "did you mean `host`?"),  # inside another
        ("split(x)", "takes another number of arguments than 1"),
        ("length(a, b)", "takes another number of arguments than 2"),
        ("not_null()", "takes another number of arguments than 0"),
    ],
)
def test_an_unknown_function_is_refused_when_loading(source: str, words: str) -> None:
    """JMESPath would say nothing before it is called, and then be taken for null."""
    with pytest.raises(ValueError) as caught:
        Expr.parse(source)
    assert words in str(caught.value)


def test_functions_of_jmespath_still_work() -> None:
    """Ours are beside them, not in their place."""
    assert Expr.parse("join('-', sort(keys(x)))").of({"x": {"b": 1, "a": 2}}) == "a-b"
