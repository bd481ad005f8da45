"""Hosts that a cell or a redirect names: only those of the open internet are asked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import httpx
import pytest

from glaze_cli.errors import LookupFailed, ProviderError, Throttled
from glaze_cli.providers.guard import resolve_host
from glaze_cli.providers.http import Call, HttpDoor
from glaze_cli.providers.proxies import Proxies
from tests.loopback import Loopback, Say, Seen

NAMES = {
    "shop.example": ("93.184.216.34",),
    "inside.example": ("10.0.0.7",),
    "both.example": ("93.184.216.34", "10.0.0.7"),
    "meta.example": ("169.254.169.254",),
    "mapped.example": ("::ffff:127.0.0.1",),
    "local.example": ("127.0.0.1",),
}


async def resolve(host: str) -> Collection[str]:
    """The names of these tests; the rest is unknown."""
    return NAMES.get(host, ())


def send(door: HttpDoor, *calls: Call) -> list[int | ProviderError]:
    """The statuses of the calls, one after the other, or the errors they end in."""

    async def all_of_them() -> list[int | ProviderError]:
        results: list[int | ProviderError] = []
        for call in calls:
            try:
                results.append((await door.send(call)).status)
            except ProviderError as error:
                results.append(error)
        await door.close()
        return results

    return asyncio.run(all_of_them())


def visit(url: str, door: HttpDoor, foreign: bool = True) -> int | ProviderError:
    """The outcome of a visit to an address that a cell gave."""
    return send(door, Call("GET", url, free=True, foreign=foreign))[0]


def unreachable_web() -> HttpDoor:
    """A door to a web that answers 200 to whatever gets there."""
    return HttpDoor(httpx.MockTransport(lambda request: httpx.Response(200)), resolve=resolve)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "https://shop.example:8443/about",
        "http://SHOP.example./",  # the root's dot
        "http://93.184.216.34/",
        "http://unknown.example/",  # nobody knows it here: it cannot be connected to either
    ],
)
def test_what_is_on_the_internet_is_asked(url: str) -> None:
    """Public hosts at the ports of websites."""
    assert visit(url, unreachable_web()) == 200


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://inside.example/", "inside a private network"),
        ("http://both.example/", "inside a private network"),  # one private address is enough
        ("http://meta.example/latest/meta-data", "inside a private network"),
        ("http://mapped.example/", "inside a private network"),
        ("http://127.0.0.1/", "inside a private network"),
        ("http://127.0.0.1./", "inside a private network"),
        ("http://127.1/", "inside a private network"),
        ("http://2130706433/", "inside a private network"),
        ("http://0x7f.1/", "inside a private network"),
        ("http://0/", "inside a private network"),
        ("http://127。0。0。1/", "inside a private network"),  # dots of another script
        ("http://１２７.0.0.1/", "not valid"),  # wide digits
        ("http://①②⑦.0.0.1/", "not valid"),
        ("http://0177.0.0.1/", "not valid"),  # octal
        ("http://[::1]/", "inside a private network"),
        ("http://[::ffff:127.0.0.1]/", "inside a private network"),
        ("http://[::ffff:a9fe:a9fe]/", "inside a private network"),
        ("http://[64:ff9b::7f00:1]/", "inside a private network"),
        ("http://[fe80::1%25eth0]/", "inside a private network"),
        ("http://localhost/", "inside a private network"),
        ("http://LOCALHOST./", "inside a private network"),
        ("http://intranet/", "inside a private network"),  # a name of one word is nobody's on the internet
        ("http://printer.local/", "inside a private network"),
        ("http://metadata.google.internal/", "inside a private network"),
        ("http://shop.example:22/", "port 22"),
        ("https://shop.example:6379/", "port 6379"),
        ("http://user:pw@shop.example/", "no plain web address"),
        ("http://shop.example@127.0.0.1/", "no plain web address"),
        ("ftp://shop.example/", "no plain web address"),
        ("file:///etc/passwd", "no plain web address"),
        ("http:///path", "no plain web address"),
    ],
)
def test_what_is_not_is_refused(url: str, words: str) -> None:
    """A cell cannot make us ask this machine, its network, or anything but a website."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200)

    error = visit(url, HttpDoor(httpx.MockTransport(answer), resolve=resolve))
    assert isinstance(error, LookupFailed)
    assert error.reason == "bad_input"
    assert words in str(error)
    assert asked == []


def test_a_manifests_own_host_may_be_at_home() -> None:
    """What the user set up is the user's choice; only what cells name is looked at."""
    with Loopback(Say.json({})) as server:
        assert visit(server.url, HttpDoor(), foreign=False) == 200
        assert isinstance(visit(server.url, HttpDoor()), LookupFailed)
    assert len(server.seen) == 1


# ── the address that was checked is the one connected to ──────────────────────────────────────────


