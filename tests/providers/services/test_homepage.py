"""What a company's own home page says of it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import LookupFailed, ProviderError
from glaze_cli.model import Answer, Field, Found, Lookup, NotFound
from glaze_cli.providers.http import HttpDoor
from glaze_cli.providers.services.homepage import HomepageProvider
from glaze_cli.providers.setup import Setup
from tests.loopback import SHARED, Say

RECORDINGS = sorted((SHARED / "recordings" / "website").glob("*.json"))
shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not RECORDINGS, reason="needs ../shared/recordings"),
]

Network = Callable[[httpx.Request], Say]


async def public(host: str) -> list[str]:
    """Every name is somewhere on the open internet, but for one."""
    return ["127.0.0.1"] if host.startswith("inside.") else ["93.184.216.34"]


def ask(network: Network, **inputs: str) -> Answer:
    """What the provider answers, with this network."""

    def answer(request: httpx.Request) -> httpx.Response:
        said = network(request)
        return httpx.Response(said.status, headers=dict(said.headers), content=said.body)

    door = HttpDoor(httpx.MockTransport(answer), resolve=public, reply_s=5)
    fields = {Field(name): text for name, text in (inputs or {"domain": "acme.com"}).items()}
    return asyncio.run(HomepageProvider(Setup(door)).look_up(Lookup.about("homepage", "1", fields)))  # type: ignore[return-value]


def fails(network: Network, **inputs: str) -> ProviderError:
    """The error it ends in."""
    with pytest.raises(ProviderError) as caught:
        ask(network, **inputs)
    return caught.value


def html(body: str, status: int = 200, kind: str = "text/html; charset=utf-8") -> Say:
    """A page."""
    return Say(status, {"content-type": kind}, body.encode())


def site(page: Say, robots: Say | None = None) -> Network:
    """One page, and its robots.txt."""
    return lambda request: (robots or Say(404)) if request.url.path == "/robots.txt" else page


def values(answer: Answer) -> dict[str, Any]:
    """What was found."""
    assert isinstance(answer, Found), answer
    return {str(field): value for field, value in answer.values.items()}


ORGANISATION = {
    "@context": "https://schema.org",
    "@type": "Corporation",
    "name": "Acme  Steel AG",
    "logo": {"@type": "ImageObject", "url": "/logo.png"},
    "telephone": "+49 30 1234567",
    "email": "Info@acme.com",
    "foundingDate": "1998-05-01",
    "numberOfEmployees": {"@type": "QuantitativeValue", "value": 120},
    "vatID": "DE123456789",
    "address": {
        "streetAddress": "Low Road 1",
        "addressLocality": "Ulm",
        "postalCode": "01067",
        "addressCountry": "DE",
    },
    "sameAs": ["https://de.linkedin.com/company/acme-steel/?trk=x", "https://twitter.com/acme"],
}


def page(
    *blocks: object, body: str = "", title: str = "Acme: steel", description: str = "Steel for all."
) -> str:
    """A page with these JSON-LD blocks."""
    scripts = "".join(
        f'<script type="application/ld+json">{b if isinstance(b, str) else json.dumps(b)}</script>'
        for b in blocks
    )
    meta = f'<meta name="description" content="{description}">' if description else ""
    return f"<html><head><title>{title}</title>{meta}{scripts}</head><body>{body}</body></html>"


def test_everything_it_says_of_itself() -> None:
    """JSON-LD first, then the head."""
    found = ask(site(html(page(ORGANISATION))), website="https://www.acme.com/about?x=1")
    assert values(found) == {
        "website": "https://www.acme.com/",
        "domain": "acme.com",
        "company": "Acme Steel AG",
        "page_title": "Acme: steel",
        "description": "Steel for all.",
        "logo": "https://www.acme.com/logo.png",
        "phone": "+49 30 1234567",
        "email": "info@acme.com",
        "linkedin": "https://www.linkedin.com/company/acme-steel",
        "twitter": "https://twitter.com/acme",
        "founded": 1998,
        "employee_count": 120,
        "vat": "DE123456789",
        "address": "Low Road 1",
        "city": "Ulm",
        "postcode": "01067",
        "country_code": "DE",
    }
    assert isinstance(found, Found) and found.confidence == 0.9


def test_without_json_ld_head_and_links_count() -> None:
    """A little less sure; only what there is exactly one of, and only mail boxes at its own domain."""
    body = """
      <a href="tel:+49%2030%201234567">call</a> <a href="mailto:hello@acme.com?subject=x">write</a>
      <a href="mailto:web@designer.example">made by</a> <a href="javascript:alert(1)">x</a>
      <a href="https://www.facebook.com/acmesteel/">fb</a>
      <a href="https://www.facebook.com/sharer/sharer.php?u=x">share</a>
      <a href="https://twitter.com/intent/tweet?x">tweet</a> <a href="https://x.com/acme">x</a>
      <a href="https://www.youtube.com/watch?v=1">film</a> <a href="https://www.instagram.com/p/abc/">post</a>
      <a href="https://github.com/acme">code</a> <a href="https://github.com/other">other</a>"""
    found = ask(site(html(page(body=body))))
    got = values(found)
    assert isinstance(found, Found) and found.confidence == 0.8
    assert got["phone"] == "+49 30 1234567" and got["email"] == "hello@acme.com"
    assert got["facebook"] == "https://www.facebook.com/acmesteel" and got["twitter"] == "https://x.com/acme"
    assert not {"youtube", "instagram", "github", "company"} & got.keys()  # films, posts, two of them


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ({"@graph": [{"@type": "WebPage"}, ORGANISATION]}, "Acme Steel AG"),
        ([{"@type": ["Organization", "Brand"], "name": "Acme"}], "Acme"),
        ({"@type": "WebSite", "publisher": {"@type": "Organization", "name": "Acme"}}, "Acme"),
        ({"@type": "Article", "publisher": {"@type": "Organization", "name": "Other"}}, None),
        ({"@type": "Person", "name": "Ada"}, None),
        ([{"@type": "Organization", "name": "A"}, {"@type": "Organization", "name": "B"}], None),  # two
        ('{"@type": "Organization", /* ours */ "name": "Acme"}', "Acme"),
        ('{"@type": "Organization",\n// ours\n"name": "Ac\nme"}', "Ac me"),
        ('{"@type": "Organization", "name": ', None),
        ("[" * 50_000, None),
    ],
)
def test_the_organisation_is_the_sites_own(block: object, name: str | None) -> None:
    """In graphs and lists, with comments and control characters; an article's publisher is not looked at."""
    assert values(ask(site(html(page(block))))).get("company") == name


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (html(page(title="Just a moment...")), "Just a moment"),
        (html(page(title="acme.com - domain for sale")), "for sale"),
        (html(page(title="Welcome to nginx!")), "nginx"),
        (html(page(title="Apache2 Debian Default Page: It works")), "Apache2"),
        (html(page(title="404 Not Found")), "404"),
        (html('<html><head><title>App</title></head><body><div id="root"></div></body></html>'), "nothing"),
        (html("", 200), "no web page"),
        (Say(200, {"content-type": "application/json"}, b"{}"), "no web page"),
        (Say(404), "no page"),
    ],
)
def test_pages_that_say_nothing_are_not_found(said: Say, why: str) -> None:
    """Walls, parking, default pages, empty shells."""
    answer = ask(site(said))
    assert isinstance(answer, NotFound) and why in answer.detail


