"""The company's own website: which addresses are visited, and what comes of it."""

from __future__ import annotations

import asyncio
import gzip
import time
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glaze_cli.errors import LookupFailed, ProviderError
from glaze_cli.model import Answer, Field, Found, NotFound
from tests.loopback import Loopback, Say, Seen
from tests.providers.services.visiting import (
    ORGANISATION,
    ask,
    fails,
    html,
    internet,
    page,
    question,
    site,
    through,
    values,
    visitor,
)

ACME = html(page(ORGANISATION))


def test_everything_that_a_page_says() -> None:
    """The head, the structured data and the links together; sure, since the site says whose it is."""
    found = ask(site(ACME), website="www.acme.com/about?x=1")
    assert values(found) == {
        "website": "https://www.acme.com/",
        "domain": "acme.com",
        "company": "Acme Steel AG",
        "page_title": "Acme: steel",
        "description": "Steel for all.",
        "logo": "https://www.acme.com/logo.png",
        "phone": "+49301234567",
        "email": "info@acme.com",
        "linkedin": "https://www.linkedin.com/company/acme-steel",
        "twitter": "https://twitter.com/acme",
        "founded": 1998,
        "employee_count": 120,
        "vat": "DE136695976",
        "lei": "529900T8BM49AURSDO55",
        "address": "Low Road 1",
        "city": "Ulm",
        "region": "Swabia",
        "postcode": "01067",
        "country_code": "DE",
        "country": "Germany",
    }
    assert isinstance(found, Found)
    assert (found.confidence, found.citations) == (0.9, ("https://www.acme.com/",))


def test_without_structured_data_it_is_less_sure() -> None:
    """Head and links are what anybody could have written there."""
    head = '<meta property="og:site_name" content="Acme"><meta property="og:description" content="Steel.">'
    found = ask(site(html(page(head=head))))
    assert isinstance(found, Found) and found.confidence == 0.8
    got = values(found)
    assert (got["company"], got["description"]) == ("Acme", "Steel.")


@pytest.mark.parametrize(
    "website",
    [
        "127.0.0.1",
        "localhost",
        "http://[::1]/",
        "http://user@acme.com",  # whoever that is
        "acme.com and others",
        "x",
        "co.uk",  # an ending
        "linkedin.com/company/acme",  # a page of somebody on a site of many
        "aws.amazon.com",  # as good as a page of it
    ],
)
def test_what_is_no_site_of_a_company_is_not_asked(website: str) -> None:
    """It is not found, and nobody hears of it."""

    def nobody(request: httpx.Request) -> Say:
        raise AssertionError("it was asked")

    assert isinstance(ask(nobody, website=website), NotFound)


def test_a_site_of_many_has_a_home_page_of_its_own() -> None:
    """A row with `xing.com` is about Xing."""
    assert values(ask(site(ACME), website="www.xing.com"))["domain"] == "xing.com"


def test_a_domain_in_another_script() -> None:
    """Is asked as the DNS knows it, and given as people write it."""
    got = values(ask(site(html(page())), domain="münchen.de"))
    assert (got["website"], got["domain"]) == ("https://xn--mnchen-3ya.de/", "münchen.de")


@pytest.mark.parametrize(
    ("inputs", "there", "tried"),
    [
        ({"domain": "acme.com"}, "http://acme.com/", ["https://acme.com", "http://acme.com"]),
        (
            {"domain": "acme.com"},
            "https://www.acme.com/",
            ["https://acme.com", "http://acme.com", "https://www.acme.com"],
        ),
        (
            {"website": "www.acme.com"},
            "https://acme.com/",
            ["https://www.acme.com", "http://www.acme.com", "https://acme.com"],
        ),
    ],
)
def test_another_spelling_is_tried(inputs: dict[str, str], there: str, tried: list[str]) -> None:
    """Https, http, then with or without `www.`, while nobody is there."""
    seen: list[str] = []
    pages = internet({there: ACME})

    def network(request: httpx.Request) -> Say:
        seen.append(f"{request.url.scheme}://{request.url.host}")
        return pages(request)

    assert values(ask(network, **inputs))["website"] == there
    assert list(dict.fromkeys(seen)) == tried and len(seen) == len(tried) + 1


