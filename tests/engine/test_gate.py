"""A service's limits hold in every window, on a clock that only sleeping moves."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.engine.gate import Gate
from glaze_cli.model import Limits, Window


class Clock:
    """Time that passes only while somebody sleeps, and a little too long as real sleep does."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> float:
        """Seconds."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Pass them, and let the others run."""
        self.time += seconds + 0.003
        await asyncio.sleep(0)


def starts(limits: Limits, calls: int, each_s: float = 0.0) -> list[float]:
    """When so many calls, all wanted at once, began."""
    clock = Clock()
    begun: list[float] = []

    async def call(gate: Gate) -> None:
        async with gate.place():
            begun.append(clock.now())
            clock.time += each_s

    async def run() -> None:
        gate = Gate(limits, clock.now, clock.sleep)
        await asyncio.gather(*(call(gate) for _ in range(calls)))

    asyncio.run(run())
    return begun


WINDOWS = st.builds(Window, st.integers(1, 9), st.sampled_from([1.0, 5.0, 60.0]))


@settings(max_examples=60, deadline=None)
@given(st.lists(WINDOWS, min_size=1, max_size=3), st.integers(1, 60), st.sampled_from([0.0, 0.3]))
def test_no_window_ever_holds_more_calls_than_allowed(
    windows: list[Window], calls: int, each_s: float
) -> None:
    """At whatever moment a window begins, it holds at most its number of calls; and all calls are made."""
    begun = starts(Limits(tuple(windows), 100), calls, each_s)
    assert len(begun) == calls
    for window in windows:
        for first, late in zip(begun, begun[window.calls :], strict=False):
            assert late - first >= window.seconds


def test_calls_within_the_limit_do_not_wait() -> None:
    """A full window's worth goes at once."""
    assert len(set(starts(Limits((Window(60, 60.0),), 100), 60))) == 1


def test_a_pause_holds_everybody() -> None:
    """Told to wait, no call begins before the time; a shorter hint does not end a longer one."""
    clock = Clock()

    async def run() -> float:
        gate = Gate(Limits(), clock.now, clock.sleep)
        gate.pause(30.0)
        gate.pause(5.0)
        async with gate.place():
            return clock.now()

    assert asyncio.run(run()) >= 1030.0


@pytest.mark.parametrize("places", [1, 3])
def test_a_place_is_held_until_the_call_ends(places: int) -> None:
    """No more calls at once than `concurrency`, and a failed one gives its place back."""
    at_once, most = 0, 0

    async def call(gate: Gate) -> None:
        nonlocal at_once, most
        async with gate.place():
            at_once += 1
            most = max(most, at_once)
            await asyncio.sleep(0)
            at_once -= 1
            raise ConnectionError

    async def run() -> list[BaseException | None]:
        gate = Gate(Limits((), places))
        return await asyncio.gather(*(call(gate) for _ in range(10)), return_exceptions=True)

    assert len(asyncio.run(run())) == 10
    assert most == places
