"""The door: what it sends, what it refuses to follow, and what each broken network becomes."""

from __future__ import annotations

import asyncio
import base64
import gzip
import logging
import zlib
from collections.abc import Collection

import httpx
import pytest

from glaze_cli import __version__
from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.providers.http import Call, HttpDoor, Reply, Secret
from glaze_cli.providers.redirects import next_stop
from tests.loopback import Loopback, Say, dead_url

KEY = "s3cr3t-k3y"


def send(call: Call, door: HttpDoor | None = None) -> Reply:
    """One call through a door of its own."""
    door = door or HttpDoor()

    async def once() -> Reply:
        try:
            return await door.send(call)
        finally:
            await door.close()

    return asyncio.run(once())


def fails(call: Call, door: HttpDoor | None = None) -> ProviderError:
    """The error that the call ends in."""
    with pytest.raises(ProviderError) as caught:
        send(call, door)
    return caught.value


def get(url: str, **more: object) -> Call:
    """A GET."""
    return Call("GET", url, **more)  # type: ignore[arg-type]


def test_a_call_arrives_as_it_was_made() -> None:
    """Method, encoded address, headers, body and our name reach the server; the answer comes back whole."""
    door = HttpDoor(contact="me@example.com")
    with Loopback(Say.json({"ok": "ja"}, 201, x_one="1")) as server:
        call = Call("POST", f"{server.url}/a%2Fb?q=%20%26", (("x-two", "2"),), b'{"n": 1}')
        reply = send(call, door)
    (seen,) = server.seen
    assert (seen.method, seen.target, seen.json) == ("POST", "/a%2Fb?q=%20%26", {"n": 1})
    assert seen.headers["x-two"] == "2"
    assert seen.headers["user-agent"] == f"glaze/{__version__} (+me@example.com)"
    assert (reply.status, reply.headers["x-one"], reply.text) == (201, "1", '{"ok": "ja"}')


def test_a_key_reaches_the_service_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    """A key in query or header is sent, and shown by no repr, no reply and no log."""
    secret = Secret(headers=(("x-key", KEY),), query=(("api_key", KEY),))
    with caplog.at_level(logging.DEBUG), Loopback(Say.json({})) as server:
        call = get(f"{server.url}/x?a=1", secret=secret)
        reply = send(call)
    assert server.seen[0].query == {"a": "1", "api_key": KEY}
    assert server.seen[0].headers["x-key"] == KEY
    assert KEY not in repr(call) + repr(reply) + caplog.text


# ── what becomes of a broken network ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("free", [True, False])
def test_where_nothing_was_sent_the_call_is_made_again(free: bool) -> None:
    """A host that nobody listens at is Throttled(unreachable), however dear the call."""
    error = fails(get(dead_url(), free=free))
    assert isinstance(error, Throttled)
    assert error.reason == "unreachable"
    assert "127.0.0.1 could not be reached" in str(error)


