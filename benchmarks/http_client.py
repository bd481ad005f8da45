"""Calls at once: Glaze's door beside plain httpx, CPU per call and calls per second.

    python benchmarks/http_client.py [CALLS] [REPEATS]

The server is a process of its own on loopback, each measurement another; the table shows the median. Both
send the same GET and read the same few bytes of JSON. httpx is used as its documentation says: one client,
with as many connections as there are calls at once.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

import process
import server

from glaze_cli.providers.http import Call, HttpDoor

AT_ONCE = (10, 50, 200)
Ask = Callable[[], Awaitable[object]]


async def by_door(url: str, at_once: int, calls: int) -> None:
    """Glaze."""
    door = HttpDoor()
    call = Call("GET", url, free=True)
    await measured(lambda: door.send(call), at_once, calls)
    await door.close()


async def by_httpx(url: str, at_once: int, calls: int) -> None:
    """Plain httpx."""
    import httpx

    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as client:
        await measured(lambda: client.get(url), at_once, calls)


WAYS = {"door": by_door, "httpx": by_httpx}


async def measured(ask: Ask, at_once: int, calls: int) -> None:
    """Print the CPU and wall seconds of the calls; connections and imports are warm."""
    await in_lanes(ask, at_once, at_once * 2)
    cpu, wall = time.process_time(), time.perf_counter()
    await in_lanes(ask, at_once, calls)
    print(time.process_time() - cpu, time.perf_counter() - wall)


async def in_lanes(ask: Ask, at_once: int, calls: int) -> None:
    """So many calls, so many at once."""
    left = iter(range(calls))

    async def lane() -> None:
        for _ in left:
            await ask()

    await asyncio.gather(*(lane() for _ in range(at_once)))


def main(calls: int = 4_000, repeats: int = 3) -> None:
    """Start the server, measure, print a Markdown table."""
    print("| at once | httpx: ms CPU / calls a second | door: the same | CPU ratio |\n|---|---|---|---|")
    at = server.start()
    url = f"{at.url}/x?q=1"
    try:
        for at_once in AT_ONCE:
            taken: dict[str, list[tuple[float, float]]] = {"httpx": [], "door": []}
            for _ in range(repeats):  # in turns, so that a busy moment hits both
                for way, runs in taken.items():
                    runs.append(process.measure(__file__, "--run", way, url, str(at_once), str(calls)))
            cells = []
            for way in taken:
                cpu, wall = (statistics.median(column) for column in zip(*taken[way], strict=True))
                cells.append((cpu / calls * 1000, calls / wall))
            (theirs, their_rate), (ours, our_rate) = cells
            print(
                f"| {at_once} | {theirs:.2f} / {their_rate:,.0f} | {ours:.2f} / {our_rate:,.0f} "
                f"| {ours / theirs:.2f} |"
            )
    finally:
        at.stop()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        asyncio.run(WAYS[sys.argv[2]](sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
    else:
        main(*map(int, sys.argv[1:]))
