"""robots.txt, respected."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from glaze_cli.errors import LookupFailed
from glaze_cli.model import Found
from tests.loopback import Say
from tests.providers.services.visiting import (
    ORGANISATION,
    ask,
    fails,
    html,
    internet,
    page,
    question,
    site,
    visitor,
)

ACME = html(page(ORGANISATION))


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (Say(200, {}, b"User-agent: *\nDisallow: /"), False),
        (Say(200, {}, b"User-agent: glaze\nDisallow: /\n\nUser-agent: *\nAllow: /"), False),
        (Say(200, {}, b"\xef\xbb\xbfUser-Agent: GLAZE\r\nDisallow: /\r\n"), False),
        (Say(200, {}, b"User-agent: *\nDisallow: /*"), False),
        (Say(200, {}, b"User-agent: *\nDisallow: /\n\nUser-agent: glaze\nAllow: /"), True),
        (Say(200, {}, b"User-agent: *\nDisallow: /private"), True),
        (Say(200, {}, b"User-agent: other\nDisallow: /"), True),
        (Say(200, {}, b"User-agent: *\nDisallow: /\nAllow: /$"), True),
        (Say(200, {}, b"User-agent: *\nDisallow:"), True),
        (Say(200, {}, b""), True),
        (html("<html>not found</html>"), True),  # a page is no rule
        (Say(200, {}, b"\x00\xff" * 1_000), True),
        (Say(200, {}, b"User-agent: *\nDisallow: /" + b"*a" * 100_000), True),
        (Say(401), True),
        (Say(403), True),
        (Say(404, {}, b"User-agent: *\nDisallow: /"), True),  # RFC 9309: as if there were none
    ],
)
def test_its_rules(robots: Say, allowed: bool) -> None:
    """A page that its owner closes to us is a failure in words, never a miss."""
    if allowed:
        assert isinstance(ask(site(ACME, robots)), Found)
    else:
        error = fails(site(ACME, robots))
        assert isinstance(error, LookupFailed)
        assert str(error) == "the robots.txt of acme.com asks not to read this page"


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_fails_has_not_said_yes(status: int) -> None:
    """As RFC 9309 has it; the page is not asked for."""
    asked: list[str] = []

    def network(request: httpx.Request) -> Say:
        asked.append(request.url.path)
        return Say(status)

    assert str(status) in str(fails(network))
    assert asked == ["/robots.txt"]


def test_the_rules_of_where_it_leads_count_as_well() -> None:
    """Those of another host, and for another path."""
    closed = Say(200, {}, b"User-agent: *\nDisallow: /en/")
    network = internet(
        {
            "https://acme.com/": Say.redirect("https://www.acme.com/en/"),
            "https://www.acme.com/en/": ACME,
            "https://www.acme.com/robots.txt": closed,
        }
    )
    assert str(fails(network)) == "the robots.txt of www.acme.com asks not to read this page"


def test_it_is_read_once() -> None:
    """For a site, and for the host that its robots.txt leads to."""
    asked: list[str] = []
    pages = internet(
        {
            "https://acme.com/": Say.redirect("https://www.acme.com/"),
            "https://acme.com/robots.txt": Say.redirect("https://www.acme.com/robots.txt"),
            "https://www.acme.com/robots.txt": Say(200, {}, b"User-agent: *\nDisallow: /private"),
            "https://www.acme.com/": ACME,
        }
    )

    def network(request: httpx.Request) -> Say:
        asked.append(str(request.url))
        return pages(request)

    async def twice() -> None:
        provider = visitor(network)
        for website in ("acme.com", "www.acme.com/about"):
            assert isinstance(await provider.look_up(question(website=website)), Found)

    asyncio.run(twice())
    assert [url for url in asked if url.endswith("robots.txt")] == [
        "https://acme.com/robots.txt",
        "https://www.acme.com/robots.txt",
    ]
