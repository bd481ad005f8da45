"""Whether a remembered answer still counts."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.engine.freshness import is_fresh
from glaze_cli.model import Answer, Field, Found, Keep, Lookup, Micros, NotFound
from glaze_cli.store.answers import KeptAnswer

NOON = "2026-11-25T12:00:00.000Z"
DAY = 86_400.0
KEEP = Keep(90 * DAY, 30 * DAY)
HIT, MISS = Found({Field("domain"): "a.example"}), NotFound()


def ago(days: float) -> str:
    """A moment so long before noon, as the store writes it."""
    moment = datetime.fromisoformat(NOON) - timedelta(days=days)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def fresh(answer: Answer, days: float, max_age: float | None = None, company: str = "acme") -> bool:
    """Whether an answer of that age counts at noon."""
    lookup = Lookup.about("p", "1", {Field("company"): company})
    return is_fresh(KeptAnswer(answer, ago(days), Micros(0)), lookup, KEEP, max_age, NOON)


@pytest.mark.parametrize(
    ("answer", "days", "max_age", "expected"),
    [
        (HIT, 80, None, True),  # inside the provider's own time
        (HIT, 91, None, False),  # after it
        (MISS, 26, None, True),
        (MISS, 31, None, False),  # "not found" is asked again sooner
        (HIT, 10, 7 * DAY, False),  # the user wants it newer
        (HIT, 5, 7 * DAY, True),
        (HIT, 91, 200 * DAY, False),  # the user cannot make it hold longer than the service says
        (HIT, 0.001, 0.0, False),  # --refresh
    ],
)
def test_its_age_decides(answer: Answer, days: float, max_age: float | None, expected: bool) -> None:
    """The provider's time for found and not found, and the user's wish to have it newer."""
    assert fresh(answer, days, max_age) is expected


@given(st.text(min_size=1))
def test_answers_of_one_day_do_not_all_expire_on_one_day(company: str) -> None:
    """Each expires by its own key, at nine tenths of the time at the earliest and never after it."""
    assert fresh(HIT, 80.9, company=company)
    assert not fresh(HIT, 90.1, company=company)


def test_they_are_spread() -> None:
    """About half of them are stale in the middle of the last tenth."""
    stale = sum(not fresh(HIT, 85.5, company=str(number)) for number in range(400))
    assert 150 < stale < 250


@given(st.floats(min_value=-1, max_value=100), st.text(min_size=1), st.sampled_from([HIT, MISS]))
def test_the_quick_look_says_what_the_exact_one_does(days: float, company: str, answer: Answer) -> None:
    """The user's own limit of a thousand days changes nothing, but has every answer looked at exactly."""
    assert fresh(answer, days, None, company) == fresh(answer, days, 1000 * DAY, company)


def test_what_is_kept_for_good_is_always_fresh() -> None:
    """However long that is."""
    lookup = Lookup.about("p", "1", {})
    for seconds in (1e9, 1e11, float("inf")):
        assert is_fresh(KeptAnswer(HIT, ago(3000), Micros(0)), lookup, Keep(seconds), None, NOON)
