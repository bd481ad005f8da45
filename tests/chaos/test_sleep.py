"""A laptop that sleeps in the middle of a run: it goes on after, and nobody takes its job meanwhile."""

from __future__ import annotations

import signal
import time

from tests.chaos.scene import enrich, filled, job_of, names, paid_service, sheet_of, until
from tests.chaos.server import Shop, taking
from tests.cli.program import Program

CELLS = 60


def test_a_run_that_slept_goes_on(glaze: Program) -> None:
    """SIGSTOP for two seconds with calls in flight: `resume` is refused meanwhile, nothing is asked twice."""
    with Shop(taking(0.2, 0.4, 5)) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, CELLS)
        process = glaze.start(*enrich(path, "--concurrency", 20))
        until(lambda: len(shop.calls) >= 20, "20 calls in flight")
        process.send_signal(signal.SIGSTOP)
        try:
            began = time.monotonic()
            ran = glaze("resume", job_of(glaze), "--plain")
            assert (ran.code, "is running" in ran.err) == (2, True), ran.err
            calls = len(shop.calls)
            time.sleep(max(0.0, began + 2.0 - time.monotonic()))
            assert len(shop.calls) == calls < CELLS
        finally:
            process.send_signal(signal.SIGCONT)
        _, words = process.communicate(timeout=30)
    assert process.returncode == 0, words
    assert filled(path) == {*names(CELLS)}
    assert shop.counted == dict.fromkeys(names(CELLS), 1)
