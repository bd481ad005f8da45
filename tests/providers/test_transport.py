"""What carries the calls: connections, encodings, proxies, and what it knows of a call that failed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.providers.http import Call, HttpDoor, Reply, Secret
from glaze_cli.providers.proxies import Proxies
from tests.loopback import Loopback, Say, Seen, dead_url

KEY = "s3cr3t-k3y"


async def in_turn(door: HttpDoor, calls: list[Call], pause_s: float = 0.0) -> list[Reply | ProviderError]:
    """The outcomes of the calls, one after the other."""
    outcomes: list[Reply | ProviderError] = []
    for call in calls:
        try:
            outcomes.append(await door.send(call))
        except ProviderError as error:
            outcomes.append(error)
        await asyncio.sleep(pause_s)
    await door.close()
    return outcomes


def outcome(call: Call, door: HttpDoor) -> Reply | ProviderError:
    """The outcome of one call."""
    return asyncio.run(in_turn(door, [call]))[0]


def refusal(call: Call, door: HttpDoor) -> ProviderError:
    """The error that one call ends in."""
    error = outcome(call, door)
    assert isinstance(error, ProviderError)
    return error


def test_the_network_is_imported_by_the_first_call() -> None:
    """Making a door costs none of the libraries behind it."""
    code = (
        "import sys; from glaze_cli.providers.http import HttpDoor; HttpDoor();"
        "print([m for m in ('httpx', 'aiohttp', 'truststore') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


GOES_WELL = """
import asyncio, sys
from glaze_cli.providers.http import Call, HttpDoor

async def answer(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(b"HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\n\\r\\n{}")

async def go():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port, door = server.sockets[0].getsockname()[1], HttpDoor()
    reply = await door.send(Call("GET", f"http://127.0.0.1:{port}/", free=True))
    await door.close()
    print(reply.status, [m for m in ("httpx", "aiohttp") if m in sys.modules])

asyncio.run(go())
"""


def test_a_call_that_goes_well_loads_nothing_of_httpx() -> None:
    """It only lends its words for errors, and brings a command line of its own along."""
    ran = subprocess.run([sys.executable, "-c", GOES_WELL], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "200 ['aiohttp']"


# ── connections ───────────────────────────────────────────────────────────────────────────────────


def test_calls_in_a_row_use_one_connection() -> None:
    """Twenty calls, one greeting."""
    with Loopback(Say.json({"ok": True})) as server:
        outcomes = asyncio.run(in_turn(HttpDoor(), [Call("GET", server.url)] * 20))
    assert all(isinstance(one, Reply) for one in outcomes)
    assert (len(server.seen), server.connections) == (20, 1)


def test_calls_at_once_are_bounded_by_the_caller_only() -> None:
    """A hundred and fifty at once are at the server at once: no pool of the library's holds them back."""
    everybody = 150

    def patient(seen: Seen) -> Say:
        until = time.monotonic() + 10
        while server.most_at_once < everybody and time.monotonic() < until:
            time.sleep(0.01)
        return Say.json({})

    async def all_at_once(url: str) -> None:
        door = HttpDoor()
        await asyncio.gather(*(door.send(Call("GET", url)) for _ in range(everybody)))
        await door.close()

    with Loopback(patient) as server:
        asyncio.run(all_at_once(server.url))
    assert server.most_at_once == everybody


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_server_that_hangs_up_after_each_answer_loses_no_paid_call(method: str) -> None:
    """It says nothing about it, and yet each of 60 calls arrives, once."""
    with Loopback(Say(body=b"{}", cut=2)) as server:
        outcomes = asyncio.run(in_turn(HttpDoor(), [Call(method, server.url)] * 60, pause_s=0.02))
    assert [one.status if isinstance(one, Reply) else str(one) for one in outcomes] == [200] * 60
    assert len(server.seen) == 60


def test_a_server_that_hangs_up_as_we_speak_does_so_once() -> None:
    """A call that crosses with a hang-up is of unknown outcome; each later one gets a fresh connection."""
    with Loopback(Say(body=b"{}", cut=2)) as server:
        outcomes = asyncio.run(in_turn(HttpDoor(), [Call("POST", server.url)] * 60))
    lost = [one for one in outcomes if isinstance(one, ProviderError)]
    assert len(lost) <= 1
    assert len(server.seen) == 60 - len(lost)  # nothing was sent twice


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_lost_reply_is_not_sent_for_again(method: str) -> None:
    """On a connection that was used before, too: the library's own second try is off, whatever the method."""
    with Loopback(Say.json({}), Say(cut=-1)) as server:
        first, second = asyncio.run(in_turn(HttpDoor(), [Call(method, server.url)] * 2))
    assert isinstance(first, Reply)
    assert isinstance(second, LookupFailed)
    assert second.reason == "unknown_outcome"
    assert (len(server.seen), server.connections) == (2, 1)


def test_a_door_opens_again_after_it_was_closed() -> None:
    """A second event loop gets connections of its own."""
    door = HttpDoor()
    with Loopback(Say.json({})) as server:
        for _ in range(2):
            assert isinstance(outcome(Call("GET", server.url), door), Reply)


# ── the address is sent as it was made ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "target",
    [
        "/companies/%2E%2E/admin",  # a cell of dots stays one segment
        "/a%2Fb/%7Ec;d=1",
        "/x?q=%20%26&r=a+b&s=%C3%A9",
        "/x?filter[name]=a|b&empty=",
        "/%F0%9F%92%A9?%00",
    ],
)
def test_an_address_is_not_written_anew(target: str) -> None:
    """Path and query arrive as they were encoded, so that no cell changes what is asked."""
    with Loopback(Say.json({})) as server:
        outcome(Call("GET", server.url + target), HttpDoor())
    (seen,) = server.seen
    assert seen.target == target


