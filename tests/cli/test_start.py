"""Starting is quick: a library loads when it is needed, and only where it is."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from tests.cli.program import Program

TYPER = {"typer", "click", "annotated_doc", "shellingham", "typing_extensions", "colorama"}
"""Typer, and what it imports whatever is asked; with click in its older versions."""
HELP = {*TYPER, "rich", "markdown_it", "mdurl", "linkify_it", "uc_micro", "pygments", "attr", "attrs"}
"""What Typer draws help with; rich brings the rest along where it finds it."""
ROOMS = {"cli", "errors", "model"}
"""Of ours, what any command line needs to be understood."""
RUNS = {"asyncio", "ssl", "http", "multiprocessing", "concurrent", "xml", "unittest", "tomllib", "sqlite3"}
"""Of the standard library, what costs and is for those who read, run or ask something."""

PROGRAM = """
import json, sys
bare = set(sys.modules)
from glaze_cli.cli.exits import run
for arguments in json.loads(sys.argv[1]):
    run(arguments)
print(json.dumps(sorted(set(sys.modules) - bare)), file=sys.stderr)
"""


@dataclass(frozen=True)
class Loaded:
    """What a fresh process has imported for some command lines, beyond what Python does by itself."""

    modules: frozenset[str]

    @classmethod
    def by(cls, *lines: Iterable[str]) -> Loaded:
        """Run them one after another in one process."""
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, json.dumps([list(map(str, line)) for line in lines])],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return cls(frozenset(json.loads(ended.stderr.splitlines()[-1])))

    @property
    def libraries(self) -> set[str]:
        """Other people's packages."""
        tops = {module.partition(".")[0] for module in self.modules}
        return tops - sys.stdlib_module_names - {"glaze_cli"}

    @property
    def rooms(self) -> set[str]:
        """Our rooms."""
        return {module.split(".")[1] for module in self.modules if module.startswith("glaze_cli.")}


def test_help_imports_nothing_but_what_draws_it() -> None:
    """`--help` answers at once, of the program and of every kind of command; so does `--version`."""
    loaded = Loaded.by(
        *(["--help"], ["-h"], ["--version"], ["enrihc"]),
        *(["enrich", "--help"], ["status", "--help"], ["providers", "check", "-h"], ["enrich", "--no-such"]),
    )
    assert loaded.libraries <= HELP
    assert loaded.rooms <= {*ROOMS, "ui"}  # ui: how a mistyped word is shown
    assert not loaded.modules & RUNS


def test_the_list_of_commands_imports_none_of_them() -> None:
    """A command's file is imported when the command is named, and no other's."""
    listing, one = Loaded.by(["--help"]), Loaded.by(["status", "--help"])
    assert "glaze_cli.cli.options" not in listing.modules
    assert "glaze_cli.cli.status" in one.modules
    assert not one.modules & {"glaze_cli.cli.enrich", "glaze_cli.cli.why", "glaze_cli.cli.providers"}


@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_status_imports_nothing_but_the_store_and_a_table(glaze: Program, extra: list[str]) -> None:
    """`glaze status JOB` reads the store, and nothing else; in its plainest form it needs no Typer."""
    glaze("enrich", glaze.leads(), "--range", "F2:H4", "--offline", "--quiet")
    job = glaze.last_job()["jobId"]
    loaded = Loaded.by(["status", job, *extra, "--store", glaze.store])
    assert loaded.libraries <= ({"rich"} if not extra else set())
    assert loaded.rooms <= {*ROOMS, "config", "store", "ui", "engine"}
    assert {module for module in loaded.modules if module.startswith("glaze_cli.engine.")} <= {
        "glaze_cli.engine.events"
    }
    assert not loaded.modules & (RUNS - {"sqlite3", "tomllib"})


def test_other_looks_at_a_job_are_light_too(glaze: Program) -> None:
    """`glaze why`, `glaze jobs` and a longer `glaze status` read the store, and the file that is named."""
    path = glaze.leads()
    glaze("enrich", path, "--range", "F2:H4", "--offline", "--quiet")
    store = ["--store", glaze.store]
    job = glaze.last_job()["jobId"]
    loaded = Loaded.by(
        *(["why", path, "H2", *store], ["why", job, "H2", *store], ["jobs", *store]),
        ["status", job, "--cells", "--json", *store],
    )
    assert loaded.libraries <= {*TYPER, "rich", "platformdirs"}
    assert "providers" not in loaded.rooms
    assert not loaded.modules & (RUNS - {"sqlite3", "tomllib"})


def test_an_unknown_command_is_wrong_usage(glaze: Program) -> None:
    """Exit code 2."""
    assert glaze("enrihc").code == 2
