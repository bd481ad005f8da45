"""The loopback provider of the benchmarks: a process of its own that answers any request with the same JSON.

    python benchmarks/server.py MS SLOW_SHARE SLOW_MS

It says its port; then, asked for `/used`, the CPU seconds it has taken: how far it was from being the
bottleneck. Answers wait MS milliseconds, a share of them SLOW_MS.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import uvloop

BODY = b'{"industry": "Software", "score": 0.9}'
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
ANSWER = HEAD % len(BODY) + BODY


@dataclass
class Pace:
    """How long answers take, in seconds."""

    usual: float
    slow: float
    every: int
    """Each so many-th answer is a slow one; 0: none."""
    asked: int = 0

    def wait(self) -> float:
        """Of the next answer."""
        self.asked += 1
        return self.slow if self.every and self.asked % self.every == 0 else self.usual


class Server(asyncio.Protocol):
    """A request is whatever ends in an empty line: the clients send small ones, each in one piece."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to answer."""
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Answer each request in it, now or later."""
        if data.startswith(b"GET /used"):
            body = b"%f" % time.process_time()
            self.transport.write(HEAD % len(body) + body)
            return
        for _ in range(data.count(b"\r\n\r\n")):
            seconds = self.pace.wait()
            if seconds:
                asyncio.get_running_loop().call_later(seconds, self.transport.write, ANSWER)
            else:
                self.transport.write(ANSWER)


@dataclass
class Running:
    """The server, seen from the benchmark."""

    process: subprocess.Popen[str]
    url: str

    def used(self) -> float:
        """CPU seconds so far."""
        with urlopen(f"{self.url}/used") as reply:
            return float(reply.read())

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


def start(ms: float = 0, slow_share: float = 0, slow_ms: float = 0) -> Running:
    """The server in a process of its own."""
    command = [sys.executable, str(Path(__file__)), str(ms), str(slow_share), str(slow_ms)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return Running(process, f"http://127.0.0.1:{int(process.stdout.readline())}")


async def serve(pace: Pace) -> None:
    """Say the port, then answer for ever."""
    server = await asyncio.get_running_loop().create_server(
        lambda: Server(pace), "127.0.0.1", 0, backlog=1000
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    ms, share, slow = map(float, sys.argv[1:])
    uvloop.run(serve(Pace(ms / 1000, slow / 1000, round(1 / share) if share else 0)))