def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    """No such host: nothing was sent."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[Errno -2] Name or service not known")

    error = fails(get("https://nobody.invalid/"), HttpDoor(httpx.MockTransport(refuse)))
    assert isinstance(error, Throttled)
    assert "nobody.invalid could not be reached" in str(error)


LOST = [
    pytest.param(Say(cut=-1), id="cut before the first byte"),
    pytest.param(Say(body=b"0123456789", cut=4), id="cut in the body"),
    pytest.param(
        Say(headers={"content-encoding": "gzip"}, body=gzip.compress(b"x" * 999)[:-9]),
        id="packed body stops short",
    ),
    pytest.param(Say(body=b"x" * 99, drip_s=0.05), id="a slow drip: each byte in time, the whole never"),
]


@pytest.mark.parametrize("answer", LOST)
@pytest.mark.parametrize(
    ("free", "idempotent", "kind", "reason"),
    [
        (True, False, Throttled, "unreachable"),  # costs nothing: again
        (False, True, Throttled, "unknown_outcome"),  # the service knows it again
        (False, False, LookupFailed, "unknown_outcome"),  # may have been billed: never twice
    ],
)
def test_a_lost_reply_is_never_paid_twice(
    answer: Say, free: bool, idempotent: bool, kind: type[ProviderError], reason: str
) -> None:
    """After the call was sent, only a free or idempotent one may be repeated."""
    door = HttpDoor(connect_s=1.0, reply_s=0.5)
    with Loopback(answer) as server:
        error = fails(get(server.url, free=free, idempotent=idempotent), door)
    assert type(error) is kind
    assert error.reason == reason
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "broken",
    [
        httpx.ReadTimeout("slow"),
        httpx.WriteError("pipe"),
        httpx.RemoteProtocolError(f"bad line, request had {KEY}"),
    ],
)
def test_errors_do_not_quote_the_request(broken: httpx.TransportError) -> None:
    """What the client library says about a request is not passed on, nor chained: it may hold the key."""

    def breaks(request: httpx.Request) -> httpx.Response:
        raise broken

    error = fails(get("https://api.example/x"), HttpDoor(httpx.MockTransport(breaks)))
    assert error.reason == "unknown_outcome"
    assert KEY not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


# ── size and packing ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "answer",
    [
        Say(body=b"x" * 2_000_001),  # plain
        Say.gzip_bomb(20),
        Say(headers={"content-encoding": "deflate"}, body=zlib.compress(bytes(2_000_001))),
    ],
)
def test_a_body_over_the_cap_is_refused(answer: Say) -> None:
    """More than 2 MB, unpacked, ends the lookup with a sentence that says so."""
    with Loopback(answer) as server:
        error = fails(get(server.url, free=True))
    assert isinstance(error, LookupFailed)
    assert error.reason == "provider_error"
    assert "larger than 2,000,000 bytes" in str(error)


PAGES = [
    pytest.param(Say(body=b"x" * 3_000_000), id="plain"),
    pytest.param(Say.gzip_bomb(20), id="packed"),
    pytest.param(Say.gigabytes(3, "text/html"), id="3 GB"),
]


@pytest.mark.parametrize("answer", PAGES)
def test_a_page_over_the_cap_may_be_cut(answer: Say) -> None:
    """Where its beginning is enough, the first 2 MB are the answer, and the rest is not fetched."""
    with Loopback(answer) as server:
        reply = send(get(server.url, free=True, cut=True))
    assert (len(reply.body), reply.cut) == (2_000_000, True)
    assert server.sent < 20_000_000


def test_a_page_within_the_cap_is_not_cut() -> None:
    """A reply says whether it is whole; a call may have a cap of its own."""
    with Loopback(Say(body=b"x" * 1_000)) as server:
        whole = send(get(server.url, cut=True, max_bytes=1_000))
        short = send(get(server.url, cut=True, max_bytes=999))
        error = fails(get(server.url, free=True, max_bytes=999))
    assert (len(whole.body), whole.cut) == (1_000, False)
    assert (len(short.body), short.cut) == (999, True)
    assert "larger than 999 bytes" in str(error)


def test_a_paid_answer_that_cannot_be_read_may_have_been_billed() -> None:
    """It came, and with it perhaps a bill that we cannot see: the outcome is unknown, not free."""
    with Loopback(Say.gzip_bomb(20)) as server:
        assert fails(get(server.url)).reason == "unknown_outcome"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress("übrig".encode(), mtime=0)),
        ("deflate", zlib.compress("übrig".encode())),
        ("identity", "übrig".encode()),
        ("", "übrig".encode()),
    ],
)
def test_packed_answers_are_unpacked(encoding: str, body: bytes) -> None:
    """gzip and deflate arrive as what they held."""
    with Loopback(Say(headers={"content-encoding": encoding}, body=body)) as server:
        assert send(get(server.url)).text == "übrig"


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("br", "packed as 'br'"), ("gzip", "cannot be unpacked")],
)
def test_what_cannot_be_unpacked_fails(encoding: str, words: str) -> None:
    """Packing that was not asked for, or broken, is a failed lookup."""
    with Loopback(Say(headers={"content-encoding": encoding}, body=b"not packed at all")) as server:
        error = fails(get(server.url, free=True))
    assert isinstance(error, LookupFailed)
    assert words in str(error)


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html; charset=ISO-8859-1", b"M\xfcller", "Müller"),
        ("text/html;;charset=utf-8", "Müller".encode(), "Müller"),  # seen in the wild
        ("text/html; charset=klingon", "Müller".encode(), "Müller"),  # unknown: UTF-8
        ("text/html", b"M\xfcller", "M\ufffdller"),  # unreadable stays visible
        ("", "Müller".encode(), "Müller"),
    ],
)
def test_text_is_read_by_its_charset(content_type: str, body: bytes, text: str) -> None:
    """The declared charset, else UTF-8; no charset makes it raise."""
    assert Reply(200, {"content-type": content_type}, body, "https://x.example").text == text


# ── redirects ─────────────────────────────────────────────────────────────────────────────────────


async def resolve(host: str) -> Collection[str]:
    """The names of these tests; what ends in .inside is at home."""
    return {"127.0.0.1"} if host.endswith(".inside") else {"93.184.216.34"}


class Web:
    """A made-up web: address → where it redirects to. Keeps what it was asked."""

    def __init__(self, redirects: dict[str, str], status: int = 302) -> None:
        self.asked: list[httpx.Request] = []
        self._redirects = redirects
        self._status = status

    def door(self) -> HttpDoor:
        """A door to it."""
        return HttpDoor(httpx.MockTransport(self._answer), resolve=resolve)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        target = self._redirects.get(str(request.url.copy_with(query=None)))
        return httpx.Response(self._status, headers={"location": target}) if target else httpx.Response(200)


SECRET = Secret(headers=(("authorization", f"Bearer {KEY}"),), query=(("key", KEY),))


@pytest.mark.parametrize(
    ("start", "target", "carried"),
    [
        ("https://a.example/x", "https://a.example/y", True),  # same origin
        ("https://a.example/x", "/y", True),  # relative
        ("http://a.example/x", "https://a.example/x", True),  # upgrade
        ("https://a.example/x", "http://a.example/x", False),  # downgrade: readable on the way
        ("https://a.example/x", "https://b.example/x", False),  # another host
        ("https://a.example/x", "https://api.a.example/x", False),  # a sister is another host
        ("https://a.example/x", "https://a.example:8443/x", False),  # another service there
    ],
)
def test_a_key_follows_a_redirect_to_its_own_service_only(start: str, target: str, carried: bool) -> None:
    """Headers and query with a key are sent on to the same origin, and dropped for any other."""
    web = Web({start: target})
    reply = send(get(start, secret=SECRET), web.door())
    last = web.asked[-1]
    assert len(web.asked) == 2
    assert ("authorization" in last.headers) is carried
    assert ("key" in last.url.params) is carried
    assert KEY not in reply.url


def test_a_key_in_the_services_own_redirect_is_sent_once_and_kept_quiet() -> None:
    """A service that writes our query into its redirect gets the key once; the reply's address has none."""
    web = Web({"https://a.example/x": f"https://a.example/y?b=1&key={KEY}"})
    reply = send(get("https://a.example/x", secret=SECRET), web.door())
    assert web.asked[-1].url.params.multi_items() == [("b", "1"), ("key", KEY)]
    assert reply.url == "https://a.example/y?b=1"


