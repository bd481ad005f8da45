"""A column filled from an HTTP provider: Glaze beside a script, and beside bare clients.

    python benchmarks/pipeline.py [CELLS] [REPEATS]

Every way reads the same CSV of companies, asks the same loopback server about each, and writes a CSV with the
answers; each run is a process of its own, start-up included, and they take turns. The bare clients are the
practical limit: no store, no ledger, no receipts, nothing but the calls.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import server
from machine import bare_start, machine
from ways import AT_ONCE, SCRIPT, WAYS, companies, save

LIBRARIES = ("aiohttp", "httpx", "httpx-aiohttp", "uvloop", "pandas", "requests")


@dataclass(frozen=True)
class Taken:
    """What one run took."""

    wall: float
    asking: float
    """Without start-up, reading and writing."""
    cpu: float
    peak_mb: float
    server: float
    """CPU seconds of the server meanwhile."""


def run(way: str, at: server.Running, sheet: Path) -> Taken:
    """One run in a process of its own, in a folder of its own; its answers are checked."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "leads.csv"
        shutil.copy(sheet, own)
        out = Path(folder) / "out.csv"
        used, began = at.used(), time.perf_counter()
        command = [sys.executable, __file__, "--run", way, at.url, str(own), str(out)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        assert status == 0, way
        assert all(row["Industry"] == "Software" for row in companies(out)), way
        asked = float(said.split()[0])
        return Taken(wall, asked, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, at.used() - used)


@contextlib.contextmanager
def sheet_of(cells: int) -> Iterator[Path]:
    """A CSV of so many different companies whose industry is wanted."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "leads.csv"
        rows = [{"Id": f"{n:06d}", "Company": f"Company {n} Ltd", "Industry": ""} for n in range(cells)]
        save(sheet, rows)
        yield sheet


def table(cells: int, repeats: int, ms: float, slow_share: float = 0, slow_ms: float = 0) -> None:
    """Print one table: medians of the runs, in turns."""
    ideal = cells * (ms * (1 - slow_share) + slow_ms * slow_share) / 1000 / AT_ONCE
    slow = f", {slow_share:.0%} of them {slow_ms:g} ms" if slow_share else ""
    print(f"\n### {cells:,} cells, {ms:g} ms a call{slow}\n")
    last = " of N x L / C | asking alone of it |" if ideal else " of the script's cells/s |"
    heads = ("way", "s", "asking alone, s", "cells/s", "CPU s", "CPU, client of Glaze = 1")
    print(f"| {' | '.join((*heads, 'CPU, bare aiohttp = 1', 'peak MB', 'server CPU s'))} |{last}")
    print("|---" * (11 if ideal else 10) + "|")
    at = server.start(ms, slow_share, slow_ms)
    # A script of 32 threads is not held against a schedule of 100 at once.
    ways = [way for way in WAYS if not ideal or way not in (SCRIPT, "bare httpx over httpx-aiohttp")]
    taken: dict[str, list[Taken]] = {way: [] for way in ways}
    with sheet_of(cells) as sheet:
        for _ in range(repeats):
            for way in ways:
                taken[way].append(run(way, at, sheet))
    at.stop()

    typical = {way: median(of) for way, of in taken.items()}
    for way, one in typical.items():
        shares = [one.wall / ideal, one.asking / ideal] if ideal else [typical[SCRIPT].wall / one.wall]
        bare = [one.cpu / typical[name].cpu for name in ("bare client of Glaze", "bare aiohttp + uvloop")]
        cpu = f"{one.cpu:.2f} | {bare[0]:.2f} | {bare[1]:.2f} | {one.peak_mb:.0f} | {one.server:.2f}"
        last = " | ".join(f"{share:.2f}" for share in shares)
        print(f"| {way} | {one.wall:.2f} | {one.asking:.2f} | {cells / one.wall:,.0f} | {cpu} | {last} |")
    sys.stdout.flush()


def median(of: Sequence[Taken]) -> Taken:
    """Of each figure on its own."""
    return Taken(*map(statistics.median, zip(*map(astuple, of), strict=True)))


def main(cells: int = 10_000, repeats: int = 3) -> None:
    """All tables."""
    print(machine(*LIBRARIES))
    print(f"A bare start, `python -c pass`: {bare_start() * 1000:.0f} ms of CPU time.")
    table(cells, repeats, 0)
    table(cells, repeats, 50)
    table(cells, repeats, 100)
    table(cells, repeats, 50, 0.1, 2000)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    if sys.argv[1:2] == ["--run"]:
        WAYS[sys.argv[2]](sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5]))
    else:
        main(*map(int, sys.argv[1:]))
