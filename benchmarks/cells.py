"""Cells without a network: computed on this machine, and answered before.

    python benchmarks/cells.py [ROWS] [REPEATS]

Each run is a process of its own. `asking` goes from the first cell to the last commit, without start-up,
reading and writing the sheet, which the whole run holds too.
"""

from __future__ import annotations

import contextlib
import csv
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asking
import server
from machine import bare_start, machine
from ways import FREE, prepare

AT_ONCE = "10"


@contextlib.contextmanager
def sheet_of(rows: int) -> Iterator[Path]:
    """A CSV of people with an address each, and of companies."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "leads.csv"
        with sheet.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["Email", "Company", "Domain", "Industry"])
            writer.writerows([f"ann.{n}@company{n}.com", f"Company {n} Ltd", "", ""] for n in range(rows))
        yield sheet


def run(sheet: Path, column: str, store: Path) -> None:
    """`glaze enrich` of one column, in this process; prints what asking took, and the CPU seconds of all."""
    from glaze_cli.cli.exits import run as command

    asking.watch()
    said = ["enrich", str(sheet), "--columns", column, "--concurrency", AT_ONCE, "--yes"]
    said += ["--provider", "email" if column == "Domain" else "loopback"]
    said += ["--store", str(store), "-o", str(sheet.with_name("out.csv")), "--quiet", "--force"]
    assert command(said) == 0
    with sheet.with_name("out.csv").open(newline="", encoding="utf-8") as file:
        assert all(row[column] for row in csv.DictReader(file))
    print(time.process_time())


def measure(sheet: Path, column: str, store: Path) -> tuple[float, float]:
    """CPU seconds of asking and of all, in a process of its own."""
    command = [sys.executable, __file__, "--run", str(sheet), column, str(store)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, cwd=sheet.parent)
    _wall, cpu, whole = map(float, ended.stdout.split())
    return cpu, whole


def main(rows: int = 20_000, repeats: int = 3) -> None:
    """Both ways, in turns; a Markdown table of medians."""
    print(machine("uvloop", "email-validator"))
    print(f"\n### {rows:,} cells, {AT_ONCE} at once\n")
    heads = ("cells", "asking: CPU s", "cells a CPU second", "cells a bare start", "whole run: CPU s")
    print(f"| {' | '.join(heads)} |")
    print("|---|---|---|---|---|")
    at = server.start()
    taken: dict[str, list[tuple[float, float]]] = {"computed": [], "remembered": []}
    starts = []
    with sheet_of(rows) as sheet:
        prepare(sheet.parent, at.url, FREE)
        known = sheet.with_name("known.db")
        measure(sheet, "Industry", known)  # asks the server about each
        for number in range(repeats):
            starts.append(bare_start())
            taken["computed"].append(measure(sheet, "Domain", sheet.with_name(f"{number}.db")))
            used = at.used()
            taken["remembered"].append(measure(sheet, "Industry", known))
            assert at.used() - used < 0.1, "it was asked again"
    at.stop()
    for way, words in (("computed", "domain out of the e-mail"), ("remembered", "remembered answers")):
        took, whole = (statistics.median(column) for column in zip(*taken[way], strict=True))
        # Of pairs taken one after the other, since the machine's own speed drifts.
        at_start = statistics.median(
            rows / one * start for (one, _), start in zip(taken[way], starts, strict=True)
        )
        print(f"| {words} | {took:.2f} | {rows / took:,.0f} | {at_start:,.0f} | {whole:.2f} |")
    bare = statistics.median(starts) * 1000
    print(f"\nA bare start is `python -c pass`: {bare:.0f} ms of CPU time.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
    else:
        main(*map(int, sys.argv[1:]))