def test_a_dead_site_fails_alone() -> None:
    """It is no reason to ask other sites less, nor to say that there is nothing."""
    error = fails(internet({}))
    assert (type(error), error.reason) == (LookupFailed, "unreachable")
    assert str(error) == "acme.com could not be reached: nobody there"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (Say(404), "no page there"),
        (Say(410), "no page there"),
        (Say(200, {"content-type": "application/json"}, b'{"name": "Acme"}'), "no web page"),
        (Say(200, {"content-type": "image/png"}, page(ORGANISATION).encode()), "no web page"),
        (Say(200, {}, b"welcome"), "no web page"),
        (html(""), "an empty page"),
        (
            html('<title>App</title><div id="root"></div><noscript>Turn it on, do, please</noscript>'),
            "an empty page",
        ),
        (html(page(ORGANISATION, title="Just a moment...")), "a check for robots"),
    ],
)
def test_pages_that_say_nothing(said: Say, why: str) -> None:
    """Are not found, for a reason."""
    answer = ask(site(said))
    assert isinstance(answer, NotFound) and why in answer.detail


def test_a_page_need_not_say_that_it_is_one() -> None:
    """Without a content type, its beginning counts."""
    said = Say(200, {}, b"<!-- hi -->\n<!DOCTYPE html>" + page(ORGANISATION).encode())
    assert values(ask(site(said)))["company"] == "Acme Steel AG"


@pytest.mark.parametrize("status", [302, 400, 401, 403, 429, 500, 503])
def test_an_error_is_no_miss(status: int) -> None:
    """The site may have a page tomorrow, or for others."""
    error = fails(site(html(page(ORGANISATION), status)))
    assert isinstance(error, LookupFailed) and str(status) in str(error)


class TestLeading:
    """Redirects, of the server and of the page."""

    def test_within_the_site(self) -> None:
        """The final address is given, without what follows people around."""
        network = internet(
            {
                "https://acme.com/": Say.redirect("https://www.acme.com/en/;jsessionid=1?utm_source=x"),
                "https://www.acme.com/en/;jsessionid=1?utm_source=x": ACME,
            }
        )
        assert values(ask(network))["website"] == "https://www.acme.com/en/"

    @pytest.mark.parametrize("elsewhere", ["https://parking.com/", "https://www.facebook.com/acme"])
    def test_to_another_domain(self, elsewhere: str) -> None:
        """Gives nothing: whose page that is, nobody knows."""
        host = urlsplit(elsewhere).hostname
        for first in (
            Say.redirect(elsewhere),
            html(f'<meta http-equiv="refresh" content="0; url={elsewhere}">{page(ORGANISATION)}'),
        ):
            answer = ask(internet({"https://acme.com/": first, elsewhere: ACME}))
            assert isinstance(answer, NotFound) and answer.detail == f"the site leads to {host}"

    def test_a_refresh_is_followed_once(self) -> None:
        """As a browser would; but not in circles."""
        again = '<meta http-equiv="Refresh" content="0;URL=\'/{}/\'">'
        network = internet(
            {
                "https://acme.com/": html(again.format("en")),
                "https://acme.com/en/": html(again.format("fr") + page(ORGANISATION)),
            }
        )
        assert values(ask(network))["website"] == "https://acme.com/en/"

    @pytest.mark.parametrize(
        ("first", "inputs"),
        [
            (ACME, {"domain": "inside.acme.com"}),  # its address is this machine's
            (Say.redirect("http://169.254.169.254/latest/meta-data"), {}),
            (Say.redirect("http://127.0.0.1/"), {}),
            (Say.redirect("http://inside.acme.com/"), {}),
            (html('<meta http-equiv=refresh content="0;url=http://inside.acme.com/">'), {}),
            (Say.redirect("file:///etc/passwd"), {}),
            (Say.redirect("https://acme.com/"), {}),  # for ever
        ],
    )
    def test_to_where_nobody_must_go(self, first: Say, inputs: dict[str, str]) -> None:
        """Fails; the private address is not asked."""
        asked: list[str] = []

        def network(request: httpx.Request) -> Say:
            asked.append(request.url.host)
            return Say(404) if request.url.path == "/robots.txt" else first

        assert isinstance(fails(network, **inputs), LookupFailed)
        assert set(asked) <= {"acme.com"}

    def test_a_page_that_refreshes_to_this_machine(self) -> None:
        """Leads nowhere."""
        answer = ask(site(html('<meta http-equiv="refresh" content="0;url=http://127.0.0.1/">')))
        assert isinstance(answer, NotFound) and answer.detail == "the site leads to 127.0.0.1"


