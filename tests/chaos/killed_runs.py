"""Forks runs of glaze and kills them; a program of its own, started by killing.py.

    python -m tests.chaos.killed_runs FOLDER

Each line of stdin is a Spec, each line of stdout what came of it. All of glaze is imported once; each run is
a forked child, a process of its own, that runs the command line and is killed (SIGKILL) at a random moment:
some soon after their start, most while calls are in flight. The next child resumes the job, and so on, until
one ends by itself.
"""

from __future__ import annotations

import gc
import json
import math
import os
import random
import signal
import sqlite3
import sys
import threading
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.chaos.killing import Came, Spec
from tests.chaos.scene import looking_at

JOB = "SELECT id FROM enrichment_jobs"
ASKED = "SELECT count(*) FROM attempts"
ANSWERED = "SELECT count(*) FROM attempts WHERE status = 'settled'"
OPEN = "SELECT id FROM attempts WHERE status = 'open'"
LEFT = "SELECT id FROM cell_enrichment_tasks WHERE status IN ('queued', 'running')"

EARLY_S = 0.15
"""Within which a run has begun to call."""
PATIENCE_S = 120.0
"""For a run that nobody kills."""


def load(folder: Path) -> None:
    """Do all once with the mock provider, so that what a run imports is there and a child begins at once."""
    from glaze_cli.cli import again  # noqa: F401
    from glaze_cli.cli.exits import run
    from glaze_cli.providers import transport  # noqa: F401

    sheet, words = folder / "warm.csv", folder / "warm.txt"
    sheet.write_text("Company,Domain\nfirm,\n", "utf-8")
    chosen = ("--columns", "Domain", "--provider", "mock", "--mock-latency", "0", "--plain")
    with words.open("w") as out, redirect_stdout(out), redirect_stderr(out):
        code = run(["enrich", str(sheet), *chosen, "--store", str(folder / "warm.db")])
    assert code == 0, words.read_text()
    gc.freeze()  # or every child looks through all of it, and copies it
    assert threading.active_count() == 1, "a process with threads must not be forked"


def start(arguments: list[str], words: Path) -> int:
    """Fork a run; its process number."""
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        out = os.open(words, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(out, stream)
        from glaze_cli.cli.exits import run

        code = run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def ask(store: Path, question: str) -> list[Any]:
    """The first column of what the store answers; nothing where it was not made yet."""
    if not store.exists():
        return []
    try:
        with looking_at(store) as connection:
            return [row[0] for row in connection.execute(question)]
    except sqlite3.OperationalError as error:
        # A run is just making it, or was killed while it did, so that only a writer can read it.
        if any(why in str(error) for why in ("no such table", "unable to open", "readonly")):
            return []
        raise


class Run:
    """A run in a child of ours."""

    def __init__(self, arguments: list[str], spec: Spec) -> None:
        self._spec = spec
        self._before: dict[str, int] = {
            question: sum(ask(spec.store, question)) for question in (ASKED, ANSWERED)
        }
        self._child = start([*arguments, "--store", str(spec.store)], spec.words)
        self._code: int | None = None

    def ended(self) -> int | None:
        """Its exit code, if it has one; -9 where it was killed."""
        if self._code is None:
            child, status = os.waitpid(self._child, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if child else None
        return self._code

    def wait(self) -> int:
        """Its exit code, once it has ended; it is killed where it never does."""
        end = time.monotonic() + PATIENCE_S
        while (code := self.ended()) is None:
            if time.monotonic() > end:
                self.kill()
                raise TimeoutError(f"a run did not end within {PATIENCE_S:g} s")
            time.sleep(0.01)
        return code

    def kill_after(self, seconds: float, asked: int = 0, answered: int = 0) -> int | None:
        """Kill it so long after so many calls and answers of its own; its exit code where it was quicker."""
        waits, end = asked > 0, time.monotonic() + (PATIENCE_S if asked else seconds)
        while time.monotonic() < end:
            if self.ended() is not None:
                return self._code
            if waits and self._more(ASKED) >= asked and self._more(ANSWERED) >= answered:
                waits, end = False, time.monotonic() + seconds
            time.sleep(min(0.005, max(0.0, end - time.monotonic())))
        return self.kill()

    def _more(self, question: str) -> int:
        """By how much that has grown since the run began."""
        return int(sum(ask(self._spec.store, question))) - self._before[question]

    def kill(self) -> int | None:
        """Now; its exit code where it was quicker."""
        os.kill(self._child, signal.SIGKILL)  # not gone yet, since nobody else waits for it
        _, status = os.waitpid(self._child, 0)
        self._code = os.waitstatus_to_exitcode(status)
        return None if self._code == -signal.SIGKILL else self._code


def span(spec: Spec, kills_left: int) -> float:
    """Seconds in which, by half, a fair share of the cells that are left is answered."""
    if spec.pace == math.inf:
        return spec.span_s
    share = max(1.0, len(ask(spec.store, LEFT)) / kills_left - spec.lost)
    return min(spec.span_s, 2 * share / spec.pace)


def torment(spec: Spec) -> Came:
    """Run, kill, resume, until a run ends by itself."""
    came, chance = Came(), random.Random(spec.seed)
    while came.code is None:
        came.job = "".join(ask(spec.store, JOB))
        arguments = [came.job if part == "JOB" else part for part in spec.again]
        run = Run(arguments if came.job else spec.first, spec)
        if came.kills == spec.kills:
            came.code = run.wait()
            continue
        if chance.random() < spec.early:
            came.code = run.kill_after(chance.uniform(0, EARLY_S))
        else:
            answers = chance.randint(min(1, spec.answers), spec.answers)
            longest = span(spec, spec.kills - came.kills)
            came.code = run.kill_after(chance.uniform(0, longest), asked=1, answered=answers)
        if came.code is None:
            came.kills += 1
            came.open.append(ask(spec.store, OPEN))
    came.job = "".join(ask(spec.store, JOB))
    return came


def main(folder: Path) -> None:
    """Until stdin is closed."""
    load(folder)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asdict(torment(Spec(**json.loads(line))))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
