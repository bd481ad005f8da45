"""Jobs that are killed again and again: what a test asks for, and what it gets back."""

from __future__ import annotations

import json
import logging
import math
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Spec:
    """What is run and how often it is killed."""

    folder: str
    """Of the sheet, the store and the words of all runs."""
    first: list[str]
    """Arguments of the first run; it is made again where it was killed before there was a job."""
    again: list[str]
    """Those of all others; JOB stands for the job's id."""
    kills: int
    seed: int
    span_s: float
    """A kill comes at most so long after the first call of its run."""
    answers: int = 0
    """Or after so many answers of its run, at most."""
    early: float = 0.2
    """The share of kills at any moment from the start on, rather than after a first call."""
    pace: float = math.inf
    """Cells that are answered in a second: kills are early enough, on average, to leave some for the last."""
    lost: int = 0
    """Cells that a kill costs for good."""

    @property
    def store(self) -> Path:
        """Where the job is."""
        return Path(self.folder) / "glaze.db"

    @property
    def words(self) -> Path:
        """What all runs said."""
        return Path(self.folder) / "words.txt"


@dataclass
class Came:
    """What came of it."""

    job: str = ""
    code: int | None = None
    """Of the run that ended by itself."""
    kills: int = 0
    open: list[list[int]] = field(default_factory=list)
    """For each kill: the attempts that the store had open just after it."""

    @property
    def in_flight(self) -> set[int]:
        """All of them; one that two kills in a row found open is the same call."""
        return {attempt for attempts in self.open for attempt in attempts}


class Killing:
    """The process that forks runs and kills them; a context manager. It never has a thread."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.killed_runs", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=env,
            cwd=Path(__file__).parents[2],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=60)

    def __call__(self, spec: Spec) -> Came:
        """Run, kill, resume, until a run ends by itself. What the runs said is shown where the test fails."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(spec)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        words = spec.words.read_text("utf-8") if spec.words.exists() else ""
        # Logged, since pytest shows that where the test fails.
        logging.getLogger(__name__).warning("seed %d: %s%s", spec.seed, answer, words[-3000:])
        assert answer, "the process that kills others is gone itself"
        assert "Traceback" not in words
        return Came(**json.loads(answer))
