"""Starting is quick: heavy libraries load when they are needed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.program import Program

HEAVY = (
    *("polars", "httpx", "aiohttp", "sqlite_utils", "openpyxl", "phonenumbers", "babel", "schwifty"),
    *("rapidfuzz", "keyring", "genai_prices", "glaze_cli.providers", "glaze_cli.cli.wiring"),
)


def loaded_by(*arguments: str) -> set[str]:
    """The heavy modules that a run of the program has loaded."""
    code = (
        "import sys\nfrom glaze_cli.cli.exits import run\n"
        f"run({list(arguments)!r})\nprint(*[m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return set(ended.stderr.split("\n")[-2].split())


@pytest.mark.parametrize(
    "arguments", [("--help",), ("--version",), ("enrich", "--help"), ("providers", "check", "-h")]
)
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """`--help` answers at once."""
    assert loaded_by(*arguments) == set()


def test_status_loads_nothing_heavy(glaze: Program) -> None:
    """`glaze status JOB` reads the store and nothing else."""
    glaze("enrich", glaze.leads(), "--range", "F2:H4", "--offline", "--quiet")
    job = glaze.last_job()["jobId"]
    assert loaded_by("status", job, "--store", str(glaze.store)) == set()


def test_why_loads_nothing_heavy(glaze: Program) -> None:
    """`glaze why` reads the store, and the file that is named."""
    path = glaze.leads()
    glaze("enrich", path, "--range", "F2:H4", "--offline", "--quiet")
    for target in (path, glaze.last_job()["jobId"]):
        assert loaded_by("why", str(target), "H2", "--store", str(glaze.store)) == set()


def test_an_unknown_command_is_wrong_usage(glaze: Program) -> None:
    """Exit code 2."""
    assert glaze("enrihc").code == 2