def test_a_key_once_dropped_is_not_sent_again() -> None:
    """Away and back: the other host chose the way back, so the key stays out."""
    web = Web({"https://a.example/x": "https://b.example/", "https://b.example/": "https://a.example/admin"})
    send(get("https://a.example/x", secret=SECRET), web.door())
    assert [KEY in str(request.headers.raw) + str(request.url) for request in web.asked] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("key", [KEY, "k/e+y"])
def test_a_redirect_that_carries_the_key_away_is_refused(key: str) -> None:
    """A server that echoes our query into an address elsewhere does not get it delivered."""
    where = httpx.QueryParams({"key": key})
    web = Web({"https://a.example/x": f"https://b.example/?{where}"})
    error = fails(get("https://a.example/x", secret=Secret(query=(("key", key),))), web.door())
    assert "with the key in the address" in str(error)
    assert key not in str(error)
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/admin",
        "http://169.254.169.254/latest/meta-data",  # a cloud machine's own secrets
        "http://10.0.0.7/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1]/",
        "http://router.inside/",  # a name for it
    ],
)
def test_no_redirect_leads_from_the_internet_into_the_house(target: str) -> None:
    """A public host cannot make us ask a private, loopback or link-local one."""
    web = Web({"https://a.example/x": target})
    error = fails(get("https://a.example/x", free=True), web.door())
    assert isinstance(error, LookupFailed)
    assert "inside a private network" in str(error)
    assert len(web.asked) == 1