class TestAtOnce:
    """Many rows, one site."""

    async def _most(self, *domains: str) -> int:
        now, most = 0, 0

        async def slow(request: httpx.Request) -> httpx.Response:
            nonlocal now, most
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1
            return httpx.Response(404, stream=httpx.ByteStream(b""))

        provider = through(httpx.MockTransport(slow))
        await asyncio.gather(*(provider.look_up(question(website=domain)) for domain in domains))
        return most

    def test_one_call_at_a_time(self) -> None:
        """However its host is written; other sites do not wait for it."""
        assert asyncio.run(self._most("acme.com", "www.acme.com", "shop.acme.com")) == 1
        assert asyncio.run(self._most("acme.com", "acme.org", "acme.net")) == 3


def test_another_server_in_place_of_all_sites() -> None:
    """A `base_url` is told which page is meant; what it answers counts as that page's."""

    def answer(seen: Seen) -> Say:
        return Say(404) if seen.path == "/robots.txt" else ACME

    with Loopback(answer) as server:

        async def look_up() -> Answer:
            async with httpx.AsyncHTTPTransport() as transport:
                return await through(transport, server.url + "/").look_up(question())

        assert values(asyncio.run(look_up()))["website"] == "https://acme.com/"
        assert [(seen.path, seen.query["url"]) for seen in server.seen] == [
            ("/robots.txt", "https://acme.com/robots.txt"),
            ("/", "https://acme.com/"),
        ]


@pytest.mark.parametrize(
    ("body", "packed"),
    [
        (b"<div>" * 200_000, False),  # a million bytes of open boxes
        (b"<div>" * 8_000_000, True),  # forty million, packed to nothing
        (b"<a " + b" ".join(b"a%d" % number for number in range(200_000)) + b">", False),  # attributes
        (b"<table><tr><td>" * 60_000, False),
        (b'<script type="application/ld+json">' + b"[" * 500_000, False),
        (b'<script type="application/ld+json">' + b'{"a":' * 100_000, False),
        (b'<script type="application/ld+json">[' + b"/*" * 300_000, False),  # comments without an end
        (b'<script type="application/ld+json">["' + b'\\"' * 300_000, False),  # nor strings
        (b"<title>" + b"\x01\xff<" * 300_000, False),
        (b"<meta charset=" * 70_000, False),
        (b"<a href=//[>" * 80_000, False),  # addresses that are none
        (b'<a href="https://twitter.com/acme">x</a>' * 40_000, False),
        (b"<meta name=description content='" + b" " * 900_000, False),
    ],
)
def test_a_page_made_to_do_harm(body: bytes, packed: bool) -> None:
    """Ends in an answer, soon."""
    headers = {"content-type": "text/html"} | ({"content-encoding": "gzip"} if packed else {})
    began = time.monotonic()
    answer = ask(site(Say(200, headers, gzip.compress(body) if packed else body)))
    assert set(values(answer)) <= {"website", "domain", "twitter"} if isinstance(answer, Found) else True
    assert time.monotonic() - began < 20  # tenths of a second; minutes before it was bounded


def test_a_page_of_comments_that_does_not_say_what_it_is() -> None:
    """Whether it is a page at all is found out at once, however many comments come first."""
    body = b"<!---->" * 100_000 + b"plain words"
    answer = ask(site(Say(200, {}, body)))
    assert isinstance(answer, NotFound) and "no web page" in answer.detail


def test_what_cannot_be_unpacked() -> None:
    """Fails."""
    said = Say(200, {"content-type": "text/html", "content-encoding": "gzip"}, b"not gzip")
    assert isinstance(fails(site(said)), LookupFailed)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=3_000)
    | st.text().map(lambda text: page(text, body=text, title=text).encode(errors="replace"))
    | st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*ORGANISATION, "@graph"]), inner),
    ).map(lambda value: page({**ORGANISATION, **value} if isinstance(value, dict) else [value]).encode())
)
def test_no_page_breaks_it(body: bytes) -> None:
    """Any bytes, any structured data: an answer or an error of the contract; values are whole and clean."""
    try:
        answer = ask(site(Say(200, {"content-type": "text/html"}, body)))
    except ProviderError:
        return
    for value in answer.values.values() if isinstance(answer, Found) else ():
        assert isinstance(value, int) or (
            value.isprintable() and value == value.strip() and len(value) <= 2_000
        )


def test_it_gives_what_it_says() -> None:
    """Each field that a page can fill is declared."""
    assert set(values(ask(site(ACME)))) <= {str(field) for field in visitor(site(ACME)).gives}
    assert Field("website") in visitor(site(ACME)).gives
    assert asyncio.run(visitor(site(ACME)).probe()) == "nothing to ask"