def test_another_companys_site_is_not_read() -> None:
    """A redirect, of the server or of the page, to another domain gives nothing."""

    def away(request: httpx.Request) -> Say:
        if request.url.path == "/robots.txt":
            return Say(404)
        return (
            html(page(ORGANISATION))
            if request.url.host == "parking.com"
            else Say.redirect("https://parking.com/")
        )

    answer = ask(away)
    assert isinstance(answer, NotFound) and "leads to parking.com" in answer.detail
    refresh = html('<meta http-equiv="refresh" content="0; url=https://parking.com/"><title>x</title>')
    assert isinstance(ask(site(refresh)), NotFound)


def test_a_refresh_within_the_site_is_followed_once() -> None:
    """As a browser would."""

    def network(request: httpx.Request) -> Say:
        if request.url.path == "/":
            return html('<meta http-equiv="Refresh" content="0;URL=\'/en/\'">')
        return html(page(ORGANISATION)) if request.url.path == "/en/" else Say(404)

    assert values(ask(network))["website"] == "https://acme.com/en/"


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: glaze\nDisallow: /", False),
        ("User-agent: *\nDisallow: /private", True),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: *\nDisallow: /\nAllow: /$", True),
        ("<html>not found</html>", True),
    ],
)
def test_robots_are_respected(robots: str, allowed: bool) -> None:
    """A page that its owner closes to us is a failure in words, never a miss."""
    network = site(html(page(ORGANISATION)), Say(200, {}, robots.encode()))
    if allowed:
        assert isinstance(ask(network), Found)
    else:
        error = fails(network)
        assert isinstance(error, LookupFailed) and "robots.txt of acme.com" in str(error)


