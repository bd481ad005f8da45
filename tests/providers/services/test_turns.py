"""Turns at a host."""

from __future__ import annotations

import asyncio

import pytest

from glaze_cli.providers.services.turns import Turns


def test_one_after_the_other_and_nothing_is_kept() -> None:
    """In the order they came; a name that nobody wants any more is forgotten, failures included."""
    turns, seen = Turns(), []

    async def take(name: str, number: int) -> None:
        async with turns.of(name):
            seen.append((name, number, "in"))
            await asyncio.sleep(0)
            seen.append((name, number, "out"))
            if number == 2:
                raise ValueError(name)

    async def run() -> None:
        results = await asyncio.gather(*(take("a", number) for number in range(4)), return_exceptions=True)
        assert [isinstance(result, ValueError) for result in results] == [False, False, True, False]

    asyncio.run(run())
    assert seen == [("a", number, way) for number in range(4) for way in ("in", "out")]
    assert len(turns) == 0


def test_who_gives_up_waiting_leaves_nothing_behind() -> None:
    """A lookup that is cancelled in the queue."""
    turns = Turns()

    async def run() -> None:
        async with turns.of("a"):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01), turns.of("a"):
                    raise AssertionError("two at once")
            assert len(turns) == 1

    asyncio.run(run())
    assert len(turns) == 0
