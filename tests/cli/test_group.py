"""Typing errors: wrong usage, with what may have been meant."""

from __future__ import annotations

import pytest

from tests.cli.program import Program


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("enrihc", "did you mean enrich?"),
        ("leads.csv", "glaze columns leads.csv"),
        ("xyzzy", "glaze --help"),
    ],
)
def test_a_command_that_there_is_not(glaze: Program, word: str, sentence: str) -> None:
    """Exit code 2, and a suggestion."""
    ran = glaze(word)
    assert ran.code == 2 and sentence in ran.err


def test_an_option_that_there_is_not(glaze: Program) -> None:
    """`--rang` is close to `--range`."""
    ran = glaze("enrich", glaze.leads(), "--rang", "B2:B3")
    assert ran.code == 2 and "--range" in ran.err
