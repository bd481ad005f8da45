"""A small HTTP server on loopback for tests: it answers as it is told, badly if need be, and keeps a log.

    with Loopback(Say.json({"data": []}), Say(status=500)) as server:
        ...  # server.url, server.seen, server.connections

The answers are given in turn, the last one for ever. A function from Seen to Say can stand for all.
"""

from __future__ import annotations

import contextlib
import functools
import gzip
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

SHARED = Path(__file__).parents[1] / ".." / "shared"
"""Where recordings and corpus are, on machines that have them."""


@dataclass(frozen=True)
class Seen:
    """A request as it arrived. Header names are lower-case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Still encoded."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """Decoded."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Say:
    """An answer. `cut` ends the connection after that many bytes of the body; None sends all of it.

    `cut=-1` ends it before anything is sent. `drip_s` waits so long before each byte of the body.
    `raw` makes the bytes that are sent in place of all that, until they end or the client has had enough.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int | None = None
    drip_s: float = 0.0
    raw: Callable[[], Iterable[bytes]] | None = None

    @classmethod
    def json(cls, value: object, status: int = 200, **headers: str) -> Say:
        """A JSON answer; `retry_after="5"` is the header Retry-After."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, {"content-type": "application/json", **named}, json.dumps(value).encode())

    @classmethod
    def html_as_json(cls, status: int = 200) -> Say:
        """A web page that claims to be JSON."""
        page = b"<html><body>Please sign in to the hotel's network.</body></html>"
        return cls(status, {"content-type": "application/json"}, page)

    @classmethod
    def redirect(cls, location: str, status: int = 302) -> Say:
        """A redirect."""
        return cls(status, {"location": location})

    @classmethod
    def gzip_bomb(cls, megabytes: int = 50) -> Say:
        """Zeros, packed a thousandfold."""
        packed = _packed_zeros(megabytes * 1_000_000)
        return cls(200, {"content-type": "application/json", "content-encoding": "gzip"}, packed)

    @classmethod
    def gigabytes(cls, count: int = 3, content_type: str = "application/json") -> Say:
        """A body of so many gigabytes; `sent` of the server tells how much of it was taken."""
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {count}000000000\r\n\r\n"

        def pour() -> Iterator[bytes]:
            yield head.encode()
            yield from (b"[" * 100_000 for _ in range(count * 10_000))

        return cls(raw=pour)

    @classmethod
    def endless_headers(cls) -> Say:
        """One header after another, and never a body."""

        def pour() -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\n"
            for number in range(10_000_000):
                yield f"x-more-{number}: {'y' * 100}\r\n".encode()

        return cls(raw=pour)

    @classmethod
    def endless_line(cls) -> Say:
        """One header that never ends."""

        def pour() -> Iterator[bytes]:
            yield b"HTTP/1.1 200 OK\r\nx-long: "
            yield from (b"y" * 10_000 for _ in range(1_000_000))

        return cls(raw=pour)

    @classmethod
    def recording(cls, provider: str, case: str) -> Say:
        """The answer of ../shared/recordings/PROVIDER/CASE.json."""
        path = SHARED / "recordings" / provider / f"{case}.json"
        answer = json.loads(path.read_text("utf-8"))["response"]
        text = answer["body"] if answer["body_type"] != "json" else json.dumps(answer["body"])
        # The recorded body is unpacked and may be trimmed, so what spoke of its bytes is wrong now.
        stale = {"content-encoding", "content-length", "transfer-encoding", "connection"}
        headers = {name: text for name, text in answer["headers"].items() if name.lower() not in stale}
        return cls(answer["status"], headers, (text or "").encode())


@functools.cache
def _packed_zeros(count: int) -> bytes:
    """Kept, since several modules ask for the same while they are imported."""
    return gzip.compress(bytes(count))


Script = Callable[[Seen], Say]


class Loopback:
    """The server; a context manager. `url` is its address without a slash at the end.

    `tls` makes it speak https, with the certificate that the context holds.
    """

    def __init__(self, *answers: Say | Script, tls: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.most_at_once = 0
        self.connections = 0
        self.sent = 0
        self._answers = list(answers)
        self._now = 0
        self._lock = threading.Lock()
        loopback = self

        class Handler(_Handler):
            server_of = loopback

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.port}"
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # where it cannot be done, the server looks up by itself, soon
            self._server.socket.shutdown(socket.SHUT_RDWR)
        self._server.shutdown()
        self._server.server_close()

    def connected(self) -> None:
        """Count a connection."""
        with self._lock:
            self.connections += 1

    def answer(self, seen: Seen) -> Say:
        """Log a request and choose its answer; a function may take its time."""
        with self._lock:
            self.seen.append(seen)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        try:
            return answer(seen) if callable(answer) else answer
        finally:
            with self._lock:
                self._now -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or every second answer waits 40 ms for the client
    server_of: Loopback

    def setup(self) -> None:
        super().setup()
        self.server_of.connected()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_CONNECT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        say = self.server_of.answer(Seen(self.command, self.path, headers, body))
        self.close_connection = say.cut is not None or say.raw is not None
        if say.cut == -1:
            # Shut down first: closing alone waits for the files made of the socket.
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if say.raw is not None:
            self._pour(say.raw())
            return
        self.send_response(say.status)
        for name, value in say.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(say.body)))
        self.end_headers()
        self._send(say)

    def _send(self, say: Say) -> None:
        sent = say.body if say.cut is None else say.body[: say.cut]
        try:
            if not say.drip_s:
                self.wfile.write(sent)
            for byte in sent if say.drip_s else b"":
                time.sleep(say.drip_s)
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
        except OSError:
            self.close_connection = True  # the client had enough

    def _pour(self, chunks: Iterable[bytes]) -> None:
        with contextlib.suppress(OSError):  # the client had enough
            for chunk in chunks:
                self.wfile.write(chunk)
                self.server_of.sent += len(chunk)

    def log_message(self, format: str, *args: object) -> None:
        """The log is `seen`."""


def dead_url() -> str:
    """An address on this machine that nobody listens at."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}"
