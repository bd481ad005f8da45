"""JMESPath over answers: type errors are null, and the traps of the language are seen when loading."""

from __future__ import annotations

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.providers.manifest.expr import Expr


@pytest.mark.parametrize(
    "source",
    [
        "max_by(body.items, &n).n",  # null where a list is needed
        "values(body.missing)",
        "length(body.missing)",
        "contains(body.missing, 'x')",
        "sum(body.words)",  # texts where numbers are needed
        "body.word.deeper[0]",
        "join(', ', body.mixed)",
        "to_number(body.word)",
    ],
)
def test_what_does_not_fit_is_null(source: str) -> None:
    """No expression raises over an answer of another shape."""
    expr = Expr.parse(source)
    assert expr.of({"body": {"word": "x", "words": ["a", "b"], "mixed": ["a", None]}}) is None
    assert expr.of({"body": None}) is None


@pytest.mark.parametrize(
    ("value", "true"),
    [
        (0, True),  # a number is there
        ("no", True),
        ([0], True),
        (False, False),
        (None, False),
        ("", False),
        ([], False),
        ({}, False),
    ],
)
def test_holds_is_truth_as_jmespath_has_it(value: object, true: bool) -> None:
    """Null, false and what is empty do not hold; zero does."""
    assert Expr.parse("body.value").holds({"body": {"value": value}}) is true


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("status", {"status"}),
        ("body.status", {"body"}),  # a name inside the body is not the status
        ("body.items[?status == 'x'].name", {"body"}),
        ("status == `200` && type(body.data) != 'array'", {"status", "body"}),
        ("max_by(body.items, &status)", {"body"}),
        ("(body.a || text).b", {"body", "text"}),
        ("body | [0].text", {"body"}),
        ('headers."retry-after"', {"headers"}),
        ("[status, body.x][]", {"status", "body"}),
        ("{a: status, b: body.*.text}", {"status", "body"}),
        ("body.items[].{text: text}", {"body"}),
        ("`0.9`", set()),
    ],
)
def test_reads_names_what_is_looked_up_at_the_top(source: str, names: set[str]) -> None:
    """Only the first names count; what stands inside something found does not."""
    assert Expr.parse(source).reads == names


@pytest.mark.parametrize("source", ["!body.data", "status == `200` && !body.data", "[!a.b]"])
def test_a_negation_that_is_never_true_is_refused(source: str) -> None:
    """`!a.b` is `(!a).b` to JMESPath: the author is told."""
    with pytest.raises(ValueError, match="write `!"):
        Expr.parse(source)


def test_a_negation_in_brackets_is_fine() -> None:
    """What the author meant."""
    assert Expr.parse("!(body.data)").holds({"body": {}})


DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


@given(DOCUMENTS, st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(".".join))
def test_a_plain_path_is_what_jmespath_makes_of_it(document: object, path: str) -> None:
    """The quick way for paths of names finds what the library finds."""
    assert Expr.parse(path).of(document) == jmespath.search(path, document)