def test_http_and_www_are_tried() -> None:
    """Where https cannot be reached; a dead site fails this lookup only, and stops no other."""
    seen: list[str] = []

    def network(request: httpx.Request) -> Say:
        seen.append(f"{request.url.scheme}://{request.url.host}")
        if request.url.host != "www.acme.com":
            raise httpx.ConnectError("refused")
        return Say(404) if request.url.path == "/robots.txt" else html(page(ORGANISATION))

    assert values(ask(network))["website"] == "https://www.acme.com/"
    assert list(dict.fromkeys(seen)) == ["https://acme.com", "http://acme.com", "https://www.acme.com"]

    def dead(request: httpx.Request) -> Say:
        raise httpx.ConnectError("refused")

    error = fails(dead)
    assert (type(error), error.reason) == (LookupFailed, "unreachable")


@pytest.mark.parametrize(
    ("network", "inputs"),
    [
        (site(html(page(ORGANISATION))), {"domain": "inside.acme.com"}),  # its address is this machine's
        (site(Say.redirect("http://169.254.169.254/latest/meta-data")), {"domain": "acme.com"}),
        (site(Say.redirect("http://127.0.0.1/")), {"domain": "acme.com"}),
        (site(html(page(ORGANISATION), 500)), {"domain": "acme.com"}),
    ],
)
def test_evil_ends_in_an_error(network: Network, inputs: dict[str, str]) -> None:
    """Private addresses, however they are come by, are not asked."""
    assert isinstance(fails(network, **inputs), LookupFailed)


@pytest.mark.parametrize(
    "website", ["127.0.0.1", "localhost", "http://[::1]/", "linkedin.com/company/acme", "x"]
)
def test_what_is_no_site_of_a_company_is_not_asked(website: str) -> None:
    """Addresses, single words, pages on sites of many."""

    def nobody(request: httpx.Request) -> Say:
        raise AssertionError("it was asked")

    assert isinstance(ask(nobody, website=website), NotFound)


@pytest.mark.parametrize(
    ("said", "description"),
    [
        (
            Say(
                200,
                {"content-type": "text/html;;charset=windows-1251"},
                page(description="Сталь").encode("cp1251"),
            ),
            "Сталь",
        ),
        (
            Say(
                200,
                {"content-type": "text/html"},
                b'<meta charset="windows-1251">' + page(description="Сталь").encode("cp1251"),
            ),
            "Сталь",
        ),
        (
            Say(
                200,
                {"content-type": "text/html; charset=nonsense"},
                page(description="Stahl für alle").encode(),
            ),
            "Stahl für alle",
        ),
        (html(page(description="a&amp;b \u202e\x00 c")), "a&b c"),
        (html(page(description="word " * 300)), ("word " * 100).strip()[:499] + " …"),
    ],
)
def test_text_is_read_as_it_was_meant(said: Say, description: str) -> None:
    """By its charset; without what nobody can see; cut at a word."""
    assert values(ask(site(said)))["description"].rstrip(" …") == description.rstrip(" …")


def test_a_bomb_is_cut() -> None:
    """Not more than two megabytes are unpacked; a page of nested boxes ends as well."""
    bomb = Say(
        200, {"content-type": "text/html", "content-encoding": "gzip"}, gzip.compress(b"<div>" * 8_000_000)
    )
    assert isinstance(ask(site(bomb)), NotFound)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3_000) | st.text().map(lambda text: page(text, body=text).encode()))
def test_no_page_breaks_it(body: bytes) -> None:
    """Any bytes: an answer or an error of the contract."""
    with contextlib.suppress(ProviderError):
        ask(site(Say(200, {"content-type": "text/html"}, body)))


