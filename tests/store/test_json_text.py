"""JSON in the store: whatever goes in comes out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.model import Tier
from glaze_cli.store.json_text import decode_texts, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_values_come_back(value: object) -> None:
    """Whatever JSON can hold, the json module reads what was written."""
    assert json.loads(encode(value)) == value


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