def test_a_name_cannot_change_its_address_after_the_check() -> None:
    """Resolved once: what a name server says later (rebinding) is not heard."""
    asked: list[str] = []

    async def two_faced(host: str) -> Collection[str]:
        asked.append(host)
        return ("127.0.0.1",) if len(asked) == 1 else ("10.0.0.7",)

    def only_loopback(address: str) -> bool:
        return address == "127.0.0.1"

    with Loopback(Say.json({})) as server:
        door = HttpDoor(resolve=two_faced, allow=only_loopback, ports=None)
        # `.invalid` is known to no name server: only the pinned address can have led to the server.
        assert visit(f"http://shop.invalid:{server.port}/", door) == 200
    assert asked == ["shop.invalid"]
    assert server.seen[0].headers["host"] == f"shop.invalid:{server.port}"


def test_a_name_that_changed_since_is_refused() -> None:
    """Each call is decided anew, an open connection or not."""
    answers = iter([("127.0.0.1",), ("10.0.0.7",)])

    async def two_faced(host: str) -> Collection[str]:
        return next(answers)

    with Loopback(Say.json({})) as server:
        door = HttpDoor(resolve=two_faced, allow=lambda address: address == "127.0.0.1", ports=None)
        call = Call("GET", f"http://shop.invalid:{server.port}/", free=True, foreign=True)
        first, second = send(door, call, call)
    assert first == 200
    assert isinstance(second, LookupFailed)
    assert len(server.seen) == 1


def test_an_ordinary_connection_does_not_serve_a_foreign_call() -> None:
    """A connection made without a check is not taken for one that was checked."""
    with Loopback(Say.json({})) as server:
        door = HttpDoor(allow=lambda address: True, ports=None)
        url = f"http://127.0.0.1:{server.port}/"
        assert send(door, Call("GET", url), Call("GET", url, foreign=True)) == [200, 200]
    assert server.connections == 2


def test_a_host_that_nobody_knows_is_unreachable() -> None:
    """Nothing was sent, so it is no verdict on the host's answer."""
    error = visit("http://nobody.example/", HttpDoor(resolve=resolve))
    assert isinstance(error, Throttled)
    assert error.reason == "unreachable"


# ── redirects ─────────────────────────────────────────────────────────────────────────────────────


def hops(door: HttpDoor, start: str, foreign: bool = True) -> ProviderError:
    """The error that a visit ends in."""
    error = visit(start, door, foreign)
    assert isinstance(error, LookupFailed)
    return error


@pytest.mark.parametrize("foreign", [True, False])
@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/admin",
        "http://2130706433/",
        "http://169.254.169.254/latest/meta-data",
        "http://inside.example/",
        "http://localhost:8080/",
        "http://shop2.example:22/",
    ],
)
def test_no_hop_leads_inside(target: str, foreign: bool) -> None:
    """The first hop is looked at as the address itself is, and so is every later one."""
    pages = {"http://shop.example/": "http://other.example/", "http://other.example/": target}

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"location": pages[str(request.url)]})

    for start in ("http://other.example/", "http://shop.example/"):
        asked: list[str] = []
        error = hops(HttpDoor(httpx.MockTransport(answer), resolve=resolve), start, foreign)
        assert "other.example redirected to" in str(error)
        assert asked[-1] == "http://other.example/"


def test_a_hop_is_pinned_too() -> None:
    """The stranger's name of a redirect is resolved once, and connected to as decided."""
    asked: list[str] = []

    async def note(host: str) -> Collection[str]:
        asked.append(host)
        return ("127.0.0.1",)

    def answer(seen: Seen) -> Say:
        here = seen.headers["host"]
        return Say.redirect(f"http://b.invalid:{server.port}/") if here.startswith("a.") else Say.json({})

    with Loopback(answer) as server:
        door = HttpDoor(resolve=note, allow=lambda address: True, ports=None)
        assert visit(f"http://a.invalid:{server.port}/", door) == 200
    assert asked == ["a.invalid", "b.invalid"]


# ── behind a proxy ────────────────────────────────────────────────────────────────────────────────


def test_behind_a_proxy_a_host_is_judged_by_what_is_known() -> None:
    """The proxy connects. What is private by its address or name here is refused; the unknown is its own."""
    with Loopback(Say.json({})) as proxy:
        door = HttpDoor(resolve=resolve, proxies=Proxies({"http": proxy.url}))
        calls = [
            Call("GET", f"http://{host}/", free=True, foreign=True)
            for host in ("unknown.example", "shop.example", "inside.example", "10.0.0.7", "intranet")
        ]
        results = send(door, *calls)
    assert results[:2] == [200, 200]
    assert all(isinstance(result, LookupFailed) for result in results[2:])
    assert [seen.target for seen in proxy.seen] == ["http://unknown.example/", "http://shop.example/"]


def test_names_are_resolved_by_this_machine() -> None:
    """What the machine knows has addresses; what nobody knows has none, and raises nothing."""
    assert set(asyncio.run(resolve_host("localhost"))) <= {"127.0.0.1", "::1"}
    assert asyncio.run(resolve_host("127.0.0.1")) == ("127.0.0.1",)
    assert asyncio.run(resolve_host("no such host")) == ()
    assert asyncio.run(resolve_host("x" * 70 + ".example")) == ()  # longer than a label can be
