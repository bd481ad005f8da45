"""JSON in the store: whatever goes in comes out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.model import Tier
from glaze_cli.store.json_text import decode, decode_texts, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_values_come_back(value: object) -> None:
    """Whatever JSON can hold: the json module reads what was written, and so do we."""
    assert json.loads(encode(value)) == value
    again = decode(encode(value))
    assert again == value and repr(again) == repr(json.loads(encode(value)))


@given(st.dictionaries(st.text(st.characters()), st.text(st.characters()), max_size=5))
def test_texts_come_back(texts: dict[str, str]) -> None:
    """A row's texts are read as they were written, by either of the two writers."""
    assert decode_texts(encode(texts)) == texts
    assert decode_texts(json.dumps(texts)) == texts


@pytest.mark.parametrize(
    "value",
    [
        10**30,  # more than 64 bits
        {"a": "\ud800"},  # half a character
        (1, "two"),  # a tuple is a list
        {"tier": Tier.FREE},  # an enum is its value
        1e16,
        -0.0,
    ],
)
def test_odd_ones(value: object) -> None:
    """The same value as the json module's own text has."""
    assert json.loads(encode(value)) == json.loads(json.dumps(value))


@pytest.mark.parametrize(
    "text", ['{"a": NaN}', '{"a": "\\ud800"}', "[1e400]", str(10**25), "123456789012345678"]
)
def test_what_other_writers_wrote_is_read_as_the_json_module_reads_it(text: str) -> None:
    """Stores of earlier versions hold such texts."""
    assert repr(decode(text)) == repr(json.loads(text))
