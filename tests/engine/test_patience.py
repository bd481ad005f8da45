"""A cell's time, which stands still while it waits for its turn."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from glaze_cli.engine.patience import Timekeeper


def _nobody() -> None:
    """Where no call is carried, no cell is left."""
    raise AssertionError


def test_it_ends() -> None:
    """Without a pause it is a time limit."""

    async def go() -> None:
        with Timekeeper(0.01).patience(_nobody):
            await asyncio.sleep(5)

    with pytest.raises(TimeoutError):
        asyncio.run(go())


def test_pauses_do_not_count() -> None:
    """Twice as long as allowed, most of it paused, and once inside another pause: in time."""

    async def go() -> bool:
        with Timekeeper(0.1).patience(_nobody) as patience:
            patience.pause()
            patience.pause()
            await asyncio.sleep(0.15)
            patience.resume()
            await asyncio.sleep(0.05)
            patience.resume()
        return True

    assert asyncio.run(go())


def test_after_a_pause_it_goes_on() -> None:
    """What was left before is left after."""

    async def go() -> None:
        with Timekeeper(0.05).patience(_nobody) as patience:
            patience.pause()
            await asyncio.sleep(0.1)
            patience.resume()
            await asyncio.sleep(5)

    with pytest.raises(TimeoutError):
        asyncio.run(go())


def test_each_cell_of_a_worker_has_its_own_time() -> None:
    """One that ran out of it leaves the next one all of its own; so does one given up on its pause."""

    async def go() -> list[str]:
        patience, said = Timekeeper(0.05).patience(_nobody), []
        for seconds in (5, 0.03, 0.03, 5):
            try:
                with patience:
                    await asyncio.sleep(seconds)
                said.append("done")
            except TimeoutError:
                said.append("late")
        with contextlib.suppress(ValueError), patience:
            patience.pause()
            raise ValueError
        try:
            with patience:
                await asyncio.sleep(5)
        except TimeoutError:
            said.append("late")
        return said

    assert asyncio.run(go()) == ["late", "done", "done", "late", "late"]


def test_between_its_cells_a_worker_has_time() -> None:
    """Nothing rings where no cell is under way."""

    async def go() -> str:
        patience = Timekeeper(0.02).patience(_nobody)
        with patience:
            pass
        await asyncio.sleep(0.05)
        return "there"

    assert asyncio.run(go()) == "there"


def test_a_call_that_is_carried_goes_on() -> None:
    """The time is up: the cell is left, once, and the worker is not disturbed."""

    async def go() -> list[str]:
        said: list[str] = []
        with Timekeeper(0.02).patience(lambda: said.append("left")) as patience:
            patience.carries = True
            await asyncio.sleep(0.1)
            said.append("carried")
        assert patience.left
        return said

    assert asyncio.run(go()) == ["left", "carried"]
