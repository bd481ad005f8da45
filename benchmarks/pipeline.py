"""A column filled from an HTTP provider: Glaze beside a script, and beside bare clients.

    python benchmarks/pipeline.py [CELLS] [REPEATS]

Every way reads the same CSV of companies, asks the same loopback server about each, and writes a CSV with the
answers; each run is a process of its own, start-up included, and they take turns. The bare clients are the
practical limit: no store, no ledger, no receipts, nothing but the calls.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import server
from machine import machine

AT_ONCE = 100
LIBRARIES = ("aiohttp", "httpx", "uvloop", "pandas", "requests")
MANIFEST = """
id = "loopback"
version = "1"
tier = "{tier}"
title = "Loopback"
base_url = "{url}"
[limits]
concurrency = 1000
[[op]]
id = "by_company"
needs = ["company"]
gives = ["industry"]
request = {{method = "GET", path = "/industry", query = {{company = "{{company}}"}}}}
extract = {{industry = "body.industry"}}
confidence = "body.score"
idempotent = true
{cost}
"""
FREE = {"tier": "free", "cost": ""}
PAID = {"tier": "cheap", "cost": 'cost = {usd = "0.0001"}'}


@dataclass(frozen=True)
class Taken:
    """What one run took."""

    wall: float
    cpu: float
    peak_mb: float
    server: float
    """CPU seconds of the server meanwhile."""


def companies(path: Path) -> list[dict[str, str]]:
    """The sheet's rows."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def save(path: Path, rows: list[dict[str, str]]) -> None:
    """The rows with their answers."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def by_script(url: str, sheet: Path, out: Path) -> None:
    """What a user would write: pandas, requests, a session a thread, 32 threads."""
    import pandas
    import requests

    frame = pandas.read_csv(sheet)
    own = threading.local()

    def ask(company: str) -> str:
        if not hasattr(own, "session"):
            own.session = requests.Session()
        reply = own.session.get(f"{url}/industry", params={"company": company})
        reply.raise_for_status()
        return str(reply.json()["industry"])

    with ThreadPoolExecutor(32) as pool:
        frame["Industry"] = list(pool.map(ask, frame["Company"]))
    frame.to_csv(out, index=False)


def by_aiohttp(url: str, sheet: Path, out: Path) -> None:
    """A bare loop over aiohttp and uvloop."""
    import aiohttp
    import uvloop

    async def work() -> None:
        rows = companies(sheet)
        left = iter(rows)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def lane() -> None:
                for row in left:
                    async with session.get(f"{url}/industry", params={"company": row["Company"]}) as reply:
                        row["Industry"] = (await reply.json())["industry"]

            await asyncio.gather(*(lane() for _ in range(AT_ONCE)))
        save(out, rows)

    uvloop.run(work())


def by_door(url: str, sheet: Path, out: Path) -> None:
    """A bare loop over the client that Glaze uses, on the loop that it uses."""
    from glaze_cli.providers.http import Call, HttpDoor

    async def work() -> None:
        import json

        rows = companies(sheet)
        left = iter(rows)
        door = HttpDoor()

        async def lane() -> None:
            for row in left:
                address = f"{url}/industry?company={quote(row['Company'])}"
                reply = await door.send(Call("GET", address, free=True))
                row["Industry"] = json.loads(reply.body)["industry"]

        await asyncio.gather(*(lane() for _ in range(AT_ONCE)))
        await door.close()
        save(out, rows)

    from glaze_cli.cli.loop import run

    run(work())


def prepare(home: Path, url: str, terms: dict[str, str]) -> None:
    """The loopback server as a provider of Glaze, for sheets in that folder."""
    (home / "glaze" / "providers").mkdir(parents=True, exist_ok=True)
    (home / "glaze" / "providers" / "loopback.toml").write_text(MANIFEST.format(url=url, **terms))
    (home / "glaze.toml").write_text(f'[providers.loopback]\nbase_url = "{url}"\n')


def by_glaze_paid(url: str, sheet: Path, out: Path) -> None:
    """The same where a call costs money: it is reserved and written down before the call is sent."""
    by_glaze(url, sheet, out, PAID)


def by_glaze(url: str, sheet: Path, out: Path, terms: dict[str, str] = FREE) -> None:
    """`glaze enrich`: each answer committed, each call in the ledger, a receipt a cell."""
    prepare(sheet.parent, url, terms)
    from glaze_cli.cli import main

    sys.argv = ["glaze", "enrich", str(sheet), "--columns", "Industry", "--provider", "loopback"]
    sys.argv += ["--concurrency", str(AT_ONCE), "-o", str(out), "--store", str(out.with_suffix(".db"))]
    sys.argv += ["--yes", "--quiet", "--max-cost", "100"]
    with contextlib.suppress(SystemExit):
        main()


WAYS = {
    "pandas + requests, 32 threads": by_script,
    "bare aiohttp + uvloop": by_aiohttp,
    "bare client of Glaze": by_door,
    "glaze enrich": by_glaze,
    "glaze enrich, calls that cost": by_glaze_paid,
}


def run(way: str, at: server.Running, sheet: Path) -> Taken:
    """One run in a process of its own, in a folder of its own; its answers are checked."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "leads.csv"
        shutil.copy(sheet, own)
        out = Path(folder) / "out.csv"
        used, began = at.used(), time.perf_counter()
        process = subprocess.Popen([sys.executable, __file__, "--run", way, at.url, str(own), str(out)])
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        assert status == 0, way
        assert all(row["Industry"] == "Software" for row in companies(out)), way
        return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, at.used() - used)


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
    last = " of N x L / C |" if ideal else " of the script's cells/s |"
    print(f"| way | s | cells/s | CPU s | CPU, client of Glaze = 1 | peak MB | server's CPU s |{last}")
    print("|---|---|---|---|---|---|---|---|")
    at = server.start(ms, slow_share, slow_ms)
    # A script of 32 threads is not held against a schedule of 100 at once.
    ways = [way for way in WAYS if not ideal or way != "pandas + requests, 32 threads"]
    taken: dict[str, list[Taken]] = {way: [] for way in ways}
    with sheet_of(cells) as sheet:
        for _ in range(repeats):
            for way in ways:
                taken[way].append(run(way, at, sheet))
    at.stop()

    def median(way: str, what: str) -> float:
        return statistics.median(getattr(one, what) for one in taken[way])

    for way in ways:
        wall, cpu = median(way, "wall"), median(way, "cpu")
        share = wall / ideal if ideal else median("pandas + requests, 32 threads", "wall") / wall
        print(
            f"| {way} | {wall:.2f} | {cells / wall:,.0f} | {cpu:.2f} | "
            f"{cpu / median('bare client of Glaze', 'cpu'):.2f} | {median(way, 'peak_mb'):.0f} | "
            f"{median(way, 'server'):.2f} | {share:.2f} |",
            flush=True,
        )


def main(cells: int = 10_000, repeats: int = 3) -> None:
    """All tables."""
    print(machine(*LIBRARIES))
    table(cells, repeats, 0)
    table(cells, repeats, 50)
    table(cells, repeats, 50, 0.1, 2000)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    if sys.argv[1:2] == ["--run"]:
        WAYS[sys.argv[2]](sys.argv[3], Path(sys.argv[4]), Path(sys.argv[5]))
    else:
        main(*map(int, sys.argv[1:]))
