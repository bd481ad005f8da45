"""A paid service on loopback whose own log is the truth: each call is in it before it is answered.

    with Shop(lambda company, times: Reply(after=0.05)) as shop:
        ...  # shop.url, shop.calls, shop.counted

It answers any number of calls at once, in a thread of the test's process, which nobody kills.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Call:
    """A call that arrived whole."""

    company: str
    at: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Reply:
    """How a call is answered: with the company's domain, unless `status` is another or `cut` says so."""

    after: float = 0.0
    """Seconds."""
    status: int = 200
    cut: bool = False
    """The connection ends without a word."""


Behaviour = Callable[[str, int], Reply]
"""(company, how many times it was asked so far, this one included) → the reply."""


class Shop:
    """The server; a context manager. `url` is its address without a slash at the end."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.url = ""
        self.calls: list[Call] = []
        self.counted: Counter[str] = Counter()
        """Company → how many calls about it arrived."""
        self.most_at_once = 0
        self._now = 0
        self._behaviour = behaviour
        self._loop = asyncio.new_event_loop()
        self._open = threading.Event()
        self._end = asyncio.Event()
        self._thread = threading.Thread(
            target=self._loop.run_until_complete, args=(self._serve(),), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._open.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0, backlog=512)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._open.set()
        await self._end.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, as long as the client keeps it."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._answer(reader, writer):
                pass
        writer.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One call; whether the connection goes on."""
        head = await reader.readuntil(b"\r\n\r\n")
        company = parse_qs(urlsplit(head.split()[1].decode()).query)["name"][0]
        self.calls.append(Call(company, time.time()))
        self.counted[company] += 1
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            reply = self._behaviour(company, self.counted[company])
            await asyncio.sleep(reply.after)
        finally:
            self._now -= 1
        if reply.cut:
            return False
        body = json.dumps({"domain": domain_of(company)} if reply.status == 200 else {}).encode()
        lines = (
            f"HTTP/1.1 {reply.status} So",
            "content-type: application/json",
            f"content-length: {len(body)}",
        )
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        return True


def domain_of(company: str) -> str:
    """What the service knows of it."""
    return f"{company}.example"


def taking(
    least: float, most: float, seed: int, missing: Callable[[str], bool] = lambda _: False
) -> Behaviour:
    """Answers that take so many seconds; 404 about those that are `missing`."""
    chance = random.Random(seed)
    return lambda company, _: Reply(chance.uniform(least, most), 404 if missing(company) else 200)
