"""A big CSV filled from offline providers: peak memory, time by size, and what the time goes to.

    python benchmarks/large_csv.py [--rows 1000000] [--small 10000]

Three columns (its domain, its kind, whether it can exist) follow from an e-mail address. Each run is a
process of its own and the whole of `glaze enrich`, start-up and the file written at the end included. What
its time goes to is seen by a thread that looks at the main one every few milliseconds.

Making the job (the CSV read, its rows and tasks stored) is measured in another process, and held against the
least that SQLite needs: one INSERT ... SELECT of the same tasks over rows that are there already.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from machine import machine

LOOK_S = 0.005
FILLED = ("Domain", "Email kind", "Email valid")
WORK = (
    # By the innermost file that is named here, what the main thread is at.
    ("store/writer.py", "committing"),
    ("store/results.py", "committing"),
    ("store/create.py", "making the job"),
    ("cli/writeback.py", "writing"),
    ("sheets/csv/splice.py", "writing"),
    ("cli/prepare.py", "reading"),
    ("sheets/patch_json.py", "reading"),
    ("engine/", "asking"),
    ("asyncio/runners.py", "waiting for the disk"),
    ("cli/loop.py", "waiting for the disk"),
)
# The tasks of the job once more, from rows that are there.
BARE = """
INSERT INTO cell_enrichment_tasks (table_id, row_id, column_id, job_id, old, created_at)
SELECT r.table_id, r.id, c.id, ?, NULL, r.created_at FROM rows r CROSS JOIN columns c
"""


def make(path: Path, rows: int) -> None:
    """People with an e-mail address; what is to be filled is empty."""
    first = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Hedy", "Radia")
    last = ("Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Lamarr", "Perlman", "Noether")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "Name", "Email", *FILLED])
        for n in range(rows):
            names = first[n % len(first)], last[n % len(last)]
            writer.writerow(
                [n, " ".join(names), f"{names[0].lower()}{n}@company-{n % 50_021}.com", "", "", ""]
            )


def fill(sheet: Path, store: Path) -> None:
    """`glaze enrich`, with what its time went to on stdout."""
    from glaze_cli.cli import main

    sys.argv = ["glaze", "enrich", str(sheet), "--columns", ",".join(FILLED), "--offline", "--yes"]
    sys.argv += ["--plain", "--job-timeout", "36000", "--store", str(store)]
    began = time.perf_counter()
    with looking() as seen:
        try:
            main()
        except SystemExit as ended:
            assert not ended.code, ended.code
    print("wall", time.perf_counter() - began)
    for what, seconds in seen.items():
        print(what.replace(" ", "_"), seconds)


@contextmanager
def looking() -> Iterator[Counter[str]]:
    """Seconds of the main thread by what it was at."""
    seen: Counter[str] = Counter()
    main_thread, over = threading.get_ident(), threading.Event()
    sys.setswitchinterval(LOOK_S / 10)  # else we look when SQLite lets go, and see it too often

    def look() -> None:
        last = time.perf_counter()
        while not over.wait(LOOK_S):
            frame = sys._current_frames().get(main_thread)
            now = time.perf_counter()
            seen[_work(frame)] += now - last
            last = now

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield seen
    over.set()
    thread.join()


def _work(frame: FrameType | None) -> str:
    while frame is not None:
        place = frame.f_code.co_filename
        for part, what in WORK:
            if part in place:
                return what
        frame = frame.f_back
    return "start and end"


def make_job(sheet: Path, store: Path) -> None:
    """Make the job as `glaze enrich` does, and then its tasks alone; on stdout (s, CPU s) of each."""
    from glaze_cli.cli.prepare import prepare
    from glaze_cli.cli.request import EnrichRequest
    from glaze_cli.store.connect import connect
    from glaze_cli.store.create import create_job

    prepared = prepare(EnrichRequest(str(sheet), columns=FILLED, offline=True))
    connection = connect(store)
    began = time.perf_counter(), time.process_time()
    create_job(connection, prepared.new_job("job", ""))
    print(time.perf_counter() - began[0], time.process_time() - began[1])
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM cell_enrichment_tasks")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    began = time.perf_counter(), time.process_time()
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(BARE, ("job",))
    connection.execute("COMMIT")
    print(time.perf_counter() - began[0], time.process_time() - began[1])


class Run:
    """One run of `glaze enrich` over so many rows."""

    def __init__(self, rows: int, folder: Path) -> None:
        sheet, store = folder / f"people-{rows}.csv", folder / f"store-{rows}.db"
        make(sheet, rows)
        self.made = self._made(sheet, folder / f"made-{rows}.db")
        process = self._start("--fill", str(sheet), str(store))
        assert process.stdout is not None
        told = dict(map(str.split, process.stdout))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0, process.returncode
        with sheet.open(newline="", encoding="utf-8") as file:
            assert all(row[name] for row in csv.DictReader(file) for name in FILLED), "a cell is empty"
        self.cells = rows * len(FILLED)
        self.wall = float(told.pop("wall"))
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak_mb = usage.ru_maxrss / 1024
        self.parts = {what.replace("_", " "): float(seconds) for what, seconds in told.items()}
        self.store_mb = store.stat().st_size / 2**20
        store.unlink()

    def _made(self, sheet: Path, store: Path) -> list[float]:
        """Making the job, s and CPU s, and the same of the bare INSERT ... SELECT. Of three measurements the
        least, since the disk and other programs only ever add."""
        measured = []
        for _ in range(3):
            said = self._start("--make", str(sheet), str(store)).communicate()[0]
            measured.append([float(number) for number in said.split()])
            store.unlink()
        return [min(numbers) for numbers in zip(*measured, strict=True)]

    def _start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True)


def main(small: int, rows: int) -> None:
    """The tables, Markdown."""
    with tempfile.TemporaryDirectory() as name:
        runs = [Run(small, Path(name)), Run(rows, Path(name))]
    print(machine())
    print("\n| rows | cells | peak MB | wall s | CPU s | us wall a cell | us CPU a cell | store MB |")
    print("|---|---|---|---|---|---|---|---|")
    for run in runs:
        print(
            f"| {run.cells // 3:,} | {run.cells:,} | {run.peak_mb:.0f} | {run.wall:.1f} | {run.cpu:.1f} | "
            f"{run.wall / run.cells * 1e6:.0f} | {run.cpu / run.cells * 1e6:.0f} | {run.store_mb:,.0f} |"
        )
    print("\n| rows | making the job, s (CPU s) | bare INSERT ... SELECT, s (CPU s) | ratio | CPU ratio |")
    print("|---|---|---|---|---|")
    for run in runs:
        made, cpu, bare, bare_cpu = run.made
        times = f"{made:.2f} ({cpu:.2f}) | {bare:.2f} ({bare_cpu:.2f})"
        print(f"| {run.cells // 3:,} | {times} | {made / bare:.1f} | {cpu / bare_cpu:.1f} |")
    print("\nWhat the time goes to, shares of the whole run:\n")
    parts = list(runs[-1].parts)
    print(f"| rows | {' | '.join(parts)} |")
    print("|---" * (len(parts) + 1) + "|")
    for run in runs:
        shares = (f"{run.parts.get(part, 0.0) / run.wall:.1%}" for part in parts)
        print(f"| {run.cells // 3:,} | {' | '.join(shares)} |")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fill"]:
        fill(Path(sys.argv[2]), Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--make"]:
        make_job(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        options = argparse.ArgumentParser(description=__doc__)
        options.add_argument("--rows", type=int, default=1_000_000)
        options.add_argument("--small", type=int, default=10_000, help="what time per cell is held against")
        given = options.parse_args()
        main(given.small, given.rows)
