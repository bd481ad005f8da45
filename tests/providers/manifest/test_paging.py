"""Lists over several pages: all of them count, none is asked twice, and nobody else is asked."""

from __future__ import annotations

import pytest

from glaze_cli.errors import LookupFailed, ProviderUnusable, Throttled
from glaze_cli.model import Field, Found, Lookup, NotFound
from tests.loopback import SHARED, Loopback, Say, Seen
from tests.providers.manifest.example import HEAD, ask, fails, provider

OP = """
[[op]]
id = "search"
needs = ["company"]
gives = ["legal_name", "lei"]
request = {path = "/search", query = {q = "{company}", size = 2}}
items = "body.data"
extract = {legal_name = "item.name", lei = "item.id"}
accept = {similarity = {field = "company", path = "legal_name", min = 0.9}}
rules = [{when = "status == `404`", then = "miss"}]
cost = {usd = "0.01", charge_on = ["hit", "miss"]}
"""
NEXT = f'{HEAD}{OP}pages = {{next = "body.next", max = 3}}\n'
CURSOR = f'{HEAD}{OP}pages = {{cursor = "body.cursor", query = "cursor", max = 3}}\n'


def page(*names: str, **more: object) -> Say:
    """A page of companies; each has its name's length as its number."""
    return Say.json({"data": [{"name": name, "id": f"L{len(name)}"} for name in names], **more})


def targets(server: Loopback) -> list[str]:
    """What was asked for."""
    return [seen.target for seen in server.seen]


def test_candidates_of_all_pages_are_compared() -> None:
    """The right one is on the second page; the bill is that of both."""
    with Loopback(page("Other", next="/search?page=2&q=A%20b"), page("Acme")) as server:
        answer = ask(provider(NEXT, server.url), company="Acme")
    assert answer == Found({Field("legal_name"): "Acme", Field("lei"): "L4"}, cost=20_000)  # type: ignore[arg-type]
    assert targets(server) == ["/search?q=Acme&size=2", "/search?page=2&q=A%20b"]


def test_a_later_page_can_make_it_doubtful() -> None:
    """Two equally good ones on two pages are none."""
    with Loopback(page("Acme", next="?page=2"), page("Acme Ltd")) as server:
        answer = ask(provider(NEXT, server.url), company="Acme")
    assert isinstance(answer, NotFound)
    assert "2 equally good" in answer.detail


def test_no_more_pages_than_the_manifest_says() -> None:
    """A list without an end is left after `max`, and that many are reserved before."""

    def endless(seen: Seen) -> Say:
        return page("Other", next=f"?page={int(seen.query.get('page', '1')) + 1}")

    with Loopback(endless) as server:
        service = provider(NEXT, server.url)
        answer = ask(service, company="Acme")
    assert answer == NotFound("the answer is about others", 30_000)  # type: ignore[arg-type]
    assert len(server.seen) == 3
    assert service.price(Lookup.about("acme", "3", {Field("company"): "Acme"})) == 30_000


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        False,
        7,
        [],
        "/search?q=Acme&size=2",  # itself
        "?q=Acme&size=2",
    ],
)
def test_a_list_ends_where_nothing_new_follows(link: object) -> None:
    """No link, or one that points at itself: one call."""
    with Loopback(page("Acme", next=link)) as server:
        assert isinstance(ask(provider(NEXT, server.url), company="Acme"), Found)
    assert len(server.seen) == 1


def test_pages_that_point_at_each_other_are_asked_once() -> None:
    """A circle ends."""

    def circle(seen: Seen) -> Say:
        return page("Other", next="?page=a" if seen.query.get("page") == "b" else "?page=b")

    with Loopback(circle) as server:
        text = NEXT.replace("max = 3", "max = 20")
        assert isinstance(ask(provider(text, server.url), company="Acme"), NotFound)
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/search?page=2",
        "//evil.example/search",
        "https://api.acme.example@evil.example/v1/search",
        "https://user:pw@api.acme.example/v1/search",
        "https://api.acme.example:8443/v1/search",
        "http://api.acme.example/v1/search",  # the key would travel in the open
        "https://api.acme.example.evil.example/v1/search",
        "https://api.acme.example\\@evil.example/v1/search",
        "\\\\evil.example/search",
        "https:/evil\n.example/",
        "file:///etc/passwd",
        "https://[::1",
        "https://api.acme.example:99999/v1",
        "http://169.254.169.254/latest",
    ],
)
def test_a_page_elsewhere_is_not_asked_for(link: str) -> None:
    """Another host ends the lookup, with what was spent; it is no miss, and the host hears nothing."""
    with Loopback(page("Other", next=link)) as server:
        error = fails(provider(NEXT, server.url), company="Acme")
    assert (type(error), error.cost) == (LookupFailed, 10_000)
    assert "not on its own host" in str(error)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://api.acme.example/v1/search?page=2", "/search?page=2"),  # as it knows itself
        ("https://API.acme.example:443/v1/search?page=2", "/search?page=2"),
        ("/v1/search?page=2", "/search?page=2"),
        ("more?page=2#top", "/more?page=2"),
    ],
)
def test_links_to_its_own_host_lead_to_the_users_base_url(link: str, target: str) -> None:
    """A mirror or a test server is asked for the pages too, not the service behind it."""
    with Loopback(page("Other", next=link), page("Acme")) as server:
        assert isinstance(ask(provider(NEXT, server.url), company="Acme"), Found)
    assert targets(server)[1] == target


