"""The calculation chain loses exactly the formulas that are gone."""

from __future__ import annotations

import pytest

from glaze_cli.sheets.xlsx.calcchain import shortened, unlisted


@pytest.mark.parametrize(
    ("entries", "gone", "left"),
    [
        ('<c r="A1" i="7"/><c r="B1"/>', {("7", "B1")}, '<c r="A1" i="7"/>'),
        ('<c r="A1" i="7"/><c r="B1"/>', {("7", "A1")}, '<c r="B1" i="7"/>'),  # the id moves on
        ('<c r="A1" i="7"/><c r="B1" l="1"/>', {("7", "A1")}, '<c r="B1" l="1" i="7"/>'),
        ('<c r="A1" i="7"/><c r="A1" i="8"/>', {("7", "A1")}, '<c r="A1" i="8"/>'),  # another sheet's
        ('<c r="A1" i="7"></c><c r="B1"></c>', {("7", "A1")}, '<c r="B1" i="7"></c>'),
        ('<c r="A1" i="7"/>', {("7", "B1")}, '<c r="A1" i="7"/>'),
        ('<c r="A1" i="7"/>', {("7", "A1")}, None),  # nothing is left: the part goes
    ],
)
def test_only_lost_formulas_leave(entries: str, gone: set[tuple[str, str]], left: str | None) -> None:
    """Every other entry stays, of the same sheet as before, in its place."""
    made = shortened(f"<calcChain>{entries}</calcChain>".encode(), gone)
    assert made == (None if left is None else f"<calcChain>{left}</calcChain>".encode())


def test_a_list_loses_one_entry() -> None:
    """The relationship or content type of a dropped part goes, and no other."""
    data = b'<R><!-- /calcChain --><r Type="a/styles"/><r Type="a/calcChain" Id="1"/></R>'
    assert unlisted(data, b"r", b"Type", "/calcChain") == b'<R><!-- /calcChain --><r Type="a/styles"/></R>'
    assert unlisted(data, b"r", b"Type", "/other") == data
