"""The short way of a plain call is the long way: the same bytes out, the same answers and failures in."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glaze_cli.errors import ProviderError, Throttled
from glaze_cli.providers.http import Call, HttpDoor, Reply, Secret
from glaze_cli.providers.transport import IS_TRIED
from glaze_cli.providers.wire import address_of, plain_lines, plain_parts
from tests.loopback import Loopback, Say, Script, dead_url

LONG = ("te", "trailers")
"""A header that sends a call the long way, and says nothing to the server of a test."""

USUAL = (("user-agent", "x"), ("accept", "*/*"), ("accept-encoding", "gzip"))
ORIGINS = ["http://a", "https://a.example:443", "http://[::1]:8080", "http://b.example.", "http://A.b"]
PIECES = ["/", "//", "..", "%2E", "%", "a", "?", "&", "=", "é", ":", "#", "@", " ", "\r\n", "{", "|", '"']


def long_way(call: Call) -> Call:
    """The same call, for the other way."""
    return replace(call, headers=(*call.headers, LONG))


async def in_turn(door: HttpDoor, calls: Sequence[Call]) -> list[Reply | ProviderError]:
    """The outcomes of the calls, one after the other. Nothing happens between them: whether a server that
    hangs up meanwhile has been noticed is left to no chance."""
    outcomes: list[Reply | ProviderError] = []
    for call in calls:
        try:
            outcomes.append(await door.send(call))
        except ProviderError as error:
            outcomes.append(error)
    await door.close()
    return outcomes


def test_it_was_tried_with_this_aiohttp() -> None:
    """With another version every call takes the long way, at twice the cost: let these tests go the short one
    (`wire.TRIED`), and if they pass, add it."""
    assert IS_TRIED


# ── what goes out ─────────────────────────────────────────────────────────────────────────────────


@given(st.sampled_from(ORIGINS), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@example("http://a", "/x?")
@example("http://a", "../")
@example("http://a", ":x/")
@example("http://a", "//b/%2E?a=/../")
@example("http://a", "")
def test_a_target_is_what_aiohttp_would_ask_for(origin: str, rest: str) -> None:
    """An address that is taken apart here is asked for as it is written, and nothing else is."""
    parts = plain_parts(origin + rest)
    if parts is not None:
        assert "".join(parts) == origin + rest
        assert address_of(origin + rest).raw_path_qs == parts[1]
    if rest.startswith("/"):
        plain = not rest.endswith("?") and not set(rest) & set("é# \r\n")
        assert parts == ((origin, rest) if plain else None)


@pytest.mark.parametrize(
    "address",
    [
        "http://a/x y",
        "http://a/x\r\nHost: b",
        "http://a/x\n",
        "http://me:pa55@a/x",
        "http://a?x",
        "http://a/x#y",
        "ftp://a/x",
        "http:///x",
        "http://ä/x",
        "http://a/x?",
    ],
)
def test_an_address_that_is_not_plain_goes_the_long_way(address: str) -> None:
    """Nothing is written here that could be read as something else."""
    assert plain_parts(address) is None


@pytest.mark.parametrize(
    "header",
    [
        ("x", "a\r\nb: c"),
        ("x", "a\nb"),
        ("x", "a\0"),
        ("x", "ü"),
        ("x: y\r\nz", "1"),
        ("", "1"),
        ("x y", "1"),
        ("Host", "b"),
        ("Transfer-Encoding", "chunked"),
        ("content-length", "5"),
        ("Connection", "close"),
        ("Expect", "100-continue"),
        ("cookie", "a=b"),
        ("Accept", "text/csv"),
        ["x", "1"],
    ],
)
def test_a_header_that_is_not_plain_goes_the_long_way(header: tuple[str, str]) -> None:
    """One that ends a line, or decides on more than itself, is not written here."""
    assert plain_lines((*USUAL, header)) is None
    assert plain_lines((*USUAL, ("X", "1"))) == (
        "user-agent: x\r\naccept: */*\r\naccept-encoding: gzip\r\nX: 1\r\n"
    )
    assert plain_lines((("x", "1"),)) is None  # aiohttp would add what is usual


class Listening(asyncio.Protocol):
    """Keeps the bytes of requests, and answers each."""

    heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to answer."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Whatever is asked."""
        Listening.heard += data
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")  # type: ignore[attr-defined]


