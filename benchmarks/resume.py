"""Going on with a big job that is nearly done, and looking at it: what is left counts, not what there was.

    python benchmarks/resume.py [--rows 1000000] [--left 1000] [--repeats 9]

A job of three cells a row has all of them done but a few, spread over the sheet. `glaze resume --stream` is
timed from the start of its process to the first provider that is asked; `glaze status JOB` beside the same of
a small job in a store of its own, in turns. The command is a process of its own each time, start-up included.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from large_csv import FILLED, make
from machine import machine

from glaze_cli.cli.prepare import prepare
from glaze_cli.cli.request import EnrichRequest
from glaze_cli.store.connect import connect
from glaze_cli.store.create import create_job

GLAZE = [sys.executable, "-m", "glaze_cli"]
RECORD = {
    "value": "example.org",
    "confidence": 0.9,
    "source": "free",
    "metadata": {"cost": 0, "attempts": []},
}
# All cells of the job but every so many-th are done, as a run that was killed leaves them.
END = """
UPDATE cell_enrichment_tasks SET status = 'done', result = ?, completed_at = created_at WHERE id % ? <> 0
"""
COUNT = """
UPDATE enrichment_jobs SET status = 'interrupted', started_at = created_at, done_tasks =
    (SELECT count(*) FROM cell_enrichment_tasks WHERE status = 'done')
"""
ROWS = """
UPDATE rows SET status = 'done'
WHERE id NOT IN (SELECT row_id FROM cell_enrichment_tasks WHERE status = 'queued')
"""


def interrupted(folder: Path, name: str, rows: int, left: int) -> Path:
    """A store with a job `name` of so many rows, of which so many cells are left."""
    sheet, store = folder / f"{name}.csv", folder / f"{name}.db"
    make(sheet, rows)
    request = EnrichRequest(str(sheet), columns=FILLED, offline=True, write=False)
    connection = connect(store)
    job = create_job(connection, prepare(request).new_job(name, ""))
    connection.execute(END, (json.dumps(RECORD), job.total_tasks // left))
    connection.execute(COUNT)
    connection.execute(ROWS)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return store


def resume(store: Path, job: str) -> tuple[float, float, float, int]:
    """Seconds until a provider was asked and until the end, peak MB, and how many cells were asked about."""
    began = time.perf_counter()
    command = [*GLAZE, "resume", job, "--store", str(store), "--stream", "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first, asked = 0.0, 0
    for line in process.stdout:
        event = json.loads(line)["event"]
        if event == "tier_entered" and not first:
            first = time.perf_counter() - began
        asked += event == "cell_started"
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    return first, time.perf_counter() - began, usage.ru_maxrss / 1024, asked


def status(store: Path, job: str) -> tuple[float, float]:
    """Seconds and CPU seconds of `glaze status JOB`."""
    began = time.perf_counter()
    process = subprocess.Popen([*GLAZE, "status", job, "--store", str(store)], stdout=subprocess.DEVNULL)
    _, ended, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(ended)
    assert process.returncode == 0, process.returncode
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime


def main(rows: int, left: int, repeats: int) -> None:
    """The tables, Markdown."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stores = {"small": interrupted(folder, "small", 10, 3), "big": interrupted(folder, "big", rows, left)}
        looks: dict[str, list[tuple[float, float]]] = {job: [] for job in stores}
        for _ in range(repeats):
            for job, store in stores.items():
                looks[job].append(status(store, job))
        resumed = {job: resume(store, job) for job, store in stores.items()}
    cells = {"small": 30, "big": rows * len(FILLED)}
    print(machine())
    print("\n| cells of the job | left | s to the first call | s in all | peak MB |")
    print("|---|---|---|---|---|")
    for job, (first, total, peak_mb, asked) in resumed.items():
        print(f"| {cells[job]:,} | {asked:,} | {first:.2f} | {total:.2f} | {peak_mb:.0f} |")
    print("\n| cells of the job | `glaze status JOB`, s | CPU s | of the small job's CPU s |")
    print("|---|---|---|---|")
    usual = {job: [statistics.median(one) for one in zip(*looks[job], strict=True)] for job in stores}
    for job, (wall, cpu) in usual.items():
        print(f"| {cells[job]:,} | {wall:.3f} | {cpu:.3f} | {cpu / usual['small'][1]:.2f} |")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--left", type=int, default=1_000)
    options.add_argument("--repeats", type=int, default=9)
    given = options.parse_args()
    main(given.rows, given.left, given.repeats)
