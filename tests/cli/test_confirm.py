"""What a run may cost is said before it costs anything, and a person at a terminal is asked."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from tests.cli.program import Program
from tests.cli.service import Log, companies, numbered, paid_service
from tests.loopback import Loopback

RUN = ("--columns", "Domain", "--provider", "acme")


def at_a_terminal(glaze: Program, answer: bytes, *arguments: object) -> tuple[int, str]:
    """Run it with a terminal for stdin and stderr; type the answer once it asks. (exit code, the screen)."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "glaze_cli", *map(str, arguments), "--store", str(glaze.store)]
    process = subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    screen, asked, end = b"", False, time.monotonic() + 60
    while time.monotonic() < end:
        if wait([ours], 0.2):  # select() knows no descriptor above 1,023
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # the other side has closed it
                break
            screen += piece
        if b"[y/N]" in screen and not asked:
            os.write(ours, answer)
            asked = True
        if process.poll() is not None and not wait([ours], 0):
            break
    process.communicate()
    os.close(ours)
    return process.returncode, screen.decode("utf-8", "replace")


def sheet(glaze: Program, server: Loopback) -> Path:
    """Three companies at one cent each, one of them twice."""
    paid_service(glaze, server.url)
    return companies(glaze, [*numbered(3), "Firm 1"])


def test_no_means_that_nothing_was_asked(glaze: Program) -> None:
    """The amount is on the screen; no call, no job, the file as it was."""
    with Loopback(log := Log()) as server:
        path = sheet(glaze, server)
        before = path.read_bytes()
        code, screen = at_a_terminal(glaze, b"n\n", "enrich", path, *RUN)
    assert code == 130, screen
    assert "acme (cheap) is asked at most 3 times: at least $0.03" in screen
    assert "at most $0.03" in screen
    assert "the job has no cap" in screen
    assert (log.asked, path.read_bytes(), glaze.store.exists()) == ([], before, False)


@pytest.mark.parametrize(("answer", "options"), [(b"y\n", ()), (b"", ("--yes",)), (b"", ("-y",))])
def test_yes_goes_on(glaze: Program, answer: bytes, options: tuple[str, ...]) -> None:
    """By word, or by option, which is not asked at all."""
    with Loopback(log := Log()) as server:
        path = sheet(glaze, server)
        code, screen = at_a_terminal(glaze, answer, "enrich", path, *RUN, "--plain", *options)
    assert code == 0, screen
    assert ("[y/N]" in screen) == bool(answer)
    assert sorted(log.asked) == numbered(3)


def test_what_costs_nothing_is_not_asked_about(glaze: Program) -> None:
    """Neither free providers nor remembered answers."""
    with Loopback(Log()) as server:
        path = sheet(glaze, server)
        code, screen = at_a_terminal(
            glaze, b"", "enrich", path, "--columns", "Slogan", "-p", "mock", "--plain"
        )
        assert (code, "[y/N]" in screen) == (0, False)
        assert glaze("enrich", path, *RUN, "--quiet").code == 0
        path = companies(glaze, numbered(3))
        code, screen = at_a_terminal(glaze, b"", "enrich", path, *RUN, "--plain")
        assert (code, "[y/N]" in screen) == (0, False)


def test_without_a_terminal_nobody_is_asked(glaze: Program) -> None:
    """cron and CI: it runs; what it may cost is theirs to bound by --max-cost or --expect-cost."""
    with Loopback(log := Log()) as server:
        path = sheet(glaze, server)
        process = glaze.start("enrich", path, *RUN)
        _, words = process.communicate(timeout=60)
    assert process.returncode == 0, words
    assert "[y/N]" not in words
    assert len(log.asked) == 3


@pytest.mark.parametrize(("expected", "code"), [("0.03", 0), ("0.029", 2), ("0", 2), ("much", 2)])
def test_a_dearer_run_than_expected_does_not_start(glaze: Program, expected: str, code: int) -> None:
    """--expect-cost: the maximum counts; a dry run says the same."""
    with Loopback(log := Log()) as server:
        path = sheet(glaze, server)
        dry = glaze("enrich", path, *RUN, "--expect-cost", expected, "--dry-run")
        ran = glaze("enrich", path, *RUN, "--expect-cost", expected, "--quiet")
    assert (ran.code, dry.code) == (code, code), ran.err
    assert len(log.asked) == (3 if code == 0 else 0)
    if code:
        assert "--expect-cost" in ran.err and "--expect-cost" in dry.err


def test_a_dry_run_says_what_it_may_cost(glaze: Program) -> None:
    """In words and as JSON; with the store's own hit rates once there are some, and no store made for it."""
    with Loopback(Log()) as server:
        path = sheet(glaze, server)
        plan = glaze("enrich", path, *RUN, "--dry-run", "--json").json
        assert plan["cost"]["providers"] == [
            {
                "provider": "acme",
                "tier": "cheap",
                "lookups": 3,
                "minimumUsd": 0.03,
                "expectedUsd": 0.03,
                "maximumUsd": 0.03,
            }
        ]
        assert not glaze.store.exists()
        shown = glaze("enrich", path, *RUN, "--dry-run", "--max-cost", "2")
        assert "In all at least $0.03, likely $0.03, at most $0.03; the cap is $2.00." in " ".join(
            shown.out.split()
        )
        glaze("enrich", path, *RUN, "--quiet")
        path = companies(glaze, [*numbered(2), *numbered(2, 10)])
        again = glaze("enrich", path, *RUN, "--dry-run", "--json").json["cost"]
    assert (again["remembered"], again["maximumUsd"]) == (2, 0.02)