async def heard_of(call: Call) -> bytes:
    """The very bytes that a call sends."""
    Listening.heard = b""
    server = await asyncio.get_running_loop().create_server(Listening, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    (reply,) = await in_turn(
        HttpDoor(contact="me@a.example"), [replace(call, url=call.url.format(port=port))]
    )
    assert isinstance(reply, Reply)
    server.close()
    return Listening.heard.replace(b"%d" % port, b"PORT")


@pytest.mark.parametrize(
    "call",
    [
        Call("GET", "http://127.0.0.1:{port}/"),
        Call("GET", "http://127.0.0.1:{port}"),
        Call("GET", "http://127.0.0.1:{port}/a%2Fb;c=d/..%2e/?x=1&y=a+b|&z=?"),
        Call(
            "GET",
            "http://LOCALHOST:{port}/ä?ö=ü",
            (("X-One", "1"), ("x-one", " 2\t"), ("Accept", "text/csv")),
        ),
        Call("GET", "http://127.0.0.1:{port}/x?q=1", secret=Secret((("x-key", "K"),), (("key", "a b&c"),))),
        Call("GET", "http://127.0.0.1:{port}/x", content=b""),
        Call("POST", "http://127.0.0.1:{port}/x"),
        Call("POST", "http://127.0.0.1:{port}/x", content=b""),
        Call("POST", "http://127.0.0.1:{port}/x", (("Content-Type", "a/b"),), b"\0\xff" * 4_096),
        Call("POST", "http://127.0.0.1:{port}/x", content=b"x" * 8_193),
        Call("POST", "http://127.0.0.1:{port}/x", content="x"),  # type: ignore[arg-type]
        Call("GET", "http://127.0.0.1:{port}/x", content=b"x"),
        Call("PUT", "http://127.0.0.1:{port}/x", content=b"x"),
    ],
    ids=lambda call: f"{call.method} {call.url} {len(call.content or '')}",
)
def test_the_same_bytes_are_sent(call: Call) -> None:
    """To the letter, but for the header that tells the ways apart."""
    short = asyncio.run(heard_of(call))
    long = asyncio.run(heard_of(long_way(call)))
    assert b"te: trailers\r\n" in long
    assert short == long.replace(b"te: trailers\r\n", b"")


# ── what comes in ─────────────────────────────────────────────────────────────────────────────────

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
HELLOS = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
SWITCH = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"


def raw(*pieces: bytes, pause_s: float = 0.0) -> Say:
    """An answer in these pieces; the connection ends after it."""

    def pour() -> Iterator[bytes]:
        for piece in pieces:
            yield piece
            time.sleep(pause_s)

    return Say(raw=pour)


ANSWERS: dict[str, Say | Script] = {
    "JSON": Say.json({"a": 1}, x_a="ü"),
    "no body": Say(status=204),
    "nothing new": Say(status=304),
    "an error": Say.json({"error": 1}, status=500),
    "a web page": Say.html_as_json(404),
    "large": Say(body=b"x" * 1_500_000),
    "too large": Say(body=b"x" * 3_000_000),
    "large, of unknown length": raw(OK + b"\r\n", *[b"y" * 100_000] * 15),
    "too large, of unknown length": raw(OK + b"\r\n", *[b"y" * 100_000] * 30),
    "a drip": Say(body=b"0123456789", drip_s=0.01),
    "in chunks": raw(CHUNKED + b"2\r\nab\r\n", b"1\r\nc\r\n0\r\n\r\n", pause_s=0.02),
    "in chunks, at once": raw(CHUNKED + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"),
    "packed": Say(headers={"content-encoding": "gzip"}, body=gzip.compress(b"abc" * 1000)),
    "packed, and cut": Say(headers={"content-encoding": "gzip"}, body=gzip.compress(b"abc")[:-3]),
    "a bomb": Say.gzip_bomb(20),
    "wait, then go on": raw(HELLOS, OK + b"content-length: 1\r\n\r\nz", pause_s=0.02),
    "another protocol": raw(SWITCH + b"xyz"),
    "of old": raw(b"HTTP/1.0 200 OK\r\n\r\nabc"),
    "headers twice": raw(OK + b"X-A: 1\r\nx-a: \xfc\r\nSet-Cookie: a=b\r\ncontent-length: 0\r\n\r\n"),
    "more than was said": raw(OK + b"content-length: 2\r\n\r\nab" + OK + b"content-length: 1\r\n\r\nc"),
    "less than was said": Say(body=b"abcdef", cut=3),
    "nothing": Say(cut=-1),
    "headers without an end": raw(OK + b"x-a: 1\r\n"),
    "a long header": raw(OK + b"x-a: " + b"y" * 30_000 + b"\r\ncontent-length: 0\r\n\r\n"),
    "an endless header": Say.endless_line(),
    "no HTTP": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "chunks that are none": raw(CHUNKED + b"zz\r\n"),
    "a length that is none": raw(OK + b"content-length: -5\r\n\r\nabc"),
    "silence": raw(b"", pause_s=2.0),
    "silence in the headers": raw(OK, b"", pause_s=2.0),
    "silence in the body": raw(OK + b"content-length: 9\r\n\r\nab", b"", pause_s=2.0),
}


def told(outcome: Reply | ProviderError) -> object:
    """All that can be seen of an outcome; each server has a port and a clock of its own."""
    if isinstance(outcome, ProviderError):
        return type(outcome), str(outcome), outcome.reason
    headers = {name: text for name, text in outcome.headers.items() if name != "date"}
    return outcome.status, headers, outcome.body, outcome.cut


def met(answer: Say | Script, call: Call) -> tuple[object, ...]:
    """What becomes of two such calls, how many were seen, and on how many connections."""
    with Loopback(answer) as server:
        calls = [replace(call, url=server.url + "/x")] * 2
        outcomes = asyncio.run(in_turn(HttpDoor(), calls))
        return [told(outcome) for outcome in outcomes], len(server.seen), server.connections


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_the_same(answer: str, method: str) -> None:
    """Read whole, cut, refused or lost: on both ways alike, and connections are kept and given up alike."""
    free = method == "GET"
    patience_s = 0.3 if "silence" in answer else 30.0
    call = Call(method, "", content=None if free else b"x", free=free, cut=free, reply_s=patience_s)
    assert met(ANSWERS[answer], call) == met(ANSWERS[answer], long_way(call))


NOWHERE = [dead_url(), "http://nobody.invalid/", "http://127.0.0.1:0/", "http://a:99999/", "http://:80/"]


@pytest.mark.parametrize("url", NOWHERE, ids=["refused", "no name", "port 0", "no port", "no host"])
def test_a_way_that_leads_nowhere_is_told_the_same(url: str) -> None:
    """Nothing was sent, and that is said in the same words."""
    (short, long) = asyncio.run(in_turn(HttpDoor(), [call := Call("GET", url), long_way(call)]))
    assert told(short) == told(long)
    assert isinstance(short, ProviderError)


def test_both_ways_share_their_connections() -> None:
    """A call of one way uses the connection that the other has left."""
    with Loopback(Say.json({})) as server:
        call = Call("GET", server.url)
        asyncio.run(in_turn(HttpDoor(), [call, long_way(call), replace(call, method="POST"), call]))
    assert (len(server.seen), server.connections) == (4, 1)


def test_who_hung_up_on_one_way_is_known_on_the_other() -> None:
    """After a call that crossed with a hang-up, no connection to that server is kept, on either way."""
    with Loopback(Say.json({}), Say(cut=-1), Say.json({})) as server:
        call = Call("GET", server.url)
        calls = [call, call, call, long_way(call), replace(call, method="POST"), call]
        outcomes = asyncio.run(in_turn(HttpDoor(), calls))
    assert [isinstance(outcome, Reply) for outcome in outcomes] == [True, False, True, True, True, True]
    assert (len(server.seen), server.connections) == (6, 5)
    assert [seen.headers.get("connection") for seen in server.seen[2:]] == ["close"] * 4


class Talkative(asyncio.Protocol):
    """Says one thing more a moment after each answer."""

    asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """The number of the request; then what nobody asked for."""
        Talkative.asked += 1
        self._transport.write(OK + b"content-length: 1\r\n\r\n%d" % Talkative.asked)
        stray = OK + b"content-length: 5\r\n\r\nstray"
        asyncio.get_running_loop().call_later(0.02, self._transport.write, stray)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("headers", [(), (LONG,)], ids=["short", "long"])
def test_what_nobody_asked_for_is_nobodys_answer(method: str, headers: tuple[tuple[str, str], ...]) -> None:
    """Heard on a connection that is kept, it would be the answer to the next call, about another row."""

    async def three() -> list[bytes]:
        Talkative.asked = 0
        server = await asyncio.get_running_loop().create_server(Talkative, "127.0.0.1", 0)
        call = Call(method, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", headers)
        door, bodies = HttpDoor(), []
        for _ in range(3):
            try:
                reply = await door.send(call)
            except Throttled as error:  # nothing was sent: it is made again
                assert error.reason == "unreachable"
                reply = await door.send(call)
            bodies.append(reply.body)
            await asyncio.sleep(0.1)
        await door.close()
        server.close()
        return bodies

    assert asyncio.run(three()) == [b"1", b"2", b"3"]


def test_a_call_given_up_leaves_no_connection_to_the_next() -> None:
    """The answer to a cancelled call would be taken for the next one's."""

    asked = threading.Event()

    def late(seen: object) -> Say:
        asked.set()
        if len(server.seen) == 1:
            time.sleep(0.3)
        return Say.json({"call": len(server.seen)})

    async def give_up(url: str) -> Reply:
        door = HttpDoor()
        first = asyncio.create_task(door.send(Call("GET", url)))
        await asyncio.to_thread(asked.wait)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        second = await door.send(Call("GET", url))
        await door.close()
        return second

    with Loopback(late) as server:
        assert asyncio.run(give_up(server.url)).body == b'{"call": 2}'
    assert server.connections == 2
