"""The grammar: records and fields lie exactly where the csv module sees them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.sheets.csv.dialect import Dialect
from glaze_cli.sheets.csv.records import END, FIELD, REST, Grammar

DIALECTS = [Dialect(), Dialect(";", "'"), Dialect(",", ""), Dialect(",", '"', "\\"), Dialect("^", '"')]


def split(grammar: Grammar, text: str, step: int, column: int) -> list[list[str]]:
    """The fields of all records, from a text that comes in blocks of `step`; asked for a column, too."""
    found, buffer, place, final = [], "", 0, False
    while not final:
        buffer, final = buffer + text[place : place + step], place >= len(text)
        place += step
        done = 0
        for match in grammar.records(buffer, final, column):
            if match.lastgroup == REST:
                break
            done = match.end()
            found.append(grammar.fields(buffer[match.start() : match.start(END)]))
            if column:
                assert match[FIELD] == (found[-1][column - 1] if column <= len(found[-1]) else None)
        buffer = buffer[done:]
    assert buffer == ""
    return found


@given(
    data=st.data(),
    dialect=st.sampled_from(DIALECTS),
    step=st.sampled_from([1, 3, 99]),
    column=st.sampled_from([0, 1, 3]),
)
@settings(max_examples=500)
def test_agrees_with_the_csv_module(data: st.DataObject, dialect: Dialect, step: int, column: int) -> None:
    """For any text, however it is cut into blocks: as many records, as many fields in each."""
    marks = dialect.delimiter + dialect.quote + dialect.escape
    text = data.draw(st.text(f"ab\r\n{marks}", max_size=16))
    found = split(Grammar(dialect), text, step, column)
    seen = dialect.reader(io.StringIO(text, newline=""))
    assert [len(fields) for fields in found] == [len(record) or 1 for record in seen]


@given(data=st.data(), dialect=st.sampled_from(DIALECTS))
def test_ahead_finds_the_field_that_fields_lists(data: st.DataObject, dialect: Dialect) -> None:
    """Going n fields ahead lands on the nth field, and nowhere beyond the last."""
    grammar = Grammar(dialect)
    text = data.draw(st.text(f"ab {dialect.delimiter}{dialect.quote}{dialect.escape}", max_size=12))
    fields = grammar.fields(text)
    for n, field in enumerate(fields):
        match = grammar.ahead(n).match(text, 0, len(text))
        assert match is not None and match[FIELD] == field
    assert grammar.ahead(len(fields)).match(text, 0, len(text)) is None


@pytest.mark.parametrize(
    ("field", "whole"),
    [("", True), ("a", True), ('"a"', True), ('"a""b"', True), ('"a', False), ('"a""', False), ('"', False)],
)
def test_knows_a_field_that_the_end_cuts(field: str, whole: bool) -> None:
    """A quote that never closes makes a field that nothing can follow."""
    assert Grammar(Dialect()).is_whole(field) is whole
