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

import pipeline
import server
from machine import machine

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
    """`glaze enrich` of one column, in this process; prints the CPU seconds of asking and of all."""
    from glaze_cli.cli import running
    from glaze_cli.cli.exits import run as command

    ask = running._ask
    taken = []

    async def timed(*arguments: object) -> None:
        began = time.process_time()
        await ask(*arguments)  # type: ignore[arg-type]
        taken.append(time.process_time() - began)

    running._ask = timed  # the one seam: the run itself is what people run
    said = ["enrich", str(sheet), "--columns", column, "--concurrency", AT_ONCE, "--yes"]
    said += ["--provider", "email" if column == "Domain" else "loopback"]
    said += ["--store", str(store), "-o", str(sheet.with_name("out.csv")), "--quiet", "--force"]
    assert command(said) == 0
    with sheet.with_name("out.csv").open(newline="", encoding="utf-8") as file:
        assert all(row[column] for row in csv.DictReader(file))
    print(taken[0], time.process_time())


def measure(sheet: Path, column: str, store: Path) -> tuple[float, float]:
    """CPU seconds of asking and of all, in a process of its own."""
    command = [sys.executable, __file__, "--run", str(sheet), column, str(store)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, cwd=sheet.parent)
    asking, whole = ended.stdout.split()[-2:]
    return float(asking), float(whole)


def main(rows: int = 20_000, repeats: int = 3) -> None:
    """Both ways, in turns; a Markdown table of medians."""
    print(machine("uvloop", "email-validator"))
    print(f"\n### {rows:,} cells, {AT_ONCE} at once\n")
    print("| cells | asking: CPU s | cells a CPU second | whole run: CPU s |\n|---|---|---|---|")
    at = server.start()
    taken: dict[str, list[tuple[float, float]]] = {"computed": [], "remembered": []}
    with sheet_of(rows) as sheet:
        pipeline.prepare(sheet.parent, at.url, pipeline.FREE)
        known = sheet.with_name("known.db")
        measure(sheet, "Industry", known)  # asks the server about each
        for number in range(repeats):
            taken["computed"].append(measure(sheet, "Domain", sheet.with_name(f"{number}.db")))
            used = at.used()
            taken["remembered"].append(measure(sheet, "Industry", known))
            assert at.used() - used < 0.1, "it was asked again"
    at.stop()
    for way, words in (("computed", "domain out of the e-mail"), ("remembered", "remembered answers")):
        asking, whole = (statistics.median(column) for column in zip(*taken[way], strict=True))
        print(f"| {words} | {asking:.2f} | {rows / asking:,.0f} | {whole:.2f} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
    else:
        main(*map(int, sys.argv[1:]))