def test_nothing_is_added_to_a_request() -> None:
    """What the libraries like to say about themselves is left out; what the call says wins."""
    with Loopback(Say.json({})) as server:
        outcome(Call("POST", server.url, (("Accept", "text/csv"),), b"x"), HttpDoor())
    headers = dict(server.seen[0].headers)
    assert headers.pop("user-agent").startswith("glaze/")
    assert headers.pop("host") == server.url.removeprefix("http://")
    headers.pop("connection", None)
    assert headers == {"accept": "text/csv", "accept-encoding": "gzip", "content-length": "1"}


@pytest.mark.parametrize("value", ["a\r\nx-evil: 1", "a\nb", "a\0b", "ü"])
def test_a_header_that_is_none_is_not_sent(value: str) -> None:
    """A value cannot become a header of its own."""
    with Loopback(Say.json({})) as server:
        error = refusal(Call("GET", server.url, (("x-name", value),)), HttpDoor())
    assert isinstance(error, LookupFailed)
    assert "nothing was sent" in str(error)
    assert server.seen == []


# ── the way there ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (dead_url(), "127.0.0.1 could not be reached"),  # refused
        ("http://nobody.invalid/", "nobody.invalid could not be reached"),  # no such name
        ("https://nobody.invalid/", "nobody.invalid could not be reached"),
    ],
    ids=["refused", "no such name", "no such name, https"],
)
def test_a_paid_call_that_did_not_go_out_is_made_again(url: str, words: str) -> None:
    """Nothing was sent: Throttled(unreachable), not an unknown outcome."""
    error = refusal(Call("POST", url, content=b"{}"), HttpDoor())
    assert (type(error), error.reason) == (Throttled, "unreachable")
    assert words in str(error)


def test_a_connection_that_is_not_made_in_time_is_made_again() -> None:
    """A server that greets nobody (TLS to one that never speaks) had nothing from us."""
    with Loopback(Say.json({})) as server:  # speaks no TLS, and waits for a request that never comes
        door = HttpDoor(connect_s=0.2, reply_s=5.0)
        error = refusal(Call("GET", server.url.replace("http:", "https:")), door)
    assert (type(error), error.reason) == (Throttled, "unreachable")


@pytest.mark.parametrize(
    ("answer", "free", "kind"),
    [
        (lambda seen: time.sleep(1.5) or Say.json({}), True, Throttled),
        (lambda seen: time.sleep(1.5) or Say.json({}), False, LookupFailed),
    ],
)
def test_silence_after_sending_is_a_lost_reply(answer: object, free: bool, kind: type[ProviderError]) -> None:
    """The call's own patience holds, however patient the door."""
    with Loopback(answer) as server:  # type: ignore[arg-type]
        started = time.monotonic()
        error = refusal(Call("GET", server.url, free=free, reply_s=0.1), HttpDoor(connect_s=5.0))
        assert time.monotonic() - started < 1.3
    assert type(error) is kind
    assert error.reason == ("unreachable" if free else "unknown_outcome")


