"""Unpacks a compressed body bit by bit, so that a bomb is noticed before it has gone off."""

from __future__ import annotations

import zlib


class Unreadable(Exception):
    """The answer arrived, but is too large or cannot be unpacked. Says which, as the end of a sentence."""


class Unpacker:
    """Collects one body. Raises Unreadable for more than `max_bytes` unpacked, or corrupt bytes."""

    def __init__(self, encoding: str, max_bytes: int) -> None:
        """`encoding` is the header's value; only gzip is asked for, and only gzip and deflate are read."""
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise Unreadable(f"packed as {name!r}, which was not asked for")
        # 32: gzip or zlib, whichever the bytes say.
        self._zlib = None if name in ("", "identity") else zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._max_bytes = max_bytes
        self._body = bytearray()
        self._fed = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes as they came."""
        self._fed = self._fed or bool(chunk)
        if self._zlib is None:
            self._body += chunk
        else:
            room = self._max_bytes + 1 - len(self._body)
            try:
                self._body += self._zlib.decompress(chunk, room)
            except zlib.error:
                raise Unreadable("that cannot be unpacked") from None
        if len(self._body) > self._max_bytes:
            raise Unreadable(f"larger than {self._max_bytes:,} bytes")

    def finish(self) -> bytes:
        """The whole body. Raises EOFError when the packed bytes stop short."""
        if self._zlib is not None and self._fed and not self._zlib.eof:
            raise EOFError("the packed body stops short")
        return bytes(self._body)
