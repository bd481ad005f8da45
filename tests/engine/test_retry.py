"""Repeating a throttled call."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.engine.retry import call_repeatedly
from glaze_cli.errors import LookupFailed, Throttled
from glaze_cli.model.settings import RunSettings


def call(replies: list[object], attempts: int = 3) -> tuple[object, list[float], int]:
    """What came of it, the waits, and how many calls were made."""
    waits: list[float] = []
    calls = 0

    async def once() -> object:
        nonlocal calls
        calls += 1
        reply = replies[calls - 1]
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def go() -> object:
        try:
            return await call_repeatedly(once, RunSettings(attempts=attempts), sleep)
        except LookupFailed as error:
            return error

    return asyncio.run(go()), waits, calls


def test_a_first_answer_waits_for_nothing() -> None:
    """One call, no wait."""
    assert call(["answer"]) == ("answer", [], 1)


def test_waits_double_from_one_second() -> None:
    """Without a hint: 1 s, then 2 s, each with up to a second of jitter."""
    outcome, waits, calls = call([Throttled("busy"), Throttled("busy"), "answer"])
    assert (outcome, calls) == ("answer", 3)
    assert 1 <= waits[0] <= 2
    assert 2 <= waits[1] <= 3


@pytest.mark.parametrize("asked", [7.5, 30.0])
def test_the_servers_hint_is_a_floor(asked: float) -> None:
    """We never come back sooner than the server asked for."""
    _, waits, _ = call([Throttled("busy", asked), "answer"])
    assert waits == [asked]


def test_our_own_wait_holds_where_the_hint_is_shorter() -> None:
    """A hint of nothing does not make us hammer."""
    _, waits, _ = call([Throttled("busy", 0.0), "answer"])
    assert waits[0] >= 1


def test_after_the_last_attempt_the_lookup_has_failed() -> None:
    """The failure keeps the reason and says how often it was tried."""
    outcome, waits, calls = call([Throttled("busy", None, "throttled")] * 3)
    assert isinstance(outcome, LookupFailed)
    assert (outcome.reason, calls, len(waits)) == ("throttled", 3, 2)
    assert "tried 3 times" in str(outcome)


def test_a_failure_for_good_is_not_repeated() -> None:
    """LookupFailed means: not again."""
    outcome, waits, calls = call([LookupFailed("no")])
    assert (str(outcome), waits, calls) == ("no", [], 1)


def test_one_attempt_is_one_call() -> None:
    """attempts = 1 switches repeating off."""
    outcome, waits, calls = call([Throttled("busy")], attempts=1)
    assert isinstance(outcome, LookupFailed)
    assert (waits, calls) == ([], 1)