@pytest.mark.parametrize("content", [None, b"x"])
@pytest.mark.parametrize(
    "head", [b"content-length: 9\r\n\r\n12", b"transfer-encoding: chunked\r\n\r\n2\r\n12\r\n"]
)
def test_silence_in_a_body_is_a_lost_reply(content: bytes | None, head: bytes) -> None:
    """Half an answer and then nothing: noticed by the call's patience, long before the whole is late."""

    def half() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n" + head
        time.sleep(2)

    with Loopback(Say(raw=half)) as server:
        started = time.monotonic()
        call = Call("POST" if content else "GET", server.url, content=content, reply_s=0.2)
        error = refusal(call, HttpDoor(connect_s=20.0))
        assert time.monotonic() - started < 1.7
    assert (type(error), error.reason) == (LookupFailed, "unknown_outcome")


def test_an_answer_in_pieces_is_read_whole() -> None:
    """Each piece comes in time, though all of them take longer than any may."""
    with Loopback(Say(body=b"0123456789", drip_s=0.1)) as server:
        reply = outcome(Call("GET", server.url, reply_s=0.7), HttpDoor(connect_s=20.0))
    assert isinstance(reply, Reply)
    assert reply.body == b"0123456789"


# ── proxies ───────────────────────────────────────────────────────────────────────────────────────


def test_a_proxy_is_asked_for_the_whole_address() -> None:
    """http goes through the proxy, which is shown its own password and the service the key."""
    secret = Secret(headers=(("x-key", KEY),))
    with Loopback(Say.json({"by": "proxy"})) as proxy:
        door = HttpDoor(proxies=Proxies({"http": proxy.url.replace("//", "//me:pa55@")}))
        reply = outcome(Call("GET", "http://api.example/x%2Fy?q=1", secret=secret), door)
    assert isinstance(reply, Reply)
    (seen,) = proxy.seen
    assert seen.target == "http://api.example/x%2Fy?q=1"
    assert seen.headers["proxy-authorization"].startswith("Basic ")
    assert seen.headers["x-key"] == KEY


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_makes_no_tunnel_means_unreachable(status: int) -> None:
    """https asks for a tunnel first; refused, nothing of the call, nor its key, has gone anywhere."""
    secret = Secret(headers=(("x-key", KEY),), query=(("key", KEY),))
    with Loopback(Say(status=status)) as proxy:
        door = HttpDoor(proxies=Proxies({"https": proxy.url}))
        error = refusal(Call("POST", "https://api.example/x", content=KEY.encode(), secret=secret), door)
    assert (type(error), error.reason) == (Throttled, "unreachable")
    assert str(error) == f"api.example could not be reached: the proxy answered {status}"
    (seen,) = proxy.seen
    assert (seen.method, seen.target) == ("CONNECT", "api.example:443")
    assert KEY not in str(seen.headers) + seen.body.decode()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_means_unreachable(scheme: str) -> None:
    """And says that it is the proxy."""
    door = HttpDoor(proxies=Proxies({"all": dead_url()}))
    error = refusal(Call("POST", f"{scheme}://api.example/x"), door)
    assert (type(error), error.reason) == (Throttled, "unreachable")
    assert "the proxy" in str(error)


def test_a_proxy_that_hangs_up_on_the_way_there_means_unreachable() -> None:
    """No tunnel, no call: a paid one is simply made again."""
    with Loopback(Say(cut=-1)) as proxy:
        door = HttpDoor(proxies=Proxies({"https": proxy.url}))
        error = refusal(Call("POST", "https://api.example/x"), door)
    assert (type(error), error.reason) == (Throttled, "unreachable")


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("socks5://me:pa55@127.0.0.1:1", "the proxy is a socks5 one"),
        ("http://me:pa55@[bad", "the proxy's address is not valid"),
        ("http://me:pa55@nobody.invalid:1", "the proxy: "),
    ],
)
def test_a_proxy_that_cannot_be_used_is_said(proxy: str, words: str) -> None:
    """It is the proxy that is wrong, not the service; the proxy's password stays unsaid."""
    error = refusal(Call("GET", "https://api.example/"), HttpDoor(proxies=Proxies({"all": proxy})))
    assert isinstance(error, Throttled)
    assert words in str(error)
    assert "pa55" not in str(error)
