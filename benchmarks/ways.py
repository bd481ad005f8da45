"""The ways to fill a column from an HTTP service that pipeline.py holds against each other.

Each reads the sheet, asks about each company, writes a CSV with the answers, and prints what its asking took.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import asking
from asking import clocked

AT_ONCE = 100
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

    with ThreadPoolExecutor(32) as pool, clocked():
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

            with clocked():
                await asyncio.gather(*(lane() for _ in range(AT_ONCE)))
        save(out, rows)

    uvloop.run(work())


def by_httpx(url: str, sheet: Path, out: Path) -> None:
    """A bare loop over httpx's API carried by aiohttp, as the library for it does that; and uvloop."""
    import httpx
    import uvloop
    from httpx_aiohttp import HttpxAiohttpClient

    async def work() -> None:
        rows = companies(sheet)
        left = iter(rows)
        async with HttpxAiohttpClient(limits=httpx.Limits(max_connections=None)) as client:

            async def lane() -> None:
                for row in left:
                    reply = await client.get(f"{url}/industry", params={"company": row["Company"]})
                    row["Industry"] = reply.json()["industry"]

            with clocked():
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
        door.warm()

        async def lane() -> None:
            for row in left:
                address = f"{url}/industry?company={quote(row['Company'])}"
                reply = await door.send(Call("GET", address, free=True))
                row["Industry"] = json.loads(reply.body)["industry"]

        with clocked():
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

    asking.watch()
    sys.argv = ["glaze", "enrich", str(sheet), "--columns", "Industry", "--provider", "loopback"]
    sys.argv += ["--concurrency", str(AT_ONCE), "-o", str(out), "--store", str(out.with_suffix(".db"))]
    sys.argv += ["--yes", "--quiet", "--max-cost", "100"]
    with contextlib.suppress(SystemExit):
        main()


SCRIPT = "pandas + requests, 32 threads"
WAYS = {
    SCRIPT: by_script,
    "bare httpx over httpx-aiohttp": by_httpx,
    "bare aiohttp + uvloop": by_aiohttp,
    "bare client of Glaze": by_door,
    "glaze enrich": by_glaze,
    "glaze enrich, calls that cost": by_glaze_paid,
}