def test_inside_the_house_redirects_are_followed() -> None:
    """A service of one's own network may redirect within it."""
    web = Web({"http://10.0.0.7/x": "http://wiki.inside/y"})
    assert send(get("http://10.0.0.7/x"), web.door()).url == "http://wiki.inside/y"


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "ftp://a.example/",
        "https://user:pw@b.example/",
        "https://b.example:99999/",
    ],
)
def test_a_redirect_to_nowhere_fails(target: str) -> None:
    """Only plain web addresses are followed."""
    error = fails(get("https://a.example/x"), Web({"https://a.example/x": target}).door())
    assert isinstance(error, LookupFailed)
    assert "a.example redirected to an address" in str(error)


def test_an_address_that_is_none_fails() -> None:
    """What no client library reads as an address is refused by our own sentence."""
    with pytest.raises(LookupFailed, match="not valid"):
        next_stop(httpx.URL("https://a.example/x"), "https://b.example:x/")


def test_redirects_end() -> None:
    """A loop is left after five redirects."""
    with Loopback(Say.redirect("/again")) as server:
        error = fails(get(server.url, free=True))
    assert "redirected more than 5 times" in str(error)
    assert len(server.seen) == 6


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_is_posted_is_not_sent_on(status: int) -> None:
    """A redirected POST is the answer itself: it may cost money, and holds cells."""
    web = Web({"https://a.example/x": "https://b.example/"}, status)
    assert send(Call("POST", "https://a.example/x", content=b"{}"), web.door()).status == status
    assert len(web.asked) == 1


def test_an_address_that_is_too_long_is_bad_input() -> None:
    """A cell that holds a whole page is refused before anything is sent."""
    web = Web({})
    error = fails(get("https://a.example/" + "x" * 70_000), web.door())
    assert (type(error), error.reason, web.asked) == (LookupFailed, "bad_input", [])


def test_no_cookie_is_kept() -> None:
    """One lookup does not influence the next."""
    door = HttpDoor()

    async def twice(url: str) -> None:
        for _ in range(2):
            await door.send(get(url))
        await door.close()

    with Loopback(Say(headers={"set-cookie": "seen=1; path=/"})) as server:
        asyncio.run(twice(server.url))
    assert ["cookie" in seen.headers for seen in server.seen] == [False, False]


def test_a_basic_key_is_found_in_an_address_too() -> None:
    """The check for a key in an address looks for the key itself, not for `Basic `."""
    secret = Secret(headers=(("authorization", "Basic " + base64.b64encode(b"id:pw").decode()),))
    assert secret.in_text("https://b.example/?t=aWQ6cHc%3D")
    assert not secret.in_text("https://b.example/?t=Basic")
