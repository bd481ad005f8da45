"""Coroutines whose result comes without waiting, and those that wait."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Coroutine, Generator
from typing import Any

import pytest

from glaze_cli.engine.at_once import at_once
from glaze_cli.engine.runner import run_job
from glaze_cli.model.settings import RunSettings
from tests.engine.fakes import Fake, make_run


async def waits(said: list[str]) -> str:
    """Twice, and hears of what is thrown into it."""
    await asyncio.sleep(0)
    try:
        await asyncio.sleep(0.01)
    except asyncio.CancelledError:
        said.append("cancelled")
        raise
    finally:
        said.append("over")
    return "x"


async def goes(work: Coroutine[Any, Any, str]) -> str:
    """To its end, however that is reached."""
    begun = at_once(work)
    return await begun if inspect.isawaitable(begun) else begun


def test_what_need_not_wait_is_there_at_once() -> None:
    """Without a loop: another coroutine in it may not wait either."""

    async def inner() -> str:
        return "x"

    async def outer() -> str:
        return await inner() + "y"

    assert at_once(outer()) == "xy"


def test_what_it_raises_is_raised_at_once() -> None:
    """Before anything is awaited."""

    async def work() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        at_once(work())


def test_what_waits_is_awaited() -> None:
    """Its result comes as from any coroutine."""
    said: list[str] = []
    assert asyncio.run(goes(waits(said))) == "x"
    assert said == ["over"]


def test_a_time_limit_around_it_ends_it() -> None:
    """It hears of it, and so does who waits."""
    said: list[str] = []

    async def go() -> None:
        async with asyncio.timeout(0.001):
            await goes(waits(said))

    with pytest.raises(TimeoutError):
        asyncio.run(go())
    assert said == ["cancelled", "over"]


def test_an_error_that_it_handles_is_handled() -> None:
    """One that a future it waits for was given; it goes on, and waits again."""

    async def work(future: asyncio.Future[str]) -> str:
        try:
            return await future
        except ValueError as error:
            await asyncio.sleep(0)
            return str(error)

    async def go() -> str:
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_exception, ValueError("no"))
        return await goes(work(future))

    assert asyncio.run(go()) == "no"


def test_one_that_nobody_awaits_any_more_is_closed() -> None:
    """It hears of that where it waits, and its `finally` runs."""
    said: list[str] = []

    async def work() -> str:
        try:
            await asyncio.sleep(0)
        finally:
            said.append("over")
        return "x"

    begun = at_once(work())
    assert isinstance(begun, Generator)  # what `await` takes, from `types.coroutine`
    next(begun)
    begun.close()
    assert said == ["over"]


@pytest.mark.parametrize(
    ("seconds", "status"),
    [
        (0.01, "done"),  # it waits, and then answers
        (9.0, "failed"),  # its cell's time is up first
    ],
)
def test_a_provider_of_this_machine_may_wait(seconds: float, status: str) -> None:
    """A plug-in's own coroutine is waited for, as long as a cell may take."""

    async def reply(_lookup: object) -> str:
        await asyncio.sleep(seconds)
        return "x.com"

    made = make_run(
        [{"Company": "c"}], [Fake(reply=reply, local=True)], settings=RunSettings(cell_timeout=0.1)
    )

    async def go() -> None:
        await run_job(made, asyncio.Event())

    asyncio.run(go())
    row = made.reader.execute("SELECT status, reason FROM cell_enrichment_tasks").fetchone()
    assert tuple(row) == (status, None if status == "done" else "timeout")
