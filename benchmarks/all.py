"""All benchmarks, one after another: Markdown on stdout, in the form of RESULTS.md.

    python benchmarks/all.py [--quick] [NAME ...]

Each script is a process of its own, at its default size: an hour or so for all. NAME, as in `startup`, picks
some. `--quick` shows that they run; its figures say nothing. While it runs, nothing else should: figures are
ratios, but a busy machine does not hit both sides of one alike.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from machine import machine

HERE = Path(__file__).parent
BUSY = 0.5
"""A load from which on others are at work."""


LIBRARIES = (
    *("aiohttp", "httpx", "uvloop", "pandas", "requests", "email-validator", "openpyxl", "python-calamine"),
    *("XlsxWriter", "typer", "rich"),
)


class Script(NamedTuple):
    """A benchmark."""

    title: str
    """What it measures."""
    quick: Sequence[str]
    """Arguments with which it takes seconds."""


SCRIPTS = {
    "xlsx_write": Script("Writing into a workbook", ("2000", "1")),
    "xlsx_read": Script("Reading a workbook", ("2000", "1")),
    "csv_write": Script("Writing into a CSV", ("10000", "1")),
    "pipeline": Script("Asking a service", ("200", "1")),
    "cells": Script("Cells without a network", ("500", "1")),
    "http_client": Script("HTTP client", ("200", "1")),
    "large_csv": Script("A big CSV, three columns filled", ("--rows", "2000", "--small", "500")),
    "resume": Script("Going on with a big job", ("--rows", "1000", "--left", "10", "--repeats", "1")),
    "startup": Script("Start-up", ("1",)),
    "live_grid": Script("The live grid", ("1",)),
}


def main(names: Sequence[str], quick: bool) -> int:
    """Run them; 1 where one failed."""
    if not quick:
        _say(f"Nothing else should run on this machine meanwhile. {_load()}")
    print(machine(*filter(_is_there, LIBRARIES)))
    failed = [name for name in names if not run(name, SCRIPTS[name].quick if quick else ())]
    if failed:
        _say(f"Failed, so that their tables are missing or cut short: {', '.join(failed)}.")
    return 1 if failed else 0


def run(name: str, arguments: Sequence[str]) -> bool:
    """Its heading and its tables; False where it failed. What it complains of goes to stderr."""
    command = " ".join(("python", f"benchmarks/{name}.py", *arguments))
    print(f"\n## {SCRIPTS[name].title} (`{name}.py`)\n\n`{command}`\n", flush=True)
    # Without compiled files each process would compile Glaze anew, which no installed program does.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    script = [sys.executable, str(HERE / f"{name}.py"), *arguments]
    return subprocess.run(script, env=environment, stdin=subprocess.DEVNULL).returncode == 0


def _is_there(library: str) -> bool:
    try:
        return bool(importlib.metadata.version(library))
    except importlib.metadata.PackageNotFoundError:
        return False  # its script says so


def _load() -> str:
    load = os.getloadavg()[0]
    return f"Its load is {load:.1f}" + (": something does." if load > BUSY else ".")


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="All benchmarks, one after another; Markdown on stdout.")
    options.add_argument("names", nargs="*", metavar="NAME", help=f"some of them: {', '.join(SCRIPTS)}")
    options.add_argument("--quick", action="store_true", help="small sizes, to see that they run")
    wanted = options.parse_args()
    if unknown := {*wanted.names} - {*SCRIPTS}:
        options.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    sys.exit(main(wanted.names or [*SCRIPTS], wanted.quick))
