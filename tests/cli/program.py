"""Running the program in a test: in this process, or as a real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from glaze_cli.cli.exits import run

LEADS = """Company,Contact,Email,Phone,Country,First name,Domain,Country code
Brennholt Maschinen GmbH,Dr. Anna Berg,Anna@brennholt-maschinen.de,030 23125 001,Deutschland,,,
"Kestrel, Hay & Sons Ltd",Tom Hay,info@kestrelhay.co.uk,+44 20 7946 0123,UK,,,
Nowhere,,bad@@mail,,Atlantis,,,
"""
"""Three leads: two that can be filled, one that cannot."""


@dataclass(frozen=True)
class Ran:
    """What a run of the program came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Program:
    """`glaze` with a store of its own in a folder of its own."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    @property
    def store(self) -> Path:
        """Where its jobs are."""
        return self.folder / "glaze.db"

    def leads(self, name: str = "leads.csv", text: str = LEADS) -> Path:
        """A fresh sheet."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def __call__(self, *arguments: object) -> Ran:
        """Run it in this process, with the store of the test."""
        return self.run(*arguments, *self._store(arguments))

    def run(self, *arguments: object) -> Ran:
        """Run it in this process, with these arguments and no more."""
        self.capture.readouterr()
        code = run([*map(str, arguments)])
        captured = self.capture.readouterr()
        return Ran(code, captured.out, captured.err)

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Start it as a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "glaze_cli", *map(str, arguments), *self._store(arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "COLUMNS": "100"},
        )

    def last_job(self) -> dict[str, Any]:
        """The document of the latest job, with its cells."""
        job = self("status", "--json").json[0]["jobId"]
        document: dict[str, Any] = self("status", job, "--json", "--cells").json
        return document

    def _store(self, arguments: Sequence[object]) -> list[str]:
        return [] if arguments and arguments[0] in ("columns", "providers") else ["--store", str(self.store)]
