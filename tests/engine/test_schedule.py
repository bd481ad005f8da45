"""Which cell is next."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from glaze_cli.engine.rows import RowUnderWay
from glaze_cli.engine.schedule import Schedule
from glaze_cli.store.tasks import QueuedRow


def rows(count: int, columns: int) -> list[RowUnderWay]:
    """Rows with a cell in each column."""
    return [
        RowUnderWay(QueuedRow(number, number, {}, (), {}), {}, dict.fromkeys(range(1, columns + 1), 0))
        for number in range(1, count + 1)
    ]


async def work_all(schedule: Schedule, workers: int) -> list[tuple[int, int]]:
    """(row, column) in the order in which cells ended."""
    ended: list[tuple[int, int]] = []

    async def worker() -> None:
        while (cell := await schedule.take()) is not None:
            row, column = cell
            await asyncio.sleep(0)
            ended.append((row.row.id, column))
            schedule.done(row, column)

    await asyncio.gather(*(worker() for _ in range(workers)))
    return ended


@given(
    count=st.integers(0, 8),
    workers=st.integers(1, 12),
    after=st.dictionaries(st.integers(2, 5), st.sets(st.integers(1, 4)), max_size=4),
)
def test_every_cell_ends_once_and_after_those_that_feed_it(
    count: int, workers: int, after: Mapping[int, set[int]]
) -> None:
    """Whatever feeds what, and however many workers there are: no cell twice, none lost, none too early."""
    feeders = {column: frozenset(c for c in before if c < column) for column, before in after.items()}

    async def go() -> list[tuple[int, int]]:
        return await work_all(Schedule(iter(rows(count, 5)), feeders, asyncio.Event()), workers)

    ended = asyncio.run(go())
    assert sorted(ended) == [(row, column) for row in range(1, count + 1) for column in range(1, 6)]
    for place, (row, column) in enumerate(ended):
        earlier = {c for r, c in ended[:place] if r == row}
        assert feeders.get(column, frozenset()) <= earlier


def test_cells_of_one_row_run_side_by_side() -> None:
    """Cells that do not feed each other need not wait: one row keeps several workers busy."""

    async def go() -> int:
        schedule = Schedule(iter(rows(1, 3)), {}, asyncio.Event())
        taken = [await schedule.take() for _ in range(3)]
        return len([cell for cell in taken if cell])

    assert asyncio.run(go()) == 3


def test_the_next_row_is_read_only_when_it_is_needed() -> None:
    """Memory follows the cells in work, not the sheet."""
    read = 0

    async def go() -> None:
        nonlocal read

        def counted() -> object:
            nonlocal read
            for row in rows(1000, 2):
                read += 1
                yield row

        schedule = Schedule(counted(), {}, asyncio.Event())  # type: ignore[arg-type]
        for _ in range(4):
            await schedule.take()

    asyncio.run(go())
    assert read == 2


def test_after_a_stop_no_cell_is_handed_out() -> None:
    """A stop ends the handing out at once, also for those who wait."""

    async def go() -> object:
        stop = asyncio.Event()
        schedule = Schedule(iter(rows(1, 2)), {2: frozenset({1})}, stop)
        await schedule.take()
        waiting = asyncio.create_task(schedule.take())
        await asyncio.sleep(0)
        stop.set()
        schedule.wake()
        return await waiting

    assert asyncio.run(go()) is None
