"""SIGTERM, a closed terminal, a second SIGTERM: in order, or at once, and nothing is asked twice after."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import termios
import threading
import time
from multiprocessing.connection import wait
from pathlib import Path

from tests.chaos.scene import Ledger, enrich, filled, job_of, names, paid_service, sheet_of, until
from tests.chaos.server import Reply, Shop
from tests.cli.program import Program

CELLS = 120
AT_ONCE = 50
WITHIN_S = 30.0


class Mood:
    """How long answers take; may change while the test runs."""

    def __init__(self, *seconds: float, quick: int = 0) -> None:
        """In turn, after so many quick ones."""
        self.seconds = seconds
        self._quick = quick
        self._asked = 0

    def __call__(self, company: str, times: int) -> Reply:
        self._asked += 1
        return Reply(0.0 if self._asked <= self._quick else self.seconds[self._asked % len(self.seconds)])


def resumed(glaze: Program, shop: Shop, path: Path, mood: Mood) -> None:
    """The rest is asked, and nothing of what was asked before."""
    mood.seconds = (0.0,)
    ran = glaze("resume", job_of(glaze), "--plain")
    assert ran.code == 0, ran.err
    assert filled(path) == {*names(CELLS)}
    assert shop.counted == dict.fromkeys(names(CELLS), 1)


def test_sigterm_lets_calls_in_flight_end(glaze: Program) -> None:
    """50 slow calls in flight: exit 143 within 30 s, all answered and in the sheet, none asked again."""
    mood = Mood(1.0, 1.3, 1.6, 2.0, quick=20)
    with Shop(mood) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, CELLS)
        process = glaze.start(*enrich(path, "--concurrency", AT_ONCE))
        until(lambda: len(shop.calls) >= 20 + AT_ONCE, "50 calls in flight")
        began = time.monotonic()
        process.terminate()
        _, words = process.communicate(timeout=WITHIN_S)
        assert (process.returncode, time.monotonic() - began < WITHIN_S) == (143, True), words
        assert shop.most_at_once == AT_ONCE
        assert filled(path) == {*shop.counted}
        document = glaze("status", job_of(glaze), "--json").json
        assert (document["status"], document["cost"]["unknownCalls"]) == ("interrupted", 0)
        assert document["doneTasks"] == len(shop.calls) < CELLS
        assert f"glaze resume {document['jobId']}" in words
        resumed(glaze, shop, path, mood)


def test_a_second_sigterm_ends_it_at_once(glaze: Program) -> None:
    """Under 3 s: what was answered is in the sheet; what was in flight is unknown, and not asked again."""
    with Shop(Mood(600.0, quick=20)) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, CELLS)
        process = glaze.start(*enrich(path, "--concurrency", AT_ONCE))
        until(lambda: len(shop.calls) == 20 + AT_ONCE, "50 calls in flight")
        process.terminate()
        assert process.stderr is not None
        while "Stopping" not in (line := process.stderr.readline()):
            assert line, "it never said that it stops"
        began = time.monotonic()
        process.terminate()
        _, words = process.communicate(timeout=WITHIN_S)
        assert time.monotonic() - began < 3.0
        assert (process.returncode, "Traceback" in words) == (143, False), words
        lost = {call.company for call in shop.calls[20:]}
        assert filled(path) == {*names(CELLS)} - lost - set(names(CELLS)[20 + AT_ONCE :])
        document = glaze("status", job_of(glaze), "--json").json
        assert (document["status"], document["doneTasks"]) == ("interrupted", 20)
        assert document["cost"]["unknownCalls"] == AT_ONCE

    with Shop(Mood(0.0)) as other:
        paid_service(glaze.folder, other.url)
        ran = glaze("resume", job_of(glaze), "--plain")
    assert ran.code == 3, ran.err
    assert other.counted == dict.fromkeys(names(CELLS)[20 + AT_ONCE :], 1)
    assert {name for name, word in Ledger(glaze.store).word_of.items() if word == "unknown_outcome"} == lost
    assert filled(path) == {*names(CELLS)} - lost


def test_a_closed_terminal_stops_it_in_order(glaze: Program) -> None:
    """The window is closed on the live grid: what was in flight is written, the rest waits for `resume`."""
    mood = Mood(0.5, 1.0, quick=20)
    with Shop(mood) as shop:
        paid_service(glaze.folder, shop.url)
        path = sheet_of(glaze.folder, CELLS)
        arguments = [part for part in enrich(path, "--concurrency", AT_ONCE, "--yes") if part != "--plain"]
        window = Window([*arguments, "--store", str(glaze.store)])
        until(lambda: len(shop.calls) >= 20 + AT_ONCE, "50 calls in flight")
        until(lambda: b"\x1b[" in window.shown, "the grid is drawn")
        window.close()
        assert window.process.wait(WITHIN_S) == 143
        assert filled(path) == {*shop.counted}
        document = glaze("status", job_of(glaze), "--json").json
        assert (document["status"], document["cost"]["unknownCalls"]) == ("interrupted", 0)
        assert document["doneTasks"] == len(shop.calls) < CELLS
        resumed(glaze, shop, path, mood)


class Window:
    """A terminal with the program in it, which is read all the time, so that nobody waits for us to read."""

    def __init__(self, arguments: list[str]) -> None:
        self.shown = bytearray()
        self._end, terminal = os.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "glaze_cli", *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "40"},
        )
        os.close(terminal)
        self._closed = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def close(self) -> None:
        """As if its user closed it: the program is sent SIGHUP, and can write nowhere any more."""
        self._closed.set()
        self._reader.join()
        os.close(self._end)

    def _read(self) -> None:
        while not self._closed.is_set():
            ready = wait([self._end], 0.05)  # select() knows no descriptor above 1,023
            if ready:
                try:
                    self.shown.extend(os.read(self._end, 65_536))
                except OSError:  # the program is gone
                    return