def test_a_key_in_a_link_is_not_sent_twice() -> None:
    """Services that repeat the key in the next address get it once."""
    text = f'{HEAD}auth = {{kind = "query", name = "api_key", env = "ACME_KEY"}}\n{NEXT[len(HEAD) :]}'
    with Loopback(page("Other", next="?page=2&api_key=s3cr3t"), page("Acme")) as server:
        ask(provider(text, server.url, key="s3cr3t"), company="Acme")
    assert targets(server)[1] == "/search?page=2&api_key=s3cr3t"


def test_a_cursor_goes_into_its_parameter() -> None:
    """The first request again, with the cursor; whatever it holds stays one value."""
    with Loopback(page("Other", cursor="a&b=c/../"), page("Other", cursor=7), page("Acme")) as server:
        assert isinstance(ask(provider(CURSOR, server.url), company="Acme"), Found)
    assert targets(server)[1:] == [
        "/search?q=Acme&size=2&cursor=a%26b%3Dc%2F..%2F",
        "/search?q=Acme&size=2&cursor=7",
    ]


def test_a_first_cursor_is_replaced() -> None:
    """Where the first request has one, as OpenAlex and Crossref want it."""
    text = CURSOR.replace("size = 2}", 'cursor = "*"}')
    with Loopback(page("Other", cursor="n2"), page("Acme", cursor=None)) as server:
        ask(provider(text, server.url), company="Acme")
    assert [seen.query["cursor"] for seen in server.seen] == ["*", "n2"]


def test_the_same_cursor_again_is_the_end() -> None:
    """A service that always gives the same one is asked twice, not for ever."""
    with Loopback(page("Other", cursor="x")) as server:
        assert isinstance(ask(provider(CURSOR, server.url), company="Acme"), NotFound)
    assert len(server.seen) == 2


def test_a_later_page_that_is_a_miss_ends_the_list() -> None:
    """What was found before counts."""
    with Loopback(page("Acme", next="?page=2"), Say.json({}, 404)) as server:
        answer = ask(provider(NEXT, server.url), company="Acme")
    assert isinstance(answer, Found)
    assert answer.cost == 20_000


@pytest.mark.parametrize(
    ("broken", "paid", "kind"),
    [
        (Say.json({}, 503), True, LookupFailed),  # not again: the first page would be paid twice
        (Say.json({}, 503), False, Throttled),
        (Say.json({}, 401), True, ProviderUnusable),
        (Say.html_as_json(), True, LookupFailed),
        (Say(cut=-1), True, LookupFailed),
    ],
)
def test_a_later_page_that_breaks_is_an_error(broken: Say, paid: bool, kind: type[Exception]) -> None:
    """Half a list is no answer; what the first half cost is in the bill."""
    text = NEXT if paid else NEXT.replace('usd = "0.01"', 'usd = "0"')
    with Loopback(page("Acme", next="?page=2"), broken) as server:
        error = fails(provider(text, server.url), company="Acme")
    assert (type(error), error.cost) == (kind, 10_000 if paid else 0)


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "recordings").is_dir(), reason="needs ../shared/recordings")
def test_a_recorded_page_that_points_at_itself() -> None:
    """Firecrawl's poll of a running crawl names itself as the next page: it is asked once."""
    said = Say.recording("firecrawl", "crawl_3_poll_partial_next")
    text = NEXT.replace("api.acme.example/v1", "api.firecrawl.dev/v1").replace(
        'path = "/search", query = {q = "{company}", size = 2}',
        'path = "/crawl/9352ed1c-88bf-4258-a466-d29911ebcbe4", query = {skip = 2}',
    )
    with Loopback(said) as server:
        assert isinstance(ask(provider(text, server.url), company="Acme"), NotFound)
    assert len(server.seen) == 1
