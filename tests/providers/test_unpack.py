"""Unpacking, bit by bit."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.providers.unpack import Unpacker, Unreadable

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "identity": bytes,
}


@settings(max_examples=60)
@given(st.binary(max_size=3000), st.sampled_from(sorted(PACKERS)), st.integers(1, 50))
def test_a_body_comes_out_as_it_went_in(body: bytes, encoding: str, step: int) -> None:
    """However it is packed, and into whatever pieces the network cuts it."""
    packed = PACKERS[encoding](body)
    unpacker = Unpacker(encoding, 3000)
    for start in range(0, len(packed), step):
        unpacker.feed(packed[start : start + step])
    assert unpacker.finish() == body


def test_a_bomb_is_never_held() -> None:
    """50 MB out of 50 kB: noticed before memory is spent on them."""
    bomb = gzip.compress(bytes(50_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match="larger than 1,000 bytes"):
            Unpacker("gzip", 1000).feed(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_an_empty_body_is_empty_however_it_is_labelled() -> None:
    """Some servers call nothing gzip."""
    unpacker = Unpacker("gzip", 10)
    unpacker.feed(b"")
    assert unpacker.finish() == b""


def test_a_body_that_stops_short_is_said() -> None:
    """Half of a packed body is not a body."""
    unpacker = Unpacker("gzip", 1000)
    unpacker.feed(gzip.compress(b"whole")[:-4])
    with pytest.raises(EOFError):
        unpacker.finish()


@pytest.mark.parametrize("encoding", sorted(PACKERS))
def test_a_body_may_be_cut(encoding: str) -> None:
    """The beginning of a page is kept, as many bytes as may be, and the rest not waited for."""
    body = bytes(range(256)) * 40
    unpacker = Unpacker(encoding, 1000, cut=True)
    packed = PACKERS[encoding](body)
    for start in range(0, len(packed), 64):
        unpacker.feed(packed[start : start + 64])
    assert unpacker.full
    assert unpacker.finish() == body[:1000]


@pytest.mark.parametrize("encoding", sorted(PACKERS))
def test_a_body_of_just_the_size_is_whole(encoding: str) -> None:
    """The cap itself is allowed, though what is packed be longer than it."""
    body = random.Random(7).randbytes(1000)
    unpacker = Unpacker(encoding, 1000, cut=True)
    unpacker.feed(PACKERS[encoding](body))
    assert (unpacker.full, unpacker.finish()) == (False, body)


ENDLESS = [
    pytest.param(b"", id="after the end of the packed body"),
    pytest.param(b"\x1f\x8b\x08\x08\0\0\0\0\0\0", id="a file name in the packed body's own head"),
]


@pytest.mark.parametrize("head", ENDLESS)
def test_packed_bytes_that_hold_nothing_are_counted(head: bytes) -> None:
    """What gives no body, and has no end, is noticed and not collected."""
    unpacker = Unpacker("gzip", 1000)
    unpacker.feed(head or gzip.compress(b"short"))
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match="larger than 1,000 bytes"):
            for _ in range(1_000):
                unpacker.feed(b"x" * 1_000)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()
