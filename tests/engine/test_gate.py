"""A gate: so many at once, and whoever leaves hands over its place."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.engine.gate import Gate


def test_the_next_one_gets_the_place_of_the_one_who_leaves() -> None:
    """Nobody comes in before, and no new place is taken."""

    async def go() -> tuple[int | None, int | None]:
        gate = Gate(1)
        first = await gate.come()
        second = asyncio.create_task(gate.come())
        await asyncio.sleep(0)
        assert not second.done()
        gate.leave(7)
        return first, await second

    assert asyncio.run(go()) == (None, 7)


def test_a_place_nobody_waits_for_is_spare_until_it_is_given_up() -> None:
    """It serves whoever comes next; once given up, the next one takes its own."""

    async def go() -> None:
        gate = Gate(1)
        assert await gate.come() is None and gate.take_spare() is None
        gate.leave(7)
        assert gate.take_spare() == 7 and gate.take_spare() is None
        gate.leave(7)
        assert gate.give_up_spare() == [7] and gate.take_spare() is None
        assert await gate.come() is None

    asyncio.run(go())


@pytest.mark.parametrize(
    "given_first",
    [
        False,  # it gives up while it waits
        True,  # it was given its turn just before, which goes on to the next
    ],
)
def test_one_who_gives_up_waiting_takes_nobodys_turn(given_first: bool) -> None:
    """The one behind it comes in with the place."""

    async def go() -> int | None:
        gate = Gate(1)
        await gate.come()
        gone, behind = asyncio.create_task(gate.come()), asyncio.create_task(gate.come())
        await asyncio.sleep(0)
        if given_first:
            gate.leave(7)
        gone.cancel()
        await asyncio.gather(gone, return_exceptions=True)
        if not given_first:
            gate.leave(7)
        return await behind

    assert asyncio.run(go()) == 7


@given(st.integers(1, 4), st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), max_size=30))
def test_never_more_at_once_than_it_lets_in(most: int, visits: list[tuple[int, bool, bool]]) -> None:
    """Whoever comes, leaves with or without a place, or gives up: at most so many are inside, and all end."""

    async def go() -> None:
        gate, inside, places = Gate(most), 0, iter(range(1, 1000))

        async def visit(turns: int, keeps: bool) -> None:
            nonlocal inside
            place = await gate.come()
            inside += 1
            assert inside <= most
            for _ in range(turns):
                await asyncio.sleep(0)
            inside -= 1
            gate.leave((place or next(places)) if keeps else None)

        tasks = []
        for turns, keeps, gives_up in visits:
            tasks.append(asyncio.create_task(visit(turns, keeps)))
            if gives_up and turns == 0:
                await asyncio.sleep(0)
                if not tasks[-1].done() and inside >= most:
                    tasks[-1].cancel()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
        assert all(task.cancelled() or task.exception() is None for task in tasks)
        free = [asyncio.create_task(gate.come()) for _ in range(most)]
        await asyncio.wait_for(asyncio.gather(*free), 5)

    asyncio.run(go())
