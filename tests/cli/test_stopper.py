"""Signals between the loops of a run: kept for the next one, and never in the way of stopping at once."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from glaze_cli.cli.exits import code_of
from glaze_cli.cli.lease import Lease
from glaze_cli.cli.stopper import Stopper


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_no_loop_runs_stops_the_next_one(tmp_path: Path, number: signal.Signals) -> None:
    """The loop that begins after it has been told to stop; which signal it was is known."""
    stopper = Stopper(lambda sentence: None, "job1")
    lease = Lease(tmp_path / "store.db", "job1", code_of)

    async def stopped() -> bool:
        stop = asyncio.Event()
        with stopper.watching(stop, lease):
            return stop.is_set()

    before = signal.getsignal(number)
    with stopper.noting():
        assert not asyncio.run(stopped())
        signal.raise_signal(number)
        assert asyncio.run(stopped())
    assert stopper.terminated == (number != signal.SIGINT)
    assert signal.getsignal(number) is before


def test_a_second_signal_there_stops_at_once() -> None:
    """As Ctrl-C does anywhere else."""
    stopper = Stopper(lambda sentence: None, "job1")
    with pytest.raises(KeyboardInterrupt), stopper.noting():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
