"""The unit that is asked, paid for and cached."""

from __future__ import annotations

import hashlib
import json
from dataclasses import FrozenInstanceError, replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.model import Field, Lookup

EMAIL, PHONE = Field("email"), Field("phone")


def test_equal_questions_have_equal_keys() -> None:
    """The order of inputs does not matter."""
    one = Lookup.about("p", "1", {EMAIL: "a@b.c", PHONE: "1"})
    other = Lookup.about("p", "1", {PHONE: "1", EMAIL: "a@b.c"})
    assert one.key == other.key


def test_different_questions_have_different_keys() -> None:
    """Provider, version, inputs and the wanted field each make another question."""
    base = Lookup.about("p", "1", {EMAIL: "a"})
    others = [
        Lookup.about("q", "1", {EMAIL: "a"}),
        Lookup.about("p", "2", {EMAIL: "a"}),
        Lookup.about("p", "1", {EMAIL: "b"}),
        Lookup.about("p", "1", {PHONE: "a"}),
        Lookup.about("p", "1", {EMAIL: "a"}, PHONE),
    ]
    assert len({base.key, *(other.key for other in others)}) == 6


def test_an_input_is_read_by_its_field() -> None:
    """`lookup[field]` is there or a KeyError; `get` says None."""
    lookup = Lookup.about("p", "1", {EMAIL: "a"})
    assert lookup["email"] == "a"
    assert lookup.get("phone") is None


def test_inputs_are_sorted_by_their_fields() -> None:
    """Whatever the row's order, `inputs` and `names` have one."""
    lookup = Lookup.about("p", "1", {PHONE: "1", EMAIL: "a@b.c"})
    assert lookup.inputs == ((EMAIL, "a@b.c"), (PHONE, "1"))
    assert lookup.names == (EMAIL, PHONE)


def test_a_lookup_cannot_be_changed() -> None:
    """What was asked stays what was asked; equal lookups are equal, whether or not their key was read."""
    one, other = (Lookup.about("p", "1", {EMAIL: "a"}, PHONE, "why?") for _ in range(2))
    assert one.key == other.key
    assert one == Lookup("p", "1", ((EMAIL, "a"),), PHONE, "why?")
    assert hash(one) == hash(other)
    assert (
        repr(one)
        == "Lookup(provider='p', version='1', inputs=(('email', 'a'),), wants='phone', prompt='why?')"
    )
    assert replace(one, wants=None) == Lookup.about("p", "1", {EMAIL: "a"}, None, "why?")
    with pytest.raises(FrozenInstanceError):
        one.wants = None  # type: ignore[misc]


@pytest.mark.parametrize(
    ("lookup", "key"),
    [
        (
            Lookup.about("email", "1", {EMAIL: "ada@example.org"}),
            "c06dd1d82af2292f461b518fe8f0d67c1502207e14f57ad3ccc1900d6d9c4a7d",
        ),
        (
            Lookup.about("clé", "2", {PHONE: "+49 30", EMAIL: 'a"\\\n\u2028ü'}, Field("title"), "Who?"),
            "3e03256ee2533dbe00064b94009cb0ff07dbabe41974ee629bd5350b59747b12",
        ),
    ],
)
def test_a_key_outlives_a_version_of_glaze(lookup: Lookup, key: str) -> None:
    """Answers that were paid for are found again by keys that an older Glaze wrote."""
    assert lookup.key == key


ANY_TEXT = st.text(st.characters(), max_size=12)


@given(ANY_TEXT, ANY_TEXT, st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3), st.none() | ANY_TEXT, ANY_TEXT)
def test_a_key_is_the_hash_of_the_json(
    name: str, version: str, inputs: dict[str, str], wants: str | None, prompt: str
) -> None:
    """The quick way to write the question as JSON writes what json does."""
    pairs = {Field(field): text for field, text in inputs.items()}
    lookup = Lookup.about(name, version, pairs, None if wants is None else Field(wants), prompt)
    parts = [name, version, sorted(inputs.items()), wants, *([prompt] if prompt else [])]
    text = json.dumps(parts, ensure_ascii=False)
    assert lookup.key == hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def test_a_version_that_is_a_number_has_the_key_it_had() -> None:
    """A plug-in may say `version = 1`; its answers are found by the key of that number."""
    lookup = Lookup.about("p", cast(str, 1), {EMAIL: "a"})
    assert lookup.key == hashlib.sha256(b'["p", 1, [["email", "a"]], null]').hexdigest()


@given(st.dictionaries(st.sampled_from([EMAIL, PHONE, Field("city")]), st.text(max_size=3)))
def test_names_are_the_fields_of_the_inputs(inputs: dict[Field, str]) -> None:
    """None, one or several."""
    assert Lookup.about("p", "1", inputs).names == tuple(sorted(inputs))
