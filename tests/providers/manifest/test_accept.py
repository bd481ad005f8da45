"""Namesakes are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.model import Field
from glaze_cli.providers.manifest.accept import acceptance, similarity
from glaze_cli.providers.manifest.expr import Expr
from glaze_cli.providers.manifest.schema import Accept

LEAST = 0.85


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Shell", "SHELL PLC"),  # the form of one only
        ("Shell plc", "SHELL PUBLIC LIMITED COMPANY"),  # one form, two spellings
        ("Müller GmbH", "Muller GmbH"),  # accents
        ("Marks & Spencer", "MARKS AND SPENCER P.L.C."),
        ("Mc Donalds", "McDonald's"),  # words joined
        ("Acme Holding", "Acme Holdings B.V."),  # a slip
        ("Bank of America", "America, Bank of"),  # order
        ("株式会社トヨタ", "株式会社トヨタ"),
    ],
)
def test_one_company_under_two_spellings_is_accepted(asked: str, answered: str) -> None:
    """Case, accents, punctuation, order and a missing legal form do not matter."""
    assert similarity(asked, answered) >= LEAST


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("Shell AG", "SHELL PLC"),  # two forms are two companies
        ("Amazon Digital UK", "Amazon Digital US Limited"),  # a short word tells
        ("Growth Fund 2", "Growth Fund 3"),  # a digit tells
        ("Growth Fund 2024", "Growth Fund 2025"),
        ("Alpha Beta Gamma Holdings North", "Alpha Beta Gamma Holdings South"),  # one word of five
        ("Microsoft", "Microsoft (France)"),
        ("Shell", "Shell Energy Europe Limited"),
        ("Deutsche Bank", "Deutsche Bank Luxembourg S.A."),
        ("PLC", "Shell PLC"),  # nothing but a form
        ("!!!", "???"),
        ("", ""),
        ("word " * 9_000, "other " * 9_000),  # a page is no name
        ("ガス", "カス"),  # a mark that changes the letter
    ],
)
def test_namesakes_are_refused(asked: str, answered: str) -> None:
    """What is like, but another, stays below."""
    assert similarity(asked, answered) < LEAST


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_share_and_goes_both_ways(one: str, other: str) -> None:
    """0..1, the same from either side."""
    score = similarity(one, other)
    assert 0.0 <= score <= 1.0
    assert score == pytest.approx(similarity(other, one))


def rule(path: str, least: float | None) -> Accept:
    """A rule about the row's company."""
    return Accept(Field("company"), Expr.parse(path), least)


@pytest.mark.parametrize(
    ("rules", "document", "score"),
    [
        ([], {}, 1.0),  # nothing to check
        ([rule("name", None)], {"name": "ACME!"}, 1.0),  # equal, as people read
        ([rule("name", None)], {"name": "Acme Ltd"}, None),
        ([rule("name", LEAST)], {"name": None}, None),  # the answer does not say
        ([rule("name", LEAST)], {"name": 7}, None),
        ([rule("names", LEAST)], {"names": ["Other", "acme"]}, 1.0),  # one of them has to do
        ([rule("name", LEAST), rule("other", LEAST)], {"name": "acme", "other": "zzz"}, None),  # all rules
    ],
)
def test_every_rule_has_to_pass(
    rules: list[Accept], document: dict[str, object], score: float | None
) -> None:
    """The weakest rule decides; what is not said is not accepted."""
    assert acceptance(rules, {"company": "Acme"}, document) == score
