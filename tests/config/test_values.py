"""Single values, as a user writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.config import parse_amount, parse_contact, parse_duration, parse_tiers
from glaze_cli.errors import ConfigError
from glaze_cli.model import Tier


@pytest.mark.parametrize("text", ["", "abc", "1e", "$5", "nan", "inf"])
def test_an_amount_must_be_an_amount(text: str) -> None:
    """What is not an amount in dollars is refused by name."""
    with pytest.raises(ConfigError, match="--max-cost"):
        parse_amount("--max-cost", text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45s", 45),  # seconds
        ("15m", 900),  # minutes, not months
        ("12h", 43_200),
        ("30d", 2_592_000),
        ("2w", 1_209_600),
        (" 30 d ", 2_592_000),  # blanks do not matter
        ("0s", 0),  # nothing is young enough
    ],
)
def test_a_time_in_seconds(text: str, seconds: float) -> None:
    """A number and its unit."""
    assert parse_duration("--max-age", text) == seconds


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.booleans()))
def test_what_is_no_time_is_refused_by_name(value: object) -> None:
    """Whatever it is: a number of seconds, or a sentence."""
    try:
        assert parse_duration("--max-age", value) >= 0
    except ConfigError as error:
        assert "--max-age must be a time" in str(error)


@pytest.mark.parametrize(
    ("texts", "tiers"),
    [
        (["free"], (Tier.FREE,)),
        (["premium,free"], (Tier.FREE, Tier.PREMIUM)),  # in the order they are asked
        (["Cheap", " free "], (Tier.FREE, Tier.CHEAP)),  # repeated, and as people type
        ([], ()),
    ],
)
def test_tiers(texts: list[str], tiers: tuple[Tier, ...]) -> None:
    """With commas, or repeated."""
    assert parse_tiers("--tier", texts) == tiers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cheep", "did you mean cheap"),  # a typing error
        ("cache", "remembered answers are used anyway"),  # is used without being named
        ("gold", "free, cheap and premium"),  # none
    ],
)
def test_what_is_no_tier_is_named(text: str, words: str) -> None:
    """With what is allowed."""
    with pytest.raises(ConfigError, match=words):
        parse_tiers("--tier", [text])


@pytest.mark.parametrize("text", ["you@example.com", "https://example.com/bot?x=1", "HTTP://example.com"])
def test_a_contact(text: str) -> None:
    """A mail box or a web address."""
    assert parse_contact("--contact", f" {text} ") == text


@pytest.mark.parametrize("text", ["", "you", "a b@c.d", "a@b.c\nx: y", "ü@example.com", "a@b)c", "ftp://x"])
def test_what_is_no_contact(text: str) -> None:
    """Nothing that would break out of the header it goes into."""
    with pytest.raises(ConfigError, match="--contact must be"):
        parse_contact("--contact", text)
