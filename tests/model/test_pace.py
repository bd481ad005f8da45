"""The state of a provider after what its calls said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.model.pace import BROKEN, Pace, Signal

NOW = 1_000.0
FINE, BUSY, DOWN = Signal.FINE, Signal.BUSY, Signal.DOWN


def after(signals: Sequence[tuple[Signal, float | None]], pace: Pace | None = None) -> Pace:
    """The state after these calls, all at one moment."""
    pace = pace or Pace()
    for signal, wait in signals:
        pace = pace.after(signal, wait, NOW)
    return pace


@pytest.mark.parametrize(
    ("signals", "expected"),
    [
        ([], Pace()),  # nobody was asked
        ([(FINE, None)], Pace()),  # nothing to remember
        ([(BUSY, 7.0)], Pace(NOW + 7, 0.1)),  # it said when
        ([(BUSY, None)], Pace(0, 0.1)),  # it did not: only slower
        ([(BUSY, None), (BUSY, None)], Pace(0, 0.2)),  # still too quick
        ([(BUSY, 9.0), (BUSY, 3.0)], Pace(NOW + 9, 0.2)),  # the longer wish counts
        ([(BUSY, None), (FINE, None)], Pace(0, 0.1 * 0.9)),  # slowly quicker again
        ([(DOWN, None)] * 4, Pace(0, 0, 4)),  # not yet
        ([(DOWN, None)] * 5, Pace(NOW + 5, 0, 5, 1)),  # broken: left alone for a little
        ([(DOWN, None)] * 6, Pace(NOW + 30, 0, 6, 2)),  # the trial call failed as well
        ([(DOWN, 60.0)] * 5, Pace(NOW + 60, 0, 5, 1)),  # it said when
        ([(DOWN, None)] * 4 + [(FINE, None)], Pace()),  # not in a row
        ([(DOWN, None)] * 9 + [(FINE, None)], Pace()),  # it works again
    ],
)
def test_each_call_moves_the_state(signals: list[tuple[Signal, float | None]], expected: Pace) -> None:
    """Pauses, slowing down and the circuit breaker, case by case."""
    assert after(signals) == expected


def test_only_after_a_failed_trial_nobody_waits_any_more() -> None:
    """After the first pause cells wait for a trial call; when that fails too, they are told at once."""
    broken = after([(DOWN, None)] * BROKEN)
    assert broken.on_trial and not broken.refuses(NOW)
    again = broken.after(DOWN, None, NOW)
    assert again.refuses(NOW) and not again.refuses(NOW + 31)


def test_a_long_past_failure_is_forgotten() -> None:
    """A host that was down yesterday starts with a clean slate; one told to be slow stays slow."""
    broken = after([(DOWN, None)] * 7)
    assert broken.at(NOW + 100) == broken
    assert broken.at(NOW + 10_000) == Pace()
    assert Pace(interval=2.0).at(NOW) == Pace(interval=2.0)


@given(st.lists(st.tuples(st.sampled_from(Signal), st.none() | st.floats(0, 1e6)), max_size=50))
def test_it_never_slows_down_without_end(signals: list[tuple[Signal, float | None]]) -> None:
    """Whatever is said: the interval is bounded, and enough good answers bring full speed back."""
    pace = after(signals)
    assert 0 <= pace.interval <= 10
    assert after([(FINE, None)] * 100, pace).interval == 0
