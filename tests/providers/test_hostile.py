"""A hostile server: it never makes us hang, never gets or shows a key, and never makes a value.

Each evil is met over real connections, straight and through a proxy, where the service has a public name.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Collection, Coroutine
from typing import Any

import pytest

from glaze_cli.errors import LookupFailed, ProviderError, ProviderUnusable, Throttled
from glaze_cli.model import Answer, Field, Lookup
from glaze_cli.providers.http import Call, HttpDoor, Reply, Secret
from glaze_cli.providers.manifest.load import load_manifest
from glaze_cli.providers.manifest.provider import ManifestProvider
from glaze_cli.providers.proxies import Proxies
from glaze_cli.providers.setup import Setup
from tests.loopback import Loopback, Say, Script

KEY = "s3cr3t-k3y"
SERVICE = "http://api.acme.example"

AUTH = {
    "query": 'kind = "query"\nenv = "ACME_KEY"\nname = "api_key"\n',
    "header": 'kind = "header"\nenv = "ACME_KEY"\nname = "x-api-key"\n',
    "bearer": 'kind = "bearer"\nenv = "ACME_KEY"\n',
}

MANIFEST = """\
id = "acme"
version = "1"
tier = "cheap"
base_url = "https://api.acme.example"

[auth]
{auth}
[[op]]
id = "find"
needs = ["company"]
gives = ["website"]
request = {{path = "/companies/{{company}}"}}
extract = {{website = "body.site"}}
rules = [{{when = "body.error.code == `401`", then = "auth"}}, {{when = "body.error", then = "retry"}}]
cost = {{usd = "{usd}"}}
"""


async def resolve(host: str) -> Collection[str]:
    """Every name is on the internet, but for those that say that they are not."""
    return ("10.0.0.7",) if host.endswith(".inside.example") else ("93.184.216.34",)


def door(server: Loopback) -> HttpDoor:
    """Little patience, and the server for a proxy, so that it can be any host of the internet."""
    return HttpDoor(
        connect_s=2.0,
        reply_s=1.0,
        max_bytes=100_000,
        resolve=resolve,
        ports=None,
        proxies=Proxies({"http": server.url}),
    )


def slowly(seen: object) -> Say:
    """Nothing for longer than anybody waits."""
    time.sleep(1.2)
    return Say.json({"site": "evil.example"})


VALUE = b'{"site": "evil.example"}'
TRICKLE = Say(headers={"content-type": "application/json"}, body=VALUE * 9, drip_s=0.1)

EVILS: dict[str, Say | Script] = {
    "a web page as JSON": Say.html_as_json(),
    "3 GB": Say.gigabytes(3),
    "3 GB as a web page": Say.gigabytes(3, "text/html"),
    "a slow drip": TRICKLE,
    "silence": slowly,
    "a redirect loop": Say.redirect("/again"),
    "a redirect to itself": Say.redirect("?"),
    "a redirect to nowhere": Say.redirect("https://[::bad/"),
    "a redirect to a file": Say.redirect("file:///etc/passwd"),
    "a gzip bomb": Say.gzip_bomb(50),
    "gzip that is none": Say(headers={"content-encoding": "gzip"}, body=VALUE),
    "packed as nobody asked": Say(headers={"content-encoding": "br"}, body=VALUE),
    "packed twice": Say(headers={"content-encoding": "gzip, gzip"}, body=VALUE),
    "an unknown charset": Say(headers={"content-type": "text/html; charset=klingon"}, body=b"\xff\xfe{"),
    "a charset that is code": Say(headers={"content-type": "text/html; charset=zip_codec"}, body=b"\xff{"),
    "200 with an error inside": Say.json({"error": {"code": 500, "message": f"bad key {KEY}"}}),
    "200 with a refusal inside": Say.json({"error": {"code": 401, "message": f"bad key {KEY}"}}),
    "endless headers": Say.endless_headers(),
    "an endless header": Say.endless_line(),
    "no HTTP": Say(raw=lambda: [b"SSH-2.0-OpenSSH_9.6\r\n"]),
    "no HTTP status": Say(raw=lambda: [f"HTTP/1.1 nope {KEY}\r\n\r\n".encode()]),
    "endless hellos": Say(raw=lambda: [b"HTTP/1.1 100 Continue\r\n\r\n"] * 100_000),
    "a length that is none": Say(raw=lambda: [b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n", VALUE]),
    "chunks that are none": Say(raw=lambda: [b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"]),
    "cut in the body": Say(body=VALUE * 9, cut=5),
    "cut at once": Say(cut=-1),
}  # fmt: skip
INWARD = [
    "http://127.0.0.1:{port}/admin",
    "http://2130706433:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://db.inside.example/",
    "http://localhost:{port}/",
]


def outcome(opened: HttpDoor, work: Coroutine[Any, Any, Reply | Answer]) -> Reply | Answer | ProviderError:
    """What the work ends in; the door is closed after it."""

    async def once() -> Reply | Answer | ProviderError:
        try:
            return await work
        except ProviderError as error:
            return error
        finally:
            await opened.close()

    return asyncio.run(once())


def look_up(server: Loopback, straight: bool, auth: str = "query", usd: str = "0") -> object:
    """What the provider of the manifest makes of the server."""
    manifest = load_manifest(MANIFEST.format(auth=AUTH[auth], usd=usd), "acme.toml")
    opened = door(server)
    service = ManifestProvider(manifest, Setup(opened, KEY, "ACME_KEY", server.url if straight else SERVICE))
    return outcome(opened, service.look_up(Lookup.about("acme", "1", {Field("company"): "Acme"})))


def told(error: ProviderError) -> str:
    """All that an error can show: itself, and a traceback of it."""
    return f"{error} {error!r} {vars(error)}" + "".join(traceback.format_exception(error))


@pytest.mark.parametrize("straight", [True, False], ids=["straight", "through a proxy"])
@pytest.mark.parametrize("usd", ["0", "0.02"], ids=["free", "paid"])
@pytest.mark.parametrize("evil", EVILS)
def test_no_evil_makes_a_value_or_hangs_or_shows_the_key(
    evil: str, usd: str, straight: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Each ends soon, in an error that is no miss, and the key is in no error and no log."""
    started = time.monotonic()
    with caplog.at_level(logging.DEBUG), Loopback(EVILS[evil]) as server:
        error = look_up(server, straight, usd=usd)
        taken_s = time.monotonic() - started
    assert isinstance(error, LookupFailed | Throttled | ProviderUnusable), error
    assert taken_s < 4
    assert KEY not in told(error) + caplog.text
    assert server.sent < 20_000_000
    once = "redirect" not in evil
    assert not once or len(server.seen) == 1, "no call is made twice"


