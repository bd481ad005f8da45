"""The quick ways of the network's line are exact: addresses and headers as they would be without them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import httpx
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from glaze_cli.providers.http import Call, HttpDoor, Secret
from glaze_cli.providers.wire import address_of, headers_of
from tests.loopback import Loopback, Say

ORIGINS = ["http://a", "https://a.example:443", "http://[::1]:8080", "http://b.example."]
PIECES = ["/", "//", ".", "..", "%2E", "%", "a", "?", "&", "=", "é", ":", "#", "@"]


def reading(read: Callable[[str], URL], text: str) -> object:
    """What aiohttp would ask of the address; the error where it has none."""
    try:
        url = read(text)
        return url, str(url), url.raw_path_qs, url.raw_authority, url.raw_host, url.port
    except (ValueError, IndexError, httpx.LocalProtocolError):  # yarl's own, of `[::1]@`
        return "not valid"


@given(st.sampled_from(ORIGINS), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@example("http://a", "?x=1/2")
@example("http://a", "")
def test_an_address_put_together_is_the_address(origin: str, rest: str) -> None:
    """Read in two parts, of which one is remembered, it is what yarl reads in one."""
    whole = reading(partial(URL, encoded=True), origin + rest)
    assert reading(address_of, origin + rest) == whole


def send_all(calls: list[Call]) -> None:
    """One after the other, through one door."""

    async def in_turn() -> None:
        door = HttpDoor()
        for call in calls:
            await door.send(call)
        await door.close()

    asyncio.run(in_turn())


def test_what_a_body_is_the_call_says_or_nobody() -> None:
    """A body without a type gets none from the library, whether it is empty or not."""
    with Loopback(Say.json({})) as server:
        send_all([Call("POST", server.url, (), content) for content in (b"x", b"", None)])
    assert ["content-type" in seen.headers for seen in server.seen] == [False] * 3


def test_calls_of_two_providers_keep_their_headers_apart() -> None:
    """One door remembers what it has put together; each call has its own key and nobody else's."""
    calls = [
        Call("GET", "", (("X-Own", own),) if own else (), secret=Secret(headers=(("x-key", key),)))
        for own, key in [("1", "a"), ("1", "b"), ("2", "a"), ("", "a"), ("1", "a")]
    ]
    with Loopback(Say.json({})) as server:
        send_all([replace(call, url=server.url) for call in calls])
    sent = [(seen.headers.get("x-own", ""), seen.headers["x-key"]) for seen in server.seen]
    assert sent == [("1", "a"), ("1", "b"), ("2", "a"), ("", "a"), ("1", "a")]


def test_headers_in_a_list_are_sent_too() -> None:
    """A provider of the user's own may write them so."""
    secret = Secret(query=[("key", "a&b")])  # type: ignore[arg-type]
    with Loopback(Say.json({})) as server:
        send_all([Call("GET", server.url, [("X-Own", "1")], secret=secret)] * 2)  # type: ignore[arg-type]
    assert [(seen.headers["x-own"], seen.query) for seen in server.seen] == [("1", {"key": "a&b"})] * 2


# ── headers ───────────────────────────────────────────────────────────────────────────────────────

NAMES = st.sampled_from([b"X-A", b"x-a", b"X-B", b"Set-Cookie", b"\xe9"])
VALUES = st.sampled_from([b"1", b"", "ü".encode(), b"\xfc", b"a, b"])


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6))
def test_headers_are_read_one_by_one(raw: list[tuple[bytes, bytes]]) -> None:
    """Lower-case names, values in their order joined by commas, UTF-8 where it is any, else Latin-1."""
    wanted: dict[str, list[str]] = {}
    for name, value in raw:
        text = value.decode("latin-1") if value == b"\xfc" else value.decode()
        wanted.setdefault(name.decode("latin-1").lower(), []).append(text)
    assert headers_of(raw) == {name: ", ".join(texts) for name, texts in wanted.items()}
