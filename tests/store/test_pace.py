"""When the next call may go to a provider."""

from __future__ import annotations

import sqlite3
from bisect import bisect_left

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.model import Limits, Window
from glaze_cli.model.pace import Pace
from glaze_cli.store.connect import connect
from glaze_cli.store.pace import LEASE_S, Longest, Refusal, enter, get_pace, leave, put_pace, renew

NOW = 1_000.0


@pytest.fixture
def store() -> sqlite3.Connection:
    """An empty store."""
    return connect(":memory:")


EVER = Longest(1e9, 1e9)


def at(store: sqlite3.Connection, limits: Limits, now: float = NOW) -> float:
    """The moment of the next call; its place is given back at once."""
    entry = enter(store, "p", limits, "me:1", now, EVER)
    if entry.place is not None:
        leave(store, entry.place)
    return entry.at


def test_without_limits_everyone_goes_at_once(store: sqlite3.Connection) -> None:
    """No window, no trouble: now, and nothing is written down about it."""
    assert [at(store, Limits()) for _ in range(5)] == [NOW] * 5
    assert store.execute("SELECT count(*) FROM provider_slots").fetchone()[0] == 0


@settings(max_examples=40)
@given(
    calls=st.integers(1, 8),
    seconds=st.sampled_from([0.5, 1.0, 60.0]),
    gaps=st.lists(st.floats(0, 2), min_size=1, max_size=60),
)
def test_no_window_ever_holds_more_than_it_may(calls: int, seconds: float, gaps: list[float]) -> None:
    """However the callers come, any span of the window's length sees at most its number of calls."""
    store, limits, now = connect(":memory:"), Limits((Window(calls, seconds),), 100), NOW
    moments = []
    for gap in gaps:
        now += gap
        moments.append(at(store, limits, now))
    assert moments == sorted(moments)
    for number, moment in enumerate(moments):
        assert bisect_left(moments, moment + seconds + 0.1) - number <= calls


def test_each_of_several_windows_holds(store: sqlite3.Connection) -> None:
    """3 a second and 5 a minute: the sixth waits for the minute."""
    moments = [at(store, Limits((Window(3, 1.0), Window(5, 60.0)), 9)) for _ in range(6)]
    assert moments[2] - NOW < 0.1
    assert 1 < moments[3] - NOW < 2
    assert 60 < moments[5] - NOW < 61


def test_a_moment_that_is_too_late_is_refused_and_not_taken(store: sqlite3.Connection) -> None:
    """A daily limit that is used up is said at once; the question does not hold a place until tomorrow."""
    limits = Limits((Window(1, 86_400.0),))
    assert at(store, limits) == NOW
    entry = enter(store, "p", limits, "me:1", NOW + 1, Longest(100, 100))
    assert (entry.place, entry.refused) == (None, Refusal.LIMIT)
    assert store.execute("SELECT count(*) FROM provider_slots").fetchone()[0] == 1


def test_places_are_shared_by_all_processes(store: sqlite3.Connection) -> None:
    """Two places: the third caller, of whatever process, gets none until one leaves."""
    limits = Limits(concurrency=2)
    first = enter(store, "p", limits, "me:1", NOW, EVER).place
    second = enter(store, "p", limits, "you:2", NOW, EVER).place
    assert first and second
    assert enter(store, "p", limits, "me:1", NOW, EVER).place is None
    assert enter(store, "other", limits, "me:1", NOW, EVER).place is not None
    leave(store, first)
    assert enter(store, "p", limits, "me:1", NOW, EVER).place is not None


def test_a_killed_process_does_not_keep_its_place(store: sqlite3.Connection) -> None:
    """A place that nobody renews lapses; one that is renewed does not."""
    limits = Limits(concurrency=1)
    held = enter(store, "p", limits, "me:1", NOW, EVER).place
    assert held
    renew(store, [held], NOW + 10)
    assert enter(store, "p", limits, "you:2", NOW + LEASE_S + 5, EVER).place is None
    assert enter(store, "p", limits, "you:2", NOW + LEASE_S + 11, EVER).place is not None


@pytest.mark.parametrize(
    ("pace", "moment", "refused"),
    [
        (Pace(NOW + 3), NOW + 3, None),  # told to wait
        (Pace(NOW - 3), NOW, None),  # that is over
        (Pace(NOW + 500), NOW + 500, Refusal.PAUSED),  # longer than anyone waits
        (Pace(NOW + 4, 0, 5, 1), NOW + 4, None),  # broken: wait for the trial
        (Pace(NOW + 4, 0, 6, 2), NOW + 4, Refusal.BROKEN),  # the trial failed
    ],
)
def test_a_provider_in_trouble_is_left_alone(
    store: sqlite3.Connection, pace: Pace, moment: float, refused: Refusal | None
) -> None:
    """A pause counts for all jobs, whoever was told."""
    put_pace(store, "p", pace)
    entry = enter(store, "p", Limits(), "me:1", NOW, Longest(100, 100))
    assert (entry.at, entry.refused) == (moment, refused)


def test_too_quick_means_further_apart(store: sqlite3.Connection) -> None:
    """After a 429 the calls go out one by one, with the interval between them."""
    put_pace(store, "p", Pace(interval=0.5))
    assert [at(store, Limits()) - NOW for _ in range(3)] == [0.0, 0.5, 1.0]


def test_one_trial_call_goes_ahead_and_the_others_wait(store: sqlite3.Connection) -> None:
    """When a broken provider's pause is over, one call finds out; nobody goes with it."""
    put_pace(store, "p", Pace(NOW - 1, 0, 5, 1))
    trial = enter(store, "p", Limits(), "me:1", NOW, EVER)
    assert trial.at == NOW
    assert enter(store, "p", Limits(), "me:1", NOW, EVER).at > NOW + 5
    put_pace(store, "p", get_pace(store, "p", NOW))
    assert get_pace(store, "p", NOW).on_trial