class TestRecorded:
    """What sites really sent, redirects and all."""

    pytestmark = shared

    @pytest.mark.parametrize(
        ("domain", "expected"),
        [
            ("apple.com", {"website": "https://www.apple.com/", "page_title": "Apple"}),
            ("aws.amazon.com", None),
            ("car2go.com", {"website": "https://www.car2go.com/US/en/"}),
            ("daringfireball.net", {"page_title": "Daring Fireball"}),
            ("www.netflix.com", {"website": "https://www.netflix.com/de-en/"}),
            ("www.printables.com", {"website": "https://www.printables.com/"}),
            ("random.org", {"website": "https://www.random.org/"}),
            ("xing.com", None),
            ("youtube.com", None),  # a site of many
            ("github.com", None),
            ("storage.googleapis.com", None),
        ],
    )
    def test_site_by_site(self, domain: str, expected: dict[str, str] | None) -> None:
        """Through its redirects to the page; exact where it says so, else nothing."""
        try:
            answer = ask(_recorded(), domain=domain)
        except ProviderError:
            assert expected is None
            return
        if expected is None:
            assert isinstance(answer, NotFound)
        elif isinstance(answer, Found):
            assert expected.items() <= values(answer).items()
        else:
            assert "nothing" in answer.detail  # trimmed to a head without a description

    @pytest.mark.parametrize(
        ("domain", "confidence", "expected"),
        [
            (
                "apple.com",
                0.9,
                {
                    "website": "https://www.apple.com/",
                    "domain": "apple.com",
                    "company": "Apple",
                    "page_title": "Apple",
                    "phone": "1-800-692-7753",
                    "linkedin": "https://www.linkedin.com/company/apple",
                    "twitter": "https://twitter.com/Apple",
                    "facebook": "https://www.facebook.com/Apple",
                    "youtube": "https://www.youtube.com/user/Apple",
                },
            ),
            (
                "car2go.com",
                0.8,
                {
                    "website": "https://www.car2go.com/US/en/",
                    "domain": "car2go.com",
                    "company": "car2go",
                    "page_title": "car2go Carsharing",
                    "phone": "877-488-4224",
                    "email": "memberservicesna@car2go.com",
                },
            ),
            (
                "random.org",
                0.8,
                {
                    "website": "https://www.random.org/",
                    "domain": "random.org",
                    "page_title": "RANDOM.ORG - True Random Number Service",
                    "twitter": "https://twitter.com/RandomOrg",
                },
            ),
            (
                "eat24.com",
                0.8,
                {
                    "website": "https://eat24.com/",
                    "domain": "eat24.com",
                    "page_title": "EAT24 - Just Click, Relax and Enjoy",
                    "twitter": "https://twitter.com/eat24",
                    "instagram": "https://www.instagram.com/eat24",
                },
            ),
        ],
    )
    def test_every_value_of_a_site(self, domain: str, confidence: float, expected: dict[str, str]) -> None:
        """All that is found, but for the long texts and pictures."""
        found = ask(_recorded(), domain=domain)
        got = values(found)
        assert isinstance(found, Found) and found.confidence == confidence
        assert got.pop("description")
        got.pop("logo", None)
        assert got == expected

    @pytest.mark.parametrize("case", [path.stem for path in RECORDINGS])
    def test_each_file_as_the_page_of_some_site(self, case: str) -> None:
        """No crash; a value only from a page that came about."""
        said = Say.recording("website", case)
        try:
            answer = ask(site(said))
        except ProviderError:
            return
        assert said.status == 200 or not isinstance(answer, Found)

    @pytest.mark.parametrize("case", ["jsonld_with_control_characters", "jsonld_with_js_comment"])
    def test_json_ld_that_is_not_quite_json(self, case: str) -> None:
        """It is read all the same, or nothing is taken from it."""
        answer = ask(site(Say.recording("website", case)))
        assert isinstance(answer, Found | NotFound)


def _recorded() -> Network:
    """All recorded exchanges by address; where only http was recorded, https says the same."""
    says: dict[str, Say] = {}
    for path in RECORDINGS:
        document = json.loads(path.read_text("utf-8"))
        url = document["request"]["url"].replace(":443/", "/")
        says.setdefault(url, Say.recording("website", path.stem))

    def network(request: httpx.Request) -> Say:
        url = str(request.url).replace(":443/", "/")
        return says.get(url) or says.get(url.replace("https://", "http://")) or Say(404)

    return network