@pytest.mark.parametrize("auth", sorted(AUTH))
@pytest.mark.parametrize("target", INWARD)
def test_no_redirect_of_a_service_leads_inside(
    target: str, auth: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A service of the internet cannot make us ask this machine or its network, by whatever name."""
    with (
        caplog.at_level(logging.DEBUG),
        Loopback(Say(body=VALUE)) as inside,
        Loopback(Say.redirect(target.format(port=inside.port))) as server,
    ):
        error = look_up(server, straight=False, auth=auth)
    assert isinstance(error, LookupFailed)
    assert "inside a private network" in str(error)
    assert KEY not in told(error) + caplog.text
    assert inside.seen == []
    assert len(server.seen) == 1


@pytest.mark.parametrize("auth", sorted(AUTH))
def test_no_redirect_takes_the_key_along(auth: str, caplog: pytest.LogCaptureFixture) -> None:
    """Another host that a redirect names is asked without it, and so is the first when that sends us back."""
    evil = Say.redirect("http://evil.example/collect")
    back = Say.redirect(f"{SERVICE}/again")
    with caplog.at_level(logging.DEBUG), Loopback(evil, back, Say(body=VALUE)) as server:
        look_up(server, straight=False, auth=auth)
    first, *later = server.seen
    assert KEY in f"{first}"
    assert [seen.target for seen in later] == ["http://evil.example/collect", f"{SERVICE}/again"]
    assert KEY not in f"{later}" + caplog.text


def test_a_redirect_that_takes_the_key_along_is_not_followed(caplog: pytest.LogCaptureFixture) -> None:
    """A server that puts the key into an address elsewhere gets nobody to go there."""
    evil = Say.redirect(f"http://evil.example/collect?api_key={KEY}")
    with caplog.at_level(logging.DEBUG), Loopback(evil) as server:
        error = look_up(server, straight=False)
    assert isinstance(error, LookupFailed)
    assert KEY not in told(error) + caplog.text
    assert len(server.seen) == 1


# ── the same at the door, where a cell names the host ─────────────────────────────────────────────


@pytest.mark.parametrize("evil", EVILS)
def test_no_evil_of_a_website_hangs_or_shows_the_key(evil: str, caplog: pytest.LogCaptureFixture) -> None:
    """An answer that is whole is handed on as it is, or cut where it may be; all else is an error, soon."""
    started = time.monotonic()
    secret = Secret(query=(("key", KEY),))
    with caplog.at_level(logging.DEBUG), Loopback(EVILS[evil]) as server:
        opened = door(server)
        call = Call("GET", "http://shop.example/", secret=secret, free=True, foreign=True, cut=True)
        end = outcome(opened, opened.send(call))
        taken_s = time.monotonic() - started
    assert taken_s < 4
    assert server.sent < 20_000_000
    assert KEY not in caplog.text
    if isinstance(end, Reply):
        assert len(end.body) <= 100_000
        assert isinstance(end.text, str)
        assert KEY not in repr(end)
    else:
        assert isinstance(end, ProviderError)
        assert KEY not in told(end)


def test_a_loop_is_left_after_five_redirects() -> None:
    """Six calls in all, and no more."""
    with Loopback(Say.redirect("/again")) as server:
        error = look_up(server, straight=True)
    assert isinstance(error, LookupFailed)
    assert "redirected more than 5 times" in str(error)
    assert len(server.seen) == 6


def test_redirects_share_one_patience() -> None:
    """A chain of slow hops takes no longer than one slow answer."""

    def slow(seen: object) -> Say:
        time.sleep(0.8)
        return Say.redirect("/again")

    started = time.monotonic()
    with Loopback(slow) as server:
        error = look_up(server, straight=True)
        assert time.monotonic() - started < 4.5
    assert isinstance(error, Throttled)
