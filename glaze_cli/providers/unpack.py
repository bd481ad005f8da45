"""Unpacks a compressed body bit by bit, so that a bomb is noticed before it has gone off."""

from __future__ import annotations

import zlib


class Unreadable(Exception):
    """The answer arrived, but is too large or cannot be unpacked. Says which, as the end of a sentence."""


class Unpacker:
    """Collects one body. Raises Unreadable for more than `max_bytes`, packed or unpacked, or corrupt bytes.

    With `cut`, a body that is too large is `full` instead, and the first `max_bytes` of it are kept.
    """

    def __init__(self, encoding: str, max_bytes: int, cut: bool = False) -> None:
        """`encoding` is the header's value; only gzip is asked for, and only gzip and deflate are read."""
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Unreadable(f"packed as {name[:20]!r}, which was not asked for")
        # 32: gzip or zlib, whichever the bytes say.
        self._zlib = None if name in ("", "identity") else zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._max_bytes = max_bytes
        self._cut = cut
        self._body = bytearray()
        self._taken = 0
        self.full = False
        """The rest need not be fetched: it would not be kept."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes as they came."""
        if self.full:
            return
        self._taken += len(chunk)
        room = self._max_bytes + 1 - len(self._body)
        if self._zlib is None:
            self._body += chunk[:room]
        elif not self._zlib.eof:  # zlib would collect whatever follows the end
            try:
                self._body += self._zlib.decompress(chunk, room)
            except zlib.error:
                raise Unreadable("that cannot be unpacked") from None
        # What comes packed is counted too: it may have no end and hold nothing.
        endless = self._taken > self._max_bytes + self._max_bytes // 100 + 1000
        if len(self._body) > self._max_bytes or endless:
            if not self._cut:
                raise Unreadable(f"larger than {self._max_bytes:,} bytes")
            self.full = True

    def finish(self) -> bytes:
        """The whole body, or its beginning. Raises EOFError when the packed bytes stop short."""
        if self._zlib is not None and self._taken and not self._zlib.eof and not self.full:
            raise EOFError("the packed body stops short")
        return bytes(self._body[: self._max_bytes])
