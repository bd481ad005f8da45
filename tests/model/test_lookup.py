"""The unit that is asked, paid for and cached."""

from __future__ import annotations

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
