"""The synthetic provider."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import LookupFailed
from glaze_cli.model import ANY, Field, Found, Lookup, Scalar
from glaze_cli.providers.local.mock import MockProvider


class Sleeper:
    """A fake clock that remembers how long it was to wait."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)


def about(wants: str, company: str = "Acme") -> Lookup:
    """A lookup of that field in the row of that company."""
    return Lookup.about("mock", "1", {Field("company"): company}, Field(wants))


def ask(wants: str, company: str = "Acme", seed: int = 0) -> Found:
    """The answer, without waiting."""
    answer = asyncio.run(MockProvider(seed, sleep=Sleeper()).look_up(about(wants, company)))
    assert isinstance(answer, Found)
    return answer


def value(wants: str, company: str = "Acme", seed: int = 0) -> Scalar:
    """The made-up value."""
    return ask(wants, company, seed).values[Field(wants)]


@pytest.mark.parametrize(
    ("field", "pattern"),
    [
        ("email", r"person-\d+@example\.com"),  # a domain kept for examples
        ("phone", r"\+1\d{3}55501\d\d"),  # a number kept for fiction
        ("company", r"Example Company \d+"),
        ("title", r"Example \w+"),
        ("linkedin", r"https://www\.linkedin\.com/in/example-\d+"),
        ("website", r"https://company-\d+\.example\.com"),
        ("domain", r"company-\d+\.example\.com"),
        ("industry", r"Example \w+"),
        ("full_name", r"Example Person \d+"),
        ("first_name", r"Example\d+"),
        ("last_name", r"Person\d+"),
        ("city", r"Exampletown \d+"),
        ("country", r"Exampleland|Mockland|Samplestan"),
        ("timezone", r"mock-timezone-\d+"),  # a field it has no maker for
        ("header:favourite colour", r"mock-favourite-colour-\d+"),  # a header nobody knows
        ("header:=cmd|calc", r"mock-=cmd\|calc-\d+"),  # never begins like a formula
        ("header:", r"mock-\d+"),  # a header without words
    ],
)
def test_values_are_recognisably_made_up(field: str, pattern: str) -> None:
    """Nobody can take a value for a real one."""
    for row in range(20):
        assert re.fullmatch(pattern, str(value(field, f"Row {row}")))


@pytest.mark.parametrize("field", ["employee_count", "revenue", "founded"])
def test_numbers_are_numbers(field: str) -> None:
    """A column of numbers gets numbers."""
    assert isinstance(value(field), int)


def test_repeatable() -> None:
    """The same seed and lookup give the same value, confidence and wait; another seed or row differs."""
    first, second = Sleeper(), Sleeper()
    answers = [
        asyncio.run(MockProvider(7, sleep=sleeper).look_up(about("email"))) for sleeper in (first, second)
    ]
    assert answers[0] == answers[1]
    assert first.waited == second.waited
    assert len({value("email", seed=seed) for seed in range(10)}) > 5
    assert len({value("email", f"Row {row}") for row in range(10)}) > 5


def test_known_on_every_machine() -> None:
    """The value is fixed by seed and lookup, not by this machine or this Python."""
    assert value("email") == "person-2738@example.com"


def test_latency() -> None:
    """It waits once for each answer, within the range that was set, and not always as long."""
    sleeper = Sleeper()
    provider = MockProvider(latency=(0.1, 0.2), sleep=sleeper)
    for row in range(30):
        asyncio.run(provider.look_up(about("email", f"Row {row}")))
    assert len(sleeper.waited) == 30
    assert all(0.1 <= seconds <= 0.2 for seconds in sleeper.waited)
    assert len(set(sleeper.waited)) > 10


def test_runs_only_on_request() -> None:
    """It fills anything, from anything, for nothing, and only if it is named."""
    provider = MockProvider()
    assert provider.on_request
    assert provider.local
    assert provider.gives == {ANY}
    assert provider.needs == (frozenset({ANY}),)
    assert provider.price(about("email")) == 0


def test_no_field() -> None:
    """A lookup that does not say what it wants fails; nothing is made up for it."""
    with pytest.raises(LookupFailed, match="mock was not told which field"):
        asyncio.run(MockProvider(sleep=Sleeper()).look_up(Lookup.about("mock", "1", {})))


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text(max_size=30), st.integers())
def test_any_field_has_a_value(field: str, company: str, seed: int) -> None:
    """No field name and no row crashes it; confidence stays within 0.7 and 0.99."""
    answer = ask(field, company, seed)
    assert list(answer.values) == [field]
    assert answer.values[Field(field)] != ""
    assert 0.7 <= answer.confidence <= 0.99
